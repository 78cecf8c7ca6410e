/** The judge of files: its words, the publishers that it remembers, and the questions that it repeats. */
import { describe, expect, test } from '@jest/globals'
import {
  attestationJudge,
  firstUseEntry,
  parsePublisherPins,
  readFirstUse,
  type AttestableFile,
  type AttestationFinding,
  type AttestationJudgeOptions,
  type JudgedFile,
  type ProvenanceAnswer,
} from '../../src/attestations/index.js'
import { memoryStore, type Store } from '../../src/client/store.js'
import { PublisherChangedError } from '../../src/errors.js'
import { parseTrustedRoot } from '../../src/sigstore/index.js'
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims, TestSigstore } from '../support/sigstore/instance.js'

const sigstore = new TestSigstore()
const trustedRoot = parseTrustedRoot(sigstore.trustedRoot())
const good = provenance([attest(sigstore)])
const bad = provenance([attest(sigstore, { byAnotherKey: true })])
const unknown = provenance([attest(sigstore)], { kind: 'Forge' })
const anew = provenance([attest(sigstore, { leaf: { claims: { ...gitHubClaims, 15: '1002' } } })])
const pins = parsePublisherPins({ demo: [gitHub] })
const other = parsePublisherPins({ demo: [{ ...gitHub, workflow: 'x.yml' }] })
const about: AttestableFile = { project: 'demo', version: '1.0', ...file }
const next: AttestableFile = { ...about, version: '1.1' }

function answered(bytes: Buffer | undefined, unusable?: string): ProvenanceAnswer {
  return bytes ? { provenance: bytes } : { provenance: undefined, unusable }
}

function judgeOf(
  answer: ProvenanceAnswer,
  options: Partial<AttestationJudgeOptions> = {},
): ReturnType<typeof attestationJudge> {
  return attestationJudge({ trustedRoot, source: () => Promise.resolve(answer), ...options })
}

async function finding(
  answer: ProvenanceAnswer,
  options: Partial<AttestationJudgeOptions> = {},
  asked = about,
): Promise<Omit<AttestationFinding, 'keep'>> {
  const { verdict, accepted, reason } = await judgeOf(answer, options)(asked, {})
  return { verdict, accepted, reason }
}

const publisher = 'GitHub demo/demo publish.yml'

describe('the reason of a verdict', () => {
  test.each<readonly [ProvenanceAnswer, Partial<AttestationJudgeOptions>, string, boolean, string]>(
    [
      [answered(good), { pins }, 'match', true, `signed by its pinned publisher, ${publisher}`],
      [answered(good), {}, 'signed', true, `signed by ${publisher}, and none is pinned`],
      [
        answered(good),
        { pins: other },
        'mismatch',
        false,
        `signed by ${publisher}: the certificate names another workflow: ${JSON.stringify(gitHubClaims[18])}`,
      ],
      [answered(undefined), {}, 'no-attestation', true, 'the index has no attestation of it'],
      [
        answered(undefined),
        { requirement: 'all' },
        'no-attestation',
        false,
        'the index has no attestation of it',
      ],
      [
        answered(undefined),
        { pins },
        'no-attestation',
        false,
        'its project has a pinned publisher, and the index has no attestation of the file',
      ],
      [
        answered(unknown),
        {},
        'cannot-be-judged',
        true,
        'signed by Forge, a kind that cannot be judged',
      ],
      [answered(undefined, 'its page says so'), {}, 'cannot-be-judged', true, 'its page says so'],
      [
        answered(undefined, 'its page says so'),
        { pins },
        'cannot-be-judged',
        false,
        'its page says so',
      ],
    ],
  )('%#: of %j', async (answer, options, verdict, accepted, reason) => {
    expect(await finding(answer, options)).toEqual({ verdict, accepted, reason })
  })

  test('of a refused attestation names the check', async () => {
    expect(await finding(answered(bad))).toEqual({
      ...{ verdict: 'mismatch', accepted: false },
      reason:
        'attestation_bundles[0].attestations[0]: the signature is not by the key of the certificate (check "signature")',
    })
  })

  test('without a SHA-256 names that, and nothing is fetched', async () => {
    const source = (): Promise<ProvenanceAnswer> => Promise.reject(new Error('asked'))
    const asked = { ...about, sha256: undefined }
    expect(await finding(answered(good), { source }, asked)).toEqual({
      ...{ verdict: 'cannot-be-judged', accepted: true },
      reason: 'neither its page nor its target has its SHA-256',
    })
  })

  test('of publishers of unknown kinds names each kind once', async () => {
    const three = provenance([attest(sigstore)], { kind: 'Forge' }, (object) => {
      for (const kind of ['Mill', 'Forge']) {
        const statement = (one: { predicateType: string }): unknown =>
          (one.predicateType = 'https://slsa.dev/provenance/v1')
        const attestations = [attest(sigstore, { statement })]
        object.attestation_bundles.push({ publisher: { kind }, attestations })
      }
    })
    expect((await finding(answered(three))).reason).toBe(
      'signed by Forge, Mill, a kind that cannot be judged',
    )
  })

  test('of several publishers names each', async () => {
    const google = attest(sigstore, {
      ...{ leaf: { claims: { 8: 'https://accounts.google.com' }, name: 'demo@example.com' } },
    })
    const two = provenance([attest(sigstore)], gitHub, (object) => {
      const publisher = { kind: 'Google', email: 'demo@example.com' }
      object.attestation_bundles.push({ publisher, attestations: [google] })
    })
    expect((await finding(answered(two))).reason).toBe(
      `signed by ${publisher}, Google demo@example.com, and none is pinned`,
    )
  })

  test('of a pin of an unknown kind names no publisher', async () => {
    const judge = judgeOf(answered(good))
    const identities = [{ kind: 'Forge', publisher: undefined, claims: {} }]
    expect(await judge(about, { identities })).toMatchObject({
      ...{ verdict: 'cannot-be-judged', accepted: false },
      reason: 'signed by Forge, a kind that cannot be judged',
    })
  })
})

