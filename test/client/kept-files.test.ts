import { describe, expect, test } from '@jest/globals'
import type { Cryptography } from '../../src/core/index.js'
import type { Repository } from '../../src/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import {
  createRepository,
  ed25519Signer,
  type RepositoryOptions,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf, notedStore, type ClientOptions, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'

const unmet = 'ERR_TUF_THRESHOLD_NOT_MET'
const hour = 3_600_000
const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]

/** targets → a and targets → b, with a target in each. */
function published(settings?: RepositoryOptions): TestRepository {
  const repo = createRepository(settings)
  for (const name of ['a', 'b']) {
    repo.delegate('targets', { name, paths: [`${name}/*`] })
    repo.addTarget(`${name}/1`, `by ${name}`, { role: name })
  }
  repo.publish()
  return repo
}

interface CountingClient extends TestClient {
  /** How many signatures were verified since the last call. */
  verified(): number
}

function counting(repo: TestRepository, options: ClientOptions = {}): CountingClient {
  let count = 0
  const cryptography: Cryptography = {
    ...nodeCryptography,
    importKey(key) {
      const holds = nodeCryptography.importKey(key)
      return (message, signature) => {
        count += 1
        return holds(message, signature)
      }
    },
  }
  const client = clientOf(repo, { cryptography, ...options })
  return {
    ...client,
    verified() {
      const before = count
      count = 0
      return before
    },
  }
}

async function findBoth({ updater }: TestClient): Promise<Repository> {
  const view = await updater.refresh()
  for (const path of ['a/1', 'b/1']) expect(await view.find(path)).toBeDefined()
  return view
}

/** Why stored files were not used since the last call. */
function unused({ events }: TestClient): string[] {
  return events
    .splice(0)
    .flatMap((event) =>
      event.type === 'decision' && event.verdict === 'not-used'
        ? [`${event.role}: ${event.error.code}`]
        : [],
    )
}

interface RootJson {
  readonly roles: Record<string, { keyids: string[]; threshold: number }>
}

interface TargetsJson {
  readonly delegations: { readonly roles: { name: string; keyids: string[]; threshold: number }[] }
}

function asRoot(signed: unknown): RootJson {
  return signed as RootJson
}

function asTargets(signed: unknown): TargetsJson {
  return signed as TargetsJson
}

describe('files without news', () => {
  test('are read and verified once, in every mode, and give the same tables', async () => {
    const client = counting(published())
    const first = await findBoth(client)
    expect(client.verified()).toBeGreaterThan(0)
    for (const mode of ['online', 'cached', 'offline'] as const) {
      const view = await client.updater.refresh({ mode })
      expect(await view.find('a/1')).toBe(await first.find('a/1'))
      expect(view.targets).toBe(first.targets)
      expect(view.snapshot).toBe(first.snapshot)
      expect(view.root).toBe(first.root)
    }
    expect(client.verified()).toBe(0)
  })

  test('are reported with the same decisions as if they had been read', async () => {
    const repo = published()
    const [one, other] = [counting(repo), counting(repo, { limits: { keptMetadata: 0 } })]
    for (const client of [one, other]) await findBoth(client)
    for (const client of [one, other]) client.events.length = 0
    for (const client of [one, other]) await findBoth(client)
    expect(one.events).toEqual(other.events)
    expect(other.verified()).toBeGreaterThan(one.verified())
  })

  test('of a chain of roots are each verified once', async () => {
    const repo = published()
    for (let version = 2; version < 8; version++) repo.rotate('root')
    const client = counting(repo)
    await client.updater.refresh()
    client.verified()
    expect((await client.updater.refresh()).root.version).toBe(7)
    expect(client.verified()).toBe(0)
  })

  test('only the new ones are verified after a publication', async () => {
    const repo = published()
    const client = counting(repo)
    await findBoth(client)
    client.verified()
    repo.addTarget('a/2', 'by a', { role: 'a' })
    repo.publish()
    const view = await findBoth(client)
    expect(await view.find('a/2')).toBeDefined()
    // timestamp, snapshot and a, each by one key.
    expect(client.verified()).toBe(3)
  })
})

