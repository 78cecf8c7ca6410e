import { describe, expect, test } from '@jest/globals'
import { hasChanged, readUpTo } from '../../src/core/cycle/commit.js'
import { offlineCycle, onlineCycle } from '../../src/core/cycle/cycle.js'
import type { TargetsTrust } from '../../src/core/trust/phases.js'
import type { Cycle } from '../../src/core/cycle/request.js'
import { StoreConflictError } from '../../src/errors.js'
import type { TestRepository } from '../../src/testing/index.js'
import {
  answer,
  cycleOptions,
  finished,
  lineOf,
  online,
  published,
  seen,
  type Disk,
} from '../support/run-cycle.js'
import { HeldCycle } from '../support/two-cycles.js'

interface Situation {
  readonly repo: TestRepository
  readonly disk: Disk
}

const garbage = new TextEncoder().encode('{"signed":')

/** A store that was changed before each attempt at one change. */
function contend(cycle: Cycle<unknown>, { repo, disk }: Situation, line: string): object {
  let attempts = 0
  let step = cycle.next()
  try {
    while (step.done !== true) {
      const isContended = lineOf(step.value) === line
      if (isContended) attempts++
      step = cycle.next(isContended ? 'changed' : answer(step.value, repo, disk))
    }
  } catch (error) {
    if (!(error instanceof StoreConflictError)) throw error
    return { attempts, entry: error.entry }
  }
  return { attempts }
}

function first(): Situation {
  return { repo: published(), disk: new Map() }
}

function rotated(): Situation {
  const { repo, disk } = seen()
  repo.rotate('snapshot')
  return { repo, disk }
}

function ofAnother(): Situation {
  const { disk } = seen({ seed: 'other' })
  return { repo: published(), disk }
}

describe('a change that other processes come before each time is tried sixteen times', () => {
  test.each<readonly [string, () => Situation, string]>([
    ['persist state/anchor', first, 'state/anchor'],
    ['persist root_history/1.root.json', first, 'root_history/1.root.json'],
    ['persist root.json', first, 'root.json'],
    ['persist timestamp.json', first, 'timestamp.json'],
    ['persist snapshot.json', first, 'snapshot.json'],
    ['persist targets.json', first, 'targets.json'],
    ['delete timestamp.json', rotated, 'timestamp.json'],
    ['delete timestamp.json', ofAnother, 'timestamp.json'],
  ])('%s', (line, situation, entry) => {
    const start = situation()
    const cycle = online(start.repo, { rebind: true })
    expect(contend(cycle, start, line)).toEqual({ attempts: 16, entry })
  })
})

test('an offline cycle reads a store that changes each time sixteen times, and ends with its error', () => {
  const { repo, disk } = seen()
  disk.delete('snapshot.json')
  const lines: string[] = []
  const cycle = offlineCycle(cycleOptions(repo))
  const run = (): void => {
    let step = cycle.next()
    while (step.done !== true) {
      const { value } = step
      lines.push(lineOf(value))
      const isChanged = 'read' in value && value.again === true
      step = cycle.next(isChanged ? garbage : answer(value, repo, disk))
    }
  }
  expect(run).toThrow(expect.objectContaining({ entry: 'snapshot.json' }))
  expect(lines.filter((line) => line === 'read snapshot.json')).toHaveLength(16)
})

describe('a driver gets an error', () => {
  test('that answers a read with the word for a change', () => {
    const cycle = online(published())
    let step = cycle.next()
    while (step.done !== true && !('read' in step.value)) step = cycle.next(undefined)
    expect(() => cycle.next('done')).toThrow(TypeError)
  })
})