describe('a publisher that changed', () => {
  async function seen(store: Store): Promise<void> {
    const { keep } = await judgeOf(answered(good), { store })(about, {})
    await keep?.()
  }
  const changed = `${file.filename} is signed by ${publisher} (repository 1002); demo was signed by ${publisher} (repository 1001) before`

  test('is a mismatch, and names both', async () => {
    const store = memoryStore()
    await seen(store)
    expect(await finding(answered(anew), { store }, next)).toEqual({
      ...{ verdict: 'mismatch', accepted: false, reason: changed },
    })
    expect(await finding(answered(undefined, 'a clause'), { store }, next)).toEqual({
      ...{ verdict: 'mismatch', accepted: false },
      reason: `${file.filename} lacks an attestation; demo was signed by ${publisher} before (a clause)`,
    })
    expect(await finding(answered(anew), { store, requirement: 'report' }, next)).toMatchObject({
      ...{ verdict: 'mismatch', accepted: true },
    })
  })

  test('is reported without a publisher that is believed', async () => {
    const store = memoryStore()
    await seen(store)
    const reports: JudgedFile[] = []
    await judgeOf(answered(anew), { store, onJudged: (_, one) => reports.push(one) })(next, {})
    expect(reports.map(({ judged }) => judged)).toEqual([
      {
        ...{ verdict: 'mismatch', pinned: false, reason: changed },
        ...{ publishers: [], error: undefined },
      },
    ])
  })

  test('cannot be seen where the record of publishers is too long', async () => {
    const store = memoryStore()
    await store.set(firstUseEntry, new Uint8Array(16_000_001))
    await expect(judgeOf(answered(good), { store })(about, {})).rejects.toMatchObject({
      ...{ code: 'ERR_TUF_STORE_FAILED', operation: 'get' },
      cause: { message: 'it is longer than 16000000 bytes' },
    })
  })

  test('meanwhile is an error of keeping it, and reported again', async () => {
    const store = memoryStore()
    const reports: string[] = []
    const agreed: string[] = []
    const judge = judgeOf(answered(anew), {
      store,
      onJudged: (_, { verdict }) => reports.push(verdict),
      onAgreed: (_, { verdict }) => agreed.push(verdict),
    })
    const { keep } = await judge(next, {})
    await seen(store)
    await expect(keep?.()).rejects.toThrow(PublisherChangedError)
    expect([reports, agreed]).toEqual([['signed', 'mismatch'], []])
    expect(await judge(next, {})).toMatchObject({ verdict: 'mismatch', reason: changed })
    await expect(keep?.()).rejects.toThrow(PublisherChangedError)
  })
})

