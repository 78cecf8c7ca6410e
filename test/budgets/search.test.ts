import { describe, expect, test } from '@jest/globals'
import { edgesFor, indexWeight } from '../../src/core/search/delegation.js'
import type { DelegatedRole } from '../../src/core/metadata/model.js'
import { matchesPathPattern } from '../../src/core/search/path-pattern.js'
import { SearchLimitError } from '../../src/errors.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'

const noDigest = (): string => 'ab'.repeat(32)

function byPatterns(...lists: readonly (readonly string[])[]): readonly DelegatedRole[] {
  return lists.map((paths, index) => ({
    name: `role ${index}`,
    keyids: ['K'],
    threshold: 1,
    terminating: false,
    paths,
  }))
}

function rolesFor(
  roles: readonly DelegatedRole[],
  path: string,
  steps?: { left: number },
): string[] {
  const delegations = { keys: new Map<string, never>(), roles }
  return edgesFor(delegations, path, noDigest, steps).map(({ name }) => name)
}

describe('patterns are found by their fixed prefix and least length', () => {
  const patterns = [
    '*',
    '?',
    'a',
    'a*',
    '*a',
    'a/*',
    'a/b',
    'a/?',
    'a/[ab]',
    'a/[!a]',
    'a/b*',
    '*/b',
    '?/?',
    'a[/]b',
    'a/[b',
    'é*',
    '😀?',
    '\ud83d*',
    '\u{10000}?',
    '\u{103ff}?',
    '\u{10fc00}?',
    '\u{10ffff}?',
    'a/*/c',
    '',
    '**',
    'a/**b',
    '[a-c]/b',
    'a/bb',
    '/*',
    'a/',
  ]
  const paths = [
    '',
    'a',
    'b',
    'a/b',
    'a/c',
    'a/bb',
    'a/b/c',
    'é',
    'éa',
    '😀',
    '😀x',
    '\u{10000}x',
    '\u{103ff}x',
    '\u{10fc00}x',
    '\u{10ffff}x',
    '/a',
    'a/',
    'b/b',
    'a[/]b',
    'a/[b',
  ]

  test.each(paths)('and cover %j as the matcher alone decides', (path) => {
    const roles = byPatterns(...patterns.map((pattern) => [pattern]))
    const alone = patterns.flatMap((pattern, index) =>
      matchesPathPattern(pattern, path) ? [`role ${index}`] : [],
    )
    expect(rolesFor(roles, path)).toEqual(alone)
    expect(rolesFor(byPatterns(patterns), path)).toHaveLength(alone.length > 0 ? 1 : 0)
  })

  test('a look-up among 100,000 projects compares only those that can match', () => {
    const roles = byPatterns(
      ...Array.from({ length: 100_000 }, (_, index) => [`project-${index}/*`]),
      ['*'],
    )
    const steps = { left: 1_000 }
    expect(rolesFor(roles, 'project-4711/a.whl', steps)).toEqual(['role 4711'])
    expect(steps.left).toBeGreaterThan(900)
  })

  test('and patterns that need a longer path take one step each', () => {
    const roles = byPatterns(Array.from({ length: 50_000 }, () => `*${'?'.repeat(50)}`))
    const steps = { left: 60_000 }
    expect(rolesFor(roles, 'a/short/path', steps)).toEqual([])
    const flat = { left: 60_000 }
    expect(rolesFor(roles, 'x'.repeat(49), flat)).toEqual([])
    expect(flat.left).toBeGreaterThan(9_000)
  })

  test('the index counts: each pattern and each prefix for 64 bytes', () => {
    const roles = [
      ...byPatterns(['a', 'b'], ['c']),
      { name: 'bin', keyids: ['K'], threshold: 1, terminating: true, pathHashPrefixes: ['0', '1'] },
    ]
    expect(indexWeight({ keys: new Map(), roles })).toBe(5 * 64)
    expect(indexWeight({ keys: new Map() })).toBe(0)
  })
})

function patterned(): TestRepository {
  const repo = createRepository()
  repo.delegate('targets', {
    name: 'many',
    paths: Array.from({ length: 200 }, () => `*${'?'.repeat(9)}x`),
  })
  repo.delegate('targets', { name: 'dev', paths: ['*'] })
  repo.addTarget('aaaaaaaaaaaaaaaaaaaaaaaa', 'x', { role: 'dev' })
  repo.publish()
  return repo
}

describe('one search is bounded', () => {
  const path = 'aaaaaaaaaaaaaaaaaaaaaaaa'

  test('in steps: the required number suffices, one step fewer is refused', async () => {
    const repo = patterned()
    const answer = async (searchSteps: number): Promise<unknown> => {
      const view = await clientOf(repo, { limits: { searchSteps } }).updater.refresh()
      return view.find(path).catch((error: unknown) => error)
    }
    let [least, most] = [0, 1_000_000]
    while (most - least > 1) {
      const middle = Math.floor((least + most) / 2)
      if ((await answer(middle)) instanceof SearchLimitError) least = middle
      else most = middle
    }
    expect(most).toBeGreaterThan(200 * 11)
    expect(await answer(most)).toMatchObject({ path })
    expect(await answer(most - 1)).toMatchObject({
      code: 'ERR_TUF_SEARCH_LIMIT',
      step: '5.6.7.1',
      role: 'targets',
      limit: most - 1,
      unit: 'steps',
    })
  })

  test("in bytes: the sum of its roles' lengths suffices, one byte fewer is refused", async () => {
    const repo = createRepository()
    for (const name of ['a', 'b', 'c']) repo.delegate('targets', { name, paths: ['x'] })
    repo.addTarget('x', 'x', { role: 'c' })
    repo.publish()
    const bytes = ['a', 'b', 'c'].reduce((sum, name) => sum + repo.file(`1.${name}.json`).length, 0)
    const find = async (searchedBytes: number): Promise<unknown> =>
      (await clientOf(repo, { limits: { searchedBytes } }).updater.refresh()).find('x')
    expect(await find(bytes)).toMatchObject({ path: 'x' })
    await expect(find(bytes - 1)).rejects.toMatchObject({
      code: 'ERR_TUF_SEARCH_LIMIT',
      role: 'c',
      limit: bytes - 1,
      unit: 'bytes',
    })
  })

  test('a search that is answered from memory ends when it is aborted', async () => {
    const repo = createRepository()
    for (const name of ['a', 'b']) repo.delegate('targets', { name, paths: ['x'] })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    expect(await view.find('x')).toBeUndefined()
    const reason = new Error('enough')
    await expect(view.find('x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