describe('a root that another process damages, at any request of a cycle,', () => {
  test('is fetched again, and stored whole', () => {
    const { repo, disk } = seen()
    repo.rotate('root')
    repo.publish('targets')
    for (let position = 0; ; position++) {
      const store: Disk = new Map(disk)
      const cycle = new HeldCycle(onlineCycle(cycleOptions(repo)), repo, store)
      cycle.goOn(position)
      if (cycle.next === 'the end') return
      const at = `before ${cycle.next}`
      for (const version of [2, 3]) store.set(`root_history/${version}.root.json`, garbage)
      cycle.goOn()
      expect({ at, refused: cycle.refused }).toEqual({ at, refused: undefined })
      expect(cycle.log.filter((line) => line.startsWith('superseded'))).toEqual([])
      expect(cycle.result?.targets.signed.version).toBe(2)
      expect(store.get('targets.json')).toEqual(repo.file('2.targets.json'))
      finished(online(repo), repo, store)
      expect(store.get('root_history/2.root.json')).toEqual(repo.root(2))
    }
  })

  test('or removes, is no newer root', () => {
    const { repo, disk } = seen()
    repo.publish('targets')
    for (let position = 0; ; position++) {
      const store: Disk = new Map(disk).set('root_history/2.root.json', garbage)
      const cycle = new HeldCycle(onlineCycle(cycleOptions(repo)), repo, store)
      cycle.goOn(position)
      if (cycle.next === 'the end') return
      store.delete('root_history/2.root.json')
      cycle.goOn()
      expect(cycle.refused).toBeUndefined()
      expect(cycle.log.filter((line) => line.startsWith('superseded'))).toEqual([])
      expect(store.get('targets.json')).toEqual(repo.file('2.targets.json'))
    }
  })
})

describe('right before a cycle stores a root,', () => {
  function held(): Situation & { readonly cycle: HeldCycle<TargetsTrust>; readonly entry: string } {
    const { repo, disk } = seen()
    repo.rotate('root')
    const cycle = new HeldCycle(onlineCycle(cycleOptions(repo)), repo, disk)
    const entry = 'root_history/2.root.json'
    while (cycle.next !== `persist ${entry}`) cycle.goOn(1)
    return { repo, disk, cycle, entry }
  }

  test('a damaged file that another process stores there is replaced', () => {
    const { repo, disk, cycle, entry } = held()
    disk.set(entry, garbage)
    cycle.goOn()
    expect(cycle.refused).toBeUndefined()
    expect(disk.get(entry)).toEqual(repo.root(2))
  })

  test('and before its second attempt, a root that another process stores there stays', () => {
    const { repo, disk, cycle, entry } = held()
    disk.set(entry, garbage)
    cycle.goOn(1)
    while (cycle.next !== `persist ${entry}`) cycle.goOn(1)
    const spaced = Uint8Array.of(...repo.root(2), 0x20)
    disk.set(entry, spaced)
    cycle.goOn()
    expect(cycle.result?.root.signed.version).toBe(2)
    expect(disk.get(entry)).toBe(spaced)
    expect(disk.get('root.json')).toBe(spaced)
  })
})

describe('an entry longer than its limit counts as absent', () => {
  const [most, longer] = [new Uint8Array(4), new Uint8Array(5)]

  function answered<T>(cycle: Cycle<T>, bytes: Uint8Array | undefined): object {
    const request = cycle.next().value
    return { request, result: cycle.next(bytes).value }
  }

  test('when it is read', () => {
    const request = { read: 'entry', maxLength: 4 }
    expect(answered(readUpTo(4, 'entry'), most)).toEqual({ request, result: most })
    expect(answered(readUpTo(4, 'entry'), longer)).toEqual({ request, result: undefined })
    expect(answered(readUpTo(4, 'entry'), undefined)).toEqual({ request, result: undefined })
  })

  test('when it is compared with an earlier reading', () => {
    const request = { read: 'entry', maxLength: 4, again: true }
    const changedTo = (bytes: Uint8Array | undefined, now: Uint8Array | undefined): object =>
      answered(hasChanged({ entry: 'entry', bytes, maxLength: 4 }), now)
    expect(changedTo(most, most)).toEqual({ request, result: false })
    expect(changedTo(most, longer)).toEqual({ request, result: true })
    expect(changedTo(undefined, longer)).toEqual({ request, result: false })
    expect(changedTo(undefined, most)).toEqual({ request, result: true })
  })
})
