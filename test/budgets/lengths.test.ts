import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { IDBFactory } from 'fake-indexeddb'
import { memoryStore, type Store } from '../../src/index.js'
import { fileStore } from '../../src/node/index.js'
import { type TestRepository } from '../../src/testing/index.js'
import { indexedDbStore } from '../../src/web/index.js'
import { clientOf, notedStore, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { publishedWith } from '../support/published.js'

function published(): TestRepository {
  return publishedWith({ 'dev/a.txt': 'a' }, { snapshotHashes: true })
}

/** The decisions against stored files, as far as they are about a length. */
function tooLong({ events }: TestClient): string[] {
  return events.flatMap((event) =>
    event.type === 'decision' &&
    event.verdict === 'not-used' &&
    event.error.code === 'ERR_TUF_LIMIT'
      ? [`${event.role}: ${event.error.message}`]
      : [],
  )
}

const stores: readonly (readonly [string, (folder: string) => Store])[] = [
  ['memory', () => memoryStore()],
  ['a folder', (folder) => fileStore(folder)],
  ['IndexedDB', () => indexedDbStore('tuf', { indexedDB: new IDBFactory() })],
]

test.each(stores)(
  '%s reads an entry up to its limit, and one byte of a longer one',
  async (_name, open) => {
    const folder = temporaryFolder('lengths')
    const store = open(folder)
    await store.set('a.json', Uint8Array.of(1, 2, 3))
    expect(await store.get('a.json', { maxLength: 3 })).toEqual(Uint8Array.of(1, 2, 3))
    expect(await store.get('a.json', { maxLength: 2 })).toHaveLength(3)
    expect(await store.get('a.json', { maxLength: 1 })).toEqual(Uint8Array.of(1, 2))
    expect(await store.get('a.json')).toHaveLength(3)
    expect(await store.get('b.json', { maxLength: 1 })).toBeUndefined()
  },
)

test('a folder does not read half a gigabyte that somebody wrote in place of the timestamp', async () => {
  const folder = temporaryFolder('lengths')
  const store = fileStore(folder)
  await store.set('timestamp.json', Uint8Array.of(1))
  await truncate(join(folder, 'timestamp.json'), 500_000_000)
  expect(await store.get('timestamp.json', { maxLength: 64_000 })).toHaveLength(64_001)
})

const kept = [
  ['timestamp', 'timestamp.json', 'timestampLength'],
  ['snapshot', 'snapshot.json', 'snapshotLength'],
  ['targets', 'targets.json', 'targetsLength'],
  ['dev', 'dev.json', 'targetsLength'],
  ['root', 'root_history/1.root.json', 'rootLength'],
] as const

test.each(kept)(
  'a stored %s above the limit is reported, not used and replaced',
  async (role, entry, limit) => {
    const repo = published()
    const client = clientOf(repo)
    await (await client.updater.refresh()).find('dev/a.txt')
    const honest = client.store.entries.get(entry)
    const lengths = [...client.store.entries.values()].map(({ length }) => length)
    const limits = { [limit]: Math.max(...lengths) }
    client.store.entries.set(entry, new Uint8Array(limits[limit] ?? 0))
    const exact = clientOf(repo, { store: client.store, limits })
    await (await exact.updater.refresh()).find('dev/a.txt')
    expect(tooLong(exact)).toEqual([])

    client.store.entries.set(entry, new Uint8Array((limits[limit] ?? 0) + 1))
    const above = clientOf(repo, { store: client.store, limits })
    expect(await (await above.updater.refresh()).find('dev/a.txt')).toBeDefined()
    expect(tooLong(above)).toEqual([expect.stringMatching(`^${role}: .*limits.${limit}`)])
    expect(client.store.entries.get(entry)).toEqual(honest)
  },
)

test('each read of a store names the limit of the role, and a store that ignores it is checked', async () => {
  const store = notedStore()
  const asked = new Set<string>()
  const noting = {
    ...store,
    get: (name: string, options?: { readonly maxLength?: number }) => {
      asked.add(`${name}: ${options?.maxLength}`)
      return store.get(name)
    },
  }
  const client = clientOf(published(), { store: noting })
  await (await client.updater.refresh()).find('dev/a.txt')
  expect([...asked].sort()).toEqual([
    'dev.json: 32000000',
    'root.json: 512000',
    'root_history/1.root.json: 512000',
    'root_history/2.root.json: 512000',
    'snapshot.json: 8000000',
    'state/anchor: 4160',
    'state/clock: 16',
    'targets.json: 32000000',
    'timestamp.json: 64000',
  ])
})

const listed = [
  ['snapshot', 'timestamp', 'snapshot.json', '5.5.1', 'snapshotLength'],
  ['targets', 'snapshot', 'targets.json', '5.6.1', 'targetsLength'],
  ['dev', 'snapshot', 'dev.json', '5.6.1', 'targetsLength'],
] as const

test.each(listed)(
  'a length above the cap that is listed for %s is refused before the request',
  async (role, voucher, file, step, limit) => {
    const repo = published()
    const length = 9_000_000
    repo.edit(voucher, (signed) => {
      const meta = signed['meta'] as Record<string, { length?: number }>
      meta[file] = { ...meta[file], length }
    })
    const ask = async (
      most: number,
    ): Promise<{ readonly asked: string[]; readonly code: string }> => {
      const client = clientOf(repo, { limits: { [limit]: most } })
      const found = client.updater.refresh().then((view) => view.find('dev/a.txt'))
      const refused = await refusalOfTask(found)
      if (refused.code === 'ERR_TUF_LIMIT') expect(refused).toMatchObject({ role, step })
      return {
        asked: client.requested().filter((name) => name.endsWith(`${role}.json`)),
        code: refused.code,
      }
    }
    expect(await ask(length - 1)).toEqual({ asked: [], code: 'ERR_TUF_LIMIT' })
    expect(await ask(length)).toEqual({
      asked: [`1.${role}.json`],
      code: 'ERR_TUF_LENGTH_MISMATCH',
    })
  },
)
