/** The files that stay in memory from one refresh to the next, and their room. */
import { expect, test } from '@jest/globals'
import { LatestFiles } from '../../src/client/kept-files.js'
import { resolveLimits, type Limits } from '../../src/client/limits.js'
import { parseMetadata } from '../../src/core/index.js'
import { createRepository } from '../../src/testing/index.js'

/** targets delegates to a and b, which delegate to one role each, by one pattern. */
const repo = createRepository()
for (const name of ['a', 'b']) {
  repo.delegate('targets', { name, paths: [`${name}/*`] })
  repo.delegate(name, { name: `${name}/team`, paths: [`${name}/*`] })
}
repo.publish()

/** A pattern in the index over a role's delegations. */
const patternWeight = 64

function filesOf(limits: Partial<Limits> = {}): LatestFiles {
  return new LatestFiles(resolveLimits(limits))
}

function keepTargets(files: LatestFiles, role: string, bytes: Uint8Array): void {
  const envelope = parseMetadata(bytes, 'targets', role)
  files.note('targets', role, bytes, envelope)
  files.keep(envelope)
}

/** The roles of which a file is kept. */
function keptOf(files: LatestFiles, ...roles: readonly string[]): readonly string[] {
  return roles.filter((role) => files.find('targets', role, repo.file(`1.${role}.json`)))
}

test('the store can be told the very bytes that are kept of each role', () => {
  const files = filesOf()
  const [timestamp, snapshot] = [repo.file('timestamp.json'), repo.file('1.snapshot.json')]
  const ofTimestamp = parseMetadata(timestamp, 'timestamp', 'timestamp')
  const ofSnapshot = parseMetadata(snapshot, 'snapshot', 'snapshot')
  files.note('timestamp', 'timestamp', timestamp, ofTimestamp)
  files.note('snapshot', 'snapshot', snapshot, ofSnapshot)
  for (const envelope of [ofTimestamp, ofSnapshot]) files.keep(envelope)
  const [targets, a] = [repo.file('1.targets.json'), repo.file('1.a.json')]
  keepTargets(files, 'targets', targets)
  keepTargets(files, 'a', a)
  expect(files.bytesOf('timestamp')).toBe(timestamp)
  expect(files.bytesOf('snapshot')).toBe(snapshot)
  expect(files.bytesOf('targets')).toBe(targets)
  expect(files.bytesOf('a')).toBe(a)
  expect(files.bytesOf('b')).toBeUndefined()
})

test('a file is found by all of its bytes, and the newer one of its role replaces it', () => {
  const files = filesOf()
  const bytes = repo.file('1.a.json')
  keepTargets(files, 'a', bytes)
  expect(files.find('targets', 'a', bytes.slice())?.signed.version).toBe(1)
  const later = repo.fork()
  later.publish('a')
  keepTargets(files, 'a', later.file('2.a.json'))
  expect(files.find('targets', 'a', later.file('2.a.json'))?.signed.version).toBe(2)
  expect(files.find('targets', 'a', bytes)).toBeUndefined()
})

test('a role that delegates weighs as much as its file and the index over its delegations', () => {
  const whole = ['a', 'b'].reduce(
    (sum, role) => sum + repo.file(`1.${role}.json`).length + patternWeight,
    0,
  )
  for (const [searchedBytes, kept] of [
    [whole, ['a', 'b']],
    [whole - 1, ['b']],
  ] as const) {
    const files = filesOf({ searchedBytes })
    for (const role of ['a', 'b']) keepTargets(files, role, repo.file(`1.${role}.json`))
    expect(keptOf(files, 'a', 'b')).toEqual(kept)
  }
})

test('without room for other roles none that delegates stays', () => {
  const files = filesOf({ keptMetadata: 0 })
  keepTargets(files, 'a', repo.file('1.a.json'))
  expect(keptOf(files, 'a')).toEqual([])
})

test('a root of a few bytes, such as a damaged one, is looked for and not found', () => {
  expect(filesOf().find('root', 'root', new Uint8Array(9))).toBeUndefined()
  expect(filesOf().find('root', 'root', new Uint8Array())).toBeUndefined()
})
