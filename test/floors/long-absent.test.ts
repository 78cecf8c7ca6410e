import { describe, expect, test } from '@jest/globals'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf, notedStore } from '../support/client.js'
import { publishedWith } from '../support/published.js'

function published(): TestRepository {
  return publishedWith({ 'a.txt': 'a' }, { seed: 'absent' })
}

const others = ['timestamp', 'snapshot', 'targets']

/** So many new roots, with new keys for these roles in turn. */
function rotated(repo: TestRepository, times: number, roles = ['root', ...others]): void {
  for (let time = 0; time < times; time++) repo.rotate(roles[time % roles.length] ?? 'root')
}

function versionIn(bytes: Uint8Array | undefined): number {
  return bytes ? JSON.parse(new TextDecoder().decode(bytes)).signed.version : 0
}

describe('a client that was away while the root changed forty times', () => {
  test('keeps its state offline, and follows all of them in its next cycle', async () => {
    const repo = published()
    const store = notedStore()
    await clientOf(repo, { store }).updater.refresh()
    rotated(repo, 40)
    const away = await clientOf(repo, { store }).updater.refresh({ mode: 'offline' })
    expect(away.root.version).toBe(1)

    const back = clientOf(repo, { store })
    const view = await back.updater.refresh()
    expect(view.root.version).toBe(41)
    expect(back.requested().filter((name) => name.endsWith('root.json'))).toHaveLength(41)
    expect(await view.read('a.txt')).toEqual(Buffer.from('a'))
    const offline = await clientOf(repo, { store }).updater.refresh({ mode: 'offline' })
    expect(offline.root.version).toBe(41)
    expect(offline.timestamp.version).toBe(repo.version('timestamp'))
  })

  test('follows only a few in each cycle, reaches the newest, and never goes back', async () => {
    const repo = published()
    const store = notedStore()
    await clientOf(repo, { store }).updater.refresh()
    rotated(repo, 40)
    const seen: number[] = []
    for (let refresh = 0; refresh < 5; refresh++) {
      const client = clientOf(repo, { store, limits: { rootRotations: 5 } })
      // Before the newest root other keys sign the timestamp: the cycle starts again, once.
      await client.updater.refresh().catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'ERR_TUF_THRESHOLD_NOT_MET' })
      })
      seen.push(versionIn(store.entries.get('root.json')))
    }
    expect(seen).toEqual([11, 21, 31, 41, 41])
    const view = await clientOf(repo, { store }).updater.refresh()
    expect(view.timestamp.version).toBe(repo.version('timestamp'))
  })

  test('goes on after a mirror that broke off in the middle', async () => {
    const repo = published()
    const store = notedStore()
    await clientOf(repo, { store }).updater.refresh()
    rotated(repo, 40)
    repo.serve('23.root.json', new Error('reset'))
    await expect(clientOf(repo, { store }).updater.refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
    })
    expect(versionIn(store.entries.get('root.json'))).toBe(22)
    repo.serve('23.root.json', undefined)
    const back = clientOf(repo, { store })
    expect((await back.updater.refresh()).root.version).toBe(41)
    expect(back.requested()).not.toContain('22.root.json')
  })
})

describe('a history of roots without its middle', () => {
  const pruned = (entries: Map<string, Uint8Array>): void => {
    for (let version = 5; version <= 30; version++) {
      entries.delete(`root_history/${version}.root.json`)
    }
  }

  test('is filled up from the network, and no floor is lost', async () => {
    const repo = published()
    const store = notedStore()
    rotated(repo, 40)
    await clientOf(repo, { store }).updater.refresh()
    const floor = versionIn(store.entries.get('timestamp.json'))
    pruned(store.entries)
    const view = await clientOf(repo, { store }).updater.refresh()
    expect(view.root.version).toBe(41)
    expect(view.timestamp.version).toBeGreaterThanOrEqual(floor)
    for (let version = 1; version <= 41; version++) {
      expect(versionIn(store.entries.get(`root_history/${version}.root.json`))).toBe(version)
    }
  })

  test('does not let a mirror that stops there bring back old files, and is filled up by an honest one', async () => {
    const repo = published()
    const store = notedStore()
    // While root has the same keys, they prove that the stored copy comes after the gap.
    rotated(repo, 3, others)
    const old = repo.publication
    rotated(repo, 37, others)
    await clientOf(repo, { store }).updater.refresh()
    const floors = ['timestamp.json', 'snapshot.json'].map((name) => store.entries.get(name))
    pruned(store.entries)
    for (let version = 5; version <= 41; version++) repo.serve(`${version}.root.json`, 'missing')
    repo.serve('timestamp.json', repo.file('timestamp.json', 'metadata', old))
    for (const mode of ['online', 'cached', 'offline'] as const) {
      const task = clientOf(repo, { store }).updater.refresh({ mode })
      await expect(task).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_TUF_/) })
    }
    const now = ['timestamp.json', 'snapshot.json'].map((name) => store.entries.get(name))
    expect(now).toEqual(floors)

    repo.serve('timestamp.json', undefined)
    for (let version = 5; version <= 41; version++) repo.serve(`${version}.root.json`, undefined)
    const view = await clientOf(repo, { store }).updater.refresh()
    expect(view.root.version).toBe(41)
    expect(view.timestamp.version).toBe(versionIn(floors[0]))
  })
})

test('consistent snapshots that are switched off and on again are followed at each root', async () => {
  const repo = published()
  const store = notedStore()
  const names: (string | undefined)[] = []
  for (const on of [true, false, true, false]) {
    if (on !== (repo.fileName('snapshot', 1) === '1.snapshot.json')) repo.setConsistentSnapshot(on)
    repo.publish('targets')
    const client = clientOf(repo, { store })
    const view = await client.updater.refresh()
    expect(view.root.consistentSnapshot).toBe(on)
    expect(await view.read('a.txt')).toEqual(Buffer.from('a'))
    names.push(client.requested().find((name) => name.includes('snapshot')))
    const offline = await clientOf(repo, { store }).updater.refresh({ mode: 'offline' })
    expect(offline.snapshot.version).toBe(repo.version('snapshot'))
  }
  const versioned = names.map((name) => /^\d+\./.test(name ?? ''))
  expect(versioned).toEqual([true, false, true, false])
  // A client that was away for all of it.
  const away = clientOf(repo)
  expect((await away.updater.refresh()).root.consistentSnapshot).toBe(false)
})
