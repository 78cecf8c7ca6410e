import { describe, expect, test } from '@jest/globals'
import { requireOwnStore } from '../../src/core/cycle/anchor.js'
import type { CycleOptions, CycleRequest } from '../../src/core/cycle/request.js'
import { trustAnchor } from '../../src/core/trust/root.js'
import type { TestRepository } from '../../src/testing/index.js'
import { newest } from '../support/phases.js'
import {
  cycleOptions,
  limits,
  published,
  runCycle,
  type Disk,
  type Run,
} from '../support/run-cycle.js'
import { HeldCycle } from '../support/two-cycles.js'

const online = { ask: true, write: true }
const offline = { ask: false, write: false }
const foreign = { code: 'ERR_TUF_STORE_FOREIGN' }
const encoder = new TextEncoder()
/** The digest of an anchor that is not used here. */
const bound = encoder.encode(`${'ab'.repeat(32)}\n`)

/** Roots 1 to 5, each with other keys than the one before. */
function rotated(seed: string): TestRepository {
  const repo = published({ seed })
  for (let version = 2; version <= 5; version++) repo.rotate('root')
  return repo
}

const [one, other] = [rotated('one'), rotated('other')]

function judged(
  repo: TestRepository,
  version: number,
  disk: Disk,
  may: typeof online,
  change: Partial<CycleOptions> & { readonly rebind?: boolean } = {},
): Run<void> {
  const options = { ...cycleOptions(repo), ...change }
  const bytes = repo.root(version)
  return runCycle(
    requireOwnStore({ trust: trustAnchor(bytes, options), bytes }, options, may),
    repo,
    disk,
  )
}

/** A store with some roots of the first repository; the last is the copy. */
function storeWith(...versions: readonly number[]): Disk {
  const disk: Disk = new Map()
  for (const version of versions) disk.set(`root_history/${version}.root.json`, one.root(version))
  disk.set('root.json', one.root(versions.at(-1) ?? 1))
  return disk
}

const fetches = ({ log }: Run<void>): string[] => log.filter((line) => line.startsWith('fetch'))

describe.each([
  ['online', online],
  ['offline', offline],
])('%s, the anchor of another repository is refused by a store', (_mode, may) => {
  test.each<readonly [string, number, Disk]>([
    ['with older roots', 5, storeWith(1, 2)],
    ['with newer roots', 1, storeWith(3, 4, 5)],
    ['with the next root', 2, storeWith(3)],
    ['with a root of its version', 3, storeWith(3)],
    ['with a copy of its version alone', 3, new Map([['root.json', one.root(3)]])],
    [
      'with a timestamp alone',
      1,
      new Map([
        ['state/anchor', bound],
        ['timestamp.json', newest(one, 'timestamp')],
      ]),
    ],
    [
      'with a snapshot alone',
      1,
      new Map([
        ['state/anchor', bound],
        ['snapshot.json', newest(one, 'snapshot')],
      ]),
    ],
  ])('%s', (_what, version, start) => {
    const disk = new Map(start)
    const { refused, written } = judged(other, version, disk, may)
    expect(refused?.code).toMatch(/^ERR_TUF_(STORE_FOREIGN|THRESHOLD_NOT_MET)$/)
    expect(written).toEqual([])
    expect(disk).toEqual(start)
  })
})

describe('the anchor of another repository is refused as soon as roots differ', () => {
  test.each<readonly [string, number, Disk, readonly string[]]>([
    ['after one request, before a root that does not follow', 1, storeWith(3, 4, 5), ['2']],
    ['without a request, before the next root', 2, storeWith(3), []],
    ['without a request, after the previous root', 5, storeWith(4), []],
    [
      'without a request, beside a copy of its version',
      3,
      new Map([['root.json', one.root(3)]]),
      [],
    ],
  ])('%s', (_what, version, start, asked) => {
    const run = judged(other, version, new Map(start), online)
    expect(run.refused).toEqual(foreign)
    expect(fetches(run)).toEqual(asked.map((number) => `fetch ${number}.root.json`))
  })
})

