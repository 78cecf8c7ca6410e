/** The steps of comparing that a search takes: every client that bounds them must count the same. */
import { describe, expect, test } from '@jest/globals'
import type { DelegatedRole } from '../../src/core/metadata/model.js'
import { edgesFor } from '../../src/core/search/delegation.js'
import { codePoints, compilePathPattern } from '../../src/core/search/path-pattern.js'
import { searchTarget } from '../../src/core/search/search.js'
import { SearchLimitError } from '../../src/errors.js'
import { createRepository } from '../../src/testing/index.js'
import { targetsOf } from '../support/phases.js'

interface LookUp {
  /** Of the roles that may list the path. */
  readonly names: readonly string[]
  readonly taken: number
}

/** One role for each pattern, which has its name. */
function lookUp(path: string, patterns: readonly string[], left = 100_000): LookUp {
  return among(
    patterns.map((pattern) => ({ name: pattern, paths: [pattern] })),
    path,
    left,
  )
}

function among(
  some: readonly Pick<DelegatedRole, 'name' | 'paths' | 'pathHashPrefixes'>[],
  path: string,
  left = 100_000,
): LookUp {
  const roles = some.map((one) => ({ keyids: [], threshold: 1, terminating: false, ...one }))
  const steps = { left }
  const found = edgesFor({ keys: new Map(), roles }, path, () => '8a'.repeat(32), steps)
  return { names: found.map(({ name }) => name), taken: left - steps.left }
}

describe('a comparison', () => {
  test.each([
    ['abc', 'abc', true, 3],
    ['abc', 'abd', false, 3],
    ['abc', 'ab', false, 2],
    ['*', 'abc', true, 4],
    ['*c', 'abc', true, 4],
    ['a/*', 'a/b', true, 4],
    ['*aaaa/b', 'aaaa/c', false, 7],
    ['*aaaa/b', 'aaaaaa/c', false, 17],
    ['', '', true, 0],
  ])('of %j with %j takes one step for each look at a character', (pattern, path, is, count) => {
    const compare = (left: number): [boolean, number] => {
      const steps = { left }
      return [compilePathPattern(pattern)(codePoints(path), steps), steps.left]
    }
    expect(compare(count)).toEqual([is, 0])
    if (count > 0) expect(compare(count - 1)).toEqual([false, -1])
  })
})

describe('a look-up', () => {
  test('takes one step for each length of a fixed prefix', () => {
    expect(lookUp('xyz', ['ab', 'ac', 'b', 'abcd'])).toEqual({ names: [], taken: 3 })
    expect(lookUp('ac', ['ab'])).toEqual({ names: [], taken: 1 })
    const alone = lookUp('ab', ['ab'])
    expect(lookUp('ab', ['ab', 'abcdef'])).toEqual({ names: ['ab'], taken: alone.taken + 1 })
  })

  test.each([
    ['??', 'x'],
    ['?*?', 'x'],
    ['?/x', 'xyz'],
    ['?[ab]/', 'xyz'],
    ['?\u{1f600}', 'x'],
    // A surrogate without its partner is a character of its own.
    ['?\udc00', 'x'],
    ['?a\udc00', 'xy'],
    ['?\ue000\udc00', 'xy'],
    ['?\udc00\udc00', 'xy'],
    ['?\ud83d\ue000', 'xy'],
    ['?\ud83da', 'xy'],
    ['?\ud83d', 'x'],
  ])('skips the pattern %j, which is too long for %j or has other slashes', (pattern, path) => {
    expect(lookUp(path, [pattern])).toEqual({ names: [], taken: 2 })
  })

  test.each([
    ['?\u{1f600}', 'x\u{1f600}'],
    ['?\u{10000}', 'x\u{10000}'],
    ['?\u{10ffff}', 'x\u{10ffff}'],
    ['a[bc]', 'ac'],
    ['?\udc00', 'x\udc00'],
    ['?[ab]', 'xa'],
    ['?[ab]c', 'xbc'],
    ['?*', 'x'],
    ['?\uffff', 'x\uffff'],
  ])('finds the pattern %j, which covers %j', (pattern, path) => {
    expect(lookUp(path, [pattern]).names).toEqual([pattern])
  })

  test('takes no step for a pattern or a path of more than 4,096 characters', () => {
    const longest = 'a'.repeat(4_096)
    expect(lookUp(longest, [longest, '*']).names).toEqual([longest, '*'])
    expect(lookUp(longest, [`${longest}*`, `${longest}a`])).toEqual({ names: [], taken: 0 })
    expect(lookUp(`${longest}a`, ['*', 'a*'])).toEqual({ names: [], taken: 0 })
  })

  test('takes one step for each role that it finds by a hash prefix', () => {
    const byHash = ['8', '8a4f', '9'].map((one) => ({ name: one, pathHashPrefixes: [one] }))
    expect(among(byHash, 'x')).toEqual({ names: ['8'], taken: 1 })
  })

  test('ends soon after its steps have run out', () => {
    const patterns = Array.from({ length: 200 }, (_, index) => `*${index}`)
    expect(lookUp('x', patterns, 5).taken).toBeLessThan(15)
  })

  test.each(['a/b', 'a/c', 'b', 'abc', ''])(
    'of %j is complete with the steps that it takes, and void with any less',
    (path) => {
      const patterns = ['a/*', 'a/b', '*', '?', '*/?', '??', 'b', 'a[b/]c', 'abc*', '*c', '']
      const { names, taken } = lookUp(path, patterns)
      expect(names.length).toBeGreaterThan(0)
      expect(lookUp(path, patterns, taken)).toEqual({ names, taken })
      for (let left = 0; left < taken; left++) {
        expect([left, left - lookUp(path, patterns, left).taken < 0]).toEqual([left, true])
      }
    },
  )
})

test.each([
  ['searchedRoles', { searchedRoles: 0 }],
  ['searchedRoles', { searchedRoles: 1.5 }],
  ['searchSteps', { searchedRoles: 1, searchSteps: -1 }],
])('a wrong number of %s is refused before a role is asked for', (name, bounds) => {
  const repo = createRepository()
  repo.delegate('targets', { name: 'a', paths: ['*'] })
  repo.publish()
  const query = { path: 'x', pathDigest: () => '', ...bounds }
  const start = (): unknown => searchTarget(targetsOf(repo).targets, query).next()
  expect(start).toThrow(RangeError)
  expect(start).toThrow(name)
})

test('a search may take all of its steps', () => {
  const repo = createRepository()
  repo.publish()
  const walk = (searchSteps: number) =>
    searchTarget(targetsOf(repo).targets, {
      ...{ path: 'x', pathDigest: () => '', searchedRoles: 1, searchSteps },
    }).next()
  expect(walk(0)).toMatchObject({ done: true, value: { visited: ['targets'] } })
  repo.delegate('targets', { name: 'a', paths: ['y', 'zz'] })
  repo.publish()
  expect(walk(2)).toMatchObject({ done: true, value: { visited: ['targets'] } })
  expect(() => walk(1)).toThrow(SearchLimitError)
})
