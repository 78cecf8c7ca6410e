import { describe, expect, test } from '@jest/globals'
import { createRepository, type Answer, type TestRepository } from '../../src/testing/index.js'
import { clientOf, notedStore, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { expectRecovered } from '../support/under-attack.js'
import { publishedWith } from '../support/published.js'

function published(): TestRepository {
  return publishedWith({ 'dev/a.txt': 'content' })
}

async function find({ updater }: TestClient): Promise<unknown> {
  return (await updater.refresh()).find('dev/a.txt')
}

/** A connection that breaks after some bytes. */
function breaking(bytes: Uint8Array): Answer {
  return async function* () {
    yield bytes.subarray(0, 10)
    throw new Error('connection reset')
  }
}

describe('row 18: only a missing root ends the chain', () => {
  const failures: readonly (readonly [string, (repo: TestRepository) => Answer])[] = [
    ['status 500', () => ({ status: 500 })],
    ['status 429', () => ({ status: 429 })],
    ['a connection that is refused', () => new Error('connection refused')],
    ['a connection that breaks', (repo) => breaking(repo.root())],
  ]

  test.each(failures)('rust-tuf#306, tough: %s for root N+1 is an error', async (_, answer) => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    client.requested()
    client.written()
    repo.serve('2.root.json', answer(repo))
    await expect(client.updater.refresh()).rejects.toThrow()
    expect(client.requested()).toEqual(['2.root.json'])
    expect(client.written()).toEqual([])
    repo.serve('2.root.json', undefined)
    await expectRecovered(repo, client)
  })

  test.each([404, 403])('rust-tuf#306: status %d is the end', async (status) => {
    const repo = published()
    repo.serve('2.root.json', { status })
    expect((await clientOf(repo).updater.refresh()).root.version).toBe(1)
  })

  test('go-tuf#687: one cycle follows a limited number of roots', async () => {
    const repo = published()
    for (let i = 0; i < 4; i++) repo.publish('root')
    const client = clientOf(repo, { limits: { rootRotations: 3 } })
    expect((await client.updater.refresh()).root.version).toBe(4)
    expect(client.requested().filter((name) => name.endsWith('root.json'))).toEqual([
      '2.root.json',
      '3.root.json',
      '4.root.json',
    ])
    const stops = client.events.filter((event) => 'verdict' in event && 'limit' in event)
    expect(stops).toEqual([
      { type: 'decision', verdict: 'limit-reached', role: 'root', version: 4, limit: 3 },
    ])
    expect((await client.updater.refresh()).root.version).toBe(5)
    expect(client.events.filter((event) => 'limit' in event)).toHaveLength(1)
  })

  test('1.5.2: malicious mirror: an empty answer', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    const before = new Map(client.store.entries)
    for (const status of [404, 500]) {
      const { code } = repo.attack.unavailable(status)
      expect(await refusalOfTask(client.updater.refresh())).toMatchObject({ code })
      repo.attack.stop()
    }
    expect(new Map(client.store.entries)).toEqual(before)
    await expectRecovered(repo, client)
  })
})

