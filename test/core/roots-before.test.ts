import { describe, expect, test } from '@jest/globals'
import { keepCopy, rootsBefore } from '../../src/core/cycle/root.js'
import { trustAnchor } from '../../src/core/trust/root.js'
import type { RootFile } from '../../src/core/trust/root-file.js'
import type { TestRepository } from '../../src/testing/index.js'
import { newest, options } from '../support/phases.js'
import {
  answer,
  cycleOptions,
  finished,
  limits,
  online,
  published,
  runCycle,
  type Disk,
} from '../support/run-cycle.js'
import { HeldCycle } from '../support/two-cycles.js'

function rotated(seed: string): TestRepository {
  const repo = published({ seed })
  for (let version = 2; version <= 4; version++) repo.rotate('root')
  return repo
}

const [repo, other] = [rotated('one'), rotated('other')]

function rootOf(version: number): RootFile {
  const bytes = repo.root(version)
  return { trust: trustAnchor(bytes, options), bytes }
}

/** The stored roots before an anchor, and the entries that are read. */
function before(version: number, roots: Readonly<Record<number, Uint8Array>>, most = 1024): object {
  const disk: Disk = new Map(
    Object.entries(roots).map(([name, bytes]) => [`root_history/${name}.root.json`, bytes]),
  )
  const change = { limits: { ...limits, rootRotations: most } }
  const cycle = rootsBefore(rootOf(version), { ...cycleOptions(repo), ...change })
  const { log, result } = runCycle(cycle, repo, disk)
  return { versions: result?.map((root) => root.version), reads: log.length }
}

describe('5.3.11: the stored roots before a newer anchor', () => {
  const all = { 1: repo.root(1), 2: repo.root(2), 3: repo.root(3) }

  test('are those of its chain, oldest first', () => {
    expect(before(4, all)).toEqual({ versions: [1, 2, 3], reads: 3 })
    expect(before(2, all)).toEqual({ versions: [1], reads: 1 })
  })

  test('are none for root 1, and no entry is read', () => {
    expect(before(1, all)).toEqual({ versions: [], reads: 0 })
  })

  test.each([
    ['is missing', undefined],
    ['is damaged', new TextEncoder().encode('{')],
    ['is of another repository', other.root(2)],
    ['is another version under this name', repo.root(1)],
  ])('end where one %s', (_what, second) => {
    const { 2: _, ...others } = all
    const roots = second ? { ...others, 2: second } : others
    expect(before(4, roots)).toEqual({ versions: [3], reads: 2 })
  })

  test('are as many as the limit on rotations allows', () => {
    expect(before(4, all, 2)).toEqual({ versions: [2, 3], reads: 2 })
  })

  test.each([
    ['are read where no root vouches for a stored file', newest(other, 'timestamp'), true],
    ['are not read where the newest root vouches for both', newest(repo, 'timestamp'), false],
    ['are not read for a file that cannot be read', new TextEncoder().encode('{'), false],
  ])('%s', (_when, timestamp, isRead) => {
    const disk: Disk = new Map()
    finished(online(repo), repo, disk)
    disk.set('timestamp.json', timestamp)
    const { log } = finished(online(repo, { anchor: repo.root(3) }), repo, disk)
    expect(log.includes('read root_history/2.root.json')).toBe(isRead)
  })
})

describe('the copy of the newest root', () => {
  /** Another program changes the copy right before the write. */
  function copyAfter(found: Uint8Array | undefined, meanwhile: Uint8Array): object {
    const disk: Disk = new Map([['root.json', meanwhile]])
    const { result, written } = runCycle(keepCopy(rootOf(3), found, cycleOptions(repo)), repo, disk)
    const versions = [1, 2, 3, 4].filter((version) => repo.root(version) === disk.get('root.json'))
    return { writes: written.length, versions, same: result === disk.get('root.json') }
  }

  test('is written over an older one that another program wrote meanwhile', () => {
    expect(copyAfter(repo.root(1), repo.root(2))).toEqual({ writes: 2, versions: [3], same: true })
  })

  test('stays when another program wrote a newer one meanwhile, or the same', () => {
    expect(copyAfter(repo.root(1), repo.root(4))).toEqual({ writes: 1, versions: [4], same: true })
    expect(copyAfter(repo.root(1), repo.root(3))).toEqual({ writes: 1, versions: [3], same: true })
    expect(copyAfter(repo.root(3), repo.root(3))).toEqual({ writes: 0, versions: [3], same: true })
  })

  test('stays when another program writes a newer one before the second attempt too', () => {
    const disk: Disk = new Map([['root.json', repo.root(2)]])
    const cycle = new HeldCycle(keepCopy(rootOf(3), repo.root(1), cycleOptions(repo)), repo, disk)
    cycle.goOn(2)
    expect(cycle.next).toBe('persist root.json')
    disk.set('root.json', repo.root(4))
    cycle.goOn()
    expect(disk.get('root.json')).toBe(repo.root(4))
    expect(cycle.result).toBe(repo.root(4))
  })
})

