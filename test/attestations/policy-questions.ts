/**
 * Questions about policy, pins, first use, the judge and its source. The tests ask the library, and then the
 * library with one check taken out.
 */
import type { AttestableFile, PublisherPin } from '../../src/attestations/index.js'
import type { Fetcher, FetchRequest } from '../../src/client/fetcher.js'
import { memoryStore, type Store } from '../../src/client/store.js'
import { FetchNotFoundError } from '../../src/errors.js'
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims, TestSigstore } from '../support/sigstore/instance.js'
import type { AskedBuild } from './ask.js'

/** The parts of a build that are asked. */
export interface PolicyBuild extends AskedBuild {
  readonly agreements: typeof import('../../src/pypi/verdict/attestation.js')
}

/** A question and its right answer. */
export interface PolicyQuestion {
  readonly name: string
  readonly expected: string
  ask(build: PolicyBuild): unknown
}

const sigstore = new TestSigstore()
const good = provenance([attest(sigstore)])
const bad = attest(sigstore, { byAnotherKey: true })
const forkClaims = Object.fromEntries(
  Object.entries(gitHubClaims).map(([name, text]) => [
    name,
    text.replace('demo/demo', 'fork/demo'),
  ]),
)
const forked = attest(sigstore, { leaf: { claims: forkClaims } })
const gitHubFork = { ...gitHub, repository: 'fork/demo' }
const fork = provenance([forked], gitHubFork)
const anew = provenance([attest(sigstore, { leaf: { claims: { ...gitHubClaims, 15: '1002' } } })])
const unknown = provenance([attest(sigstore)], { kind: 'Forge' })

function trustOf({ sigstore: library }: PolicyBuild): {
  readonly trustedRoot: ReturnType<typeof library.parseTrustedRoot>
} {
  return { trustedRoot: library.parseTrustedRoot(sigstore.trustedRoot()) }
}

type Pins = readonly Record<string, string>[]

/** The verdict, and which requirements take it. */
function judged(build: PolicyBuild, bytes: Buffer | undefined, ...pins: Pins): string {
  const { judgeFile, parsePublisherPins, isAcceptable } = build.attestations
  const list = pins.length === 0 ? undefined : parsePublisherPins({ demo: pins }).get('demo')
  const verdict = judgeFile(bytes, file, { ...trustOf(build), pins: list })
  const takers = (['all', 'pinned', 'report'] as const).filter((one) => isAcceptable(verdict, one))
  return `${verdict.verdict}: ${takers.join(' ')}`
}

function identities(build: PolicyBuild, ...pins: Pins): readonly PublisherPin[] {
  return build.attestations.parseAttestationIdentities(pins)
}

function refusal(ask: () => unknown): string {
  try {
    ask()
    return 'taken'
  } catch (error) {
    return error instanceof TypeError ? 'refused' : String((error as { code?: string }).code)
  }
}

interface Seen {
  readonly bytes: Buffer | undefined
  readonly version: string
}

/** The outcome of the last of several files, one after another. */
function firstUse(build: PolicyBuild, ...files: readonly Seen[]): string {
  const { checkFirstUse, judgeFile, readFirstUse, writeFirstUse } = build.attestations
  let entry: Uint8Array | undefined
  return refusal(() => {
    for (const { bytes, version } of files) {
      const seen = { project: 'demo', version, filename: file.filename }
      const verdict = judgeFile(bytes, file, trustOf(build))
      entry = writeFirstUse(checkFirstUse(readFirstUse(entry), seen, verdict))
    }
  })
}

const listed: AttestableFile = { project: 'demo', version: '1.0', ...file }

interface Judging {
  readonly store?: Store
  readonly remember?: boolean
  readonly pins?: Pins
}

