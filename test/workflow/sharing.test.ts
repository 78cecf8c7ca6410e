import { describe, expect, test } from '@jest/globals'
import { createRepository, ed25519Signer, type TestRepository } from '../../src/testing/index.js'
import { askedFor, clientOf, gate, notedStore, serveLater } from '../support/client.js'
import { settle } from '../support/manual-clock.js'
import { refusalOfTask } from '../support/refusal.js'

const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]

/** a and b delegate to one role, by different keys, for different paths. */
function published(): TestRepository {
  const repo = createRepository()
  repo.delegate('targets', { name: 'a', paths: ['a/*'] })
  repo.delegate('targets', { name: 'b', paths: ['b/*'] })
  repo.delegate('a', { name: 'shared', paths: ['a/[0-9]'], signers: [forA] })
  repo.delegate('b', { name: 'shared', paths: ['b/[0-9]'], signers: [forB] })
  for (const path of ['a/1', 'a/2', 'b/1']) repo.addTarget(path, path, { role: 'shared' })
  repo.publish()
  return repo
}

describe('searches at the same time', () => {
  test('share their requests', async () => {
    const { updater, requested } = clientOf(published())
    const view = await updater.refresh()
    requested()
    const paths = ['a/1', 'a/2', 'b/1', 'a/absent', 'a/1']
    const found = await Promise.all(paths.map((path) => view.find(path)))
    expect(found.map((target) => target?.path)).toEqual(['a/1', 'a/2', 'b/1', undefined, 'a/1'])
    expect(requested().sort()).toEqual(['1.a.json', '1.b.json', '1.shared.json'])
  })

  test('share a refusal too, and the next search asks again', async () => {
    const repo = published()
    const { updater, requested } = clientOf(repo)
    const view = await updater.refresh()
    requested()
    repo.serve('1.a.json', { status: 500 })
    const refused = await Promise.all(['a/1', 'a/2'].map((path) => refusalOfTask(view.find(path))))
    expect(refused.map(({ code }) => code)).toEqual([
      'ERR_TUF_FETCH_FAILED',
      'ERR_TUF_FETCH_FAILED',
    ])
    expect(requested()).toEqual(['1.a.json'])
    repo.serve('1.a.json', undefined)
    expect(await view.find('a/1')).toBeDefined()
  })

  test('python-tuf#2977: each role is judged through its own edge, whichever caller asked first', async () => {
    const repo = published()
    repo.edit('shared', { signers: [forB] })
    const { updater, requested } = clientOf(repo)
    const view = await updater.refresh()
    requested()
    const [throughA, throughB] = await Promise.all([
      refusalOfTask(view.find('a/1')),
      view.find('b/1'),
    ])
    expect(throughA).toEqual({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'shared',
      step: '5.6.3',
    })
    expect(throughB?.path).toBe('b/1')
  })

  test('python-tuf#2977: also when the first caller gave up', async () => {
    const repo = published()
    repo.edit('shared', { signers: [forB] })
    const { updater, requested, fetcher } = clientOf(repo)
    const view = await updater.refresh()
    await Promise.all([view.find('a/x'), view.find('b/x')])
    requested()
    const held = gate()
    serveLater(repo, '2.shared.json', held)
    const controller = new AbortController()
    const first = view.find('a/1', { signal: controller.signal })
    await askedFor(fetcher, '2.shared.json')
    controller.abort(new Error('given up'))
    const throughB = view.find('b/1')
    await expect(first).rejects.toThrow('given up')
    await settle()
    const throughA = refusalOfTask(view.find('a/2'))
    await settle()
    held.open()
    expect((await throughB)?.path).toBe('b/1')
    expect(await throughA).toMatchObject({ code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'shared' })
    // Once for who gave up, once for the others.
    expect(requested()).toEqual(['2.shared.json', '2.shared.json'])
  })
})

