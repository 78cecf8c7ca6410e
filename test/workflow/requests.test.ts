import { describe, expect, test } from '@jest/globals'
import { createRepository, type RepositoryOptions } from '../../src/testing/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'

const day = 86_400_000
const hello = new TextEncoder().encode('hello')

/** targets → dev → team, and a target in each. */
function published(settings?: RepositoryOptions): TestRepository {
  const repo = createRepository(settings)
  repo.delegate('targets', { name: 'dev', paths: ['dev/*', 'dev/*/*'] })
  repo.delegate('dev', { name: 'dev/team', paths: ['dev/team/*'] })
  repo.addTarget('a.txt', hello)
  repo.addTarget('dev/b.txt', 'b', { role: 'dev' })
  repo.addTarget('dev/team/c.txt', 'c', { role: 'dev/team' })
  repo.publish()
  return repo
}

const everyRole = ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']

describe('5: the order of requests', () => {
  test('5.3.3, 5.4.1, 5.5.1, 5.6.1: root N+1, timestamp, snapshot, targets, and no more', async () => {
    const { updater, requested, written } = clientOf(published())
    const view = await updater.refresh()
    expect(requested()).toEqual(everyRole)
    expect(written()).toEqual([
      'root_history/1.root.json',
      'root.json',
      'timestamp.json',
      'snapshot.json',
      'targets.json',
    ])
    expect((await view.find('a.txt'))?.length).toBe(5)
    expect(requested()).toEqual([])
  })

  test('5.6.7: delegated roles are requested when a search needs them, in its order', async () => {
    const { updater, requested, written } = clientOf(published())
    const view = await updater.refresh()
    requested()
    written()
    expect((await view.find('dev/team/c.txt'))?.length).toBe(1)
    expect(requested()).toEqual(['1.dev.json', '1.dev%2Fteam.json'])
    expect(written()).toEqual(['dev.json', 'dev%2Fteam.json'])
    expect(await view.find('dev/team/absent')).toBeUndefined()
    expect((await view.find('dev/b.txt'))?.length).toBe(1)
    expect(requested()).toEqual([])
  })

  test('5.7.2: a path that nobody may speak for is absent, and costs no request', async () => {
    const { updater, requested } = clientOf(published())
    const view = await updater.refresh()
    requested()
    expect(await view.find('other/x')).toBeUndefined()
    await expect(view.verify('other/x', hello)).rejects.toMatchObject({
      code: 'ERR_TUF_TARGET_NOT_FOUND',
      step: '5.7.2',
      target: 'other/x',
    })
    expect(requested()).toEqual([])
  })

  test('5.3.3: roots one after another, until the next one is missing', async () => {
    const repo = published()
    repo.rotate('root')
    repo.publish('root')
    const { updater, requested } = clientOf(repo)
    expect((await updater.refresh()).root.version).toBe(3)
    expect(requested().slice(0, 4)).toEqual([
      '2.root.json',
      '3.root.json',
      '4.root.json',
      'timestamp.json',
    ])
  })

  test('6.2: without consistent snapshots only names of roots contain a version', async () => {
    const { updater, requested } = clientOf(published({ consistentSnapshot: false }))
    const view = await updater.refresh()
    await view.find('dev/b.txt')
    expect(requested()).toEqual([
      '2.root.json',
      'timestamp.json',
      'snapshot.json',
      'targets.json',
      'dev.json',
    ])
  })

  test('6.2: when a root switches consistent snapshots on, the cycle follows it', async () => {
    const repo = published({ consistentSnapshot: false })
    const { updater, requested } = clientOf(repo)
    await updater.refresh()
    requested()
    repo.setConsistentSnapshot(true)
    repo.publish('targets')
    await updater.refresh()
    expect(requested()).toEqual([
      '2.root.json',
      '3.root.json',
      'timestamp.json',
      '3.snapshot.json',
      '2.targets.json',
    ])
  })
})

