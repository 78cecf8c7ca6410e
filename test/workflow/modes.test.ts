import { describe, expect, test } from '@jest/globals'
import { initialize } from '../../src/index.js'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf, notedStore, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { publishedWith } from '../support/published.js'

const day = 86_400_000

function published(): TestRepository {
  return publishedWith({ 'dev/a.txt': 'a' })
}

/** A client that saw all of the repository. */
async function seen(repo: TestRepository): Promise<TestClient> {
  const client = clientOf(repo)
  await (await client.updater.refresh()).find('dev/a.txt')
  client.requested()
  client.written()
  return client
}

/** Changes the stored value of a name, as an attacker with access to the disk would. */
function tamper({ store }: TestClient, name: string, change: (text: string) => string): void {
  const bytes = store.entries.get(name) ?? new Uint8Array()
  const text = change(new TextDecoder().decode(bytes))
  store.entries.set(name, new TextEncoder().encode(text))
}

const files = ['timestamp', 'snapshot', 'targets']

describe('mode cached', () => {
  test('makes no request while every stored file is believed and fresh', async () => {
    const repo = published()
    const client = await seen(repo)
    repo.publish('snapshot')
    const view = await client.updater.refresh({ mode: 'cached' })
    expect(view.timestamp.version).toBe(1)
    expect((await view.find('dev/a.txt'))?.length).toBe(1)
    expect([client.requested(), client.written()]).toEqual([[], []])
  })

  test('goes online when the timestamp is expired, and then learns of a new root', async () => {
    const repo = published()
    const client = await seen(repo)
    repo.rotate('root')
    repo.advance(2)
    repo.publish()
    const view = await client.updater.refresh({ mode: 'cached' })
    expect([view.root.version, view.timestamp.version]).toEqual([2, 2])
    expect(client.requested()).toEqual(['2.root.json', '3.root.json', 'timestamp.json'])
    const missed = client.events.filter(({ type }) => type === 'cache-miss')
    expect(missed).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ step: '5.4.4' }) }),
    ])
  })

  test('goes online when the store is empty', async () => {
    const client = clientOf(published())
    await client.updater.refresh({ mode: 'cached' })
    expect(client.requested()).toHaveLength(4)
  })

  test('fetches a delegated role that is not stored', async () => {
    const client = clientOf(published())
    await client.updater.refresh()
    client.requested()
    const view = await client.updater.refresh({ mode: 'cached' })
    expect((await view.find('dev/a.txt'))?.length).toBe(1)
    expect(client.requested()).toEqual(['1.dev.json'])
  })

  test.each(files)('goes online when the stored %s was changed', async (role) => {
    const client = await seen(published())
    tamper(client, `${role}.json`, (text) => text.replace('"version":1', '"version":9'))
    const view = await client.updater.refresh({ mode: 'cached' })
    expect(view.timestamp.version).toBe(1)
    expect(client.requested().slice(0, 2)).toEqual(['2.root.json', 'timestamp.json'])
  })

  test('a failure that is not a verdict is not a reason to go online', async () => {
    const repo = published()
    const client = await seen(repo)
    client.store.get = () => Promise.reject(new TypeError('broken store'))
    await expect(client.updater.refresh({ mode: 'cached' })).rejects.toThrow(TypeError)
    expect(client.requested()).toEqual([])
  })
})