describe('a kept file is judged anew', () => {
  test.each(['timestamp', 'snapshot', 'targets'])(
    '%s that has expired is refused',
    async (role) => {
      const repo = published()
      repo.expire(role, repo.now + hour)
      const client = counting(repo)
      await findBoth(client)
      const refused = { code: 'ERR_TUF_EXPIRED', role }
      const later = client.updater.refresh({ now: repo.now + hour })
      expect(await refusalOfTask(later)).toMatchObject(refused)
    },
  )

  test('a delegated role that has expired is refused', async () => {
    const repo = published()
    repo.expire('a', repo.now + hour)
    const client = counting(repo)
    await findBoth(client)
    const view = await client.updater.refresh({ now: repo.now + hour })
    const refused = { code: 'ERR_TUF_EXPIRED', role: 'a', step: '5.6.5' }
    expect(await refusalOfTask(view.find('a/1'))).toEqual(refused)
    expect(unused(client)).toEqual(['a: ERR_TUF_EXPIRED'])
  })

  test('a root that has expired is refused', async () => {
    const repo = published()
    repo.expire('root', repo.now + hour)
    const client = counting(repo)
    await findBoth(client)
    const later = client.updater.refresh({ now: repo.now + hour })
    expect(await refusalOfTask(later)).toMatchObject({ code: 'ERR_TUF_EXPIRED', role: 'root' })
  })

  test.each([
    ['whose key the new root no longer names', (root: RootJson) => root.roles['snapshot']!.keyids],
    ['whose key the new root names for nobody', () => ['00'.repeat(32)]],
  ])('the same targets, %s, are refused', async (_, keyids) => {
    const repo = published()
    const client = counting(repo)
    await findBoth(client)
    const before = repo.file('1.targets.json')
    repo.edit('root', (signed) => {
      const root = asRoot(signed)
      root.roles['targets']!.keyids = keyids(root)
    })
    expect(repo.file('1.targets.json')).toEqual(before)
    const refused = { code: unmet, role: 'targets', step: '5.6.3' }
    expect(await refusalOfTask(client.updater.refresh())).toEqual(refused)
    expect(unused(client)).toContain(`targets: ${unmet}`)
  })

  test('the same targets are refused when the new root gives their keyid another key', async () => {
    const repo = published()
    const client = counting(repo)
    await findBoth(client)
    repo.edit('root', (signed) => {
      const { keys, roles } = signed as unknown as RootJson & { keys: Record<string, unknown> }
      const [[of] = [], [other] = []] = [roles['targets']?.keyids, roles['snapshot']?.keyids]
      keys[of!] = keys[other!]
    })
    const refused = { code: unmet, role: 'targets', step: '5.6.3' }
    expect(await refusalOfTask(client.updater.refresh())).toEqual(refused)
  })

  test('the same targets are refused when the new root raises the threshold', async () => {
    const repo = published()
    const client = counting(repo)
    await findBoth(client)
    repo.edit('root', (signed) => {
      const { targets, snapshot } = asRoot(signed).roles
      targets!.keyids.push(...snapshot!.keyids)
      targets!.threshold = 2
    })
    const refused = { code: unmet, role: 'targets', step: '5.6.3' }
    expect(await refusalOfTask(client.updater.refresh())).toEqual(refused)
  })

  test.each([
    ['another key', (role: { keyids: string[] }, other: string[]) => (role.keyids = other)],
    [
      'a higher threshold',
      (role: { keyids: string[]; threshold: number }, other: string[]) => {
        role.keyids.push(...other)
        role.threshold = 2
      },
    ],
  ])('the same delegated role is refused when its delegator wants %s', async (_, change) => {
    const repo = published()
    const client = counting(repo)
    await findBoth(client)
    repo.edit('targets', (signed) => {
      const [a, b] = asTargets(signed).delegations.roles
      change(a!, b!.keyids)
    })
    const view = await client.updater.refresh()
    const refused = { code: unmet, role: 'a', step: '5.6.3' }
    for (let asked = 0; asked < 2; asked++) {
      expect(await refusalOfTask(view.find('a/1'))).toEqual(refused)
    }
    expect(await view.find('b/1')).toBeDefined()
    // The earlier view stays as it was.
    expect(client.store.entries.get('a.json')).toEqual(repo.file('1.a.json'))
  })

  test('through each edge to it, whichever was asked first', async () => {
    const repo = createRepository()
    for (const [name, signer] of [
      ['a', forA],
      ['b', forB],
    ] as const) {
      repo.delegate('targets', { name, paths: [`${name}/*`] })
      repo.delegate(name, { name: 'shared', paths: [`${name}/*`], signers: [signer] })
      repo.addTarget(`${name}/1`, name, { role: 'shared' })
    }
    repo.publish()
    repo.edit('shared', { signers: [forA] })
    const client = counting(repo)
    const refused = { code: unmet, role: 'shared', step: '5.6.3' }
    for (const paths of [
      ['a/1', 'b/1'],
      ['b/1', 'a/1'],
      ['a/1', 'b/1'],
    ]) {
      const view = await client.updater.refresh()
      for (const path of paths) {
        if (path === 'a/1') expect((await view.find(path))?.path).toBe(path)
        else expect(await refusalOfTask(view.find(path))).toEqual(refused)
      }
    }
  })
})

