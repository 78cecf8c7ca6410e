import { describe, expect, test } from '@jest/globals'
import { offlineCycle, onlineCycle } from '../../src/core/cycle/cycle.js'
import type { Cycle, CycleAnswer, DigestsRequest } from '../../src/core/cycle/request.js'
import { onlineRole } from '../../src/core/cycle/role.js'
import type { TargetsTrust } from '../../src/core/trust/phases.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { ecdsaSigner } from '../../src/testing/node/index.js'
import { asking } from '../support/asking.js'
import {
  answer,
  cycleOptions,
  digestsOf,
  finished,
  online,
  type Disk,
} from '../support/run-cycle.js'

/** Only the targets role, which is some 9 KB long, is worth a request. */
const cryptography = asking(5_000)

/** A top-level targets role of many targets, which `count` keys sign. */
function published(count = 1, makeSigner?: typeof ecdsaSigner): TestRepository {
  const repo = createRepository({
    keys: { targets: { count, threshold: count } },
    snapshotHashes: true,
    ...(makeSigner && { makeSigner }),
  })
  for (let i = 0; i < 60; i++) repo.addTarget(`pkgs/${i}.whl`, `wheel ${i}`)
  repo.publish()
  return repo
}

type Driver = (request: DigestsRequest, repo: TestRepository) => CycleAnswer

/** Runs a cycle whose requests for digests are answered by `digests`. */
function driven<T>(cycle: Cycle<T>, repo: TestRepository, digests: Driver, disk: Disk): T {
  let step = cycle.next()
  while (step.done !== true) {
    const request = step.value
    step = cycle.next('digest' in request ? digests(request, repo) : answer(request, repo, disk))
  }
  return step.value
}

function refresh(repo: TestRepository, digests: Driver, disk: Disk = new Map()): TargetsTrust {
  return driven(online(repo, { cryptography }), repo, digests, disk)
}

describe('a cycle whose cryptography asks', () => {
  test('asks for the listed hashes, then for the digests of the signatures, and then believes', () => {
    const { log, result } = finished(online(published(), { cryptography }), published(), new Map())
    expect(log.slice(log.indexOf('fetch 1.targets.json'))).toEqual([
      'fetch 1.targets.json',
      'digest sha256',
      'digest sha512',
      'trusted targets 1 of the network',
      'persist targets.json',
    ])
    expect(log.filter((line) => line.startsWith('digest'))).toHaveLength(2)
    expect(result?.targets.signed.targets.size).toBe(60)
  })

  test('asks for the digests of all signatures at once', () => {
    const repo = published(3)
    expect(finished(online(repo, { cryptography }), repo, new Map()).log).toContain(
      'digest sha512, sha512, sha512',
    )
  })

  test('asks once for a digest that several signatures have in common', () => {
    const repo = published(3, (seed) => ecdsaSigner(seed))
    const { log } = finished(online(repo, { cryptography }), repo, new Map())
    expect(log.filter((line) => line.startsWith('digest'))).toEqual([
      'digest sha256',
      'digest sha256',
    ])
  })

  test('does so for stored files and delegated roles, online and offline', () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a' })
    repo.publish()
    const disk: Disk = new Map()
    const options = cycleOptions(repo, { cryptography: asking() })
    const trust = finished(onlineCycle(options), repo, disk).result
    const role = trust?.targets.signed.delegations?.roles?.[0]
    if (!trust || !role) throw new Error('no role')
    const edge = { delegator: trust.targets, role }
    const loaded = finished(onlineRole({ trust, edge, options }), repo, disk)
    // The second is the view's own, of bytes that are not a part of the file.
    expect(loaded.log).toEqual([
      'read a.json',
      'fetch 1.a.json',
      'digest sha512',
      'digest sha256',
      'trusted a 1 of the network',
      'persist a.json',
    ])
    const offline = finished(offlineCycle(options), repo, disk)
    expect(offline.log.filter((line) => line === 'digest sha512').length).toBeGreaterThan(3)
    expect(offline.result?.targets.signed).toEqual(trust.targets.signed)
  })

  test("asks for nothing where digests are native, or shorter than the table's least", () => {
    const repo = published()
    for (const table of [undefined, asking(1_000_000)]) {
      const { log } = finished(online(repo, table && { cryptography: table }), repo, new Map())
      expect(log.filter((line) => line.startsWith('digest'))).toEqual([])
    }
  })
})

