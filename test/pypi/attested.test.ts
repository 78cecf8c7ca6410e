/** Where attestations count: a judge is asked about each file, and its finding is part of the verdict. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type {
  AttestableFile,
  AttestationFinding,
  JudgeFile,
  PublisherPin,
} from '../../src/attestations/index.js'
import type { LockEntry, LockVerdict, PypiView } from '../../src/pypi/index.js'
import { streamFile } from '../../src/pypi/verdict/stream-file.js'
import { rstufLayout } from '../../src/pypi/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { digestsOf, IndexRepository } from './index-repository.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const sdist = 'foo_bar-1.0.tar.gz'
const hashOf = (text: string): string => digestsOf(utf8ToBytes(text)).sha256

type Finding = AttestationFinding
type Asked = Parameters<JudgeFile>

const good: Finding = { verdict: 'match', accepted: true, reason: 'signed by its publisher' }
const signed: Finding = { verdict: 'signed', accepted: true, reason: 'signed by somebody' }
const none: Finding = { verdict: 'no-attestation', accepted: true, reason: 'nobody signed it' }
const odd: Finding = { verdict: 'cannot-be-judged', accepted: true, reason: 'signed by a forge' }

let folder: string
beforeEach(() => {
  folder = temporaryFolder('attested')
})

/** A view whose judge finds this of wheel and sdist, and the questions to it. */
async function viewOf(
  findings: Readonly<Record<string, Finding>>,
  { unsigned = true, form = 'json' }: { unsigned?: boolean; form?: 'json' | 'html' } = {},
): Promise<{ view: PypiView; asked: Asked[]; index: IndexRepository }> {
  const index = new IndexRepository({ layout: 'pages', form })
  index.add(wheel, 'wheel')
  index.add(sdist, 'sdist')
  index.publish()
  const asked: Asked[] = []
  const judge: JudgeFile = (...question) => {
    asked.push(question)
    return Promise.resolve(findings[question[0].filename] ?? none)
  }
  return { view: await index.view({ unsigned, judge }), asked, index }
}

const named: LockEntry = {
  ...{ name: 'foo-bar', version: '1.0' },
  files: [
    { filename: wheel, hashes: new Map([['sha256', hashOf('wheel')]]) },
    { filename: sdist, hashes: new Map([['sha256', hashOf('sdist')]]) },
  ],
}
const bare: LockEntry = {
  ...named,
  anyFile: true,
  files: named.files.map(({ hashes }) => ({ hashes })),
}

async function locked(
  view: PypiView,
  entry: LockEntry,
  options?: Parameters<PypiView['checkLock']>[1],
): Promise<LockVerdict> {
  for await (const verdict of view.checkLock([entry], options)) return verdict
  throw new Error('the verdict is missing')
}

