/** How much a walk over all roles takes, and what a search finds after it. */
import { describe, expect, test } from '@jest/globals'
import type { WalkOptions } from '../../src/client/walk-roles.js'
import { indexWeight } from '../../src/core/search/delegation.js'
import type { Repository } from '../../src/index.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import {
  askedFor,
  clientOf,
  gate,
  notedStore,
  serveLater,
  type ClientOptions,
} from '../support/client.js'

async function view(
  repo: TestRepository,
  limits: ClientOptions['limits'] = {},
): Promise<{ repository: Repository; requested: () => string[] }> {
  repo.publish()
  const { updater, requested } = clientOf(repo, { limits })
  const repository = await updater.refresh()
  requested()
  return { repository, requested }
}

/** The roles in the order of the walk, and those that were left out. */
async function walked(repository: Repository, options: WalkOptions = {}): Promise<string[]> {
  const found: string[] = []
  const leaveOut = (error: unknown, role: string, delegator: string): boolean => {
    expect(error).toMatchObject({ role, step: '5.6.7.1', target: '*', unit: 'bytes' })
    return found.push(`not ${role} of ${delegator}`) > 0
  }
  for await (const { role } of repository.walk({ leaveOut, ...options })) found.push(role)
  return found
}

/** `edges` such as `ab`: a delegates to b. Roles with names of one letter weigh the same. */
function delegating(tops: string, ...edges: readonly string[]): TestRepository {
  const repo = createRepository()
  for (const name of tops) repo.delegate('targets', { name, paths: [`${name}/*/x`, `${name}/x`] })
  for (const edge of edges) {
    const [from = '', name = ''] = edge
    repo.delegate(from, { name, paths: [`*/${name}/x`] })
  }
  return repo
}

/** How much a role that delegates counts for. */
async function weightOf(repo: TestRepository, name: string): Promise<number> {
  const { repository } = await view(repo)
  for await (const { role, signed } of repository.walk()) {
    if (role !== name || signed.delegations === undefined) continue
    return repo.file(`1.${name}.json`).length + indexWeight(signed.delegations)
  }
  throw new Error(`${name} does not delegate`)
}

describe('the room for roles that wait for their turn', () => {
  const edges = ['ad', 'be', 'cf', 'dg', 'gh']

  test('is free again when it was their turn', async () => {
    const repo = delegating('abc', ...edges)
    const searchedBytes = 2 * (await weightOf(repo, 'a'))
    const { repository } = await view(repo, { searchedBytes })
    expect(await walked(repository)).toEqual([
      ...['targets', 'a', 'b', 'c', 'not c of targets'],
      ...['d', 'e', 'g', 'h'],
    ])
  })

  test('is not enough for two when a byte is missing', async () => {
    const repo = delegating('abc', ...edges)
    const searchedBytes = 2 * (await weightOf(repo, 'a')) - 1
    const { repository } = await view(repo, { searchedBytes })
    expect(await walked(repository)).toEqual([
      ...['targets', 'a', 'b', 'not b of targets', 'c', 'not c of targets'],
      ...['d', 'g', 'h'],
    ])
  })

  test('is not needed for a role that does not delegate', async () => {
    const { repository } = await view(delegating('ab'), { searchedBytes: 1 })
    expect(await walked(repository)).toEqual(['targets', 'a', 'b'])
  })

  test('is the end for a search, too, that comes to a role that had none', async () => {
    const repo = delegating('ab', 'ac', 'bd', 'bc')
    repo.addTarget('b/c/x', 'x', { role: 'c' })
    const limit = (await weightOf(repo, 'a')) + (await weightOf(repo, 'b')) - 1
    const { repository, requested } = await view(repo, { searchedBytes: limit })
    expect(await walked(repository)).toEqual([...['targets', 'a', 'b', 'not b of targets', 'c']])
    requested()
    expect(await repository.find('b/c/x')).toMatchObject({ path: 'b/c/x' })
    await expect(repository.find('b/d/x')).rejects.toMatchObject({
      ...{ code: 'ERR_TUF_SEARCH_LIMIT', role: 'b', step: '5.6.7.1', target: '*' },
      ...{ limit, unit: 'bytes' },
    })
    expect(requested()).toEqual([])
  })
})

