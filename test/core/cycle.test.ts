import { describe, expect, test } from '@jest/globals'
import { onlineCycle } from '../../src/core/cycle/cycle.js'
import {
  answer,
  cycleOptions,
  finished,
  limits,
  online,
  published,
  runCycle,
  runUntil,
  seen,
  type Disk,
} from '../support/run-cycle.js'

const garbage = new TextEncoder().encode('{"signed":')

/** The start of every cycle, when root 1 is stored and is the newest. */
const rootUnchanged = [
  'trusted root 1 of the anchor',
  'read state/anchor',
  'read root.json',
  'read root_history/1.root.json',
  'read root_history/2.root.json',
  'fetch 2.root.json',
]
/** Whether another process stored a root meanwhile, and whether the copy says so. */
const noNewer = (version: number): string[] => [
  `read root_history/${version}.root.json`,
  'read root.json',
]
const readFloors = ['read timestamp.json', 'read snapshot.json']

describe('5.1 to 5.6: the order of one update cycle', () => {
  test('the first: every role is fetched, judged and written, one after another', () => {
    const repo = published()
    expect(finished(online(repo), repo, new Map()).log).toEqual([
      'trusted root 1 of the anchor',
      'read state/anchor',
      // The store names no owner.
      'read root_history/1.root.json',
      'read root.json',
      'persist state/anchor',
      'read root.json',
      'read root_history/1.root.json',
      'persist root_history/1.root.json',
      'persist root.json',
      'read root_history/2.root.json',
      'fetch 2.root.json',
      ...noNewer(2),
      ...readFloors,
      'fetch timestamp.json',
      'trusted timestamp 1 of the network',
      'persist timestamp.json',
      'fetch 1.snapshot.json',
      'trusted snapshot 1 of the network',
      'persist snapshot.json',
      'read targets.json',
      'fetch 1.targets.json',
      'trusted targets 1 of the network',
      'persist targets.json',
    ])
  })

  test('without changes: two requests and no write', () => {
    const { repo, disk } = seen()
    expect(finished(online(repo), repo, disk).log).toEqual([
      ...rootUnchanged,
      ...noNewer(2),
      ...readFloors,
      'fetch timestamp.json',
      'trusted timestamp 1 of the store',
      'trusted snapshot 1 of the store',
      'read targets.json',
      'trusted targets 1 of the store',
    ])
  })

  test('a new timestamp of the same snapshot: it alone is written', () => {
    const { repo, disk } = seen()
    repo.publish()
    const { log, written } = finished(online(repo), repo, disk)
    expect(written).toEqual(['persist timestamp.json'])
    expect(log).toContain('trusted snapshot 1 of the store')
  })

  test('a new snapshot: the stored one is tried, the stored targets are used', () => {
    const { repo, disk } = seen()
    repo.publish('snapshot')
    expect(finished(online(repo), repo, disk).log).toEqual([
      ...rootUnchanged,
      ...noNewer(2),
      ...readFloors,
      'fetch timestamp.json',
      'trusted timestamp 2 of the network',
      'persist timestamp.json',
      'not used: snapshot, ERR_TUF_VERSION_MISMATCH',
      'fetch 2.snapshot.json',
      'trusted snapshot 2 of the network',
      'persist snapshot.json',
      'read targets.json',
      'trusted targets 1 of the store',
    ])
  })

  test('6.2: without consistent snapshots names contain no version', () => {
    const repo = published({ consistentSnapshot: false })
    const fetched = finished(online(repo), repo, new Map()).log.filter((line) =>
      line.startsWith('fetch'),
    )
    expect(fetched).toEqual([
      'fetch 2.root.json',
      'fetch timestamp.json',
      'fetch snapshot.json',
      'fetch targets.json',
    ])
  })

  test('each request for a file names its role, its step and its limit', () => {
    const repo = published({ timestampHashes: true, snapshotHashes: true })
    const requests: object[] = []
    const cycle = online(repo)
    let step = cycle.next()
    while (step.done !== true) {
      const { value } = step
      if ('fetch' in value) requests.push(value)
      const answer = 'fetch' in value ? repo.answer('metadata', value.fetch) : undefined
      const written = 'persist' in value ? 'done' : undefined
      step = cycle.next(answer instanceof Uint8Array ? answer : written)
    }
    const length = (name: string): number => repo.file(name).length
    expect(requests).toEqual([
      { fetch: '2.root.json', role: 'root', step: '5.3.3', maxLength: 512_000, mayBeAbsent: true },
      { fetch: 'timestamp.json', role: 'timestamp', step: '5.4.1', maxLength: 64_000 },
      {
        fetch: '1.snapshot.json',
        role: 'snapshot',
        step: '5.5.1',
        maxLength: length('1.snapshot.json'),
        ofSnapshot: true,
      },
      {
        fetch: '1.targets.json',
        role: 'targets',
        step: '5.6.1',
        maxLength: length('1.targets.json'),
        ofSnapshot: true,
      },
    ])
  })

  test('each write says whether a power failure may destroy it, and whether the cycle needs it', () => {
    const repo = published()
    const disk: Disk = new Map()
    const writes: unknown[] = []
    const cycle = online(repo)
    let step = cycle.next()
    while (step.done !== true) {
      const { value } = step
      if ('persist' in value) {
        writes.push([value.persist, value.replaceable, value.optional === true])
      }
      step = cycle.next(answer(value, repo, disk))
    }
    expect(writes).toEqual([
      ['state/anchor', false, true],
      ['root_history/1.root.json', false, false],
      ['root.json', false, true],
      ['timestamp.json', false, false],
      ['snapshot.json', false, false],
      ['targets.json', true, false],
    ])
  })

  test('a driver that omits a due answer gets an error', () => {
    const repo = published()
    const cycle = online(repo)
    let step = cycle.next()
    while (step.done !== true && !('fetch' in step.value && step.value.role === 'timestamp')) {
      step = cycle.next('persist' in step.value ? 'done' : undefined)
    }
    expect(() => cycle.next(undefined)).toThrow(TypeError)
  })

  test('a driver that does not say whether a change was made gets an error', () => {
    const cycle = online(published())
    let step = cycle.next()
    while (step.done !== true && !('persist' in step.value)) step = cycle.next(undefined)
    expect(() => cycle.next(undefined)).toThrow(TypeError)
  })
})