describe('mode offline', () => {
  test('makes no request and no write, and finds stored targets', async () => {
    const repo = published()
    const client = await seen(repo)
    repo.attack.unavailable(500)
    const view = await client.updater.refresh({ mode: 'offline' })
    expect((await view.find('dev/a.txt'))?.length).toBe(1)
    expect([client.requested(), client.written()]).toEqual([[], []])
  })

  test('needs every top-level file, and the roles that a search needs', async () => {
    const repo = published()
    expect(await refusalOfTask(clientOf(repo).updater.refresh({ mode: 'offline' }))).toEqual({
      code: 'ERR_TUF_NOT_STORED',
    })
    const client = await seen(repo)
    client.store.entries.delete('dev.json')
    const view = await client.updater.refresh({ mode: 'offline' })
    await expect(view.find('dev/a.txt')).rejects.toMatchObject({
      code: 'ERR_TUF_NOT_STORED',
      entry: 'dev.json',
    })
    expect(await view.find('other')).toBeUndefined()
    expect(client.requested()).toEqual([])
  })

  test.each([...files, 'root'])(
    'TOB-SIGSTORE-10: a stored %s that was changed is refused',
    async (role) => {
      const repo = published()
      repo.publish('root')
      const client = clientOf(repo)
      await client.updater.refresh()
      const name = role === 'root' ? 'root_history/2.root.json' : `${role}.json`
      tamper(client, name, (text) => text.replace('"version":', '"x":1,"version":'))
      expect(await refusalOfTask(client.updater.refresh({ mode: 'offline' }))).toMatchObject({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role,
      })
    },
  )

  test('TOB-SIGSTORE-10: a stored delegated role that was changed is refused', async () => {
    const client = await seen(published())
    tamper(client, 'dev.json', (text) => text.replace('"dev/a.txt"', '"dev/b.txt"'))
    const view = await client.updater.refresh({ mode: 'offline' })
    expect(await refusalOfTask(view.find('dev/b.txt'))).toEqual({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'dev',
      step: '5.6.3',
    })
  })

  test('TOB-SIGSTORE-10: an old stored file that was signed once is refused', async () => {
    const repo = published()
    const client = await seen(repo)
    const old = client.store.entries.get('targets.json')
    repo.publish('targets')
    await client.updater.refresh()
    if (old) client.store.entries.set('targets.json', old)
    expect(await refusalOfTask(client.updater.refresh({ mode: 'offline' }))).toEqual({
      code: 'ERR_TUF_VERSION_MISMATCH',
      role: 'targets',
      step: '5.6.4',
    })
  })

  test('expiry is judged at the time that the application gives', async () => {
    const repo = published()
    const client = await seen(repo)
    const { now } = repo
    repo.advance(400)
    expect(await refusalOfTask(client.updater.refresh({ mode: 'offline' }))).toMatchObject({
      code: 'ERR_TUF_EXPIRED',
      role: 'root',
    })
    const view = await client.updater.refresh({ mode: 'offline', now })
    expect(view.now).toBe(now)
    expect(
      await refusalOfTask(client.updater.refresh({ mode: 'offline', now: now + day })),
    ).toMatchObject({ step: '5.4.4' })
  })
})

describe('initialize', () => {
  test('5.2: keeps the anchor apart, for clients without one', async () => {
    const repo = published()
    const store = notedStore()
    await initialize(store, repo.root())
    expect(store.written).toEqual([
      'state/anchor',
      'root_history/1.root.json',
      'root.json',
      'anchor/root.json',
    ])
    const { updater } = clientOf(repo, { initialized: true, store })
    expect((await updater.refresh()).root.version).toBe(1)
    repo.rotate('root')
    expect((await updater.refresh()).root.version).toBe(2)
    expect(store.entries.get('anchor/root.json')).toEqual(repo.root(1))
    expect(store.entries.get('root.json')).toEqual(repo.root(2))
  })

  test('5.2: refuses a root that its own keys did not sign, and writes no file', async () => {
    const repo = published()
    const store = notedStore()
    await expect(initialize(store, repo.file('timestamp.json'))).rejects.toMatchObject({
      code: 'ERR_TUF_METADATA_INVALID',
      role: 'root',
    })
    repo.edit('root', { signers: [] })
    await expect(initialize(store, repo.root(2))).rejects.toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      step: '5.2',
    })
    expect(store.written).toEqual([])
  })

  test('a client without an anchor anywhere makes no request', async () => {
    const { updater, requested } = clientOf(published(), { initialized: true })
    await expect(updater.refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_NOT_STORED',
      entry: 'anchor/root.json',
    })
    expect(requested()).toEqual([])
  })
})
