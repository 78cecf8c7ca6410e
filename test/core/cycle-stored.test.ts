import { describe, expect, test } from '@jest/globals'
import { offlineCycle } from '../../src/core/cycle/cycle.js'
import type { Cycle, CycleOptions } from '../../src/core/cycle/request.js'
import type { TufError } from '../../src/errors.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import {
  answer,
  cycleOptions,
  finished,
  limits,
  online,
  runCycle,
  seen,
  type Disk,
} from '../support/run-cycle.js'

const day = 86_400_000
const garbage = new TextEncoder().encode('{"signed":')
const readFloors = ['read timestamp.json', 'read snapshot.json']

describe('5.3.11: keys of timestamp or snapshot were rotated', () => {
  const deletions = {
    timestamp: ['delete snapshot.json', 'delete timestamp.json'],
    snapshot: ['delete timestamp.json', 'delete snapshot.json'],
  }

  test.each(['timestamp', 'snapshot'] as const)(
    'the file that shows the rotation of %s is deleted last, before any request',
    (role) => {
      const { repo, disk } = seen()
      repo.rotate(role)
      const { log } = finished(online(repo), repo, disk)
      const start = log.indexOf('read snapshot.json')
      expect(log.slice(start + 1, start + 5)).toEqual([
        `not used: ${role}, ERR_TUF_THRESHOLD_NOT_MET`,
        ...deletions[role],
        'fetch timestamp.json',
      ])
      // The stored snapshot is not even tried.
      expect(log.filter((line) => line.startsWith('not used'))).toHaveLength(1)
      expect(log).toContain(`fetch ${repo.version('snapshot')}.snapshot.json`)
    },
  )

  test.each(['timestamp', 'snapshot'] as const)(
    'a damaged file beside the one that shows the rotation of %s is deleted first, a missing one not at all',
    (role) => {
      const other = role === 'timestamp' ? 'snapshot' : 'timestamp'
      const { repo, disk } = seen()
      repo.rotate(role)
      const deleted = (store: Disk): readonly string[] =>
        finished(online(repo), repo, store).written.filter((line) => line.startsWith('delete'))
      const damaged = new Map(disk).set(`${other}.json`, garbage)
      expect(deleted(damaged)).toEqual(deletions[role])
      const missing = new Map(disk)
      missing.delete(`${other}.json`)
      expect(deleted(missing)).toEqual([`delete ${role}.json`])
    },
  )

  test('both rotated: both are deleted', () => {
    const { repo, disk } = seen()
    repo.rotate('timestamp')
    repo.rotate('snapshot')
    expect(finished(online(repo), repo, disk).written.slice(4, 6)).toEqual([
      'delete snapshot.json',
      'delete timestamp.json',
    ])
  })

  test('a fast-forward attack is recovered from by rotating the keys', () => {
    const { repo, disk } = seen()
    repo.attack.fastForward()
    finished(online(repo), repo, disk)
    repo.attack.stop()
    repo.publish()
    expect(runCycle(online(repo), repo, disk).refused).toMatchObject({ step: '5.4.3.1' })
    repo.rotate('timestamp')
    repo.rotate('snapshot')
    expect(finished(online(repo), repo, disk).result?.timestamp.signed.version).toBe(
      repo.version('timestamp'),
    )
  })
})

test('5.6.6: targets that an attacker raised are overwritten after a rotation of snapshot keys', () => {
  const { repo, disk } = seen()
  repo.attack.fastForward(['targets', 'snapshot', 'timestamp'], 1_000_000)
  finished(online(repo), repo, disk)
  repo.attack.stop()
  repo.rotate('snapshot')
  finished(online(repo), repo, disk)
  expect(disk.get('targets.json')).toEqual(repo.file(repo.fileName('targets')))
})

