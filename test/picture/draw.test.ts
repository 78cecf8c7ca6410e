import { describe, expect, test } from '@jest/globals'
import {
  FetchFailedError,
  FetchTooLongError,
  HashMismatchError,
  type KeyReport,
  RollbackError,
  TargetNotFoundError,
  ThresholdError,
} from '../../src/errors.js'
import type { ExplainedRole } from '../../src/index.js'
import { chainPage, drawChain, pictureStyle, type ChainPicture } from '../../src/picture/index.js'
import { boxesOf, collisions, unescaped } from './boxes.js'

const now = Date.UTC(2026, 0, 1)
const day = 86_400_000
const keyid = 'ab'.repeat(32)
const path = 'pkgs/a.whl'

function role(name: string, more: Partial<ExplainedRole> = {}): ExplainedRole {
  const keys: KeyReport[] = [{ keyid, verdict: 'signed' }]
  const delegator = name === 'bins' ? 'targets' : 'root'
  const role = { role: name, version: 3, expires: now + 3 * day, threshold: 1, signed: 1 }
  return { ...role, delegator, keys, ...more }
}

const top = ['root', 'timestamp', 'snapshot', 'targets'].map((name) => role(name))
const target = { path, length: 5, hashes: new Map([['sha256', 'cd'.repeat(32)]]) }
const found: ChainPicture = { path, now, chain: [...top, role('bins')], target }

/** The cards: title → state and the texts within. */
function cards(svg: string): Map<string, { state: string; text: string }> {
  const groups = svg.matchAll(/<g class="(\w+)" data-card="([^"]*)">(.*?)<\/g>/gs)
  return new Map(
    [...groups].map(([, state = '', title = '', inner = '']) => [
      unescaped(title),
      {
        state,
        text: boxesOf(inner)
          .map(({ text }) => text)
          .join('\n'),
      },
    ]),
  )
}