describe('an anchor of the same repository', () => {
  test.each<readonly [string, number, Disk, readonly string[]]>([
    ['of a new store', 1, new Map(), []],
    ['of the copy alone', 3, new Map([['root.json', one.root(3)]]), []],
    ['before the stored root', 2, storeWith(3), []],
    ['before the copy alone', 1, new Map([['root.json', one.root(3)]]), ['fetch 2.root.json']],
    ['before a gap', 1, storeWith(3, 4), ['fetch 2.root.json']],
    ['after a gap', 5, storeWith(1, 2), ['fetch 3.root.json', 'fetch 4.root.json']],
    ['after the stored root', 3, storeWith(1, 2), []],
    [
      'whose floors are there alone',
      1,
      new Map([
        ['state/anchor', bound],
        ['timestamp.json', newest(one, 'timestamp')],
        ['snapshot.json', newest(one, 'snapshot')],
      ]),
      [],
    ],
  ])('%s is taken, with as few requests as prove it', (_what, version, start, asked) => {
    const disk = new Map(start)
    const run = judged(one, version, disk, online)
    expect(run.refused).toBeUndefined()
    expect(fetches(run)).toEqual(asked)
    expect(run.written).toEqual(['persist state/anchor'])
    expect(judged(one, version, disk, online).log).toEqual(['read state/anchor'])
  })

  test('is taken offline, and is not recorded', () => {
    const disk = storeWith(1, 2)
    const { refused, written } = judged(one, 3, disk, offline)
    expect([refused, written]).toEqual([undefined, []])
  })

  test('is recorded in an entry that a cycle can do without, and that a power failure must not destroy', () => {
    const bytes = one.root(1)
    const options = cycleOptions(one)
    const cycle = requireOwnStore({ trust: trustAnchor(bytes, options), bytes }, options, online)
    let step = cycle.next()
    while (step.done !== true && !('persist' in step.value)) step = cycle.next(undefined)
    expect(step.value).toMatchObject({
      ...{ persist: 'state/anchor', optional: true, replaceable: false },
    })
  })

  test('is refused offline where roots between are missing, without a request', () => {
    for (const [version, disk] of [
      [1, storeWith(3, 4)],
      [5, storeWith(1, 2)],
    ] as const) {
      const run = judged(one, version, disk, offline)
      expect([run.refused, fetches(run)]).toEqual([foreign, []])
    }
  })

  test('is refused where more roots are missing than the limit allows', () => {
    const options = { limits: { ...limits, rootRotations: 2 } }
    const older = judged(one, 1, storeWith(5), online, options)
    expect([older.refused, fetches(older)]).toEqual([
      foreign,
      ['fetch 2.root.json', 'fetch 3.root.json'],
    ])
    const newer = judged(one, 5, storeWith(1), online, options)
    expect([newer.refused, fetches(newer)]).toEqual([
      foreign,
      ['fetch 2.root.json', 'fetch 3.root.json'],
    ])
  })

  test('is refused where the repository lacks the roots between', () => {
    const repo = one.fork()
    repo.serve('3.root.json', 'missing')
    expect(judged(repo, 2, storeWith(4), online).refused).toEqual(foreign)
    expect(judged(repo, 4, storeWith(2), online).refused).toEqual(foreign)
  })

  test('asks for a root as the walk does', () => {
    const bytes = one.root(1)
    const options = cycleOptions(one)
    const cycle = requireOwnStore({ trust: trustAnchor(bytes, options), bytes }, options, online)
    const disk = storeWith(3)
    let request: CycleRequest | undefined
    let step = cycle.next()
    while (step.done !== true && !('fetch' in step.value)) {
      step = cycle.next('read' in step.value ? disk.get(step.value.read) : undefined)
    }
    if (step.done !== true) request = step.value
    expect(request).toEqual({
      fetch: '2.root.json',
      role: 'root',
      step: '5.3.3',
      maxLength: limits.rootLength,
      mayBeAbsent: true,
    })
  })
})

