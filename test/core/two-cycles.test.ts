import { describe, expect, test } from '@jest/globals'
import { offlineCycle, onlineCycle } from '../../src/core/cycle/cycle.js'
import type { TargetsTrust } from '../../src/core/trust/phases.js'
import type { TestRepository } from '../../src/testing/index.js'
import { cycleOptions, finished, online, published, seen, type Disk } from '../support/run-cycle.js'
import { HeldCycle } from '../support/two-cycles.js'

type Change = (repo: TestRepository) => void

/** What the repository does between the two cycles. */
const changes: readonly (readonly [string, Change])[] = [
  ['a new timestamp', (repo) => repo.publish()],
  ['a new snapshot', (repo) => repo.publish('snapshot')],
  ['new targets', (repo) => repo.publish('targets')],
  ['a new root', (repo) => repo.publish('root')],
  ['other keys of root', (repo) => repo.rotate('root')],
  ['other keys of timestamp', (repo) => repo.rotate('timestamp')],
  ['other keys of snapshot', (repo) => repo.rotate('snapshot')],
  [
    'other keys of timestamp, after a fast-forward attack',
    (repo) => {
      repo.rotate('timestamp')
      repo.setNextVersion('timestamp', 2)
      repo.publish()
    },
  ],
]

/** A disk that saw the repository, which then has published everything anew. */
function behind(): { readonly repo: TestRepository; readonly disk: Disk } {
  const { repo, disk } = seen()
  repo.publish('targets')
  return { repo, disk }
}

function held(repo: TestRepository, disk: Disk, anchor = 1): HeldCycle<TargetsTrust> {
  return new HeldCycle(onlineCycle(cycleOptions(repo, { anchor: repo.root(anchor) })), repo, disk)
}

/** Until that request waits. */
function goOnTo(first: HeldCycle<TargetsTrust>, line: string): void {
  do first.goOn(1)
  while (first.next !== line)
}

function sorted(disk: Disk): Disk {
  return new Map([...disk].sort())
}

/** Runs the second cycle at each request of the first; the lines of all the first ones that are not reads. */
function playAll(
  { repo, disk }: { readonly repo: TestRepository; readonly disk: Disk },
  changed: TestRepository,
  judge: (first: HeldCycle<TargetsTrust>, store: Disk, after: Disk, at: string) => void,
  [one, other]: readonly [number, number] = [1, 1],
): ReadonlySet<string> {
  const seenLines = new Set<string>()
  for (let position = 0; ; position++) {
    const store = new Map(disk)
    const first = held(repo, store, one)
    first.goOn(position)
    if (first.result) return seenLines
    const at = `after ${position} requests, before ${first.next}`
    finished(online(changed, { anchor: changed.root(other) }), changed, store)
    const after = new Map(store)
    first.goOn()
    judge(first, store, after, at)
    for (const line of first.log) if (!line.startsWith('read')) seenLines.add(line)
  }
}