describe('other bytes than the kept ones', () => {
  test('in the store are judged as they are', async () => {
    const client = counting(published())
    await findBoth(client)
    for (const role of ['timestamp', 'snapshot', 'targets']) {
      const { entries } = client.store
      const damaged = entries.get(`${role}.json`)!.slice()
      // A digit of a signature.
      damaged[damaged.indexOf(0x3a, damaged.indexOf(0x73)) + 90]! ^= 1
      entries.set(`${role}.json`, damaged)
      client.events.length = 0
      await client.updater.refresh()
      expect(unused(client)[0]).toMatch(new RegExp(`^${role}: `))
    }
  })

  test('of the same version are used where the snapshot lists another digest', async () => {
    const repo = published({ snapshotHashes: true })
    const client = counting(repo)
    await findBoth(client)
    const before = repo.file('1.a.json')
    repo.advance(1 / 24)
    repo.setNextVersion('a', 1)
    repo.publish('a')
    expect(repo.file('1.a.json')).not.toEqual(before)
    const view = await client.updater.refresh()
    client.events.length = 0
    client.requested()
    expect(await view.find('a/1')).toBeDefined()
    expect(client.requested()).toEqual(['1.a.json'])
    expect(unused(client)).toEqual(['a: ERR_TUF_HASH_MISMATCH'])
    expect(client.store.entries.get('a.json')).toEqual(repo.file('1.a.json'))
  })

  test('of another version are asked of the repository', async () => {
    const repo = published()
    const client = counting(repo)
    await findBoth(client)
    repo.publish('a')
    const view = await client.updater.refresh()
    client.requested()
    await view.find('a/1')
    expect(client.requested()).toEqual(['2.a.json'])
  })

  test('that were refused are not kept', async () => {
    const repo = published()
    const client = counting(repo)
    await findBoth(client)
    const fork = repo.fork()
    fork.edit('timestamp', { signers: [ed25519Signer('mallory')] })
    const forged = fork.file('timestamp.json')
    repo.serve('timestamp.json', forged)
    for (let asked = 0; asked < 2; asked++) {
      expect(await refusalOfTask(client.updater.refresh())).toMatchObject({ code: unmet })
    }
    repo.serve('timestamp.json', undefined)
    await findBoth(client)
  })
})

describe('nobody else can change what is kept', () => {
  test('by the bytes of a store or of a fetcher', async () => {
    const repo = published()
    const shared = notedStore()
    const given: Uint8Array[] = []
    const store = {
      ...shared,
      get(name: string) {
        const bytes = shared.entries.get(name)
        if (bytes) given.push(bytes)
        return Promise.resolve(bytes)
      },
      set(name: string, bytes: Uint8Array) {
        given.push(bytes)
        shared.entries.set(name, bytes)
        return Promise.resolve()
      },
    }
    const { updater } = counting(repo, { store })
    const before = await updater.refresh()
    const found = await before.find('a/1')
    const entries = new Map([...shared.entries].map(([name, bytes]) => [name, bytes.slice()]))
    for (let again = 0; again < 2; again++) {
      for (const bytes of given.splice(0)) bytes.fill(0)
      for (const [name, bytes] of entries) shared.entries.set(name, bytes.slice())
      const view = await updater.refresh()
      expect(await view.find('a/1')).toEqual(found)
      expect(await view.find('b/1')).toBeDefined()
      expect(view.snapshot.meta.get('a.json')).toEqual({ version: 1 })
    }
    for (const bytes of given) bytes.fill(0)
    expect((await before.find('b/1'))?.path).toBe('b/1')
  })

  test('by the given root, as a Buffer too', async () => {
    const repo = published()
    const root = Buffer.from(repo.root())
    const { updater } = counting(repo, { root })
    root.fill(0)
    await updater.refresh()
    root.fill(1)
    expect((await updater.refresh()).root.version).toBe(1)
  })

  test('by the values of a view, a decision or an error', async () => {
    const repo = published()
    const client = counting(repo)
    const view = await findBoth(client)
    const { root, snapshot, targets, timestamp } = view
    const explained = await view.explain('a/1')
    for (const value of [root, snapshot, targets, timestamp, explained]) {
      expect(Object.isFrozen(value)).toBe(true)
    }
    for (const event of client.events) {
      if (event.type !== 'decision' || event.verdict !== 'trusted') continue
      expect(Object.isFrozen(event.report)).toBe(true)
      expect(event.report.keys.every(Object.isFrozen)).toBe(true)
    }
    expect(() => (targets.delegations?.keys as Map<string, unknown>).clear()).toThrow(TypeError)
    expect(() => (root.keys as Map<string, unknown>).clear()).toThrow(TypeError)
  })
})

describe('the memory', () => {
  test('of no bytes keeps nothing', async () => {
    const client = counting(published(), { limits: { keptMetadata: 0 } })
    await findBoth(client)
    const once = client.verified()
    await findBoth(client)
    expect(client.verified()).toBeGreaterThanOrEqual(once - 1)
  })

  test('keeps the roles that were used latest, as many bytes as keptMetadata says', async () => {
    const repo = published()
    const roles = ['1.a.json', '1.b.json'].map((name) => repo.file(name).length)
    const top = repo.file('1.snapshot.json').length
    const keptMetadata = Math.max(top, ...roles)
    expect(keptMetadata).toBeLessThan(roles[0]! + roles[1]!)
    const client = counting(repo, { limits: { keptMetadata } })
    await findBoth(client)
    const view = await client.updater.refresh()
    client.verified()
    await view.find('b/1')
    expect(client.verified()).toBe(0)
    await view.find('a/1')
    expect(client.verified()).toBe(1)
  })

  test('belongs to one updater', async () => {
    const repo = published()
    const store = notedStore()
    await findBoth(counting(repo, { store }))
    const other = counting(repo, { store })
    await findBoth(other)
    expect(other.verified()).toBeGreaterThan(5)
  })
})
