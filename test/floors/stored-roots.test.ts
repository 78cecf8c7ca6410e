import { describe, expect, test } from '@jest/globals'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { clientOf, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'

const garbage = new TextEncoder().encode('{"signed":')
const second = 'root_history/2.root.json'

/** Root 2 revoked the targets key; the store then gets targets newly signed with it. */
async function revoked(): Promise<{ readonly repo: TestRepository; readonly client: TestClient }> {
  const repo = createRepository()
  repo.addTarget('a.txt', 'a')
  repo.publish()
  const client = clientOf(repo)
  await client.updater.refresh()
  const fork = repo.fork()
  repo.rotate('targets')
  await client.updater.refresh()
  for (const role of ['timestamp', 'snapshot', 'targets']) fork.setNextVersion(role, 50)
  fork.addTarget('a.txt', 'evil')
  fork.publish('targets')
  for (const role of ['timestamp', 'snapshot', 'targets']) {
    client.store.entries.set(`${role}.json`, fork.file(fork.fileName(role)))
  }
  client.requested()
  return { repo, client }
}

type Damage = (entries: Map<string, Uint8Array>) => void
const damages: readonly (readonly [string, Damage])[] = [
  ['damaged', (entries) => entries.set(second, garbage)],
  ['deleted', (entries) => entries.delete(second)],
  ['too long', (entries) => entries.set(second, new Uint8Array(600_000))],
]

describe('row 23: a revocation is not undone by a stored root that is', () => {
  test.each(damages)('%s: offline', async (_how, damage) => {
    const { client } = await revoked()
    damage(client.store.entries)
    await expect(client.updater.refresh({ mode: 'offline' })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_TUF_(METADATA_INVALID|NOT_STORED)$/),
    })
  })

  test.each(damages)('%s: cached goes online, where the root is', async (_how, damage) => {
    const { client } = await revoked()
    damage(client.store.entries)
    // The attacker's floors are signed by keys that are good still.
    await expect(client.updater.refresh({ mode: 'cached' })).rejects.toMatchObject({
      code: 'ERR_TUF_ROLLBACK',
    })
    expect(client.requested()[0]).toBe('2.root.json')
  })

  test.each(damages)(
    '%s: with a mirror that denies it, the copy fills the gap',
    async (_how, damage) => {
      const { repo, client } = await revoked()
      damage(client.store.entries)
      repo.serve('2.root.json', 'missing')
      await client.updater.refresh().catch(() => undefined)
      expect(client.store.entries.get(second)).toEqual(repo.root(2))
    },
  )

  test('a copy that the newest known keys signed proves that roots are withheld', async () => {
    const { repo, client } = await revoked()
    repo.publish('root')
    await client.updater.refresh().catch(() => undefined)
    for (const version of [2, 3]) {
      client.store.entries.delete(`root_history/${version}.root.json`)
      repo.serve(`${version}.root.json`, 'missing')
    }
    expect(await refusalOfTask(client.updater.refresh())).toEqual({
      code: 'ERR_TUF_ROLLBACK',
      role: 'root',
      step: '5.3.3',
    })
  })

  test('without a copy the end of the chain is not known: offline needs one', async () => {
    const { client } = await revoked()
    client.store.entries.delete(second)
    client.store.entries.delete('root.json')
    expect(await refusalOfTask(client.updater.refresh({ mode: 'offline' }))).toEqual({
      code: 'ERR_TUF_NOT_STORED',
    })
  })
})

test.each([
  ['older', (repo: TestRepository) => repo.root(1)],
  ['garbage', () => garbage],
])('a copy that is %s is repaired by the next online cycle', async (_what, copy) => {
  const repo = createRepository()
  repo.publish()
  repo.publish('root')
  const client = clientOf(repo)
  await client.updater.refresh()
  client.store.entries.set('root.json', copy(repo))
  await client.updater.refresh()
  expect(client.store.entries.get('root.json')).toEqual(repo.root(2))
})