describe('the recorded digests', () => {
  test('are 64 at most, and the oldest is forgotten', () => {
    const digest = (index: number): string => index.toString(16).padStart(64, '0')
    const lines = Array.from({ length: 64 }, (_, index) => digest(index))
    const disk: Disk = new Map([['state/anchor', encoder.encode(`${lines.join('\n')}\n`)]])
    judged(one, 1, disk, online)
    const kept = new TextDecoder().decode(disk.get('state/anchor')).split('\n')
    expect(kept).toHaveLength(65)
    expect(kept.slice(0, 63)).toEqual(lines.slice(1))
    expect(kept.at(-1)).toBe('')
  })

  test('are whole lines of 64 lower-case digits; others count as absent, and do not stay', () => {
    const disk: Disk = new Map()
    judged(one, 1, disk, online)
    const digest = new TextDecoder().decode(disk.get('state/anchor')).trim()
    for (const line of [`x${digest}`, `${digest}x`, digest.toUpperCase().replace(/^/, ' '), '']) {
      disk.set('state/anchor', encoder.encode(`${line}\n`))
      expect(judged(one, 1, disk, online).written).toEqual(['persist state/anchor'])
      expect(new TextDecoder().decode(disk.get('state/anchor'))).toBe(`${digest}\n`)
    }
  })
})

describe('rebind', () => {
  const floors = ['timestamp.json', 'snapshot.json', 'targets.json']

  function full(): Disk {
    const disk = storeWith(1, 2, 4, 5)
    for (const entry of floors) disk.set(entry, newest(one, entry.replace('.json', '')))
    return disk.set('state/anchor', bound)
  }

  test('deletes the floors and the roots from the anchor on, over a gap, and then the digests', () => {
    const disk = full()
    expect(judged(other, 2, disk, online, { rebind: true }).written).toEqual(
      [
        ...floors,
        'root_history/2.root.json',
        'root_history/4.root.json',
        'root_history/5.root.json',
        'root.json',
      ]
        .map((entry) => `delete ${entry}`)
        .concat('persist state/anchor'),
    )
    expect([...disk.keys()].sort()).toEqual(['root_history/1.root.json', 'state/anchor'])
    const digest = cycleOptions(other).cryptography.hash('sha256', other.root(2))
    expect(new TextDecoder().decode(disk.get('state/anchor'))).toBe(
      `${Buffer.from(digest).toString('hex')}\n`,
    )
  })

  test('deletes roots after the copy too', () => {
    const disk = full().set('root.json', one.root(4))
    judged(other, 2, disk, online, { rebind: true })
    expect([...disk.keys()].filter((entry) => entry.startsWith('root_'))).toEqual([
      'root_history/1.root.json',
    ])
  })

  test('deletes as many roots as a cycle may follow', () => {
    const disk = full()
    const change = { rebind: true, limits: { ...limits, rootRotations: 3 } }
    judged(other, 2, disk, online, change)
    expect([...disk.keys()].filter((entry) => entry.startsWith('root_'))).toEqual([
      'root_history/1.root.json',
      'root_history/5.root.json',
    ])
  })

  test('ends at the first missing root where the copy is damaged, missing or not of a later one', () => {
    for (const copy of [encoder.encode('{'), undefined, one.root(3)]) {
      const disk = full()
      if (copy) disk.set('root.json', copy)
      else disk.delete('root.json')
      judged(other, 2, disk, online, { rebind: true })
      expect([...disk.keys()].filter((entry) => entry.startsWith('root_'))).toEqual([
        'root_history/1.root.json',
        'root_history/4.root.json',
        'root_history/5.root.json',
      ])
    }
  })

  test('reads a floor again that another process changed right before its deletion', () => {
    const disk = full()
    const bytes = other.root(2)
    const options = { ...cycleOptions(other), rebind: true }
    const anchor = { trust: trustAnchor(bytes, options), bytes }
    const cycle = new HeldCycle(requireOwnStore(anchor, options, online), other, disk)
    while (cycle.next !== 'delete timestamp.json') cycle.goOn(1)
    disk.set('timestamp.json', newest(other, 'timestamp'))
    cycle.goOn()
    expect(cycle.log.filter((line) => line.includes('timestamp.json'))).toEqual([
      'read timestamp.json',
      'delete timestamp.json',
      'read timestamp.json',
      'delete timestamp.json',
    ])
    expect(disk.has('timestamp.json')).toBe(false)
  })

  test('offline refuses the store as ever', () => {
    const disk = full()
    expect(judged(other, 2, disk, offline, { rebind: true }).refused).toEqual(foreign)
    expect(disk).toEqual(full())
  })
})
