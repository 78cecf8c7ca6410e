import { describe, expect, test } from '@jest/globals'
import {
  createRepository,
  ed25519Signer,
  type RepositoryOptions,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf, gate, serveLater, type TestClient } from '../support/client.js'
import { settle } from '../support/manual-clock.js'
import { refusalOfTask } from '../support/refusal.js'

const none = { limits: { keptMetadata: 0 } }
const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]

/** targets → a, b, c, each for its folder, and a target in each. */
function published(settings?: RepositoryOptions): TestRepository {
  const repo = createRepository(settings)
  for (const name of ['a', 'b', 'c']) {
    repo.delegate('targets', { name, paths: [`${name}/*`] })
    repo.addTarget(`${name}/1`, `by ${name}`, { role: name })
  }
  repo.publish()
  return repo
}

/** targets → a → shared and targets → b → shared, with different keys for different paths. */
function diamond(): TestRepository {
  const repo = createRepository()
  repo.delegate('targets', { name: 'a', paths: ['a/*'] })
  repo.delegate('targets', { name: 'b', paths: ['b/*'] })
  repo.delegate('a', { name: 'shared', paths: ['a/*'], signers: [forA] })
  repo.delegate('b', { name: 'shared', paths: ['b/*'], signers: [forB] })
  for (const path of ['a/1', 'b/1']) repo.addTarget(path, path, { role: 'shared' })
  repo.publish()
  return repo
}

/** As much as these roles weigh. */
function roomFor(repo: TestRepository, ...roles: string[]) {
  const lengths = roles.map((role) => repo.file(`1.${role}.json`).length)
  return { limits: { keptMetadata: lengths.reduce((sum, length) => sum + length, 0) } }
}

/** The roles judged since the last call, and their sources. */
function judged({ events }: TestClient): string[] {
  return events.splice(0).flatMap((event) => {
    if (event.type !== 'decision') return []
    const { role } = event
    if (event.verdict === 'limit-reached') return [`${role} stops at ${event.limit}`]
    return event.verdict === 'trusted'
      ? [`${role} from the ${event.from}`]
      : [`${role} not used: ${event.error.code}`]
  })
}

/** A view whose requests and decisions so far are recorded. */
async function viewOf(client: TestClient) {
  const view = await client.updater.refresh()
  client.requested()
  judged(client)
  return view
}