describe('the driver of such a cycle', () => {
  test.each<[string, Driver]>([
    ['every digest', (request) => digestsOf(request)],
    ['undefined, as to a request that it does not know', () => undefined],
    ['undefined for each', ({ digest }) => digest.map(() => undefined)],
    ['some digests', (request) => digestsOf(request).map((one, at) => (at % 2 ? one : undefined))],
  ])('may answer with %s: the verdict is the same', (_, digests) => {
    const repo = published(3)
    const { targets } = refresh(repo, digests)
    expect(targets.report.keys.map(({ verdict }) => verdict)).toEqual([
      'signed',
      'signed',
      'signed',
    ])
    repo.edit('targets', { signers: [] })
    expect(runAgainst(repo, digests)).toMatchObject({ code: 'ERR_TUF_THRESHOLD_NOT_MET' })
  })

  test.each<[string, Driver]>([
    ['too short', (request) => digestsOf(request).map((one) => one.subarray(1))],
    ['too long', (request) => digestsOf(request).map((one) => Uint8Array.of(...one, 0))],
    ['too few', (request) => digestsOf(request).slice(1)],
    ['too many', (request) => [...digestsOf(request), undefined]],
    ['bytes alone', (request) => digestsOf(request)[0]],
    ['a word', () => 'done'],
    ['text', (request) => notDigests(digestsOf(request).map(String))],
    ['numbers', (request) => notDigests(digestsOf(request).map((one) => [...one]))],
    ['nothing', (request) => notDigests(digestsOf(request).map(() => null))],
  ])('is at fault where the digests are %s, and no file is believed', (_, digests) => {
    const repo = published(3)
    const disk: Disk = new Map()
    const fault =
      /^the driver must answer with (as many digests as were asked for|\d\d bytes for sha\d+)$/
    expect(() => refresh(repo, digests, disk)).toThrow(TypeError)
    expect(() => refresh(repo, digests, disk)).toThrow(fault)
    expect(disk.has('targets.json')).toBe(false)
  })

  test('gets no file believed by a wrong digest', () => {
    const wrong: Driver = (request) => digestsOf(request).map((one) => one.map((byte) => byte ^ 1))
    expect(runAgainst(published(), wrong)).toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
    const wrongSignature: Driver = (request, repo) =>
      (request.digest[0]?.hash === 'sha512' ? wrong : digestsOf)(request, repo)
    expect(runAgainst(published(), wrongSignature)).toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'targets',
    })
  })

  test('must not answer another request with digests', () => {
    const repo = published()
    const cycle = online(repo, { cryptography })
    for (let step = cycle.next(); !step.done;) {
      const request = step.value
      if ('fetch' in request && request.role === 'timestamp') break
      step = cycle.next(answer(request, repo, new Map()))
    }
    expect(() => cycle.next([new Uint8Array(32)])).toThrow('must answer with bytes')
  })
})

describe('bytes that change while the driver computes', () => {
  test('were read before their signatures: the signed content is believed', () => {
    const repo = published()
    const { signed } = refresh(repo, digestsOf).targets
    const { fetched, driver } = changing('sha512')
    const trust = driven(keeping(online(repo, { cryptography }), fetched), repo, driver, new Map())
    expect(trust.targets.signed).toEqual(signed)
  })

  test('after their hash are refused by their signature', () => {
    const { fetched, driver } = changing('sha256')
    const repo = published()
    const cycle = keeping(online(repo, { cryptography }), fetched)
    expect(() => driven(cycle, repo, driver, new Map())).toThrow('targets')
  })

  /** A driver that changes the file of targets after it digested. */
  function changing(hash: string) {
    const fetched: { bytes?: Uint8Array } = {}
    const driver: Driver = (request) => {
      const digests = digestsOf(request)
      const { bytes } = fetched
      if (request.digest[0]?.hash === hash && bytes) {
        bytes[Buffer.from(bytes).indexOf('"length":7') + 9] = 0x38
      }
      return digests
    }
    return { fetched, driver }
  }

  /** Notes the bytes with which the request for targets is answered. */
  function* keeping<T>(cycle: Cycle<T>, fetched: { bytes?: Uint8Array }): Cycle<T> {
    let step = cycle.next()
    while (step.done !== true) {
      const request = step.value
      let given = yield request
      if ('fetch' in request && request.role === 'targets' && given instanceof Uint8Array) {
        given = fetched.bytes = new Uint8Array(given)
      }
      step = cycle.next(given)
    }
    return step.value
  }
})

function runAgainst(repo: TestRepository, digests: Driver): unknown {
  try {
    return refresh(repo, digests)
  } catch (error) {
    return error
  }
}

/** The answer of a driver without types. */
function notDigests(value: unknown): CycleAnswer {
  return value as CycleAnswer
}