/** Judges a file for which `bytes` are served; keeps it where `keep` says so. */
async function asked(
  build: PolicyBuild,
  bytes: Buffer | undefined,
  options: Judging & {
    readonly file?: Partial<AttestableFile>
    readonly identities?: readonly PublisherPin[]
    readonly keep?: boolean
    readonly unusable?: string
  } = {},
): Promise<string> {
  const { attestationJudge, parsePublisherPins } = build.attestations
  const { store, remember, unusable } = options
  const judge = attestationJudge({
    ...trustOf(build),
    ...{ store, remember },
    ...(options.pins && { pins: parsePublisherPins({ demo: options.pins }) }),
    source: () =>
      Promise.resolve(bytes ? { provenance: bytes } : { provenance: undefined, unusable }),
  })
  const finding = await judge({ ...listed, ...options.file }, { identities: options.identities })
  if (options.keep === true) {
    try {
      await finding.keep?.()
    } catch (error) {
      return String((error as { code?: string }).code)
    }
  }
  return `${finding.verdict}${finding.accepted ? ', accepted' : ''}`
}

/** The answer of the source of an index, and the requests that it made. */
async function sourced(
  build: PolicyBuild,
  fields: Partial<AttestableFile>,
  options: { readonly integrityUrl?: string; readonly status?: number } = {},
): Promise<string> {
  const requests: FetchRequest[] = []
  const { status, integrityUrl } = options
  const fetcher: Fetcher = {
    fetch(request) {
      requests.push(request)
      if (status !== undefined) return Promise.reject(new FetchNotFoundError(request.url, status))
      const body = (async function* () {
        yield await Promise.resolve(new Uint8Array(1))
      })()
      return Promise.resolve({ offset: 0, body })
    },
  }
  const source = build.attestations.indexProvenance({ fetcher, integrityUrl })
  const page = 'https://index.test/simple/demo/'
  try {
    const answer = await source({ ...listed, page, ...fields }, undefined)
    const found = answer.provenance ? 'found' : answer.unusable === undefined ? 'none' : 'unusable'
    const bounds = requests.map(
      ({ redirectOrigins, maxLength }) => `${String(redirectOrigins)} ${maxLength ?? 'endless'}`,
    )
    return [found, ...bounds].join(' ')
  } catch (error) {
    return String((error as { code?: string }).code)
  }
}

const link = 'https://index.test/provenance'

/** How a file that `keep` refuses or allows is agreed upon. */
async function agreed(
  build: PolicyBuild,
  hash: string,
  unsigned: boolean,
  listed = true,
): Promise<string> {
  const { agreementOfHashes } = build.agreements
  let kept = 0
  const keep = (): Promise<void> => {
    kept += 1
    return Promise.resolve()
  }
  const attestation = { verdict: 'signed', reason: 'signed', accepted: true, keep } as const
  const base = { project: 'demo', version: '1.0', filename: 'x', address: {} }
  const hashes = new Map([['sha256', 'ab'], ...(listed ? [[hash, 'ab'] as const] : [])])
  const vouched = { ...base, hashes, attestation, ...(unsigned && { unsigned: true as const }) }
  const { verdict } = await agreementOfHashes(vouched, new Map([[hash, 'ab']]), 'vouched')
  return `${verdict} ${kept}`
}

async function changedMeanwhile(build: PolicyBuild): Promise<string> {
  const { agreementOfBytes } = build.agreements
  const keep = (): Promise<void> => Promise.reject(changed(build))
  const attestation = { verdict: 'signed', reason: 'signed', accepted: true, keep } as const
  const base = { project: 'demo', version: '1.0', filename: 'x', address: {}, hashes: new Map() }
  const said = await agreementOfBytes({ ...base, attestation, unsigned: true }, 'vouched')
  return said.verdict
}

function changed(build: PolicyBuild): Error {
  const { checkFirstUse, judgeFile, readFirstUse } = build.attestations
  const seen = { project: 'demo', version: '1.0', filename: 'x' }
  const first = checkFirstUse(readFirstUse(undefined), seen, judgeFile(good, file, trustOf(build)))
  try {
    checkFirstUse(first, seen, judgeFile(fork, file, trustOf(build)))
  } catch (error) {
    if (error instanceof Error) return error
  }
  return new Error('nothing changed')
}

