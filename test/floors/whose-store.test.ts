import { describe, expect, test } from '@jest/globals'
import { initialize } from '../../src/index.js'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf, notedStore, type NotedStore } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { publishedWith } from '../support/published.js'

const foreign = { code: 'ERR_TUF_STORE_FOREIGN' }

function published(seed: string): TestRepository {
  return publishedWith({ 'a.txt': seed }, { seed })
}

async function storeOf(repo: TestRepository, root = repo.root(1)): Promise<NotedStore> {
  const store = notedStore()
  await clientOf(repo, { store, root }).updater.refresh()
  return store
}

describe('a store of another repository', () => {
  test.each(['online', 'cached', 'offline'] as const)(
    'is refused in mode %s before any request, and stays as it is',
    async (mode) => {
      const store = await storeOf(published('one'))
      const before = new Map(store.entries)
      const { updater, requested } = clientOf(published('other'), { store })
      expect(await refusalOfTask(updater.refresh({ mode }))).toEqual(foreign)
      expect(requested()).toEqual([])
      expect(store.entries).toEqual(before)
    },
  )

  test('is refused by its roots where it lacks digests: an earlier version wrote it', async () => {
    const store = await storeOf(published('one'))
    store.entries.delete('state/anchor')
    const { updater } = clientOf(published('other'), { store })
    expect(await refusalOfTask(updater.refresh())).toEqual(foreign)
  })

  test('is refused by its floors where its roots are damaged', async () => {
    const store = await storeOf(published('one'))
    store.entries.delete('root_history/1.root.json')
    store.entries.delete('root.json')
    const { updater } = clientOf(published('other'), { store })
    expect(await refusalOfTask(updater.refresh())).toEqual(foreign)
  })

  test('is refused by initialize', async () => {
    const store = await storeOf(published('one'))
    await expect(initialize(store, published('other').root(1))).rejects.toMatchObject(foreign)
    expect(store.entries.has('anchor/root.json')).toBe(false)
  })

  test('is emptied and used with rebind', async () => {
    const one = published('one')
    one.publish('root')
    const other = published('other')
    const store = await storeOf(one)
    await clientOf(other, { store, rebind: true }).updater.refresh()
    const view = await clientOf(other, { store }).updater.refresh({ mode: 'offline' })
    expect(view.root.version).toBe(1)
    expect(store.entries.has('root_history/2.root.json')).toBe(false)
    expect(await refusalOfTask(clientOf(one, { store }).updater.refresh())).toEqual(foreign)
  })
})

describe('a store of the same repository is taken, and keeps its floors, by a program with', () => {
  /** Root keys change with each version. */
  function rotated(versions: number): TestRepository {
    const repo = published('one')
    for (let version = 2; version <= versions; version++) repo.rotate('root')
    repo.publish('targets')
    return repo
  }

  async function expectTaken(
    repo: TestRepository,
    [first, then]: readonly [number, number],
    mode?: 'offline',
  ): Promise<void> {
    const store = await storeOf(repo, repo.root(first))
    const timestamp = store.entries.get('timestamp.json')
    const { updater, events } = clientOf(repo, { store, root: repo.root(then) })
    await updater.refresh(mode ? { mode } : {})
    expect(events.filter(({ type }) => type === 'delete')).toEqual([])
    expect(store.entries.get('timestamp.json')).toEqual(timestamp)
  }

  test('a newer root from the same history', () => expectTaken(rotated(4), [1, 3]))
  test('the same, offline', () => expectTaken(rotated(4), [1, 3], 'offline'))
  test('an older root, whose chain meets the history', () => expectTaken(rotated(4), [3, 1]))

  test('a newer root that the network leads to', async () => {
    const repo = published('one')
    const store = await storeOf(repo)
    for (let version = 2; version <= 4; version++) repo.rotate('root')
    const root = repo.root(4)
    expect((await clientOf(repo, { store, root }).updater.refresh()).root.version).toBe(4)
  })

  test('a newer root that the stored keys signed: no request is needed', async () => {
    const repo = published('one')
    const store = await storeOf(repo)
    for (let version = 2; version <= 4; version++) repo.publish('root')
    const root = repo.root(4)
    const view = await clientOf(repo, { store, root }).updater.refresh({ mode: 'offline' })
    expect(view.root.version).toBe(4)
  })

  test('an older root whose keys signed the newest stored one: no request is needed', async () => {
    const repo = published('one')
    for (let version = 2; version <= 4; version++) repo.publish('root')
    const store = await storeOf(repo, repo.root(3))
    await expect(initialize(store, repo.root(1))).resolves.toBeUndefined()
  })

  test('a newer root, where a process died right after it bound the store', async () => {
    const repo = rotated(3)
    const store = notedStore()
    store.set = (name, bytes) => {
      if (name !== 'state/anchor') return Promise.reject(new Error('killed'))
      store.entries.set(name, bytes)
      return Promise.resolve()
    }
    const first = clientOf(repo, { store, root: repo.root(1) })
    await expect(first.updater.refresh()).rejects.toThrow('killed')
    const again = { ...notedStore(), entries: store.entries }
    again.get = store.get
    again.set = (name, bytes) => Promise.resolve(void store.entries.set(name, bytes))
    const { updater } = clientOf(repo, { store: again, root: repo.root(3) })
    expect((await updater.refresh()).root.version).toBe(3)
  })

  test('a newer root whose keys signed the floors, where the copy is damaged', async () => {
    const repo = rotated(3)
    const store = await storeOf(repo, repo.root(1))
    for (const entry of ['root.json', 'root_history/3.root.json']) {
      store.entries.set(entry, new TextEncoder().encode('{'))
    }
    const { updater, events } = clientOf(repo, { store, root: repo.root(3) })
    expect((await updater.refresh()).root.version).toBe(3)
    expect(events.filter(({ type }) => type === 'delete')).toEqual([])
  })

  test('the same root with more white space', async () => {
    const repo = published('one')
    const store = await storeOf(repo)
    const root = Uint8Array.from([...repo.root(1), 0x20])
    await expect(clientOf(repo, { store, root }).updater.refresh()).resolves.toBeDefined()
  })
})

test('a target named timestamp.json does not become the floor where one store keeps both', async () => {
  const repo = published('one')
  for (const name of ['timestamp.json', 'anchor/root.json', 'state/clock']) {
    repo.addTarget(name, 'not metadata')
  }
  repo.publish()
  const store = notedStore()
  const view = await clientOf(repo, { store, targetStore: store }).updater.refresh()
  const before = new Map(store.entries)
  for (const name of ['timestamp.json', 'anchor/root.json', 'state/clock']) await view.read(name)
  for (const [name, bytes] of before) expect(store.entries.get(name)).toEqual(bytes)
})
