import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { IDBFactory } from 'fake-indexeddb'
import { memoryStore, type Store, type UpdaterEvent } from '../../src/index.js'
import { fileStore } from '../../src/node/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { indexedDbStore } from '../../src/web/index.js'
import { gate } from '../support/client.js'
import { heldFetcher, published, updaterOf } from '../support/held-cycle.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string

beforeEach(() => {
  folder = temporaryFolder('floors')
})

const floors = ['timestamp.json', 'snapshot.json', 'targets.json', 'root.json']

async function stored(store: Store): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const name of floors) found.set(name, new TextDecoder().decode(await store.get(name)))
  return found
}

/** The newest files, as a store must hold them. */
function newest(repo: TestRepository): ReadonlyMap<string, string> {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
  return new Map([
    ...['timestamp', 'snapshot', 'targets'].map((role): [string, string] => [
      `${role}.json`,
      text(repo.file(repo.fileName(role))),
    ]),
    ['root.json', text(repo.root(repo.version('root')))],
  ])
}

const roles = ['timestamp', 'snapshot', 'targets', 'root']
const requests = ['2.root.json', 'timestamp.json', '2.snapshot.json', '2.targets.json']
/** Where the floors are at stake: the other stores are asked these alone. */
const dangerous = ['timestamp', 'snapshot'].flatMap((role) =>
  requests.slice(0, 2).map((request) => ({ role, request })),
)
const pairs = roles.flatMap((role) => requests.map((request) => ({ role, request })))

async function rotatedWhileHeld(
  { role, request }: { readonly role: string; readonly request: string },
  slowStore: Store,
  fastStore: Store,
): Promise<readonly UpdaterEvent[]> {
  const repo = published()
  await updaterOf(repo, slowStore).refresh()
  repo.publish('targets')
  const [held, until] = [gate(), gate()]
  const events: UpdaterEvent[] = []
  const fetcher = heldFetcher(repo, request, held.open, until.opened)
  const slow = updaterOf(repo, slowStore, fetcher, (event) => events.push(event))
  const refreshing = slow.refresh().catch((error: unknown) => error)
  await held.opened

  repo.rotate(role)
  repo.publish('targets')
  await updaterOf(repo, fastStore).refresh()
  expect(await stored(fastStore)).toEqual(newest(repo))
  until.open()
  await refreshing
  expect(await stored(fastStore)).toEqual(newest(repo))
  return events
}

describe('a cycle that is held at a request while another completes a rotation leaves its floors', () => {
  test.each(pairs)('of $role, at $request: one store without a lock', async (pair) => {
    const store = memoryStore()
    await rotatedWhileHeld(pair, store, store)
  })

  test.each(dangerous)('of $role, at $request: two stores over one folder', async (pair) => {
    await rotatedWhileHeld(pair, fileStore(folder), fileStore(folder))
  })

  test.each(dangerous)('of $role, at $request: two connections to IndexedDB', async (pair) => {
    const indexedDB = new IDBFactory()
    const locks = oneAfterAnother()
    const open = (): Store => indexedDbStore('tuf', { indexedDB, locks })
    await rotatedWhileHeld(pair, open(), open())
  })

  test.each(requests)('of timestamp, at %s: a process of its own', async (request) => {
    const script = join(import.meta.dirname, '../support/cycle-process.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder, request], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    try {
      await once(child.stdout, 'data')
      const repo = published()
      repo.publish('targets')
      repo.rotate('timestamp')
      repo.publish('targets')
      const store = fileStore(folder)
      await updaterOf(repo, store).refresh()
      const ended = once(child, 'exit')
      child.stdin.end('go on\n')
      await ended
      expect(await stored(store)).toEqual(newest(repo))
      // The next cycle starts with its floors.
      repo.attack.rollbackTimestamp()
      await expect(updaterOf(repo, store).refresh()).rejects.toMatchObject({
        code: 'ERR_TUF_ROLLBACK',
      })
    } finally {
      child.kill('SIGKILL')
    }
  })
})

test('a cycle whose root was superseded says so, starts again once and ends with the newest', async () => {
  const store = memoryStore()
  const events = await rotatedWhileHeld(
    { role: 'timestamp', request: 'timestamp.json' },
    store,
    store,
  )
  const entry = 'root_history/2.root.json'
  expect(events.filter(({ type }) => type === 'superseded')).toEqual([
    { type: 'superseded', entry },
  ])
})

test('a cycle without news of a root takes the one that another process stored', async () => {
  const store = memoryStore()
  const events = await rotatedWhileHeld({ role: 'timestamp', request: '2.root.json' }, store, store)
  expect(events).toContainEqual(
    expect.objectContaining({ verdict: 'trusted', role: 'root', version: 2, from: 'store' }),
  )
})

test('cycles of one updater in the modes cached and online leave the newer floors', async () => {
  const repo = published()
  const store = memoryStore()
  const [held, until] = [gate(), gate()]
  await updaterOf(repo, store).refresh()
  repo.advance(2)
  repo.publish('targets')
  const inner = repo.fetcher()
  const slow = heldFetcher(repo, 'timestamp.json', held.open, until.opened)
  const takesTurns = {
    ...inner,
    fetch: (...args: Parameters<typeof inner.fetch>) =>
      (turn === 'slow' ? slow : inner).fetch(...args),
  }
  let turn = 'slow'
  const updater = updaterOf(repo, store, takesTurns)
  const cached = updater.refresh({ mode: 'cached' }).catch((error: unknown) => error)
  await held.opened
  turn = 'fast'
  repo.rotate('timestamp')
  repo.publish('targets')
  await updater.refresh()
  until.open()
  await cached
  expect(await stored(store)).toEqual(newest(repo))
})

/** Locks as a browser shares them among all pages of an origin. */
function oneAfterAnother(): { request(name: string, hold: () => Promise<void>): Promise<void> } {
  let last: Promise<void> = Promise.resolve()
  return {
    request(_name, hold) {
      last = last.then(hold)
      return last
    },
  }
}
