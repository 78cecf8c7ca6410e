/** Verdicts, pins and first use. */
import { describe, expect, test } from '@jest/globals'
import {
  checkFirstUse,
  firstUseEntry,
  isAcceptable,
  judgeFile,
  judgeProvenance,
  parseAttestationIdentities,
  parsePublisherPins,
  pinFields,
  readFirstUse,
  writeFirstUse,
  type AttestationVerdict,
  type PublisherPin,
} from '../../src/attestations/index.js'
import { NameUnsafeError } from '../../src/errors.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { parseTrustedRoot } from '../../src/sigstore/index.js'
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims, TestSigstore } from '../support/sigstore/instance.js'

const sigstore = new TestSigstore()
const trustedRoot = parseTrustedRoot(sigstore.trustedRoot())
const good = provenance([attest(sigstore)])

function pinsOf(...pins: Record<string, string>[]): readonly PublisherPin[] {
  return parsePublisherPins({ demo: pins }).get('demo') ?? []
}

function judge(
  bytes: Uint8Array | undefined,
  ...pins: Record<string, string>[]
): AttestationVerdict {
  return judgeFile(bytes, file, { trustedRoot, ...(pins.length > 0 && { pins: pinsOf(...pins) }) })
}

describe('the verdict is', () => {
  test('match, when a pinned publisher signed', () => {
    expect(judge(good, gitHub)).toMatchObject({ verdict: 'match', pin: { publisher: gitHub } })
  })

  test('match, when one of several pins fits', () => {
    expect(judge(good, { ...gitHub, workflow: 'x.yml' }, gitHub).verdict).toBe('match')
  })

  test('mismatch, when another publisher signed, and it names both', () => {
    const verdict = judge(good, { ...gitHub, repository: 'demo/fork' })
    expect(verdict).toMatchObject({ verdict: 'mismatch', publishers: [gitHub], error: undefined })
    expect(verdict).toHaveProperty(
      'reason',
      expect.stringContaining('GitHub demo/demo publish.yml'),
    )
  })

  test('mismatch with the first difference, when no publisher of a known kind signed', () => {
    const other = provenance([attest(sigstore)], { kind: 'ActiveState' })
    expect(judge(other, { ...gitHub, repository: 'demo/fork' })).toEqual({
      verdict: 'mismatch',
      pinned: true,
      reason: 'the certificate names another repository: "https://github.com/demo/demo"',
      publishers: [],
      error: undefined,
    })
  })

  test('mismatch with the error, when an attestation is refused', () => {
    const bad = provenance([attest(sigstore, { byAnotherKey: true })])
    expect(judge(bad, gitHub)).toMatchObject({ verdict: 'mismatch', error: { check: 'signature' } })
    expect(judge(bad)).toMatchObject({ verdict: 'mismatch', pinned: false })
  })

  test('mismatch with every publisher that signed', () => {
    const claims = Object.fromEntries(
      Object.entries(gitHubClaims).map(([n, text]) => [n, text.replace('demo/demo', 'fork/demo')]),
    )
    const two = provenance([attest(sigstore)], gitHub, (object) => {
      const publisher = { ...gitHub, repository: 'fork/demo' }
      const attestations = [attest(sigstore, { leaf: { claims } })]
      object.attestation_bundles.push({ publisher, attestations })
    })
    expect(judge(two, { ...gitHub, repository: 'demo/other' })).toMatchObject({
      reason: expect.stringMatching(
        /^signed by GitHub demo\/demo publish\.yml, GitHub fork\/demo publish\.yml: /,
      ),
    })
  })

  test('not given where something else fails than an attestation', () => {
    for (const error of [new Error('defect'), new NameUnsafeError('demo', 'defect')]) {
      const hash = (): never => {
        throw error
      }
      const cryptography = { ...nodeCryptography, hash }
      expect(() => judgeFile(good, file, { trustedRoot, cryptography })).toThrow(error)
    }
  })

  test('mismatch, when only one of two attestations is valid', () => {
    const bad = attest(sigstore, { byAnotherKey: true })
    expect(judge(provenance([attest(sigstore), bad]), gitHub).verdict).toBe('mismatch')
  })

  test('signed, for a project without a pin', () => {
    expect(judge(good)).toMatchObject({ verdict: 'signed', publishers: [gitHub] })
  })

  test('no-attestation, for a file without one', () => {
    expect(judge(undefined)).toEqual({ verdict: 'no-attestation', pinned: false })
    expect(judgeProvenance(undefined, pinsOf(gitHub))).toEqual({
      verdict: 'no-attestation',
      pinned: true,
    })
  })

  test('cannot-be-judged, for a publisher of an unknown kind', () => {
    const other = provenance([attest(sigstore)], { kind: 'ActiveState' })
    expect(judge(other)).toEqual({
      verdict: 'cannot-be-judged',
      pinned: false,
      kinds: ['ActiveState'],
    })
  })

  test('cannot-be-judged, for a pin of an unknown kind', () => {
    const pins = parseAttestationIdentities([{ kind: 'ActiveState' }, { ...gitHub, other: 'x' }])
    expect(judgeFile(good, file, { trustedRoot, pins })).toMatchObject({
      verdict: 'cannot-be-judged',
      kinds: ['ActiveState', 'GitHub'],
    })
  })
})

