import { describe, expect, test } from '@jest/globals'
import type { Repository } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'

const wheel = new TextEncoder().encode('wheel')

async function view(): Promise<Repository> {
  const repo = createRepository()
  repo.delegate('targets', { name: 'project', paths: ['pkgs/*'] })
  repo.addTarget('pkgs/a.whl', wheel, { role: 'project', custom: { tags: ['a'] } })
  repo.publish()
  return clientOf(repo).updater.refresh()
}

type Loose = Record<string, unknown>

/** Tries every change that JavaScript allows, all the way down. */
function vandalize(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  const attempt = (change: () => unknown): void => {
    try {
      change()
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError)
    }
  }
  if (Symbol.iterator in value) {
    for (const inner of value as Iterable<unknown>) vandalize(inner, seen)
  }
  if (value instanceof Map) {
    attempt(() => value.clear())
    attempt(() => value.set('sha256', '00'))
  }
  const loose = value as Loose
  for (const name of Object.keys(loose)) {
    vandalize(loose[name], seen)
    attempt(() => (loose[name] = 'changed'))
    attempt(() => delete loose[name])
  }
  attempt(() => (loose['added'] = 1))
}

describe('the values that a view returns are frozen, so that later answers do not change', () => {
  test('find', async () => {
    const repository = await view()
    const before = JSON.stringify([...((await repository.find('pkgs/a.whl'))?.hashes ?? [])])
    const found = await repository.find('pkgs/a.whl')
    vandalize(found)
    const after = await repository.find('pkgs/a.whl')
    expect(JSON.stringify([...(after?.hashes ?? [])])).toBe(before)
    expect(after).toMatchObject({ path: 'pkgs/a.whl', length: 5, custom: { tags: ['a'] } })
    await expect(repository.verify('pkgs/a.whl', wheel)).resolves.toBe(after)
  })

  test('root, timestamp, snapshot, targets and explain', async () => {
    const repository = await view()
    const { root, timestamp, snapshot, targets } = repository
    vandalize([root, timestamp, snapshot, targets, await repository.explain('pkgs/a.whl')])
    expect(repository.root.keys.size).toBeGreaterThan(0)
    expect(repository.targets.delegations?.roles?.[0]).toMatchObject({ name: 'project' })
    await expect(repository.verify('pkgs/a.whl', wheel)).resolves.toMatchObject({ length: 5 })
  })
})