/** Of the stored files that a cycle does not use. */
function errorsOf(cycle: Cycle<unknown>, repo: TestRepository, disk: Disk): TufError[] {
  const errors: TufError[] = []
  let step = cycle.next()
  while (step.done !== true) {
    const decided = 'decided' in step.value ? step.value.decided : undefined
    if (decided?.verdict === 'not-used') errors.push(decided.error)
    step = cycle.next(answer(step.value, repo, disk))
  }
  return errors
}

describe('a missing or damaged stored file costs one request and changes no result', () => {
  test.each(['timestamp', 'snapshot', 'targets'])('%s is missing', (role) => {
    const { repo, disk } = seen()
    const name = `${role}.json`
    disk.delete(name)
    expect(finished(online(repo), repo, disk).written).toEqual([`persist ${name}`])
  })

  test.each(['timestamp', 'snapshot', 'targets'])('%s is garbage', (role) => {
    const { repo, disk } = seen()
    const name = `${role}.json`
    disk.set(name, garbage)
    const { log, written } = finished(online(repo), repo, disk)
    expect(written).toEqual([`persist ${name}`])
    expect(log).toContain(`not used: ${role}, ERR_TUF_METADATA_INVALID`)
    expect(disk.get(name)).toEqual(repo.file(repo.fileName(role)))
  })

  test.each(['timestamp', 'snapshot', 'targets'] as const)(
    '%s is longer than its limit',
    (role) => {
      const { repo, disk } = seen()
      const name = `${role}.json`
      const change = { limits: { ...limits, [`${role}Length`]: 4_000 } }
      disk.set(name, Uint8Array.of(...repo.file(repo.fileName(role)), ...Array(4_000).fill(0x20)))
      const { log, written } = finished(online(repo, change), repo, disk)
      expect(written).toEqual([`persist ${name}`])
      expect(log).toContain(`not used: ${role}, ERR_TUF_LIMIT`)
      const step = { timestamp: '5.4.1', snapshot: '5.5.1', targets: '5.6.1' }[role]
      const message = expect.stringContaining('is stored with more than 4000 bytes')
      disk.set(name, new Uint8Array(4_001))
      expect(errorsOf(online(repo, change), repo, disk)).toEqual([
        expect.objectContaining({ role, step, limit: `${role}Length`, message }),
      ])
    },
  )

  test('a root of the history is longer than its limit', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    disk.set('root_history/2.root.json', padded(repo.root(2), limits.rootLength + 1))
    const { log } = finished(online(repo), repo, disk)
    expect(log).toContain('not used: root, ERR_TUF_LIMIT')
    expect(disk.get('root_history/2.root.json')).toEqual(repo.root(2))
  })

  test('targets of other keys', () => {
    const { repo, disk } = seen()
    const other = createRepository({ seed: 'other' })
    other.publish()
    disk.set('targets.json', other.file('1.targets.json'))
    const { log, written } = finished(online(repo), repo, disk)
    expect(written).toEqual(['persist targets.json'])
    expect(log).toContain('not used: targets, ERR_TUF_THRESHOLD_NOT_MET')
  })

  test('a defect is thrown as it is, not taken for a damaged file', () => {
    const { repo, disk } = seen({ snapshotHashes: true })
    const cryptography = {
      ...cycleOptions(repo).cryptography,
      hash: () => {
        throw new TypeError('broken platform')
      },
    }
    expect(() => runCycle(online(repo, { cryptography }), repo, disk)).toThrow(TypeError)
  })
})