describe('refreshes at the same time', () => {
  test('share one cycle', async () => {
    const { updater, requested } = clientOf(published())
    const [one, other, third] = await Promise.all([
      updater.refresh(),
      updater.refresh(),
      updater.refresh({ mode: 'online' }),
    ])
    expect(one).toBe(other)
    expect(one).toBe(third)
    expect(requested()).toHaveLength(4)
    expect(await updater.refresh()).not.toBe(one)
  })

  test('do not when they ask for another mode or time', async () => {
    const repo = published()
    const { updater } = clientOf(repo)
    await updater.refresh()
    const views = await Promise.all([
      updater.refresh(),
      updater.refresh({ mode: 'offline' }),
      updater.refresh({ now: repo.now + 1 }),
    ])
    expect(new Set(views).size).toBe(3)
  })

  test('share a failure, and the next one starts again', async () => {
    const repo = published()
    const { updater, requested } = clientOf(repo)
    repo.serve('timestamp.json', { status: 503 })
    const refused = await Promise.all([1, 2].map(() => refusalOfTask(updater.refresh())))
    expect(refused.map(({ code }) => code)).toEqual([
      'ERR_TUF_FETCH_FAILED',
      'ERR_TUF_FETCH_FAILED',
    ])
    expect(requested()).toEqual(['2.root.json', 'timestamp.json'])
    repo.serve('timestamp.json', undefined)
    expect((await updater.refresh()).timestamp.version).toBe(1)
  })
})