describe('5.3.3: the copy at the cap on rotations', () => {
  /** A store that lacks root 2, after a cycle that may ask for one root. */
  function capped(copy: number, ...stored: readonly number[]): object {
    const disk: Disk = new Map([['root.json', repo.root(copy)]])
    for (const version of stored) disk.set(`root_history/${version}.root.json`, repo.root(version))
    const { log } = finished(online(repo, { limits: { ...limits, rootRotations: 1 } }), repo, disk)
    const versions = [1, 2, 3, 4].filter((version) => repo.root(version) === disk.get('root.json'))
    return { stops: log.filter((line) => line.startsWith('stops')), versions }
  }

  test('is the newest root that the cycle reached', () => {
    expect(capped(1, 1, 3)).toEqual({ stops: ['stops at root 3'], versions: [3] })
  })

  test('and the cap itself is told with the root and the limit', () => {
    const disk: Disk = new Map()
    const cycle = online(repo, { limits: { ...limits, rootRotations: 1 } })
    const decisions: unknown[] = []
    let step = cycle.next()
    while (step.done !== true) {
      if ('decided' in step.value) decisions.push(step.value.decided)
      step = cycle.next(answer(step.value, repo, disk))
    }
    const limit = { verdict: 'limit-reached', role: 'root', version: 2, limit: 1 }
    expect(decisions).toContainEqual(limit)
  })

  test('stays when it is newer', () => {
    expect(capped(4, 1)).toEqual({ stops: ['stops at root 2'], versions: [4] })
  })
})

describe('5.3.3: a repository that withholds roots after which the copy was signed', () => {
  function withheld() {
    const complete = published()
    const older = complete.fork()
    complete.publish('root')
    complete.publish('root')
    const disk: Disk = new Map()
    finished(online(older), older, disk)
    disk.set('root.json', complete.root(3))
    return { complete, older, disk, cycle: new HeldCycle(online(older), older, disk) }
  }

  test('is refused, and the error names the copy', () => {
    const { older, disk } = withheld()
    const run = (): void => {
      const cycle = online(older)
      let step = cycle.next()
      while (step.done !== true) step = cycle.next(answer(step.value, older, disk))
    }
    expect(run).toThrow(
      expect.objectContaining({
        ...{ code: 'ERR_TUF_ROLLBACK', role: 'root', step: '5.3.3', file: 'root.json' },
        origin: { from: 'store', entry: 'root.json' },
      }),
    )
  })

  test('is not refused where the copy is the next root, which the history has lost', () => {
    const { complete, older, disk } = withheld()
    disk.set('root.json', complete.root(2))
    expect(finished(online(older), older, disk).result?.root.signed.version).toBe(2)
    expect(disk.get('root_history/2.root.json')).toEqual(complete.root(2))
  })

  test('is not refused when another process stores these roots right before', () => {
    const { complete, disk, cycle } = withheld()
    const goOnTo = (line: string): void => {
      while (cycle.next !== line) cycle.goOn(1)
    }
    goOnTo('fetch 2.root.json')
    goOnTo('read root.json')
    cycle.goOn(1)
    for (const version of [2, 3]) {
      disk.set(`root_history/${version}.root.json`, complete.root(version))
    }
    cycle.goOn()
    expect(cycle.refused).toBeUndefined()
    expect(cycle.result?.root.signed.version).toBe(3)
  })
})