describe('a client that comes again', () => {
  test('makes two requests when the repository did not change, and writes no file', async () => {
    const { updater, requested, written } = clientOf(published())
    await updater.refresh()
    requested()
    written()
    await updater.refresh()
    expect(requested()).toEqual(['2.root.json', 'timestamp.json'])
    expect(written()).toEqual([])
  })

  test('fetches only changed files', async () => {
    const repo = published()
    const { updater, requested, written } = clientOf(repo)
    await (await updater.refresh()).find('dev/team/c.txt')
    requested()
    written()
    repo.addTarget('dev/new.txt', 'new', { role: 'dev' })
    repo.publish()
    const view = await updater.refresh()
    expect((await view.find('dev/new.txt'))?.length).toBe(3)
    expect((await view.find('dev/team/c.txt'))?.length).toBe(1)
    expect(requested()).toEqual(['2.root.json', 'timestamp.json', '2.snapshot.json', '2.dev.json'])
    expect(written()).toEqual(['timestamp.json', 'snapshot.json', 'dev.json'])
  })

  test('finds a target in a bin that another process stored, without a further request', async () => {
    const repo = createRepository()
    repo.delegateHashBins('targets', { bins: 16 })
    for (let i = 0; i < 40; i++) repo.addTarget(`pkgs/${i}.whl`, `wheel ${i}`)
    repo.publish()
    const first = clientOf(repo)
    await (await first.updater.refresh()).find('pkgs/7.whl')
    expect(first.requested()).toHaveLength(5)
    first.written()
    const second = clientOf(repo, { store: first.store })
    const view = await second.updater.refresh()
    expect((await view.find('pkgs/7.whl'))?.length).toBe(7)
    expect(second.requested()).toEqual(['2.root.json', 'timestamp.json'])
    expect(second.written()).toEqual([])
  })

  test('5.4.3.1: goes on with an equal timestamp when its last snapshot failed', async () => {
    const repo = published()
    const { updater, requested, written } = clientOf(repo)
    repo.attack.truncated('snapshot')
    expect(await refusalOfTask(updater.refresh())).toMatchObject({ role: 'snapshot' })
    expect(written()).toEqual(['root_history/1.root.json', 'root.json', 'timestamp.json'])
    requested()
    repo.attack.stop()
    expect((await updater.refresh()).snapshot.version).toBe(1)
    expect(requested()).toEqual(everyRole)
    expect(written()).toEqual(['snapshot.json', 'targets.json'])
  })

  test('5.4.3.1: keeps the stored timestamp when another of its version differs', async () => {
    const repo = published()
    const { updater, requested, store } = clientOf(repo)
    await updater.refresh()
    const kept = store.entries.get('timestamp.json')
    requested()
    repo.setNextVersion('timestamp', 1)
    repo.publish('snapshot')
    const view = await updater.refresh()
    expect([view.timestamp.version, view.snapshot.version]).toEqual([1, 1])
    expect(requested()).toEqual(['2.root.json', 'timestamp.json'])
    expect(store.entries.get('timestamp.json')).toBe(kept)
  })
})

describe('5.1: one fixed time', () => {
  test('the clock is asked once in each cycle', async () => {
    const repo = published()
    let asked = 0
    const { updater } = clientOf(repo, { now: () => repo.now + 1000 * asked++ })
    const view = await updater.refresh()
    await view.find('dev/team/c.txt')
    expect([asked, view.now]).toEqual([1, repo.now])
    expect((await updater.refresh()).now).toBe(repo.now + 1000)
  })

  test('delegated roles are judged at the time of their cycle, however late they are needed', async () => {
    const repo = published()
    repo.expire('dev', repo.now + 1000)
    const { updater } = clientOf(repo)
    const view = await updater.refresh()
    repo.advance(0.5)
    expect((await view.find('dev/b.txt'))?.length).toBe(1)
    const later = await updater.refresh()
    expect(await refusalOfTask(later.find('dev/b.txt'))).toEqual({
      code: 'ERR_TUF_EXPIRED',
      role: 'dev',
      step: '5.6.5',
    })
  })

  test('a time may be given for one cycle', async () => {
    const repo = published()
    const { updater } = clientOf(repo)
    expect((await updater.refresh({ now: repo.now + 5 })).now).toBe(repo.now + 5)
    expect(await refusalOfTask(updater.refresh({ now: repo.now + day }))).toMatchObject({
      step: '5.4.4',
    })
    await expect(updater.refresh({ now: Number.NaN })).rejects.toThrow(RangeError)
    await expect(updater.refresh({ now: Infinity })).rejects.toThrow(RangeError)
  })

  test('a view stays as it was when the repository goes on', async () => {
    const repo = published()
    const { updater } = clientOf(repo)
    const view = await updater.refresh()
    repo.removeTarget('a.txt')
    repo.publish()
    const next = await updater.refresh()
    expect([view.targets.version, next.targets.version]).toEqual([1, 2])
    expect(await view.find('a.txt')).toBeDefined()
    expect(await next.find('a.txt')).toBeUndefined()
  })
})

describe('5.7.3: verify', () => {
  test('bytes from anywhere: the target, or the fault', async () => {
    const view = await clientOf(published()).updater.refresh()
    expect(await view.verify('a.txt', hello)).toEqual(await view.find('a.txt'))
    const place = { role: 'a.txt', step: '5.7.3' }
    expect(await refusalOfTask(view.verify('a.txt', hello.subarray(1)))).toEqual({
      code: 'ERR_TUF_LENGTH_MISMATCH',
      ...place,
    })
    expect(
      await refusalOfTask(
        view.verify(
          'a.txt',
          hello.map((byte) => byte ^ 1),
        ),
      ),
    ).toEqual({
      code: 'ERR_TUF_HASH_MISMATCH',
      ...place,
    })
  })
})

describe('the path of a refused file', () => {
  test('an error of the repository names the source of fetched bytes', async () => {
    const repo = published()
    const { updater, fetcher } = clientOf(repo)
    repo.attack.forged('targets')
    await expect(updater.refresh()).rejects.toMatchObject({
      role: 'targets',
      url: `${fetcher.metadataUrl}2.targets.json`,
    })
    repo.attack.stop()
    repo.expire('root')
    await expect(updater.refresh()).rejects.toMatchObject({ step: '5.3.10', url: undefined })
  })
})