describe('row 19: endless data', () => {
  const limits = {
    rootLength: 200_000,
    timestampLength: 100_000,
    snapshotLength: 120_000,
    targetsLength: 150_000,
  }
  const caps = [
    ['root', limits.rootLength],
    ['timestamp', limits.timestampLength],
    ['snapshot', limits.snapshotLength],
    ['targets', limits.targetsLength],
    ['dev', limits.targetsLength],
  ] as const

  test.each(caps)('1.5.2: endless data: %s without end is cut at %d bytes', async (role, limit) => {
    const repo = published()
    const client = clientOf(repo, { limits })
    await client.updater.refresh()
    repo.publish('targets', 'dev')
    const before = client.store.entries.get(`${role}.json`)
    const { code } = repo.attack.endlessMetadata(role)
    const task = find(client)
    await expect(task).rejects.toMatchObject({ code, limit })
    expect(client.store.entries.get(`${role}.json`)).toBe(before)
    repo.attack.stop()
    await expectRecovered(repo, client)
  })

  test.each(['snapshot', 'targets', 'dev'])(
    '1.5.2: endless data: %s is cut at the length that is listed for it',
    async (role) => {
      const repo = createRepository({ timestampHashes: true, snapshotHashes: true })
      repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
      repo.addTarget('dev/a.txt', 'content', { role: 'dev' })
      repo.publish()
      const client = clientOf(repo)
      const limit = repo.file(repo.fileName(role)).length
      repo.attack.endlessMetadata(role)
      await expect(find(client)).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_LONG', limit })
      repo.attack.stop()
      expect(await find(client)).toBeDefined()
    },
  )

  test('1.5.2: endless data: a target is cut at its length', async () => {
    const repo = published()
    const view = await clientOf(repo).updater.refresh()
    expect(repo.attack.endlessTarget('dev/a.txt').step).toBe('5.7.3')
    await expect(view.read('dev/a.txt')).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_TUF_(FETCH_TOO_LONG|LENGTH_MISMATCH)$/),
    })
    repo.attack.stop()
    expect(await view.read('dev/a.txt')).toHaveLength(7)
  })

  test('1.5.2: arbitrary installation: other bytes in place of a target', async () => {
    const repo = published()
    repo.addTarget('dev/b.txt', 'another', { role: 'dev' })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    const { code, step } = repo.attack.arbitraryInstallation('dev/a.txt')
    await expect(view.read('dev/a.txt')).rejects.toMatchObject({ code, step })
    repo.attack.stop()
    const wrong = repo.attack.wrongSoftware('dev/a.txt', 'dev/b.txt')
    await expect(view.read('dev/a.txt')).rejects.toMatchObject({ code: wrong.code })
    repo.attack.stop()
    expect(await view.read('dev/a.txt')).toHaveLength(7)
  })

  test('an incomplete file is refused', async () => {
    const repo = published()
    const client = clientOf(repo)
    repo.serve('1.targets.json', breaking(repo.file('1.targets.json')))
    await expect(client.updater.refresh()).rejects.toThrow()
    expect(client.store.entries.has('targets.json')).toBe(false)
    repo.serve('1.targets.json', undefined)
    expect(await find(client)).toBeDefined()
  })
})

describe('row 20: the store is not believed', () => {
  const files = ['timestamp.json', 'snapshot.json', 'targets.json', 'dev.json']

  test.each(files)(
    'TOB-SIGSTORE-10: %s of another repository, online and offline',
    async (name) => {
      const repo = published()
      const other = createRepository({ seed: 'mallory' })
      other.delegate('targets', { name: 'dev', paths: ['dev/*'] })
      other.addTarget('dev/a.txt', 'evil', { role: 'dev' })
      other.publish()
      const foreign = notedStore()
      await find(clientOf(other, { store: foreign }))
      const client = clientOf(repo)
      await find(client)
      const planted = foreign.entries.get(name)
      if (planted) client.store.entries.set(name, planted)

      const offline = client.updater
        .refresh({ mode: 'offline' })
        .then((view) => view.find('dev/a.txt'))
      expect(await refusalOfTask(offline)).toMatchObject({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role: name.replace('.json', ''),
      })
      expect(await find(client)).toMatchObject({ length: 7 })
      expect(client.store.entries.get(name)).not.toEqual(planted)
    },
  )

  test('TOB-SIGSTORE-10: bytes that a store changes later do no harm', async () => {
    const repo = published()
    const root = repo.root()
    const store = notedStore()
    const client = clientOf(repo, { store, root })
    root.fill(0)
    await find(client)
    for (const bytes of store.entries.values()) bytes.fill(0)
    const view = await client.updater.refresh()
    expect(await view.find('dev/a.txt')).toMatchObject({ length: 7 })
  })
})
