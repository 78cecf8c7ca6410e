import { describe, expect, test } from '@jest/globals'
import {
  createRepository,
  type MemoryFetcher,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf, notedStore, type NotedStore, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'

const garbage = new TextEncoder().encode('{"signed":')
const second = 'root_history/2.root.json'

/** Root 2 revoked the targets key; the store then gets targets newly signed with it. */
async function revoked(): Promise<{ readonly repo: TestRepository; readonly client: TestClient }> {
  const repo = createRepository()
  repo.addTarget('a.txt', 'a')
  repo.publish()
  const client = clientOf(repo)
  await client.updater.refresh()
  const fork = repo.fork()
  repo.rotate('targets')
  await client.updater.refresh()
  for (const role of ['timestamp', 'snapshot', 'targets']) fork.setNextVersion(role, 50)
  fork.addTarget('a.txt', 'evil')
  fork.publish('targets')
  for (const role of ['timestamp', 'snapshot', 'targets']) {
    client.store.entries.set(`${role}.json`, fork.file(fork.fileName(role)))
  }
  client.requested()
  return { repo, client }
}

/** Root keys rotated in roots 2 to 4; the store lost root 2, and a mirror serves the state of root 1. */
async function rotatedInTheGap(): Promise<{
  readonly old: TestRepository
  readonly repo: TestRepository
  readonly store: NotedStore
  readonly now: () => number
}> {
  const repo = createRepository()
  repo.addTarget('a.txt', 'a')
  repo.publish()
  const store = notedStore()
  const now = (): number => repo.now
  await clientOf(repo, { store, now }).updater.refresh()
  const old = repo.fork()
  for (const role of ['root', 'root', 'timestamp']) repo.rotate(role)
  await clientOf(repo, { store, now, root: repo.root(1) }).updater.refresh()
  store.entries.delete(second)
  return { old, repo, store, now }
}

type Damage = (entries: Map<string, Uint8Array>) => void
const damages: readonly (readonly [string, Damage])[] = [
  ['damaged', (entries) => entries.set(second, garbage)],
  ['deleted', (entries) => entries.delete(second)],
  ['too long', (entries) => entries.set(second, new Uint8Array(600_000))],
]

describe('row 23: a revocation is not undone by a stored root that is', () => {
  test.each(damages)('%s: offline', async (_how, damage) => {
    const { client } = await revoked()
    damage(client.store.entries)
    await expect(client.updater.refresh({ mode: 'offline' })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_TUF_(METADATA_INVALID|NOT_STORED)$/),
    })
  })

  test.each(damages)('%s: cached goes online, where the root is', async (_how, damage) => {
    const { client } = await revoked()
    damage(client.store.entries)
    // The attacker's floors are signed by keys that are good still.
    await expect(client.updater.refresh({ mode: 'cached' })).rejects.toMatchObject({
      code: 'ERR_TUF_ROLLBACK',
    })
    expect(client.requested()[0]).toBe('2.root.json')
  })

  test.each(damages)(
    '%s: with a mirror that denies it, the copy fills the gap',
    async (_how, damage) => {
      const { repo, client } = await revoked()
      damage(client.store.entries)
      repo.serve('2.root.json', 'missing')
      await client.updater.refresh().catch(() => undefined)
      expect(client.store.entries.get(second)).toEqual(repo.root(2))
    },
  )

  test('a copy that the newest known keys signed proves that roots are withheld', async () => {
    const { repo, client } = await revoked()
    repo.publish('root')
    await client.updater.refresh().catch(() => undefined)
    for (const version of [2, 3]) {
      client.store.entries.delete(`root_history/${version}.root.json`)
      repo.serve(`${version}.root.json`, 'missing')
    }
    expect(await refusalOfTask(client.updater.refresh())).toEqual({
      code: 'ERR_TUF_ROLLBACK',
      role: 'root',
      step: '5.3.3',
    })
  })

  test.each(['online', 'cached'] as const)(
    'a copy whose root keys the known chain never named ends the cycle, and nothing is written: %s',
    async (mode) => {
      const { old, repo, store, now } = await rotatedInTheGap()
      const before = new Map(store.entries)
      const cycle = clientOf(old, { store, now }).updater.refresh({ mode })
      await expect(cycle).rejects.toMatchObject({
        code: 'ERR_TUF_ROLLBACK',
        role: 'root',
        step: '5.3.3',
        file: 'root.json',
        trusted: 4,
        offered: 1,
        origin: { from: 'store', entry: 'root.json' },
      })
      expect(store.entries).toEqual(before)

      // A mirror that serves the roots mends it.
      const view = await clientOf(repo, { store, now, root: repo.root(1) }).updater.refresh({
        mode,
      })
      expect(view.root.version).toBe(4)
    },
  )

  test('offline the same copy is an error as well', async () => {
    const { old, store, now } = await rotatedInTheGap()
    const { updater } = clientOf(old, { store, now })
    expect(await refusalOfTask(updater.refresh({ mode: 'offline' }))).toEqual({
      code: 'ERR_TUF_NOT_STORED',
    })
  })

  test('without the copy, as after a reset, the old state is a first one', async () => {
    const { old, store, now } = await rotatedInTheGap()
    store.entries.delete('root.json')
    const view = await clientOf(old, { store, now }).updater.refresh()
    expect(view.root.version).toBe(1)
  })

  test('a newer copy that its own keys did not sign ends no cycle', async () => {
    const { old, repo, store, now } = await rotatedInTheGap()
    const unsigned = { ...JSON.parse(Buffer.from(repo.root(4)).toString()), signatures: [] }
    store.entries.set('root.json', new TextEncoder().encode(JSON.stringify(unsigned)))
    await clientOf(old, { store, now }).updater.refresh()
    expect(store.entries.get('root.json')).toEqual(repo.root(1))
  })

  test('roots that another process stores during the cycle are followed', async () => {
    const repo = createRepository()
    repo.publish()
    const store = notedStore()
    await clientOf(repo, { store }).updater.refresh()
    const slow = repo.fetcher()
    for (let root = 2; root <= 4; root++) repo.rotate('root')
    const other = clientOf(repo, { store, root: repo.root(1) })
    let asked = false
    let stored = false
    const fetcher: MemoryFetcher = {
      ...slow,
      fetch(request) {
        if (stored || !request.url.endsWith('/2.root.json')) return slow.fetch(request)
        asked = true
        return slow.fetch({ ...request, url: request.url.replace('2.root', '99.root') })
      },
    }
    const shared: NotedStore = {
      ...store,
      async get(name, limits) {
        // After the cycle looked for root 2, in the network and in the store.
        if (name === 'root.json' && asked && !stored) {
          stored = true
          await other.updater.refresh()
        }
        return store.get(name, limits)
      },
    }
    const { updater } = clientOf(repo, { store: shared, fetcher, root: repo.root(1) })
    expect((await updater.refresh()).root.version).toBe(4)
    expect(stored).toBe(true)
  })

  test('without a copy the end of the chain is not known: offline needs one', async () => {
    const { client } = await revoked()
    client.store.entries.delete(second)
    client.store.entries.delete('root.json')
    expect(await refusalOfTask(client.updater.refresh({ mode: 'offline' }))).toEqual({
      code: 'ERR_TUF_NOT_STORED',
    })
  })
})

test.each([
  ['older', (repo: TestRepository) => repo.root(1)],
  ['garbage', () => garbage],
])('a copy that is %s is repaired by the next online cycle', async (_what, copy) => {
  const repo = createRepository()
  repo.publish()
  repo.publish('root')
  const client = clientOf(repo)
  await client.updater.refresh()
  client.store.entries.set('root.json', copy(repo))
  await client.updater.refresh()
  expect(client.store.entries.get('root.json')).toEqual(repo.root(2))
})