describe('a pin is compared with the certificate', () => {
  test.each([
    ['repository_id', '1001', '1002'],
    ['owner_id', '2002', '2003'],
    ['runner_environment', 'github-hosted', 'self-hosted'],
    ['ref', 'refs/tags/v1.0', 'refs/heads/main'],
  ])('%s', (name, right, wrong) => {
    expect(judge(good, { ...gitHub, [name]: right }).verdict).toBe('match')
    expect(judge(good, { ...gitHub, [name]: wrong }).verdict).toBe('mismatch')
  })

  test('environment is compared with the word of the index', () => {
    const named = provenance([attest(sigstore)], { ...gitHub, environment: 'pypi' })
    expect(judge(named, { ...gitHub, environment: 'pypi' }).verdict).toBe('match')
    expect(judge(named, { ...gitHub, environment: 'other' }).verdict).toBe('mismatch')
    expect(judge(good, { ...gitHub, environment: 'pypi' }).verdict).toBe('mismatch')
    expect(judge(named, gitHub).verdict).toBe('match')
  })

  test('the publisher that the index names does not matter where the certificate is right', () => {
    const renamed = provenance([attest(sigstore)], { kind: 'Other', repository: 'demo/demo' })
    expect(judge(renamed, gitHub).verdict).toBe('match')
  })
})

describe('pins of a settings file', () => {
  test('names of projects are normalised', () => {
    expect([...parsePublisherPins({ 'My_Demo.X': [gitHub] }).keys()]).toEqual(['my-demo-x'])
  })

  test('a pin is written as it was read', () => {
    const fields = { ...gitHub, environment: 'pypi', owner_id: '7' }
    const [pin] = pinsOf(fields)
    expect(pin && pinFields(pin)).toEqual(fields)
  })

  test.each([
    [
      'an unknown kind',
      { demo: [{ kind: 'ActiveState' }] },
      /^demo\[0\]\.kind: "ActiveState" is not a kind that can be judged$/,
    ],
    ['an unknown field', { demo: [{ ...gitHub, workfow: 'x' }] }, /workfow/],
    ['a missing field', { demo: [{ kind: 'GitHub', repository: 'a/b' }] }, /workflow: is missing/],
    ['no publisher', { demo: [] }, /names no publisher/],
    ['a name that is not a project', { 'a/b': [gitHub] }, /name of a project/],
    ['one project twice', { demo: [gitHub], DEMO: [gitHub] }, /is there twice/],
    ['something else than a list', { demo: gitHub }, /must be an array/],
  ])('%s is refused', (_what, value, message) => {
    expect(() => parsePublisherPins(value)).toThrow(message)
  })
})

describe('a file may be used', () => {
  const verdicts = {
    match: judge(good, gitHub),
    mismatch: judge(good, { ...gitHub, workflow: 'x.yml' }),
    refused: judge(provenance([attest(sigstore, { byAnotherKey: true })])),
    signed: judge(good),
    none: judge(undefined),
    noneOfPinned: judge(undefined, gitHub),
    unknown: judge(provenance([attest(sigstore)], { kind: 'Other' })),
  }
  test.each([
    ['all', ['match', 'signed']],
    ['pinned', ['match', 'signed', 'none', 'unknown']],
    ['report', Object.keys(verdicts)],
  ] as const)('where the requirement is %s: %s', (requirement, accepted) => {
    const found = Object.entries(verdicts).filter(([, one]) => isAcceptable(one, requirement))
    expect(found.map(([name]) => name)).toEqual(accepted)
  })
})