describe('a cycle that is held at any request, while another over the same store', () => {
  test.each(changes)('takes %s, leaves the newer files', (_what, change) => {
    const start = behind()
    const changed = start.repo.fork()
    change(changed)
    playAll(start, changed, (first, store, after, at) => {
      expect({ at, disk: sorted(store) }).toEqual({ at, disk: sorted(after) })
      const { role = 'timestamp', step = '5.4' } = first.refused ?? {}
      expect({ at, role }).toEqual({ at, role: expect.stringMatching(/^(timestamp|snapshot)$/) })
      expect({ at, step }).toEqual({ at, step: expect.stringMatching(/^5\.[45]/) })
    })
  })

  test('takes newer files, does not store its own, and says so', () => {
    const start = behind()
    const changed = start.repo.fork()
    changed.publish('targets')
    const lines = playAll(start, changed, (first, _store, _after, at) => {
      // It held its timestamp before the other came, or is refused as a rollback.
      const { code = 'ERR_TUF_ROLLBACK' } = first.refused ?? {}
      expect({ at, code }).toEqual({ at, code: 'ERR_TUF_ROLLBACK' })
      expect(first.result ?? first.refused).toBeDefined()
      const yielded = first.log.findIndex((line) => line.startsWith('yield'))
      const later = yielded < 0 ? [] : first.log.slice(yielded)
      const tried = later.filter((line) => line.startsWith('persist'))
      expect({ at, tried }).toEqual({ at, tried: [] })
    })
    expect([...lines].filter((line) => line.startsWith('yield'))).toEqual(
      expect.arrayContaining(['yield timestamp.json', 'yield snapshot.json', 'yield targets.json']),
    )
  })

  test.each<readonly [string, Change]>([
    ['of the same keys', (repo) => repo.publish('root')],
    ['of other keys', (repo) => repo.rotate('root')],
  ])('takes a root %s, starts again from it', (_what, change) => {
    const start = behind()
    const changed = start.repo.fork()
    change(changed)
    const lines = playAll(start, changed, () => undefined)
    expect([...lines]).toContain('superseded root_history/2.root.json')
    expect([...lines]).toContain('trusted root 2 of the store')
  })

  const three = (): TestRepository => {
    const { repo } = seen()
    repo.rotate('root')
    repo.rotate('root')
    return repo
  }

  test.each<readonly [string, readonly [number, number]]>([
    ['the same root', [1, 1]],
    ['a newer root', [1, 3]],
    ['an older root', [3, 1]],
  ])(
    'starts from %s over an empty store: both end well, and the store is whole',
    (_what, anchors) => {
      const repo = three()
      playAll(
        { repo, disk: new Map() },
        repo,
        (first, store, _after, at) => {
          expect({ at, refused: first.refused }).toEqual({ at, refused: undefined })
          expect({ at, root: store.get('root.json') }).toEqual({ at, root: repo.root(3) })
          for (let version = Math.min(...anchors); version <= 3; version++) {
            expect(store.get(`root_history/${version}.root.json`)).toEqual(repo.root(version))
          }
          for (const role of ['timestamp', 'snapshot', 'targets']) {
            expect(store.get(`${role}.json`)).toEqual(repo.file(repo.fileName(role)))
          }
          const digests = new TextDecoder().decode(store.get('state/anchor')).trim().split('\n')
          expect({ at, digests: new Set(digests).size }).toEqual({
            at,
            digests: new Set(anchors).size,
          })
          expect(digests).toHaveLength(new Set(anchors).size)
        },
        anchors,
      )
    },
  )

  test('belongs to another repository, and bound the empty store first, is refused it', () => {
    const { repo } = seen()
    const other = published({ seed: 'other' })
    const store: Disk = new Map()
    const first = held(repo, store)
    while (first.next !== 'persist state/anchor') first.goOn(1)
    finished(online(other), other, store)
    const after = new Map(store)
    first.goOn()
    expect(first.refused).toEqual({ code: 'ERR_TUF_STORE_FOREIGN' })
    expect(store).toEqual(after)
  })

  test('was about to delete the files of rotated keys judges the newer files of the other', () => {
    const start = behind()
    start.repo.rotate('snapshot')
    const changed = start.repo.fork()
    changed.publish('snapshot')
    for (const line of ['delete timestamp.json', 'delete snapshot.json']) {
      const store = new Map(start.disk)
      const first = held(start.repo, store)
      while (first.next !== line) first.goOn(1)
      finished(online(changed), changed, store)
      const after = new Map(store)
      first.goOn()
      expect(first.refused).toMatchObject({ code: 'ERR_TUF_ROLLBACK', step: '5.4.3.1' })
      expect(store).toEqual(after)
    }
  })

  test('read the timestamp before, and the snapshot after the other stored both, reads again', () => {
    const start = behind()
    const changed = start.repo.fork()
    changed.publish('targets')
    const store = new Map(start.disk)
    const first = held(start.repo, store)
    goOnTo(first, 'persist timestamp.json')
    // A third process has stored this cycle's timestamp, so the floors are read once more.
    store.set('timestamp.json', start.repo.file('timestamp.json'))
    goOnTo(first, 'read snapshot.json')
    finished(online(changed), changed, store)
    const after = new Map(store)
    first.goOn()
    expect(first.refused).toBeUndefined()
    expect(first.log).toContain('yield timestamp.json')
    expect(store).toEqual(after)
  })

  test.each(changes)('takes %s, is not refused offline', (_what, change) => {
    const { repo, disk } = seen()
    const changed = repo.fork()
    change(changed)
    changed.publish('targets')
    for (let position = 0; ; position++) {
      const store = new Map(disk)
      const first = new HeldCycle(offlineCycle(cycleOptions(repo)), repo, store)
      first.goOn(position)
      if (first.next === 'the end') return
      const at = `before ${first.next}`
      finished(online(changed), changed, store)
      first.goOn()
      expect({ at, refused: first.refused }).toEqual({ at, refused: undefined })
      const newest = Number.parseInt(changed.fileName('targets'))
      expect([1, newest]).toContain(first.result?.targets.signed.version)
    }
  })

  test('wrote nothing leaves the error of a damaged store as it is', () => {
    const { repo, disk } = seen()
    disk.set('snapshot.json', repo.file('1.targets.json'))
    const cycle = new HeldCycle(offlineCycle(cycleOptions(repo)), repo, disk)
    cycle.goOn()
    expect(cycle.refused).toMatchObject({ role: 'snapshot' })
    expect(cycle.log.filter((line) => line === 'read snapshot.json')).toHaveLength(1)
  })

  test('was about to store its targets says that newer ones stay', () => {
    const start = behind()
    const changed = start.repo.fork()
    changed.publish('targets')
    const store = new Map(start.disk)
    const first = held(start.repo, store)
    while (first.next !== 'persist targets.json') first.goOn(1)
    finished(online(changed), changed, store)
    first.goOn()
    expect(first.refused).toBeUndefined()
    expect(first.log.at(-1)).toBe('yield targets.json')
    expect(store.get('targets.json')).toEqual(changed.file('3.targets.json'))
  })

  test('starts again once: a second root that another stores meanwhile ends it', () => {
    const start = behind()
    const changed = start.repo.fork()
    changed.publish('root')
    changed.publish('root')
    const store = new Map(start.disk)
    const first = held(start.repo, store)
    for (const version of [2, 3]) {
      while (first.next !== 'persist timestamp.json') first.goOn(1)
      store.set(`root_history/${version}.root.json`, changed.root(version))
      first.goOn(1)
    }
    first.goOn(50)
    expect(first.refused).toEqual({ code: 'ERR_TUF_STORE_CONFLICT' })
    expect(first.log.filter((line) => line.startsWith('superseded'))).toEqual([
      'superseded root_history/2.root.json',
    ])
  })

  test('was about to store its snapshot leaves a newer one, and is refused', () => {
    const start = behind()
    const changed = start.repo.fork()
    changed.publish('targets')
    const store = new Map(start.disk)
    const first = held(start.repo, store)
    while (first.next !== 'persist snapshot.json') first.goOn(1)
    const newer = changed.file(changed.fileName('snapshot'))
    store.set('snapshot.json', newer)
    first.goOn()
    expect(first.refused).toEqual({ code: 'ERR_TUF_ROLLBACK', role: 'snapshot', step: '5.5.5' })
    expect(store.get('snapshot.json')).toBe(newer)
  })

  test('was about to store its snapshot stores it over a damaged one', () => {
    const start = behind()
    const store = new Map(start.disk)
    const first = held(start.repo, store)
    while (first.next !== 'persist snapshot.json') first.goOn(1)
    store.set('snapshot.json', new Uint8Array())
    first.goOn()
    expect(first.result?.snapshot.signed.version).toBe(2)
    expect(store.get('snapshot.json')).toEqual(start.repo.file('2.snapshot.json'))
  })
})