describe('delegated roles in memory', () => {
  test('a role beyond the limit is forgotten, and read again from the store', async () => {
    const repo = published()
    const client = clientOf(repo, roomFor(repo, 'a'))
    const view = await viewOf(client)
    const found = await view.find('a/1')
    expect(await view.find('a/1')).toBe(found)
    await view.find('b/1')
    expect(judged(client)).toEqual(['a from the network', 'b from the network'])
    client.requested()
    expect(await view.find('a/1')).toEqual(found)
    expect(judged(client)).toEqual(['a from the store'])
    expect(client.requested()).toEqual([])
  })

  test('the least recently used one is forgotten first', async () => {
    const repo = published()
    const client = clientOf(repo, roomFor(repo, 'a', 'b'))
    const view = await viewOf(client)
    for (const path of ['a/1', 'b/1', 'a/1', 'c/1']) await view.find(path)
    judged(client)
    for (const path of ['a/1', 'c/1', 'b/1']) expect(await view.find(path)).toBeDefined()
    expect(judged(client)).toEqual(['b from the store'])
  })

  test('a role weighs as much as its file: padding that nobody signed counts', async () => {
    const repo = published()
    for (const name of ['a', 'b']) {
      const padding = Buffer.alloc(100_000, ' ')
      const bytes = Buffer.concat([repo.file(`1.${name}.json`), padding])
      repo.serve(`1.${name}.json`, bytes)
    }
    const client = clientOf(repo, { limits: { keptMetadata: 150_000 } })
    const view = await viewOf(client)
    for (const path of ['a/1', 'b/1']) await view.find(path)
    judged(client)
    await view.find('a/1')
    expect(judged(client)).toEqual(['a from the store'])
  })

  test('by default all of a small repository stay', async () => {
    const client = clientOf(published())
    const view = await viewOf(client)
    for (const path of ['a/1', 'b/1', 'c/1']) await view.find(path)
    judged(client)
    for (const path of ['a/1', 'b/1', 'c/1']) expect(await view.find(path)).toBeDefined()
    expect(judged(client)).toEqual([])
  })

  test('without room answers are the same', async () => {
    const repo = createRepository()
    repo.delegateHashBins('targets', { bins: 8 })
    const paths = Array.from({ length: 24 }, (_, index) => `pkgs/${index}.whl`)
    for (const path of paths.slice(0, 20)) repo.addTarget(path, path)
    repo.publish()
    const [all, few] = [await viewOf(clientOf(repo)), await viewOf(clientOf(repo, none))]
    for (const path of [...paths, ...paths]) {
      expect(await few.explain(path)).toEqual(await all.explain(path))
    }
  })

  test('without room a role is read for each search', async () => {
    const client = clientOf(published(), none)
    const view = await viewOf(client)
    for (let i = 0; i < 3; i++) expect((await view.find('a/1'))?.length).toBe(4)
    expect(judged(client)).toEqual(['a from the network', 'a from the store', 'a from the store'])
    expect(client.requested()).toEqual(['1.a.json'])
  })

  test('without room searches at the same time share a role', async () => {
    const client = clientOf(published(), none)
    const view = await viewOf(client)
    await view.find('a/1')
    judged(client)
    const found = await Promise.all(['a/1', 'a/2', 'a/1'].map((path) => view.find(path)))
    expect(found.map((target) => target?.path)).toEqual(['a/1', undefined, 'a/1'])
    expect(judged(client)).toEqual(['a from the store'])
  })

  test('delegating roles stay when their delegated roles are forgotten', async () => {
    const repo = published()
    repo.delegate('a', { name: 'a/team', paths: ['a/*'] })
    repo.delegate('a/team', { name: 'a/team/one', paths: ['a/*'] })
    repo.addTarget('a/2', 'by one', { role: 'a/team/one' })
    repo.publish()
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    await view.find('a/2')
    await view.find('b/1')
    judged(client)
    expect((await view.find('a/2'))?.length).toBe(6)
    expect(judged(client)).toEqual(['a/team/one from the store'])
  })

  test.each([
    ['room for two', 0, ['a']],
    ['a byte less', -1, ['b', 'a']],
  ])('but only as many bytes of them as one search may hold: %s', async (_, more, again) => {
    const repo = published()
    for (const name of ['a', 'b', 'c']) repo.delegate(name, { name: `${name}/team` })
    repo.publish()
    // Each with its index, of one pattern.
    const room = ['b', 'c'].reduce((sum, name) => sum + repo.file(`2.${name}.json`).length + 64, 0)
    const client = clientOf(repo, { limits: { keptMetadata: 0, searchedBytes: room + more } })
    const view = await viewOf(client)
    for (const path of ['a/1', 'b/1', 'c/1']) await view.find(path)
    judged(client)
    for (const path of ['c/1', 'b/1', 'a/1']) expect((await view.find(path))?.path).toBe(path)
    expect(judged(client)).toEqual(again.map((role) => `${role} from the store`))
  })

  test('an empty list of delegations keeps no role in memory', async () => {
    const repo = published()
    repo.edit('a', (signed) => {
      signed['delegations'] = { keys: {}, roles: [] }
    })
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    for (let i = 0; i < 2; i++) await view.find('a/1')
    expect(judged(client)).toEqual(['a from the network', 'a from the store'])
  })
})