describe('first use', () => {
  const about = (version: string): { project: string; version: string; filename: string } => ({
    project: 'demo',
    version,
    filename: `demo-${version}.tar.gz`,
  })
  const signed = judge(good)
  const none = judge(undefined)
  const fork = judge(
    provenance(
      [
        attest(sigstore, {
          leaf: {
            claims: {
              8: 'https://token.actions.githubusercontent.com',
              12: 'https://github.com/fork/demo',
              13: 'abc',
              18: 'https://github.com/fork/demo/.github/workflows/publish.yml@abc',
            },
            name: 'https://github.com/fork/demo',
          },
        }),
      ],
      { ...gitHub, repository: 'fork/demo' },
    ),
  )
  const first = checkFirstUse(readFirstUse(undefined), about('2.0'), signed)

  test('is kept, and read back', () => {
    expect(readFirstUse(writeFirstUse(first))).toEqual(first)
    expect(first.get('demo')).toEqual({
      publishers: [{ kind: 'GitHub', publisher: gitHub, claims: { repository_id: '1001' } }],
      since: '2.0',
    })
  })

  test('has an entry of its own in the store, sorted by project', () => {
    expect(firstUseEntry).toBe('state/publishers')
    const seen = first.get('demo') ?? { publishers: [], since: '' }
    const all = ['b', 'a', 'c'].map((project) => [project, seen] as const)
    const text = new TextDecoder().decode(writeFirstUse(new Map(all)))
    expect(text.match(/"[abc]"(?=:)/g)).toEqual(['"a"', '"b"', '"c"'])
    expect(text.endsWith('}\n')).toBe(true)
    expect(JSON.parse(text)).toMatchObject({ version: 1 })
  })

  test('learns nothing from a file that is refused', () => {
    const refused = judge(provenance([attest(sigstore, { byAnotherKey: true })]))
    expect(checkFirstUse(first, about('2.1'), refused)).toBe(first)
    const empty = readFirstUse(undefined)
    expect(checkFirstUse(empty, about('2.1'), refused)).toBe(empty)
  })

  test('keeps no number of a repository where the certificate has none', () => {
    const { 15: _, ...claims } = gitHubClaims as Record<number, string>
    const plain = judge(provenance([attest(sigstore, { leaf: { claims } })]))
    const seen = checkFirstUse(readFirstUse(undefined), about('2.0'), plain)
    expect(seen.get('demo')?.publishers[0]?.claims).toStrictEqual({})
  })

  test('the same publisher is fine', () => {
    expect(checkFirstUse(first, about('2.1'), signed)).toBe(first)
  })

  test('an earlier attested release moves the beginning', () => {
    expect(checkFirstUse(first, about('1.0'), signed).get('demo')?.since).toBe('1.0')
  })

  test('another publisher is an error that names both', () => {
    expect(() => checkFirstUse(first, about('2.1'), fork)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_PUBLISHER_CHANGED',
        before: ['GitHub demo/demo publish.yml'],
        now: ['GitHub fork/demo publish.yml'],
      }),
    )
  })

  test('another repository under the same name is an error that tells them apart', () => {
    const leaf = { claims: { ...gitHubClaims, 15: '1002' } }
    const again = judge(provenance([attest(sigstore, { leaf })]))
    expect(() => checkFirstUse(first, about('2.1'), again)).toThrow(
      expect.objectContaining({
        before: ['GitHub demo/demo publish.yml (repository 1001)'],
        now: ['GitHub demo/demo publish.yml (repository 1002)'],
      }),
    )
  })

  test('a repository whose owner changed is the same one', () => {
    const leaf = { claims: { ...gitHubClaims, 17: '2003' } }
    const moved = judge(provenance([attest(sigstore, { leaf })]))
    expect(checkFirstUse(first, about('2.1'), moved)).toBe(first)
  })

  test('a newer release without an attestation is an error', () => {
    expect(() => checkFirstUse(first, about('2.0.1'), none)).toThrow(/lacks an attestation/)
    expect(() => checkFirstUse(first, about('2.0'), none)).toThrow(/lacks an attestation/)
  })

  test('an older release may lack one', () => {
    expect(checkFirstUse(first, about('1.9'), none)).toBe(first)
  })

  test('a project without any attestation so far needs none', () => {
    const empty = readFirstUse(undefined)
    expect(checkFirstUse(empty, about('1.0'), none)).toBe(empty)
  })

  test('a pinned project is judged by its pin', () => {
    expect(checkFirstUse(first, about('3.0'), judge(undefined, gitHub))).toBe(first)
  })

  test.each(['', '{}', '{"projects":{"demo":{"publishers":[{"kind":"?"}],"since":"1"}}}'])(
    'an entry that cannot be read is an error and not an empty one: %s',
    (text) => {
      expect(() => readFirstUse(new TextEncoder().encode(text))).toThrow(
        expect.objectContaining({ code: 'ERR_TUF_STORE_FAILED', operation: 'get' }),
      )
    },
  )
})
