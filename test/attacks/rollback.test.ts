import { describe, expect, test } from '@jest/globals'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { clientOf, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { expectRefused, serveFork, type Expected } from '../support/under-attack.js'
import { publishedWith } from '../support/published.js'

const day = 86_400_000
const hour = 3_600_000

/** targets → dev, published twice, so that there is something to go back to. */
function published(): TestRepository {
  const repo = publishedWith({ 'dev/a.txt': 'a' })
  repo.publish('targets', 'dev', 'snapshot')
  return repo
}

const find = { ask: async ({ updater }: TestClient) => (await updater.refresh()).find('dev/a.txt') }

/** The metadata of all roles as they were, for ever. */
async function frozen(repo: TestRepository, days: number): Promise<TestClient> {
  const client = clientOf(repo)
  await client.updater.refresh()
  repo.attack.indefiniteFreeze()
  repo.advance(days)
  return client
}

describe('row 6: rollback', () => {
  test('CVE-2022-29173: an older timestamp', async () => {
    await expectRefused(published(), (repo) => repo.attack.rollbackTimestamp())
  })

  test('CVE-2022-29173: a newer timestamp of an older snapshot', async () => {
    await expectRefused(published(), (repo) => repo.attack.rollbackSnapshot())
  })

  test('python-tuf#1498: a newer snapshot of older targets', async () => {
    await expectRefused(published(), (repo) => repo.attack.rollbackRole('targets'))
  })

  test('CVE-2025-2887: a newer snapshot of an older delegated role, before it is requested', async () => {
    await expectRefused(published(), (repo) => repo.attack.rollbackRole('dev'))
  })

  test.each(['targets', 'dev'])(
    'python-tuf#1498: a snapshot that no longer lists %s',
    async (role) => {
      await expectRefused(published(), (repo) => repo.attack.droppedRole(role))
    },
  )

  test('CVE-2022-29173: expired stored files remain a floor', async () => {
    await expectRefused(published(), (repo) => {
      repo.advance(30)
      const end = serveFork(repo, (fork) => {
        fork.setNextVersion('timestamp', 1)
        fork.publish('snapshot')
      })
      return { code: 'ERR_TUF_ROLLBACK', role: 'timestamp', step: '5.4.3.1', end }
    })
    await expectRefused(published(), (repo) => {
      repo.advance(30)
      const end = serveFork(repo, (fork) => {
        fork.setNextVersion('dev', 1)
        fork.publish('dev')
      })
      return { code: 'ERR_TUF_ROLLBACK', role: 'snapshot', step: '5.5.5', end }
    })
  })

  test('CVE-2022-29173: the floor applies to the next process with the same store', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    repo.attack.rollbackTimestamp()
    const next = clientOf(repo, { store })
    expect(await refusalOfTask(next.updater.refresh())).toMatchObject({ step: '5.4.3.1' })
  })

  test.each(['snapshot', 'targets', 'dev'])(
    '1.5.2: mix and match: yesterday’s %s',
    async (role) => {
      await expectRefused(published(), (repo) => repo.attack.mixAndMatch(role), {
        ...find,
        fresh: true,
      })
    },
  )

  test.each(['snapshot', 'targets', 'dev'])(
    '1.5.2: mix and match where digests are listed: yesterday’s %s',
    async (role) => {
      const repo = createRepository({ snapshotHashes: true, timestampHashes: true })
      repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
      repo.addTarget('dev/a.txt', 'a', { role: 'dev' })
      repo.publish()
      repo.publish('targets', 'dev')
      await expectRefused(repo, () => repo.attack.mixAndMatch(role), { ...find, fresh: true })
    },
  )

  test('1.5.2: fast-forward: the keys are rotated, and the client comes back', async () => {
    const repo = published()
    const { updater } = clientOf(repo)
    await updater.refresh()
    expect(repo.attack.fastForward(['timestamp', 'snapshot', 'targets', 'dev'])).toMatchObject({
      step: '5.3.11',
    })
    await updater.refresh()
    repo.attack.stop()
    repo.publish('targets')
    expect(await refusalOfTask(updater.refresh())).toMatchObject({ code: 'ERR_TUF_ROLLBACK' })
    repo.rotate('timestamp')
    repo.rotate('snapshot')
    const view = await updater.refresh()
    expect(view.timestamp.version).toBe(repo.version('timestamp'))
    expect(await view.find('dev/a.txt')).toBeDefined()
  })
})

describe('row 7: files are written only after they are accepted', () => {
  const cases: readonly (readonly [string, (repo: TestRepository) => Expected])[] = [
    ['timestamp', (repo) => repo.attack.rollbackSnapshot()],
    ['timestamp', (repo) => repo.attack.expired('timestamp')],
    ['snapshot', (repo) => repo.attack.rollbackRole('dev')],
    ['snapshot', (repo) => repo.attack.expired('snapshot')],
    ['targets', (repo) => repo.attack.expired('targets')],
  ]

  test.each(cases)('CVE-2025-2888: a refused %s, then a good one', async (role, begin) => {
    await expectRefused(
      published(),
      (repo) => {
        const expected = begin(repo)
        expect(expected.role).toBe(role)
        return expected
      },
      find,
    )
  })

  test('CVE-2025-2888: a refused timestamp is not a floor for the next one', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    const end = serveFork(repo, (fork) => {
      fork.setNextVersion('timestamp', 1000)
      fork.edit('timestamp', { signers: [] })
    })
    expect(await refusalOfTask(client.updater.refresh())).toMatchObject({ step: '5.4.2' })
    end()
    repo.publish()
    expect((await client.updater.refresh()).timestamp.version).toBe(3)
  })
})