describe('a role that was forgotten is judged again', () => {
  test('other bytes in the store are not believed where the snapshot lists hashes', async () => {
    const repo = published({ snapshotHashes: true })
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    const found = await view.find('a/1')
    const honest = repo.file('1.a.json')
    client.store.entries.set(
      'a.json',
      honest.map((byte, index) => (index === 9 ? byte ^ 1 : byte)),
    )
    client.requested()
    judged(client)
    expect(await view.find('a/1')).toEqual(found)
    expect(judged(client)).toEqual(['a not used: ERR_TUF_HASH_MISMATCH', 'a from the network'])
    expect(client.requested()).toEqual(['1.a.json'])
    expect(client.store.entries.get('a.json')).toEqual(honest)
  })

  test('nor is a file with other signatures, from the store or from the server', async () => {
    const repo = published()
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    const found = await view.find('a/1')
    const fork = repo.fork()
    fork.editInPlace('a', {
      signers: [ed25519Signer('mallory')],
      signed(value) {
        value['targets'] = {}
      },
    })
    const forged = fork.file('1.a.json')
    expect(forged).not.toEqual(repo.file('1.a.json'))
    client.store.entries.set('a.json', forged)
    judged(client)
    expect(await view.find('a/1')).toEqual(found)
    expect(judged(client)).toEqual(['a not used: ERR_TUF_THRESHOLD_NOT_MET', 'a from the network'])

    client.store.entries.set('a.json', forged)
    repo.serve('1.a.json', forged)
    const refused = { code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'a', step: '5.6.3' }
    expect(await refusalOfTask(view.find('a/1'))).toEqual(refused)
  })

  test('nor is a newer file, which another process stored', async () => {
    const repo = published()
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    await view.find('a/1')
    repo.removeTarget('a/1', 'a')
    repo.publish()
    await (await clientOf(repo, { store: client.store }).updater.refresh()).find('a/1')
    judged(client)
    expect(await view.find('a/1')).toBeDefined()
    expect(judged(client)).toEqual(['a not used: ERR_TUF_VERSION_MISMATCH', 'a from the network'])
  })

  test('a view does not change: a version that was signed twice is no longer its file', async () => {
    const repo = published()
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    await view.find('a/1')
    repo.editInPlace('a', (signed) => {
      signed['targets'] = {}
    })
    const again = repo.file('1.a.json')
    const gone = { code: 'ERR_TUF_SNAPSHOT_GONE', role: 'a', step: '5.6.1' }
    client.store.entries.set('a.json', again)
    client.written()
    await expect(view.find('a/1')).rejects.toMatchObject({ ...gone, file: '1.a.json' })
    client.store.entries.delete('a.json')
    expect(await refusalOfTask(view.find('a/1'))).toEqual(gone)
    expect(client.written()).toEqual([])
    // That it is signed is not in question.
    expect(await (await client.updater.refresh()).find('a/1')).toBeUndefined()
  })

  test('a role that is no longer stored or served: refresh, and ask again', async () => {
    const repo = published()
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    const found = await view.find('a/1')
    client.store.entries.delete('a.json')
    repo.publish('a')
    repo.serve('1.a.json', 'missing')
    const gone = { code: 'ERR_TUF_SNAPSHOT_GONE', role: 'a', step: '5.6.1' }
    expect(await refusalOfTask(view.find('a/1'))).toEqual(gone)
    expect(await (await client.updater.refresh()).find('a/1')).toEqual(found)
  })

  test('offline there is the store alone', async () => {
    const client = clientOf(published(), none)
    await (await client.updater.refresh()).find('a/1')
    const view = await client.updater.refresh({ mode: 'offline' })
    client.requested()
    judged(client)
    for (let i = 0; i < 2; i++) expect(await view.find('a/1')).toBeDefined()
    expect(judged(client)).toEqual(['a from the store', 'a from the store'])
    client.store.entries.delete('a.json')
    await expect(view.find('a/1')).rejects.toMatchObject({ code: 'ERR_TUF_NOT_STORED' })
    expect(client.requested()).toEqual([])
  })
})

describe('python-tuf#2977: a role that several delegate to', () => {
  test('is judged for each edge, whatever the verdict of another edge', async () => {
    const repo = diamond()
    repo.edit('shared', { signers: [forA] })
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    const refused = { code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'shared', step: '5.6.3' }
    for (let i = 0; i < 2; i++) {
      expect((await view.find('a/1'))?.path).toBe('a/1')
      expect(await refusalOfTask(view.find('b/1'))).toEqual(refused)
    }
  })

  test('is read again for another edge, and fetched from the server once', async () => {
    const client = clientOf(diamond())
    const view = await viewOf(client)
    for (const path of ['a/1', 'b/1', 'a/1', 'b/1']) {
      expect((await view.find(path))?.path).toBe(path)
    }
    expect(judged(client).filter((line) => line.startsWith('shared'))).toEqual([
      'shared from the network',
      'shared from the store',
    ])
    expect(client.requested()).toEqual(['1.a.json', '1.shared.json', '1.b.json'])
  })

  test('is not read again while another edge uses it', async () => {
    const repo = diamond()
    const client = clientOf(repo, none)
    const view = await viewOf(client)
    await Promise.all([view.find('a/x'), view.find('b/x')])
    client.store.entries.delete('shared.json')
    client.requested()
    judged(client)
    const held = gate()
    serveLater(repo, '1.shared.json', held)
    const both = Promise.all([view.find('a/1'), view.find('b/1')])
    await settle()
    held.open()
    expect((await both).map((target) => target?.path)).toEqual(['a/1', 'b/1'])
    expect(client.requested()).toEqual(['1.shared.json'])
    expect(judged(client)).toEqual(['shared from the network'])
  })
})