describe('the verdict on an entry of a lock file', () => {
  test.each<readonly [Finding, Finding, string, boolean | undefined, string]>([
    [good, good, 'match', undefined, good.reason],
    [good, signed, 'signed', true, signed.reason],
    [signed, good, 'signed', true, signed.reason],
    [none, signed, 'no-attestation', true, none.reason],
    [signed, odd, 'cannot-be-judged', true, odd.reason],
    // A refused file is worse than any that the policy accepts.
    [none, { ...signed, accepted: false }, 'signed', undefined, signed.reason],
    [good, { ...good, accepted: false }, 'mismatch', undefined, good.reason],
  ])('%#: of two files is that of the worse one', async (one, other, verdict, accepted, reason) => {
    const { view } = await viewOf({ [wheel]: one, [sdist]: other })
    const found = await locked(view, named)
    expect(found).toMatchObject({ verdict, reason, files: [{}, {}] })
    expect(found.accepted).toBe(accepted)
  })

  test('that fails has no files', async () => {
    const { view, index } = await viewOf({})
    index.repo.serve(index.repo.targetNames(index.pagePath('foo-bar'))[0]!, 'missing', 'target')
    const found = await locked(view, named)
    expect(found).toEqual({
      ...{ entry: named, verdict: 'failed', files: [] },
      ...{ reason: (found.error as Error).message, error: expect.any(Error) },
    })
  })

  test('is asked for with the publishers that the entry names', async () => {
    const identities: readonly PublisherPin[] = [
      { kind: 'Forge', publisher: undefined, claims: {} },
    ]
    for (const entry of [named, bare]) {
      const { view, asked } = await viewOf({})
      const { signal } = new AbortController()
      await locked(view, { ...entry, identities }, { signal })
      expect(asked.map(([file]) => file.filename).sort()).toEqual([wheel, sdist].sort())
      for (const [, options] of asked) {
        expect(options.identities).toBe(identities)
        expect(options.signal).toBeInstanceOf(AbortSignal)
      }
    }
  })

  test('does not compare a BLAKE2b that the repository does not list', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    index.add(wheel, 'wheel', { url: 'https://files.test/wheel' })
    index.publish()
    const { blake2b } = digestsOf(utf8ToBytes('wheel'))
    const digits = `${blake2b.slice(0, 2)}/${blake2b.slice(2, 4)}/${blake2b.slice(4)}`
    const url = `https://files.test/packages/${digits}/${wheel}`
    const files = [{ filename: wheel, url, hashes: new Map([['sha256', hashOf('wheel')]]) }]
    const found = await locked(await index.view(), { ...named, files })
    expect(found).toMatchObject({ verdict: 'match' })
  })

  test('names a target by the BLAKE2b in the URL, where no page does', async () => {
    const index = new IndexRepository({ layout: 'pages-and-files' })
    const { url } = index.add(wheel, 'wheel')
    index.publish()
    const view = await index.view({}, rstufLayout({ file: '{blake2b_path}/{filename}' }))
    const files = [{ filename: wheel, url, hashes: new Map([['sha256', hashOf('wheel')]]) }]
    expect(await locked(view, { ...named, files })).toMatchObject({ verdict: 'match' })
  })
})

describe('a pin of an index without signatures', () => {
  test.each<readonly [Finding, Finding, string, boolean | undefined, string]>([
    [good, good, 'match', undefined, 'every file is verified'],
    [good, signed, 'signed', true, signed.reason],
    [signed, good, 'signed', true, signed.reason],
    [odd, signed, 'cannot-be-judged', true, odd.reason],
    [none, odd, 'no-attestation', true, none.reason],
  ])('%#: says as much as is true of every file', async (one, other, verdict, accepted, reason) => {
    const { view } = await viewOf({ [wheel]: one, [sdist]: other })
    const [pin] = await view.pin(['foo-bar==1.0'])
    expect(pin).toMatchObject({ verdict, reason, left: [] })
    expect(pin?.accepted).toBe(accepted)
    expect(pin?.files).toHaveLength(2)
  })

  test('leaves out a file that the policy does not accept', async () => {
    const { view, asked } = await viewOf({ [wheel]: good, [sdist]: { ...none, accepted: false } })
    const [pin] = await view.pin(['foo-bar==1.0'])
    expect(pin).toMatchObject({
      ...{ verdict: 'match', files: [{ vouched: { filename: wheel } }] },
      left: [{ filename: sdist, verdict: 'no-attestation', reason: none.reason }],
    })
    expect(asked.every(([, { signal }]) => signal instanceof AbortSignal)).toBe(true)
  })

  test('that fails has neither text nor files', async () => {
    const { view, index } = await viewOf({})
    index.repo.serve(index.repo.targetNames(index.pagePath('foo-bar'))[0]!, 'missing', 'target')
    const [pin] = await view.pin(['foo-bar==1.0'])
    expect(pin).toEqual({
      ...{ requirement: 'foo-bar==1.0', project: 'foo-bar', version: '1.0', verdict: 'failed' },
      ...{ reason: expect.any(String), files: [], left: [], error: expect.any(Error) },
    })
  })
})

