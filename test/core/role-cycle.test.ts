import { describe, expect, test } from '@jest/globals'
import type { CycleOptions } from '../../src/core/cycle/request.js'
import type { Targets } from '../../src/core/metadata/model.js'
import type { Edge, TargetsTrust, Trusted } from '../../src/core/trust/phases.js'
import { offlineRole, onlineRole, type LoadedRole } from '../../src/core/cycle/role.js'
import { createRepository, ed25519Signer, type TestRepository } from '../../src/testing/index.js'
import { targetsOf } from '../support/phases.js'
import {
  cycleOptions,
  finished,
  limits,
  runCycle,
  type Disk,
  type Run,
} from '../support/run-cycle.js'

const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]

/** targets → a, b; a → shared and b → shared, with different keys. */
function published(): TestRepository {
  const repo = createRepository()
  repo.delegate('targets', { name: 'a' })
  repo.delegate('targets', { name: 'b' })
  repo.delegate('a', { name: 'shared', signers: [forA] })
  repo.delegate('b', { name: 'shared', signers: [forB] })
  repo.publish()
  return repo
}

class Client {
  readonly repo: TestRepository
  readonly disk: Disk = new Map()
  readonly trust: TargetsTrust
  readonly #options: CycleOptions

  constructor(repo: TestRepository) {
    this.repo = repo
    this.trust = targetsOf(repo)
    this.#options = cycleOptions(repo)
  }