const before: Seen = { bytes: good, version: '2.0' }

export const policyQuestions: readonly PolicyQuestion[] = [
  ...(
    [
      ['a pinned publisher', good, [gitHub], 'match: all pinned report'],
      ['another publisher than the pin', good, [gitHubFork], 'mismatch: report'],
      ['one of two pins', good, [gitHubFork, gitHub], 'match: all pinned report'],
      ['a pin of another workflow', good, [{ ...gitHub, workflow: 'x.yml' }], 'mismatch: report'],
      ['a pinned number', good, [{ ...gitHub, repository_id: '1001' }], 'match: all pinned report'],
      ['another number', good, [{ ...gitHub, repository_id: '7' }], 'mismatch: report'],
      ['another owner', good, [{ ...gitHub, owner_id: '7' }], 'mismatch: report'],
      ['another environment', good, [{ ...gitHub, environment: 'x' }], 'mismatch: report'],
      ['no pin', good, [], 'signed: all pinned report'],
      ['nothing served', undefined, [], 'no-attestation: pinned report'],
      ['nothing served for a pinned project', undefined, [gitHub], 'no-attestation: report'],
      ['an unknown kind', unknown, [], 'cannot-be-judged: pinned report'],
      ['a bad attestation', provenance([bad]), [], 'mismatch: report'],
      [
        'one bad attestation of two',
        provenance([attest(sigstore), bad]),
        [gitHub],
        'mismatch: report',
      ],
    ] as const
  ).map(([name, bytes, pins, expected]): PolicyQuestion => ({
    name: `judged: ${name}`,
    expected,
    ask: (build) => judged(build, bytes, ...pins),
  })),
  ...(
    [
      ['unknown kind', { demo: [{ kind: 'Forge' }] }],
      ['unknown field', { demo: [{ ...gitHub, workfow: 'x' }] }],
      ['empty list', { demo: [] }],
      ['project twice', { demo: [gitHub], Demo: [gitHub] }],
      ['name that is not a project', { 'a/b': [gitHub] }],
    ] as const
  ).map(([name, pins]): PolicyQuestion => ({
    name: `pins with ${name}`,
    expected: 'refused',
    ask: (build) => refusal(() => build.attestations.parsePublisherPins(pins)),
  })),
  {
    name: 'a pin by another spelling of the project',
    expected: 'my-demo',
    ask: ({ attestations }) =>
      [...attestations.parsePublisherPins({ My_Demo: [gitHub] }).keys()][0],
  },
  {
    name: 'an identity with an unknown field',
    expected: 'cannot-be-judged',
    ask: (build) => asked(build, good, { identities: identities(build, { ...gitHub, x: 'y' }) }),
  },
  {
    name: 'the pin of a publisher',
    expected:
      '{"kind":"GitHub","repository":"demo/demo","workflow":"publish.yml","repository_id":"1001","owner_id":"2002"}',
    ask(build) {
      const { pinFields, pinOf, verifyProvenance } = build.attestations
      const bytes = provenance([attest(sigstore)], { ...gitHub, environment: 'x' })
      const [one] = verifyProvenance(bytes, file, trustOf(build)).attestations
      const pin = one && pinOf(one)
      return JSON.stringify(pin && pinFields(pin))
    },
  },
  ...(
    [
      ['the same publisher again', [before, { bytes: good, version: '2.1' }], 'taken'],
      ['another publisher', [before, { bytes: fork, version: '2.1' }], 'ERR_TUF_PUBLISHER_CHANGED'],
      [
        'another repository of the same name',
        [before, { bytes: anew, version: '2.1' }],
        'ERR_TUF_PUBLISHER_CHANGED',
      ],
      [
        'another publisher of an old release',
        [before, { bytes: fork, version: '1.0' }],
        'ERR_TUF_PUBLISHER_CHANGED',
      ],
      [
        'a new release without one',
        [before, { bytes: undefined, version: '2.1' }],
        'ERR_TUF_PUBLISHER_CHANGED',
      ],
      [
        'the same release without one',
        [before, { bytes: undefined, version: '2.0' }],
        'ERR_TUF_PUBLISHER_CHANGED',
      ],
      ['an old release without one', [before, { bytes: undefined, version: '1.0' }], 'taken'],
      [
        'an old release of an unknown kind',
        [before, { bytes: unknown, version: '1.0' }],
        'ERR_TUF_PUBLISHER_CHANGED',
      ],
      [
        'a release between two attested ones, without one',
        [before, { bytes: good, version: '1.0' }, { bytes: undefined, version: '1.5' }],
        'ERR_TUF_PUBLISHER_CHANGED',
      ],
      [
        'a refused attestation, which chooses nobody',
        [
          { bytes: provenance([bad]), version: '1.0' },
          { bytes: fork, version: '2.0' },
        ],
        'taken',
      ],
    ] as const
  ).map(([name, files, expected]): PolicyQuestion => ({
    name: `first use: ${name}`,
    expected,
    ask: (build) => firstUse(build, ...files),
  })),
  {
    name: 'first use: a repository in other letters',
    expected: 'taken',
    ask(build) {
      const upper = provenance([attest(sigstore)], { ...gitHub, repository: 'Demo/demo' })
      return firstUse(build, before, { bytes: upper, version: '2.1' })
    },
  },
  {
    name: 'first use: an entry that cannot be read',
    expected: 'ERR_TUF_STORE_FAILED',
    ask: ({ attestations }) => refusal(() => attestations.readFirstUse(Buffer.from('{}'))),
  },
  {
    name: 'judge: a file is not remembered before its bytes agreed',
    expected: 'signed, accepted',
    async ask(build) {
      const store = memoryStore()
      await asked(build, fork, { store })
      return asked(build, good, { store })
    },
  },
  {
    name: 'judge: a file whose bytes agreed is remembered',
    expected: 'mismatch',
    async ask(build) {
      const store = memoryStore()
      await asked(build, good, { store, keep: true })
      return asked(build, fork, { store })
    },
  },
  {
    name: 'judge: a report remembers nobody',
    expected: 'signed, accepted',
    async ask(build) {
      const store = memoryStore()
      await asked(build, fork, { store, keep: true, remember: false })
      return asked(build, good, { store })
    },
  },
  {
    name: 'judge: of two at once the second is refused',
    expected: 'ERR_TUF_PUBLISHER_CHANGED',
    async ask(build) {
      const { attestationJudge } = build.attestations
      const store = memoryStore()
      const judge = attestationJudge({
        ...trustOf(build),
        store,
        source: ({ version }) => Promise.resolve({ provenance: version === '1.0' ? good : fork }),
      })
      const findings = [
        await judge(listed, {}),
        await judge({ ...listed, version: '2.0', provenance: 'x' }, {}),
      ]
      try {
        for (const { keep } of findings) await keep?.()
        return 'kept'
      } catch (error) {
        return (error as { code?: string }).code
      }
    },
  },
  {
    name: 'judge: a page without the SHA-256',
    expected: 'cannot-be-judged, accepted',
    ask: (build) => asked(build, good, { file: { sha256: undefined } }),
  },
  {
    name: 'judge: a page without the SHA-256, of a pinned project',
    expected: 'cannot-be-judged',
    ask: (build) => asked(build, good, { file: { sha256: undefined }, pins: [gitHub] }),
  },
  {
    name: 'judge: a page without the SHA-256, after the first use',
    expected: 'mismatch',
    async ask(build) {
      const store = memoryStore()
      await asked(build, good, { store, keep: true })
      return asked(build, good, { store, file: { sha256: undefined } })
    },
  },
  {
    name: 'judge: one that cannot be used',
    expected: 'cannot-be-judged, accepted',
    ask: (build) => asked(build, undefined, { unusable: 'x' }),
  },
  {
    name: 'judge: one that cannot be used, of a pinned project',
    expected: 'cannot-be-judged',
    ask: (build) => asked(build, undefined, { unusable: 'x', pins: [gitHub] }),
  },
  {
    name: 'judge: identities are pins',
    expected: 'mismatch',
    ask: (build) => asked(build, good, { identities: identities(build, gitHubFork) }),
  },
  {
    name: 'judge: identities do not take the place of pins',
    expected: 'mismatch',
    ask: (build) =>
      asked(build, good, { pins: [gitHubFork], identities: identities(build, gitHub) }),
  },
  {
    name: 'judge: the verdict with other identities is another',
    expected: 'mismatch',
    async ask(build) {
      const source = (): Promise<{ provenance: Buffer }> => Promise.resolve({ provenance: good })
      const judge = build.attestations.attestationJudge({ ...trustOf(build), source })
      await judge(listed, { identities: identities(build, gitHub) })
      return (await judge(listed, { identities: identities(build, gitHubFork) })).verdict
    },
  },
  {
    name: 'judge: the verdict with another digest is another',
    expected: 'mismatch',
    async ask(build) {
      const source = (): Promise<{ provenance: Buffer }> => Promise.resolve({ provenance: good })
      const judge = build.attestations.attestationJudge({ ...trustOf(build), source })
      await judge(listed, {})
      return (await judge({ ...listed, sha256: 'cd'.repeat(32) }, {})).verdict
    },
  },
  ...(
    [
      ['a link of the page', { provenance: link }, {}, 'found https://index.test 2000000'],
      ['a link elsewhere', { provenance: 'https://evil.test/p' }, {}, 'unusable'],
      ['a link over http', { provenance: 'http://index.test/p' }, {}, 'unusable'],
      ['a link with a password', { provenance: 'https://u:p@index.test/p' }, {}, 'unusable'],
      ['a link of a page of unknown origin', { provenance: link, page: undefined }, {}, 'unusable'],
      ['a link that cannot be read', { unreadableLink: 'x' }, {}, 'unusable'],
      [
        'a link to nothing',
        { provenance: link },
        { status: 404 },
        'unusable https://index.test 2000000',
      ],
      [
        'a link that is forbidden',
        { provenance: link },
        { status: 403 },
        'ERR_TUF_FETCH_NOT_FOUND',
      ],
      ['no link', {}, {}, 'none'],
      ['nothing at the API', {}, { integrityUrl: link, status: 404 }, 'none  2000000'],
      ['an API that forbids', {}, { integrityUrl: link, status: 403 }, 'ERR_TUF_FETCH_NOT_FOUND'],
    ] as const
  ).map(([name, fields, options, expected]): PolicyQuestion => ({
    name: `source: ${name}`,
    expected,
    ask: (build) => sourced(build, fields, options),
  })),
  {
    name: 'agreement: on an index a signature alone is not a match',
    expected: 'signed 1',
    ask: (build) => agreed(build, 'sha256', true),
  },
  {
    name: 'agreement: a TUF repository vouches',
    expected: 'match 1',
    ask: (build) => agreed(build, 'sha256', false),
  },
  {
    name: 'agreement: an attestation says nothing of another hash than SHA-256',
    expected: 'no-hash 0',
    ask: (build) => agreed(build, 'sha512', true),
  },
  {
    name: 'agreement: nor does it in a TUF repository',
    expected: 'no-hash 0',
    ask: (build) => agreed(build, 'sha512', false),
  },
  {
    name: 'agreement: a hash that the page lacks is one of verified bytes',
    expected: 'signed 1',
    ask: (build) => agreed(build, 'sha512', true, false),
  },
  {
    name: 'agreement: a publisher that changed meanwhile',
    expected: 'mismatch',
    ask: (build) => changedMeanwhile(build),
  },
]

/** The names of the questions that are not answered as they must be. */
export async function wrongAnswers(build: PolicyBuild): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { name, expected, ask } of policyQuestions) {
    const answer = await Promise.resolve()
      .then(() => ask(build))
      .catch((error: unknown) => `error: ${String(error)}`)
    if (answer !== expected) wrong.push(`${name}: ${String(answer)}`)
  }
  return wrong
}