describe('a judge', () => {
  test('is told the page, the digest and the link of a file, also one that cannot be read', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    const link = 'https://files.test/wheel.provenance'
    const entry = (filename: string, provenance: unknown): object => ({
      ...{ filename, url: `https://files.test/${filename}`, provenance },
      hashes: { sha256: hashOf(filename) },
    })
    const page = {
      ...{ meta: { 'api-version': '1.3' }, name: 'foo-bar', versions: ['1.0'] },
      files: [entry(wheel, link), entry(sdist, 5), entry('foo_bar-1.0.zip', null)].map((one) => ({
        ...{ size: 1, ...one },
      })),
    }
    index.repo.addTarget(index.pagePath('foo-bar'), JSON.stringify(page))
    index.repo.publish()
    const asked: AttestableFile[] = []
    const judge: JudgeFile = (file) => {
      asked.push(file)
      return Promise.resolve(good)
    }
    const view = await index.view({ judge })
    for (const name of [wheel, sdist, 'foo_bar-1.0.zip']) await view.find(name)
    const about = { project: 'foo-bar', version: '1.0', page: asked[0]?.page }
    expect(asked).toEqual([
      { ...about, filename: wheel, sha256: hashOf(wheel), provenance: link },
      {
        ...{ ...about, filename: sdist, sha256: hashOf(sdist) },
        unreadableLink: expect.stringMatching(/not a text|URL/),
      },
      { ...about, filename: 'foo_bar-1.0.zip', sha256: hashOf('foo_bar-1.0.zip') },
    ])
  })

  test('refuses a file of a repository too, and adds its reason where it does not', async () => {
    for (const [finding, expected] of [
      [good, { verdict: 'match', reason: `its page vouches for it; ${good.reason}` }],
      [
        { ...good, accepted: false },
        { verdict: 'mismatch', reason: good.reason },
      ],
      [
        { ...signed, accepted: false },
        { verdict: 'signed', reason: signed.reason },
      ],
    ] as const) {
      const { view } = await viewOf({ [wheel]: finding }, { unsigned: false })
      const found = await view.verifyFile(utf8ToBytes('wheel'), { filename: wheel })
      expect(found).toMatchObject(expected)
      expect(found.vouched === undefined).toBe(!finding.accepted)
      expect(found.vouched?.unsigned).toBeUndefined()
    }
  })

  test('marks files of an index without signatures', async () => {
    const { view } = await viewOf({ [wheel]: good })
    expect((await view.find(wheel)).vouched).toMatchObject({ unsigned: true, attestation: good })
  })

  test('gets the signal of the caller, for a folder too', async () => {
    const { view, asked } = await viewOf({ [wheel]: good })
    await writeFile(join(folder, wheel), 'wheel')
    for await (const { verdict } of view.verifyFolder(folder)) expect(verdict).toBe('match')
    expect(asked).toHaveLength(1)
    expect(asked[0]?.[1].signal).toBeInstanceOf(AbortSignal)
  })
})

describe('a publisher is remembered', () => {
  test.each(['json', 'html'] as const)(
    'before a downloaded file gets its name, and its progress is told: %s',
    async (form) => {
      const kept: string[] = []
      const steps: unknown[] = []
      const keep = (): Promise<void> => Promise.resolve(void kept.push('kept'))
      const { view } = await viewOf({ [wheel]: { ...good, keep } }, { form })
      const onProgress = (step: unknown): unknown => steps.push(step)
      await view.download('foo-bar', '1.0', { filename: wheel, folder, onProgress })
      expect(kept).toEqual(['kept'])
      expect(steps.at(-1)).toMatchObject({ received: 5 })
      const refuse = (): Promise<void> => Promise.reject(new Error('changed'))
      const other = await viewOf({ [sdist]: { ...good, keep: refuse } }, { form })
      const asked = other.view.download('foo-bar', '1.0', { filename: sdist, folder })
      await expect(asked).rejects.toThrow('changed')
    },
  )
})

test('the limit of a file of unknown length is a number', async () => {
  const { view, index } = await viewOf({ [wheel]: good }, { form: 'html' })
  const { vouched } = await view.find(wheel)
  const source = { urls: [vouched!.address.url!], target: {}, limits: {}, fetcher: index.fetcher() }
  const repository = { downloadSource: () => source } as never
  const chunks = streamFile(repository, vouched!, { maxUnsizedLength: -1 })
  await expect(chunks.next()).rejects.toThrow(/maxUnsizedLength/)
})