describe('row 8: freeze', () => {
  test.each(['root', 'timestamp', 'snapshot', 'targets', 'dev'])(
    'CVE-2015-9259: %s after its expiry',
    async (role) => {
      if (role === 'root') {
        const repo = published()
        const client = clientOf(repo)
        await client.updater.refresh()
        const { code, step } = repo.attack.expired('root')
        expect(await refusalOfTask(client.updater.refresh())).toEqual({ code, role, step })
        return
      }
      await expectRefused(published(), (repo) => repo.attack.expired(role), find)
    },
  )

  test.each(['timestamp', 'snapshot', 'targets', 'dev'])(
    'CVE-2015-9259: %s that expires now',
    async (role) => {
      await expectRefused(
        published(),
        (repo) => {
          const { code, step } = repo.attack.expired(role)
          repo.attack.stop()
          const end = serveFork(repo, (fork) => fork.expire(role, fork.now))
          return { code, role, step, end }
        },
        find,
      )
    },
  )

  test('1.5.2: indefinite freeze: unchanged files are believed until the first expires', async () => {
    const client = await frozen(published(), 0.99)
    await expect(client.updater.refresh()).resolves.toBeDefined()
    const later = await frozen(published(), 1)
    expect(await refusalOfTask(later.updater.refresh())).toEqual({
      code: 'ERR_TUF_EXPIRED',
      role: 'timestamp',
      step: '5.4.4',
    })
  })

  test('python-tuf#737: an equal timestamp does not excuse an expired kept one', async () => {
    const repo = published()
    const { updater, store } = clientOf(repo)
    await updater.refresh()
    const kept = store.entries.get('timestamp.json')
    repo.advance(2)
    repo.setNextVersion('timestamp', 2)
    repo.publish()
    expect(await refusalOfTask(updater.refresh())).toMatchObject({ step: '5.4.4' })
    expect(store.entries.get('timestamp.json')).toBe(kept)
    repo.publish()
    expect((await updater.refresh()).timestamp.version).toBe(3)
  })

  test('python-tuf#737: an expired stored snapshot is refused even when the repository did not change', async () => {
    const repo = published()
    const { updater } = clientOf(repo)
    await updater.refresh()
    repo.advance(8)
    repo.publish()
    expect(await refusalOfTask(updater.refresh())).toMatchObject({ step: '5.5.6' })
    repo.publish('snapshot')
    expect((await updater.refresh()).snapshot.version).toBe(3)
  })

  test('CVE-2026-6967: expired stored targets and delegated roles are refused', async () => {
    const repo = createRepository({ lifetimes: { targets: 20, delegated: 10 } })
    repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
    repo.addTarget('dev/a.txt', 'a', { role: 'dev' })
    repo.publish()
    const client = clientOf(repo)
    await find.ask(client)
    repo.advance(11)
    repo.publish('snapshot')
    expect(await refusalOfTask(find.ask(client))).toMatchObject({ role: 'dev', step: '5.6.5' })
    repo.advance(10)
    repo.publish('snapshot')
    expect(await refusalOfTask(find.ask(client))).toMatchObject({ role: 'targets', step: '5.6.5' })
    repo.publish('targets', 'dev')
    expect(await find.ask(client)).toBeDefined()
  })

  test.each(['soon', '', '2030-02-30T00:00:00Z', '2030-01-01', '2030-01-01T00:00:00'])(
    'CVE-2015-9259: the date %j is an error at parse, in every role',
    async (expires) => {
      for (const [role, step] of [
        ['timestamp', '4.6'],
        ['snapshot', '4.4'],
        ['targets', '4.5'],
        ['dev', '4.5'],
      ] as const) {
        await expectRefused(
          published(),
          (repo) => {
            const end = serveFork(repo, (fork) =>
              fork.edit(role, (signed) => {
                signed['expires'] = expires
              }),
            )
            return { code: 'ERR_TUF_METADATA_INVALID', role, step, end }
          },
          find,
        )
      }
    },
  )

  test('CVE-2015-9259: an offset and a fraction of a second count', async () => {
    const repo = published()
    const at = new Date(repo.now + day).toISOString().slice(0, 19)
    repo.edit('timestamp', (signed) => {
      signed['expires'] = `${at}.5-01:00`
    })
    const { updater } = clientOf(repo)
    const expires = repo.now + day + hour + 500
    expect((await updater.refresh()).timestamp.expires).toBe(expires)
    expect(await refusalOfTask(updater.refresh({ now: expires }))).toMatchObject({
      step: '5.4.4',
    })
  })
})