describe('offline', () => {
  function offline(
    repo: TestRepository,
    disk: Disk,
    change?: Partial<CycleOptions>,
  ): ReturnType<typeof runCycle> {
    return runCycle(offlineCycle(cycleOptions(repo, change)), repo, disk)
  }

  test('reads only: no request and no write', () => {
    const { repo, disk } = seen()
    expect(offline(repo, disk).log).toEqual([
      'trusted root 1 of the anchor',
      'read state/anchor',
      'read root.json',
      'read root_history/2.root.json',
      ...readFloors,
      'trusted timestamp 1 of the store',
      'trusted snapshot 1 of the store',
      'read targets.json',
      'trusted targets 1 of the store',
    ])
  })

  test.each(['timestamp', 'snapshot', 'targets'])('needs %s', (role) => {
    const { repo, disk } = seen()
    disk.delete(`${role}.json`)
    expect(offline(repo, disk).refused).toEqual({ code: 'ERR_TUF_NOT_STORED' })
    expectMissing(repo, disk, `${role}.json`)
  })

  function expectMissing(repo: TestRepository, disk: Disk, entry: string): void {
    expect(() => errorsOf(offlineCycle(cycleOptions(repo)), repo, disk)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_NOT_STORED', entry }),
    )
  }

  test('needs the copy of the newest root, and each root before it', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    repo.publish('root')
    finished(online(repo), repo, disk)
    disk.delete('root_history/3.root.json')
    expectMissing(repo, disk, 'root_history/3.root.json')
    disk.delete('root.json')
    expectMissing(repo, disk, 'root.json')
  })

  test('needs targets that are not longer than their limit', () => {
    const { repo, disk } = seen()
    disk.set('targets.json', new Uint8Array(limits.targetsLength + 1))
    const { log, refused } = offline(repo, disk)
    const end = ['read timestamp.json', 'read root_history/2.root.json']
    expect(log.slice(-3)).toEqual(['not used: targets, ERR_TUF_LIMIT', ...end])
    expect(refused).toEqual({ code: 'ERR_TUF_NOT_STORED' })
  })

  test('judges every stored file at the given time', () => {
    const { repo, disk } = seen()
    expect(offline(repo, disk, { now: repo.now + day }).refused).toMatchObject({ step: '5.4.4' })
    expect(offline(repo, disk, { now: repo.now + day - 1 }).refused).toBeUndefined()
  })

  test('replays stored roots, and does not take a refused one for the end of the chain', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    finished(online(repo), repo, disk)
    disk.set('root_history/3.root.json', garbage)
    const { log, refused } = offline(repo, disk)
    expect(log.slice(2)).toEqual([
      'read root.json',
      'read root_history/2.root.json',
      'trusted root 2 of the store',
      'read root_history/3.root.json',
    ])
    expect(refused).toMatchObject({ code: 'ERR_TUF_METADATA_INVALID', role: 'root' })
  })

  test('neither asks nor writes for an anchor that the store does not know', () => {
    const { repo, disk } = seen()
    repo.rotate('root')
    repo.rotate('root')
    const far = offline(repo, disk, { anchor: repo.root(3) })
    expect(far).toMatchObject({ refused: { code: 'ERR_TUF_STORE_FOREIGN' }, written: [] })
    expect(far.log.filter((line) => line.startsWith('fetch'))).toEqual([])
    finished(online(repo), repo, disk)
    const near = offline(repo, disk, { anchor: repo.root(3) })
    expect([near.refused, near.written]).toEqual([undefined, []])
  })

  test('takes a stored root of the greatest length, and no longer one', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    finished(online(repo), repo, disk)
    const most = Math.max(repo.root(1).length, repo.root(2).length)
    disk.set('root_history/2.root.json', padded(repo.root(2), most))
    disk.set('root.json', padded(repo.root(2), most))
    const change = { limits: { ...limits, rootLength: most } }
    expect(offline(repo, disk, change).refused).toBeUndefined()
    disk.set('root_history/2.root.json', padded(repo.root(2), most + 1))
    expect(offline(repo, disk, change).refused).toEqual({ code: 'ERR_TUF_NOT_STORED' })
  })

  test('refuses a damaged copy of the newest root as a root', () => {
    const { repo, disk } = seen()
    disk.set('root.json', garbage)
    const { refused } = offline(repo, disk)
    expect(refused).toMatchObject({ code: 'ERR_TUF_METADATA_INVALID', role: 'root' })
  })
})

/** The same file with spaces after it. */
function padded(bytes: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length).fill(0x20)
  longer.set(bytes)
  return longer
}