describe('AbortSignal', () => {
  test('an aborted signal: its reason, and no request', async () => {
    const { updater, requested } = clientOf(published())
    const reason = new Error('not wanted')
    await expect(updater.refresh({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await settle()
    expect(requested()).toEqual([])
    const view = await updater.refresh()
    requested()
    await expect(view.find('a/1', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await settle()
    expect(requested()).toEqual([])
  })

  test('ends a cycle in a request: no request or write follows', async () => {
    const repo = published()
    const held = gate()
    const end = serveLater(repo, 'timestamp.json', held)
    const { updater, requested, written, fetcher } = clientOf(repo)
    const controller = new AbortController()
    const refreshing = updater.refresh({ signal: controller.signal })
    await askedFor(fetcher, 'timestamp.json')
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(refreshing).rejects.toBe(reason)
    expect(fetcher.requests.at(-1)?.signal.aborted).toBe(true)
    held.open()
    await settle()
    expect(requested()).toEqual(['2.root.json', 'timestamp.json'])
    expect(written()).toEqual(['root_history/1.root.json', 'root.json'])
    end()
    expect((await updater.refresh()).timestamp.version).toBe(1)
  })

  test('a caller that aborts leaves; others that wait for the same cycle are served', async () => {
    const repo = published()
    const held = gate()
    serveLater(repo, 'timestamp.json', held)
    const { updater, requested, fetcher } = clientOf(repo)
    const controller = new AbortController()
    const leaving = updater.refresh({ signal: controller.signal })
    const staying = updater.refresh({ signal: new AbortController().signal })
    const unbound = updater.refresh()
    await askedFor(fetcher, 'timestamp.json')
    controller.abort(new Error('leaving'))
    await expect(leaving).rejects.toThrow('leaving')
    held.open()
    expect(await staying).toBe(await unbound)
    expect(requested()).toHaveLength(4)
  })

  test('the cycle ends when the last waiting caller leaves', async () => {
    const repo = published()
    serveLater(repo, 'timestamp.json', gate())
    const { updater, fetcher } = clientOf(repo)
    const controllers = [new AbortController(), new AbortController()]
    const all = controllers.map(({ signal }) => updater.refresh({ signal }))
    await askedFor(fetcher, 'timestamp.json')
    for (const [index, controller] of controllers.entries()) {
      expect(fetcher.requests.at(-1)?.signal.aborted).toBe(false)
      controller.abort(new Error('leaving'))
      await expect(all[index]).rejects.toThrow('leaving')
    }
    expect(fetcher.requests.at(-1)?.signal.aborted).toBe(true)
  })

  test('ends a search in a request, and the next search asks again', async () => {
    const repo = published()
    const { updater, requested, fetcher } = clientOf(repo)
    const view = await updater.refresh()
    requested()
    const end = serveLater(repo, '1.a.json', gate())
    const controller = new AbortController()
    const finding = view.find('a/1', { signal: controller.signal })
    await askedFor(fetcher, '1.a.json')
    controller.abort(new Error('enough'))
    await expect(finding).rejects.toThrow('enough')
    end()
    expect(await view.find('a/1')).toBeDefined()
    expect(requested()).toEqual(['1.a.json', '1.a.json', '1.shared.json'])
  })
})

describe('two clients over one store', () => {
  test('newer files that the other one wrote meanwhile stay', async () => {
    const repo = published()
    const store = notedStore()
    let [running, most] = [0, 0]
    store.exclusive = async (commit) => {
      running += 1
      most = Math.max(most, running)
      const result = await commit()
      running -= 1
      return result
    }
    const held = gate()
    const end = serveLater(repo, '1.targets.json', held)
    const heldToo = gate()
    const endToo = serveLater(repo, 'timestamp.json', heldToo)
    const slow = clientOf(repo, { store })
    const refreshing = slow.updater.refresh()
    await askedFor(slow.fetcher, 'timestamp.json')
    endToo()
    end()

    repo.publish('targets')
    const fast = clientOf(repo, { store })
    expect((await fast.updater.refresh()).timestamp.version).toBe(2)
    const newest = new Map(store.entries)

    heldToo.open()
    held.open()
    const view = await refreshing
    expect([view.timestamp.version, view.snapshot.version, view.targets.version]).toEqual([1, 1, 1])
    for (const name of ['timestamp.json', 'snapshot.json', 'targets.json']) {
      expect(store.entries.get(name)).toBe(newest.get(name))
    }
    const yielded = slow.events.filter(({ type }) => type === 'yield')
    expect(yielded).toEqual(
      ['timestamp.json', 'snapshot.json', 'targets.json'].map((entry) => ({
        type: 'yield',
        entry,
      })),
    )
    expect(most).toBe(1)
    const later = clientOf(repo, { store })
    expect((await later.updater.refresh({ mode: 'offline' })).targets.version).toBe(2)
  })

  test('targets of a snapshot that the other one stored later stay', async () => {
    const repo = published()
    const store = notedStore()
    const held = gate()
    const end = serveLater(repo, '1.targets.json', held)
    const slow = clientOf(repo, { store })
    const refreshing = slow.updater.refresh()
    await askedFor(slow.fetcher, '1.targets.json')
    end()
    expect(store.written).toContain('snapshot.json')
    repo.publish('targets')
    await clientOf(repo, { store }).updater.refresh()
    held.open()
    expect((await refreshing).targets.version).toBe(1)
    expect(store.entries.get('targets.json')).toEqual(repo.file('2.targets.json'))
    expect(slow.events).toContainEqual({ type: 'yield', entry: 'targets.json' })
    const view = await clientOf(repo, { store }).updater.refresh({ mode: 'offline' })
    expect(view.targets.version).toBe(2)
  })

  test('5.3.11: rotated files are not deleted when the other one replaced them meanwhile', async () => {
    const repo = published()
    const store = notedStore()
    await clientOf(repo, { store }).updater.refresh()
    repo.rotate('timestamp')
    repo.publish()
    let meanwhile = async (): Promise<void> => {
      meanwhile = () => Promise.resolve()
      await clientOf(repo, { store }).updater.refresh()
    }
    // The slow one read and judged the store, and is about to delete.
    const slowStore = {
      ...store,
      exclusive: async <T>(commit: () => Promise<T>): Promise<T> => {
        await meanwhile()
        return commit()
      },
    }
    const slow = clientOf(repo, { store: slowStore })
    await slow.updater.refresh()
    expect(slow.events.filter(({ type }) => type === 'delete')).toEqual([])
    const newest = JSON.parse(Buffer.from(repo.file('timestamp.json')).toString()).signed.version
    const stored = JSON.parse(Buffer.from(store.entries.get('timestamp.json')!).toString())
    expect(stored.signed.version).toBe(newest)
  })

  test('the time of the later cycle stays, whichever ends last', async () => {
    const repo = published()
    const store = notedStore()
    const held = gate()
    const end = serveLater(repo, 'timestamp.json', held)
    const earlier = clientOf(repo, { store }).updater.refresh()
    await settle()
    end()
    const later = repo.now + 60_000
    await clientOf(repo, { store, now: () => later }).updater.refresh()
    held.open()
    await earlier
    expect(new TextDecoder().decode(store.entries.get('state/clock'))).toBe(`${later}\n`)
  })

  test('files of the other one are replaced when they are older, forged or garbage', async () => {
    const repo = published()
    const store = notedStore()
    const old = clientOf(repo, { store })
    await old.updater.refresh()
    repo.publish('targets')
    store.entries.set('snapshot.json', new TextEncoder().encode('{'))
    const { updater, events } = clientOf(repo, { store })
    await updater.refresh()
    expect(events.filter(({ type }) => type === 'yield')).toEqual([])
    expect(store.entries.get('snapshot.json')).toEqual(repo.file('2.snapshot.json'))
    expect(store.entries.get('targets.json')).toEqual(repo.file('2.targets.json'))
  })
})