  load(delegator: Trusted<Targets>, name: string, loaded?: LoadedRole): Run<LoadedRole> {
    return runCycle(onlineRole(this.#request(delegator, name, loaded)), this.repo, this.disk)
  }

  loadStored(delegator: Trusted<Targets>, name: string, loaded?: LoadedRole): Run<LoadedRole> {
    return runCycle(offlineRole(this.#request(delegator, name, loaded)), this.repo, this.disk)
  }

  /** `a` or `b`, believed. */
  delegator(name: string): Trusted<Targets> {
    const cycle = onlineRole(this.#request(this.trust.targets, name))
    const { result } = finished(cycle, this.repo, this.disk)
    if (!result) throw new Error(`${name} was not loaded`)
    return result.trusted
  }

  #request(delegator: Trusted<Targets>, name: string, loaded?: LoadedRole) {
    const { trust } = this
    const edge = edgeTo(delegator, name)
    return { trust, edge, options: this.#options, ...(loaded && { loaded }) }
  }
}

function edgeTo(delegator: Trusted<Targets>, name: string): Edge {
  const role = delegator.signed.delegations?.roles?.find((one) => one.name === name)
  if (!role) throw new RangeError(`${delegator.role} does not delegate to ${name}`)
  return { delegator, role }
}

describe('5.6.7: a delegated role is loaded from memory, from the store, or from the repository', () => {
  test('first from the repository, and written', () => {
    const client = new Client(published())
    expect(client.load(client.trust.targets, 'a').log).toEqual([
      'read a.json',
      'fetch 1.a.json',
      'trusted a 1 of the network',
      'persist a.json',
    ])
  })

  test('with a request that names the role, the step, and the greatest length', () => {
    const { repo, trust } = new Client(published())
    const edge = edgeTo(trust.targets, 'a')
    const cycle = onlineRole({ trust, edge, options: cycleOptions(repo) })
    cycle.next()
    expect(cycle.next(undefined).value).toEqual({
      ...{ fetch: '1.a.json', role: 'a', step: '5.6.1' },
      ...{ maxLength: limits.targetsLength, ofSnapshot: true },
    })
  })

  test('and written so that a power failure may destroy it', () => {
    const { repo, trust } = new Client(published())
    const edge = edgeTo(trust.targets, 'a')
    const cycle = onlineRole({ trust, edge, options: cycleOptions(repo) })
    cycle.next()
    cycle.next(undefined)
    const bytes = repo.file('1.a.json')
    cycle.next(bytes)
    expect(cycle.next(undefined).value).toEqual({ persist: 'a.json', bytes, replaceable: true })
  })

  test('then from the store, without a request', () => {
    const client = new Client(published())
    client.load(client.trust.targets, 'a')
    expect(client.load(client.trust.targets, 'a').log).toEqual([
      'read a.json',
      'trusted a 1 of the store',
    ])
  })

  test('a stored file that is not the listed one is replaced', () => {
    const repo = published()
    const before = new Client(repo)
    before.load(before.trust.targets, 'a')
    repo.publish('a')
    const client = new Client(repo)
    client.disk.set('a.json', before.disk.get('a.json') ?? new Uint8Array())
    expect(client.load(client.trust.targets, 'a').log).toEqual([
      'read a.json',
      'not used: a, ERR_TUF_VERSION_MISMATCH',
      'fetch 2.a.json',
      'trusted a 2 of the network',
      'persist a.json',
    ])
  })

  test('a refused file is not written', () => {
    const repo = published()
    repo.edit('a', { signers: [] })
    const client = new Client(repo)
    expect(client.load(client.trust.targets, 'a')).toMatchObject({
      log: ['read a.json', 'fetch 2.a.json'],
      written: [],
      refused: { code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'a', step: '5.6.3' },
    })
  })

  test('5.6.1: a role that the snapshot does not list is not requested', () => {
    const repo = published()
    const client = new Client(repo)
    const delegator = client.trust.targets
    const { role } = edgeTo(delegator, 'a')
    const edge = { delegator, role: { ...role, name: 'unlisted' } }
    const request = { trust: client.trust, edge, options: cycleOptions(repo) }
    expect(runCycle(onlineRole(request), repo, client.disk)).toEqual({
      log: [],
      written: [],
      refused: { code: 'ERR_TUF_ROLE_NOT_LISTED', role: 'unlisted', step: '5.6.1' },
    })
  })
})

describe('python-tuf#2977: another edge judges the same bytes', () => {
  test('believed through both: no request and no read', () => {
    const client = new Client(published())
    const { result } = client.load(client.delegator('a'), 'shared')
    const again = client.load(client.delegator('b'), 'shared', result)
    expect(again.log).toEqual([])
    expect(again.result?.trusted.report.delegator).toBe('b')
    expect(again.result?.file).toBe(result?.file)
  })

  test('fetched, and not believed through the second: it is not fetched again', () => {
    const repo = published()
    repo.edit('shared', { signers: [forA] })
    const client = new Client(repo)
    const { result } = client.load(client.delegator('a'), 'shared')
    expect(client.load(client.delegator('b'), 'shared', result)).toMatchObject({
      log: [],
      refused: { code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'shared', step: '5.6.3' },
    })
  })

  test('stored, and not believed through the second: the served one is requested', () => {
    const repo = published()
    const client = new Client(repo)
    const [a, b] = [client.delegator('a'), client.delegator('b')]
    repo.editInPlace('shared', { signers: [forA] })
    client.load(a, 'shared')
    const { result } = client.load(a, 'shared')
    expect(result?.from).toBe('store')
    repo.editInPlace('shared', {})
    expect(client.load(b, 'shared', result).log).toEqual([
      'not used: shared, ERR_TUF_THRESHOLD_NOT_MET',
      'fetch 1.shared.json',
      'trusted shared 1 of the network',
      'persist shared.json',
    ])
  })
})

describe('offline', () => {
  test('a role is loaded from the store, then from memory', () => {
    const client = new Client(published())
    const [a, b] = [client.delegator('a'), client.delegator('b')]
    client.load(a, 'shared')
    const { log, result } = client.loadStored(a, 'shared')
    expect(log).toEqual(['read shared.json', 'trusted shared 1 of the store'])
    expect(client.loadStored(b, 'shared', result)).toMatchObject({
      log: [],
      result: { trusted: { report: { delegator: 'b' } } },
    })
  })

  test('a role that is not stored is not available', () => {
    const client = new Client(published())
    expect(client.loadStored(client.trust.targets, 'a')).toMatchObject({
      log: ['read a.json'],
      refused: { code: 'ERR_TUF_NOT_STORED' },
    })
  })

  test('TOB-SIGSTORE-10: a stored role is judged like a fetched one', () => {
    const client = new Client(published())
    client.load(client.trust.targets, 'a')
    const bytes = client.disk.get('a.json') ?? new Uint8Array()
    const text = new TextDecoder().decode(bytes).replace('"targets":{}', '"targets": {}')
    client.disk.set('a.json', new TextEncoder().encode(text))
    expect(client.loadStored(client.trust.targets, 'a').refused).toBeUndefined()
    const evil = text.replace('"version":1', '"version":1,"x":1')
    client.disk.set('a.json', new TextEncoder().encode(evil))
    expect(client.loadStored(client.trust.targets, 'a').refused).toEqual({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'a',
      step: '5.6.3',
    })
  })
})

describe('a defect', () => {
  test('is thrown as it is, not taken for an older signing', () => {
    const repo = published()
    const client = new Client(repo)
    const [a, b] = [client.delegator('a'), client.delegator('b')]
    client.load(a, 'shared')
    const { result } = client.load(a, 'shared')
    const options = cycleOptions(repo)
    const importKey = (): never => {
      throw new TypeError('no such thing')
    }
    const broken = {
      ...options,
      get cryptography(): typeof options.cryptography {
        return importKey()
      },
    }
    const request = {
      trust: client.trust,
      edge: edgeTo(b, 'shared'),
      options: broken,
      ...(result && { loaded: result }),
    }
    expect(() => runCycle(onlineRole(request), repo, client.disk)).toThrow(TypeError)
  })
})