describe('a publisher is remembered', () => {
  test('when its bytes agreed, once, and that is reported', async () => {
    const inner = memoryStore()
    let writes = 0
    const store: Store = {
      get: (name, options) => inner.get(name, options),
      delete: (name) => inner.delete(name),
      set: (name, bytes, options) => {
        writes++
        return inner.set(name, bytes, options)
      },
    }
    const agreed: [AttestableFile, JudgedFile][] = []
    const judge = judgeOf(answered(good), { store, onAgreed: (...both) => agreed.push(both) })
    const found = await judge(about, {})
    expect([writes, agreed]).toEqual([0, []])
    await Promise.all([found.keep?.(), found.keep?.()])
    await found.keep?.()
    expect(writes).toBe(1)
    expect(agreed).toEqual([[about, found]])
    const first = readFirstUse(await store.get(firstUseEntry))
    expect(first.get('demo')?.publishers).toMatchObject([{ publisher: gitHub }])
  })

  test('once: the same publisher of a later release is not written again', async () => {
    const inner = memoryStore()
    const written: string[] = []
    const store: Store = {
      ...{ get: inner.get.bind(inner), delete: inner.delete.bind(inner) },
      set: (name, bytes, options) => {
        written.push(name)
        return inner.set(name, bytes, options)
      },
    }
    for (const one of [about, next]) {
      const { keep } = await judgeOf(answered(good), { store })(one, {})
      await keep?.()
    }
    expect(written).toEqual([firstUseEntry])
  })

  test('not without a store, and not where it is only compared', async () => {
    const store = memoryStore()
    const agreed: string[] = []
    const onAgreed = ({ filename }: AttestableFile): unknown => agreed.push(filename)
    await (await judgeOf(answered(good), { onAgreed })(about, {})).keep?.()
    await (await judgeOf(answered(good), { store, remember: false, onAgreed })(about, {})).keep?.()
    expect(await store.get(firstUseEntry)).toBeUndefined()
    expect(agreed).toEqual([file.filename, file.filename])
  })

  test('the next time, where the store failed', async () => {
    const inner = memoryStore()
    let fails = true
    const store: Store = {
      get: (name, options) => inner.get(name, options),
      delete: (name) => inner.delete(name),
      set: (name, bytes, options) =>
        fails ? Promise.reject(new Error('full')) : inner.set(name, bytes, options),
    }
    const judge = judgeOf(answered(good), { store })
    const { keep } = await judge(about, {})
    await expect(keep?.()).rejects.toThrow()
    expect((await judge(about, {})).verdict).toBe('signed')
    fails = false
    await keep?.()
    expect(await store.get(firstUseEntry)).toBeDefined()
  })
})

describe('attestations are asked for', () => {
  test('once for a file, and again where anything about it differs', async () => {
    const asked: AttestableFile[] = []
    const judge = judgeOf(answered(good), {
      source: (one) => {
        asked.push(one)
        return Promise.resolve(answered(good))
      },
    })
    const others: AttestableFile[] = [
      { ...about, project: 'other' },
      { ...about, filename: 'demo-1.0.zip' },
      { ...about, sha256: 'cd'.repeat(32) },
      { ...about, provenance: 'https://pypi.test/p' },
      { ...about, unreadableLink: 'is a number' },
      { ...about, page: 'https://pypi.test/simple/demo/' },
    ]
    for (const one of [about, ...others, about, ...others]) await judge(one, {})
    expect(asked).toEqual([about, ...others])
    await judge(about, { identities: pins.get('demo') })
    expect(asked).toHaveLength(others.length + 2)
  })

  test('again after a failure, which is not a verdict', async () => {
    let fails = true
    const judge = judgeOf(answered(good), {
      source: () =>
        fails ? Promise.reject(new Error('no network')) : Promise.resolve(answered(good)),
    })
    await expect(judge(about, {})).rejects.toThrow('no network')
    fails = false
    expect((await judge(about, {})).verdict).toBe('signed')
  })

  test('no longer than the caller wants', async () => {
    const caller = new AbortController()
    let seen: AbortSignal | undefined
    const judge = judgeOf(answered(good), {
      source: (_, signal) => {
        seen = signal
        return new Promise(() => undefined)
      },
    })
    const asked = judge(about, { signal: caller.signal })
    caller.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    expect(seen?.aborted).toBe(true)
  })

  test('an error of the store is not a changed publisher', async () => {
    const store: Store = { ...memoryStore(), get: () => Promise.reject(new Error('unreadable')) }
    await expect(judgeOf(answered(good), { store })(about, {})).rejects.toThrow()
  })
})