describe('5.3: the roots', () => {
  test('5.3.8: each new root is written before the next is requested', () => {
    const { repo, disk } = seen()
    repo.rotate('root')
    repo.publish('root')
    expect(finished(online(repo), repo, disk).log.slice(0, 16)).toEqual([
      ...rootUnchanged,
      'trusted root 2 of the network',
      'persist root_history/2.root.json',
      'persist root.json',
      'read root_history/3.root.json',
      'fetch 3.root.json',
      'trusted root 3 of the network',
      'persist root_history/3.root.json',
      'persist root.json',
      'read root_history/4.root.json',
      'fetch 4.root.json',
    ])
    expect(disk.get('root.json')).toEqual(repo.root(3))
  })

  test('stored roots are replayed from the anchor', () => {
    const { repo, disk } = seen()
    repo.rotate('root')
    finished(online(repo), repo, disk)
    const { log, written } = finished(online(repo), repo, disk)
    expect(log.slice(0, 8)).toEqual([
      'trusted root 1 of the anchor',
      'read state/anchor',
      'read root.json',
      'read root_history/1.root.json',
      'read root_history/2.root.json',
      'trusted root 2 of the store',
      'read root_history/3.root.json',
      'fetch 3.root.json',
    ])
    expect(written).toEqual([])
  })

  test('CVE-2025-2885: a stored root that the anchor does not lead to is fetched from the network', () => {
    const { repo, disk } = seen()
    repo.attack.rootWithoutOldKeys()
    const planted = repo.answer('metadata', '2.root.json')
    repo.attack.stop()
    if (planted instanceof Uint8Array) disk.set('root_history/2.root.json', planted)
    repo.rotate('root')
    expect(finished(online(repo), repo, disk).log.slice(5, 10)).toEqual([
      'not used: root, ERR_TUF_THRESHOLD_NOT_MET',
      'fetch 2.root.json',
      'trusted root 2 of the network',
      'persist root_history/2.root.json',
      'persist root.json',
    ])
    expect(disk.get('root_history/2.root.json')).toEqual(repo.root(2))
  })

  test('a gap in the history is filled, and the copy for readers is the newest again', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    repo.publish('root')
    finished(online(repo), repo, disk)
    disk.delete('root_history/1.root.json')
    disk.set('root_history/2.root.json', garbage)
    const { log } = finished(online(repo), repo, disk)
    expect(log.slice(4)).toEqual([
      'persist root_history/1.root.json',
      'read root_history/2.root.json',
      'not used: root, ERR_TUF_METADATA_INVALID',
      'fetch 2.root.json',
      'trusted root 2 of the network',
      'persist root_history/2.root.json',
      'read root_history/3.root.json',
      'trusted root 3 of the store',
      'read root_history/4.root.json',
      'fetch 4.root.json',
      ...noNewer(4),
      ...readFloors,
      'fetch timestamp.json',
      'trusted timestamp 3 of the store',
      'trusted snapshot 1 of the store',
      'read targets.json',
      'trusted targets 1 of the store',
    ])
    expect(disk.get('root.json')).toEqual(repo.root(3))
  })

  test('a crash between the history and the copy for readers is made good by the next cycle', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    runUntil(online(repo), repo, disk, 'persist root.json')
    expect(disk.get('root_history/2.root.json')).toEqual(repo.root(2))
    expect(disk.get('root.json')).toEqual(repo.root(1))
    expect(finished(online(repo), repo, disk).written).toContain('persist root.json')
    expect(disk.get('root.json')).toEqual(repo.root(2))
  })

  test('a newer anchor makes older history irrelevant', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    repo.publish('root')
    expect(finished(online(repo, { anchor: repo.root(3) }), repo, disk).log.slice(0, 10)).toEqual([
      'trusted root 3 of the anchor',
      'read state/anchor',
      'read root_history/3.root.json',
      'read root.json',
      'persist state/anchor',
      'read root.json',
      'read root_history/3.root.json',
      'persist root_history/3.root.json',
      'read root_history/4.root.json',
      'fetch 4.root.json',
    ])
  })

  test('an anchor that differs from the stored root of its version replaces it', () => {
    const { repo, disk } = seen()
    repo.editInPlace('root', { bytes: (bytes) => Uint8Array.from([...bytes, 0x20]) })
    expect(finished(online(repo), repo, disk).written).toEqual([
      'persist state/anchor',
      'persist root_history/1.root.json',
      'persist root.json',
    ])
  })

  test('5.2: without an anchor the root of init is read, and without both the cycle fails', () => {
    const repo = published()
    const { anchor: _, ...options } = cycleOptions(repo)
    expect(runCycle(onlineCycle(options), repo, new Map())).toEqual({
      log: ['read anchor/root.json'],
      written: [],
      refused: { code: 'ERR_TUF_NOT_STORED' },
    })
    const disk = new Map([['anchor/root.json', repo.root()]])
    expect(finished(onlineCycle(options), repo, disk).log.slice(0, 2)).toEqual([
      'read anchor/root.json',
      'trusted root 1 of the anchor',
    ])
  })

  test('5.2: a root of init that is longer than a root may be is not used', () => {
    const repo = published()
    const { anchor: _, ...options } = cycleOptions(repo)
    const disk = new Map([['anchor/root.json', repo.root()]])
    const short = { ...limits, rootLength: repo.root().length - 1 }
    expect(runCycle(onlineCycle({ ...options, limits: short }), repo, disk)).toEqual({
      log: ['read anchor/root.json', 'not used: root, ERR_TUF_LIMIT'],
      written: [],
      refused: { code: 'ERR_TUF_NOT_STORED' },
    })
  })

  test('5.3.3: the walk ends at the cap on rotations, and the cycle goes on', () => {
    const repo = published()
    for (let i = 0; i < 3; i++) repo.publish('root')
    const capped = { limits: { ...limits, rootRotations: 2 } }
    const disk: Disk = new Map()
    const first = finished(online(repo, capped), repo, disk)
    expect(first.log.filter((line) => /^fetch .*root/.test(line))).toEqual([
      'fetch 2.root.json',
      'fetch 3.root.json',
    ])
    expect(first.result?.root.signed.version).toBe(3)
    expect(finished(online(repo, capped), repo, disk).result?.root.signed.version).toBe(4)
  })
})
