import { describe, expect, test } from '@jest/globals'
import type { TestRepository } from '../../src/testing/index.js'
import { listedMaximum } from '../../src/core/cycle/file.js'
import type { TargetsTrust } from '../../src/core/trust/phases.js'
import {
  finished,
  limits,
  online,
  published,
  runCycle,
  seen,
  type Disk,
  type Run,
} from '../support/run-cycle.js'

/** The refused file, and the files written by then, in order. */
interface Case {
  readonly title: string
  readonly attack: (repo: TestRepository) => unknown
  readonly refused: { readonly code: string; readonly role: string; readonly step: string }
  readonly written: readonly string[]
}

const roots = ['persist root_history/2.root.json', 'persist root.json']
const timestamp = 'persist timestamp.json'
const snapshot = 'persist snapshot.json'

const unsigned = 'ERR_TUF_THRESHOLD_NOT_MET'
const expired = 'ERR_TUF_EXPIRED'

// Each begins with a new version of every role, so that whatever is accepted is written.
const cases: readonly Case[] = [
  {
    title: '5.3.4: root 3',
    attack: (repo) => repo.attack.unsigned('root'),
    refused: { code: unsigned, role: 'root', step: '5.3.4' },
    written: roots,
  },
  {
    title: '5.3.10: an expired newest root stays, and the cycle ends there',
    attack: (repo) => repo.attack.expired('root'),
    refused: { code: expired, role: 'root', step: '5.3.10' },
    written: [...roots, 'persist root_history/3.root.json', 'persist root.json'],
  },
  {
    title: '5.4.2: timestamp',
    attack: (repo) => repo.attack.forged('timestamp'),
    refused: { code: unsigned, role: 'timestamp', step: '5.4.2' },
    written: roots,
  },
  {
    title: '5.4.4: timestamp',
    attack: (repo) => repo.attack.expired('timestamp'),
    refused: { code: expired, role: 'timestamp', step: '5.4.4' },
    written: roots,
  },
  {
    title: '5.5.3: snapshot',
    attack: (repo) => repo.attack.forged('snapshot'),
    refused: { code: unsigned, role: 'snapshot', step: '5.5.3' },
    written: [...roots, timestamp],
  },
  {
    title: '5.5.4: snapshot',
    attack: (repo) => repo.attack.mixAndMatch('snapshot'),
    refused: { code: 'ERR_TUF_VERSION_MISMATCH', role: 'snapshot', step: '5.5.4' },
    written: [...roots, timestamp],
  },
  {
    title: '5.5.5: snapshot',
    attack: (repo) => repo.attack.droppedRole('targets'),
    refused: { code: 'ERR_TUF_ROLLBACK', role: 'snapshot', step: '5.5.5' },
    written: [...roots, timestamp],
  },
  {
    title: '5.5.6: snapshot',
    attack: (repo) => repo.attack.expired('snapshot'),
    refused: { code: expired, role: 'snapshot', step: '5.5.6' },
    written: [...roots, timestamp],
  },
  {
    title: '5.6.3: targets',
    attack: (repo) => repo.attack.forged('targets'),
    refused: { code: unsigned, role: 'targets', step: '5.6.3' },
    written: [...roots, timestamp, snapshot],
  },
  {
    title: '5.6.4: targets',
    attack: (repo) => repo.attack.mixAndMatch('targets'),
    refused: { code: 'ERR_TUF_VERSION_MISMATCH', role: 'targets', step: '5.6.4' },
    written: [...roots, timestamp, snapshot],
  },
  {
    title: '5.6.5: targets',
    attack: (repo) => repo.attack.expired('targets'),
    refused: { code: expired, role: 'targets', step: '5.6.5' },
    written: [...roots, timestamp, snapshot],
  },
]

describe('CVE-2025-2888: a refused file is not written, and the accepted one before it stays', () => {
  test.each(cases)('$title', ({ attack, refused, written }) => {
    const { repo, disk } = seen()
    const before = new Map(disk)
    repo.publish('root', 'targets')
    attack(repo)
    const run = runCycle(online(repo), repo, disk)
    expect(run).toMatchObject({ refused, written })
    expect(changesOf(before, disk)).toEqual(
      new Set(written.map((line) => line.replace('persist ', ''))),
    )
    expectServed(disk, repo, written)

    repo.attack.stop()
    // The honest repository goes past the versions that the attack reached.
    const roles = ['timestamp', 'snapshot', 'targets']
    for (const role of roles) repo.setNextVersion(role, repo.version(role) + 5)
    repo.publish('root')
    repo.publish('root', 'targets')
    const { result } = finished(online(repo), repo, disk)
    const reached = [result?.timestamp, result?.snapshot, result?.targets]
    expect(reached.map((role) => role?.signed.version)).toEqual(roles.map((r) => repo.version(r)))
  })
})

describe('a file that is listed as longer than the client takes is refused before it is asked for', () => {
  test.each([
    ['snapshot', '5.5.1'],
    ['targets', '5.6.1'],
  ])('%s', (role, step) => {
    const repo = published({ timestampHashes: true, snapshotHashes: true })
    const { length } = repo.file(`1.${role}.json`)
    const run = (most: number): Run<TargetsTrust> =>
      runCycle(online(repo, { limits: { ...limits, [`${role}Length`]: most } }), repo, new Map())
    expect(run(length).refused).toBeUndefined()
    const { refused, log } = run(length - 1)
    expect(refused).toEqual({ code: 'ERR_TUF_LIMIT', role, step })
    expect(log).not.toContain(`fetch 1.${role}.json`)
    expect(() =>
      listedMaximum(role, { version: 1, length }, { ...limits, [`${role}Length`]: 1 }),
    ).toThrow(`is listed with ${length} bytes, the client takes at most 1`)
  })
})

/** Names of new entries, and of entries whose bytes changed. */
function changesOf(before: Disk, after: Disk): Set<string> {
  return new Set([...after].filter(([name, bytes]) => before.get(name) !== bytes).map(([n]) => n))
}

/** The file on the disk equals the served one, to the byte. */
function expectServed(disk: Disk, repo: TestRepository, written: readonly string[]): void {
  if (written.includes(timestamp)) {
    expect(disk.get('timestamp.json')).toEqual(repo.answer('metadata', 'timestamp.json'))
  }
  expect(disk.get('root_history/2.root.json')).toEqual(repo.root(2))
}
