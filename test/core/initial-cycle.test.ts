import { describe, expect, test } from '@jest/globals'
import { initialCycle } from '../../src/core/cycle/initial.js'
import type { TestRepository } from '../../src/testing/index.js'
import {
  cycleOptions,
  published,
  runCycle,
  seen,
  type Disk,
  type Run,
} from '../support/run-cycle.js'

function init(repo: TestRepository, disk: Disk, version = 1): Run<void> {
  return runCycle(initialCycle({ ...cycleOptions(repo), anchor: repo.root(version) }), repo, disk)
}

/** With one more space: the same root in other bytes. */
function spaced(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(0x20, ...bytes)
}

/** A store that followed root keys which changed with each version. */
function rotated(versions: number): { readonly repo: TestRepository; readonly disk: Disk } {
  const repo = published()
  for (let version = 2; version <= versions; version++) repo.rotate('root')
  const disk: Disk = new Map()
  const { refused } = runCycle(
    initialCycle({ ...cycleOptions(repo), anchor: repo.root(versions) }),
    repo,
    disk,
  )
  expect(refused).toBeUndefined()
  return { repo, disk }
}

describe('the root that a user trusts becomes the anchor of a store', () => {
  test('of a new one: the anchor itself is written last, and no request is made', () => {
    const repo = published()
    const disk: Disk = new Map()
    const { log, written } = init(repo, disk)
    expect(written).toEqual(
      ['state/anchor', 'root_history/1.root.json', 'root.json', 'anchor/root.json'].map(
        (entry) => `persist ${entry}`,
      ),
    )
    expect(log.filter((line) => line.startsWith('fetch'))).toEqual([])
    for (const entry of ['root_history/1.root.json', 'root.json', 'anchor/root.json']) {
      expect(disk.get(entry)).toEqual(repo.root())
    }
  })

  test('a second time: no entry is written', () => {
    const repo = published()
    const disk: Disk = new Map()
    init(repo, disk)
    expect(init(repo, disk).written).toEqual([])
  })

  test('of one with newer roots: the copy stays the newest', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    disk.set('root.json', repo.root(2))
    expect(init(repo, disk).written).toEqual(['persist anchor/root.json'])
    expect(disk.get('root.json')).toEqual(repo.root(2))
  })

  test('of one with older roots: the copy becomes the anchor', () => {
    const { repo, disk } = seen()
    repo.publish('root')
    init(repo, disk, 2)
    expect(disk.get('root.json')).toEqual(repo.root(2))
    expect(disk.get('anchor/root.json')).toEqual(repo.root(2))
  })

  test.each([
    ['is missing', undefined],
    ['is not a root', new TextEncoder().encode('{"signed":')],
  ])('of one whose copy %s: it is written again', (_how, copy) => {
    const { repo, disk } = seen()
    if (copy) disk.set('root.json', copy)
    else disk.delete('root.json')
    init(repo, disk)
    expect(disk.get('root.json')).toEqual(repo.root())
  })

  test('of one whose copy has the version in other bytes: it becomes the anchor', () => {
    const { repo, disk } = seen()
    disk.set('root.json', spaced(repo.root()))
    init(repo, disk)
    expect(disk.get('root.json')).toEqual(repo.root())
  })
})

test('a store that only a chain of the network could link is refused without a request', () => {
  const { repo, disk } = rotated(3)
  const before = new Map(disk)
  const { log, refused } = init(repo, disk)
  expect(refused).toEqual({ code: 'ERR_TUF_STORE_FOREIGN' })
  expect(log.filter((line) => !line.startsWith('read'))).toEqual([])
  expect(disk).toEqual(before)
})

test('a root below its own threshold is refused before the store is read', () => {
  const repo = published()
  repo.edit('root', { signers: [] })
  const { log, refused } = init(repo, new Map(), 2)
  expect(refused).toEqual({ code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'root', step: '5.2' })
  expect(log).toEqual([])
})