describe('the picture of a chain', () => {
  test('shows each role from the root to the file, with version, expiry, threshold and keys', () => {
    const svg = drawChain(found)
    const shown = cards(svg)
    expect([...shown.keys()]).toEqual([
      ...['root', 'timestamp', 'snapshot', 'targets', 'bins', 'a.whl'],
    ])
    expect([...shown.values()].map(({ state }) => state)).toEqual(Array(6).fill('good'))
    const bins = shown.get('bins')?.text.split('\n')
    expect(bins).toEqual([
      ...['bins', 'version 3', 'valid for 3 days', 'signed by 1 of 1 key, 1 needed'],
      ...['until 2026-01-04 00:00:00 UTC', 'abababababab…', 'signed'],
    ])
    expect(shown.get('a.whl')?.text).toContain(`sha256 ${'cd'.repeat(32)}`)
    expect(shown.get('a.whl')?.text).toContain('5 bytes')
    expect(svg).toContain('targets delegates to it and names its keys, snapshot lists its version')
  })

  test('says why each key does not count', () => {
    const verdicts = [
      ...['no-signature', 'wrong-signature', 'unsupported-key', 'unknown-key', 'same-key'],
      ...['empty-signature', 'malformed-signature', 'broken-key', 'not-checked', 'signed'],
    ] as const
    const keys = verdicts.map((verdict, at) => ({ keyid: `key ${at}`, verdict }))
    const svg = drawChain({ ...found, chain: [role('root', { keys }), ...top.slice(1)] })
    const text = cards(svg).get('root')?.text
    expect(text).toContain('did not sign')
    expect(text).toContain('has an invalid signature')
    expect(text).toContain('is of an unsupported kind')
    expect(text).toContain('is not in the table of keys')
    expect(collisions(svg)).toEqual([])
  })

  test('lists the keys that do not count first, where there are too many', () => {
    const keys: KeyReport[] = Array.from({ length: 1000 }, (_, at) => ({
      keyid: `key ${at}`,
      verdict: at === 999 ? 'wrong-signature' : 'no-signature',
    }))
    const text = cards(drawChain({ ...found, chain: [role('root', { keys })] })).get('root')?.text
    expect(text).toContain('key 999')
    expect(text).toContain('and 989 more keys')
  })

  test('counts down to the given time, and shows a role that expired meanwhile', () => {
    const shown = cards(drawChain(found, { now: now + 4 * day }))
    expect(shown.get('root')).toMatchObject({ state: 'expired' })
    expect(shown.get('root')?.text).toContain('expired 24 hours ago')
    expect(drawChain(found)).toContain(`data-expires="${now + 3 * day}"`)
  })

  test('puts other witnesses beside the file', () => {
    const beside = [
      { title: 'attestation', verdict: 'open', lines: ['signed by a robot'] },
    ] as const
    const svg = drawChain({ ...found, beside })
    const boxes = boxesOf(svg)
    const [file, witness] = ['a.whl', 'attestation'].map((name) =>
      boxes.find(({ text }) => text === name),
    )
    expect(witness?.top).toBe(file?.top)
    expect(witness!.left).toBeGreaterThan(file!.right)
    expect(cards(svg).get('attestation')?.text).toContain('no verdict')
    const small = boxesOf(drawChain({ ...found, beside }, { width: 328 }))
    const [above, below] = ['a.whl', 'attestation'].map((name) =>
      small.find(({ text }) => text === name),
    )
    expect(below!.top).toBeGreaterThan(above!.bottom)
  })

  test('shows a file below the index page that lists it', () => {
    const file = {
      title: 'b.whl',
      verdict: 'good',
      note: '5 bytes',
      lines: [],
      codes: ['ef'],
    } as const
    const svg = drawChain({ ...found, file })
    expect([...cards(svg).keys()].slice(-3)).toEqual(['bins', 'a.whl', 'b.whl'])
    expect(cards(svg).get('b.whl')?.text).toBe('b.whl\n5 bytes\nef')
    expect(svg).toContain('a.whl lists its digest')
    expect(svg).toContain('<title>b.whl: the repository vouches for it</title>')
    const refused = drawChain({ ...found, file: { ...file, verdict: 'refused', note: 'mismatch' } })
    expect(refused).toContain('<title>b.whl: refused, mismatch</title>')
  })

  test('of an index without signatures has a page that nobody vouches for', () => {
    const file = { title: 'b.whl', verdict: 'open', lines: [] } as const
    const index = { path: 'b.whl', now, chain: [], file, unsigned: true }
    const svg = drawChain(index)
    expect([...cards(svg)].map(([title, { state }]) => [title, state])).toEqual([
      ['index page', 'open'],
      ['b.whl', 'open'],
    ])
    expect(svg).toContain('<title>b.whl: nobody vouches for it</title>')
    const good = { title: 'attestation', verdict: 'good', lines: [] } as const
    expect(drawChain({ ...index, beside: [good] })).toContain(
      'b.whl: the attestation vouches for it',
    )
  })

  test('does not call a file good that another witness refused', () => {
    const beside = [{ title: 'your file', verdict: 'refused', lines: [] }] as const
    expect(drawChain({ ...found, beside })).toContain('<title>a.whl: your file refused</title>')
  })

  test('is the same for the same arguments', () => {
    expect(drawChain(found)).toBe(drawChain(structuredClone(found)))
  })

  test('is told as text: its verdict and every card', () => {
    const svg = drawChain(found)
    expect(svg).toContain('role="img"')
    expect(svg).toContain('<title>a.whl: the repository vouches for it</title>')
    const description = /<desc>(.*?)<\/desc>/s.exec(svg)?.[1]
    expect(description).toContain(`bins version 3, good, until 2026-01-04T00:00:00Z`)
    expect(description).toContain(`key ${keyid} signed`)
  })

  test('follows the colours of the system, and carries its style unless the page has it', () => {
    expect(drawChain(found)).toContain('@media (prefers-color-scheme: dark)')
    const plain = drawChain(found, { style: false })
    expect(plain).not.toMatch(/<style|style="/)
    expect(pictureStyle).not.toMatch(/url\(|@import/)
  })
})

describe('a refusal', () => {
  test('is the red card of its role, with code and step; the rest was not reached', () => {
    const error = new RollbackError({ role: 'timestamp', step: '5.4.3.1' }, 'timestamp.json', 3, 2)
    const svg = drawChain({ path, now, chain: top.slice(0, 1), error })
    const shown = cards(svg)
    expect([...shown].map(([title, { state }]) => [title, state])).toEqual([
      ['root', 'good'],
      ['timestamp', 'refused'],
      ...['snapshot', 'targets', 'a.whl'].map((title) => [title, 'open']),
    ])
    const { text = '' } = shown.get('timestamp') ?? {}
    expect(text).toContain('ERR_TUF_ROLLBACK')
    expect(text).toContain('refused, step 5.4.3.1')
    expect(text).toContain('timestamp.json is version 2, version 3 was trusted before')
    expect(text).not.toContain('(step')
  })

  test('for too few signatures shows each key', () => {
    const keys: KeyReport[] = [
      { keyid: 'one', verdict: 'signed' },
      { keyid: 'two', verdict: 'wrong-signature' },
    ]
    const fields = { delegator: 'root', threshold: 2, signed: 1, keys }
    const error = new ThresholdError({ role: 'targets', step: '5.6.3' }, fields)
    const text = cards(drawChain({ path, now, chain: top.slice(0, 3), error })).get('targets')?.text
    expect(text?.split('\n').slice(2)).toEqual([
      ...['ERR_TUF_THRESHOLD_NOT_MET', 'signed by 1 of 2 keys, 2 needed'],
      ...['one', 'signed', 'two', 'has an invalid signature'],
    ])
  })

  test('of a new root leaves the trusted one', () => {
    const error = new RollbackError({ role: 'root', step: '5.3.5' }, 'root.json', 1, 1)
    const svg = drawChain({ path, now, chain: top.slice(0, 1), error })
    expect(
      [...svg.matchAll(/<g class="(\w+)" data-card="root"/g)].map(([, state]) => state),
    ).toEqual(['good', 'refused'])
  })

  test('of the file itself is the red card of the file', () => {
    const error = new HashMismatchError({ role: path, step: '5.7.3' }, 'sha256', 'aa', 'bb')
    const shown = cards(drawChain({ ...found, error }))
    expect(shown.get('a.whl')).toMatchObject({ state: 'refused' })
    expect(shown.get('a.whl')?.text).toContain('ERR_TUF_HASH_MISMATCH')
    expect(shown.get('bins')).toMatchObject({ state: 'good' })
  })

  test('of a request names the step that fetches', () => {
    const error = new FetchTooLongError('https://tuf.example.com/timestamp.json', 16_384)
    error.origin = { from: 'network', url: error.url, role: 'timestamp' }
    const text = cards(drawChain({ path, now, chain: top.slice(0, 1), error })).get(
      'timestamp',
    )?.text
    expect(text).toContain('refused, step 5.4.1')
    expect(text).toContain('ERR_TUF_FETCH_TOO_LONG')
  })

  test('is not claimed where no answer came', () => {
    const error = new FetchFailedError('https://tuf.example.com/2.root.json', 'no connection')
    error.origin = { from: 'network', url: error.url, role: 'root' }
    const svg = drawChain({ path, now, chain: top.slice(0, 1), error })
    expect(svg).toContain('not obtained, step 5.3.3')
    expect(svg).not.toContain('refused,')
  })

  test('a target that no role lists is open, and names the roles that were asked', () => {
    const error = new TargetNotFoundError(path)
    const svg = drawChain({ path, now, chain: top, searched: ['targets', 'bins'], error })
    expect(cards(svg).get('a.whl')).toMatchObject({ state: 'open' })
    expect(svg).toContain('asked: targets, bins')
    expect(svg).toContain('<title>a.whl: no role lists it</title>')
  })
})

describe('names from others', () => {
  const hostile = [
    ['markup', '"><script>alert(1)</script>'],
    ['ends of elements', "</text></svg><img src=x onerror='a'>"],
    ['ends of sections', ']]>&amp;<!--'],
    ['controls', 'a\u0000b\u001b[2J\u202egnp.exe'],
    ['many controls', '\u0007'.repeat(300)],
    ['a lone surrogate', '\ud800'],
    ['wide letters', '漢字'.repeat(60)],
    ['one wide letter', '\ufdfd'.repeat(40)],
    ['letters from right to left', 'شركة'.repeat(40)],
    ['capitals', 'W'.repeat(400)],
    ['a long name', 'a'.repeat(3000)],
  ] as const

  test.each(hostile)('%s are text, within their card', (_, name) => {
    const keys = [
      { keyid: name, verdict: 'unknown-key' } as const,
      { keyid, verdict: 'signed' } as const,
    ]
    const evil: ChainPicture = {
      path: `pkgs/${name}`,
      now,
      chain: [...top, role(name, { keys, delegator: name })],
      target: { path: name, length: Number.MAX_SAFE_INTEGER, hashes: new Map([[name, name]]) },
      beside: [{ title: name, verdict: 'refused', note: name, lines: [name], codes: [name] }],
    }
    const file = { title: name, verdict: 'open', note: name, lines: [name], codes: [name] } as const
    const drawings = [undefined, 328].flatMap((width) => [
      drawChain(evil, { width }),
      drawChain({ ...evil, file }, { width }),
      drawChain({ ...evil, file, unsigned: true }, { width }),
    ])
    for (const svg of drawings) {
      expect(new Set([...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, tag]) => tag))).toEqual(
        new Set(['svg', 'title', 'desc', 'style', 'rect', 'text', 'path', 'g', 'circle']),
      )
      expect(svg).not.toMatch(/[\0-\x08\x0b-\x1f\u202e\ud800]/)
      expect(svg).not.toMatch(/&(?!(amp|lt|gt|quot);)/)
      expect(collisions(svg)).toEqual([])
    }
  })

  test.each([320, 328, 360, 480, 560, 640, 760, 1200])('no texts overlap at %i pixels', (width) => {
    const name = 'a-role-with-a-name-that-is-longer-than-a-small-card-holds'
    const keys = Array.from({ length: 5 }, (_, at) => ({
      keyid: `${at}`.repeat(64),
      verdict: at % 2 === 0 ? ('signed' as const) : ('unknown-key' as const),
    }))
    const chain = [...top, role(name, { keys, version: Number.MAX_SAFE_INTEGER })]
    const beside = [{ title: name, verdict: 'good', lines: ['one line', 'w'.repeat(200)] }] as const
    expect(collisions(drawChain({ ...found, chain, beside }, { width }))).toEqual([])
  })

  test('a collision would be found', () => {
    const text = (x: number) => `<text x="${x}" y="20" font-size="12">words</text>`
    expect(collisions(`<svg width="100">${text(10)}${text(20)}${text(90)}</svg>`)).toEqual([
      'outside: words',
      'words | words',
    ])
  })
})

describe('a name of millions of characters', () => {
  test.each(['a', ' ', '&', '\u202e', 'a '])('of %j makes a small picture', (letter) => {
    const name = `x${letter.repeat(2_000_000 / letter.length)}y`
    const svg = drawChain({ ...found, path: `p/${name}/${name}`, chain: [...top, role(name)] })
    expect(svg.length).toBeLessThan(150_000)
    expect(svg).toMatch(/y<(?:title|\/text)>/)
  })
})

describe('the page', () => {
  test('is one file without scripts that may request nothing', () => {
    const page = chainPage({ ...found, path: '<b>.whl' })
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).not.toMatch(/<script|<link|<b>|https?:(?!\/\/www\.w3\.org\/2000\/svg)|\son\w+=/)
    expect(page.match(/<svg /g)).toHaveLength(2)
    expect(page).toContain('<title>&lt;b&gt;.whl: the repository vouches for it</title>')
  })
})