describe('the bytes that a walk may take', () => {
  test.each([
    ['are used up by their last one', 0, ['targets', 'a', 'not b of a']],
    ['allow for another role while one is left', 1, ['targets', 'a', 'b']],
  ])('%s', async (_how, more, expected) => {
    const repo = delegating('a', 'ab')
    const mostBytes = (await weightOf(repo, 'a')) + more
    const { repository } = await view(repo)
    expect(await walked(repository, { mostBytes })).toEqual(expected)
  })

  test('limit later searches to the roles that the walk found', async () => {
    const repo = delegating('a', ...Array.from('bcdefghijk', (name) => `a${name}`))
    const mostBytes = (await weightOf(repo, 'a')) + 1
    const { repository, requested } = await view(repo, { keptMetadata: 0 })
    const found = await walked(repository, { mostBytes })
    // It loads eight at once.
    expect(found).toEqual(['targets', 'a', 'b', 'not j of a', ...Array.from('cdefghi')])
    requested()
    expect(await repository.find('a/h/x')).toBeUndefined()
    expect(requested()).toEqual([])
  })
})

test('a search that holds more than it may ends with its limit', async () => {
  const repo = delegating('a', 'ab')
  const limit = await weightOf(repo, 'a')
  const { repository } = await view(repo, { searchedBytes: limit })
  await expect(repository.find('a/b/x')).rejects.toMatchObject({
    ...{ code: 'ERR_TUF_SEARCH_LIMIT', role: 'b', step: '5.6.7.1', target: 'a/b/x' },
    ...{ limit, unit: 'bytes' },
  })
})

describe('a walk', () => {
  test('over a repository without delegations has one role', async () => {
    const { repository } = await view(createRepository())
    expect(await walked(repository)).toEqual(['targets'])
  })

  test('finds bins whose names have .json in the middle', async () => {
    const repo = createRepository()
    repo.delegateSuccinct('targets', { bitLength: 1, namePrefix: 'a.json' })
    const { repository } = await view(repo)
    expect(await walked(repository)).toEqual(['targets', 'a.json-0', 'a.json-1'])
  })

  test('that is given up leaves no role out', async () => {
    const repo = delegating('ab')
    repo.addTarget('b/x', 'x', { role: 'b' })
    repo.publish()
    const answered = gate()
    serveLater(repo, '1.b.json', answered)
    const { updater, fetcher } = clientOf(repo)
    const repository = await updater.refresh()
    const controller = new AbortController()
    const walk = walked(repository, { signal: controller.signal })
    await askedFor(fetcher, '1.b.json')
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(walk).rejects.toBe(reason)
    answered.open()
    expect(await repository.find('b/x')).toMatchObject({ path: 'b/x' })
  })

  test('asks again for a role whose store threw something other than an Error', async () => {
    const repo = delegating('a')
    repo.addTarget('a/x', 'x', { role: 'a' })
    repo.publish()
    const store = notedStore()
    const { updater } = clientOf(repo, { store })
    const repository = await updater.refresh()
    const { get } = store
    // A store may be written without types.
    const text: unknown = 'no'
    store.get = (name) => (name === 'a.json' ? Promise.reject(text) : get(name))
    const errors: unknown[] = []
    const leaveOut = (error: unknown): boolean => errors.push(error) > 0
    const found = await walked(repository, { leaveOut })
    expect([found, errors]).toEqual([['targets'], ['no']])
    store.get = get
    expect(await repository.find('a/x')).toMatchObject({ path: 'a/x' })
  })
})
