import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { IDBFactory } from 'fake-indexeddb'
import { memoryStore, type Store } from '../../src/index.js'
import { fileStore } from '../../src/node/index.js'
import { storeContract, type StoreSubject } from '../../src/testing/index.js'
import { indexedDbStore } from '../../src/web/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Stores in folders, of one layout. */
function folders(layout: 'nested' | 'flat'): StoreSubject {
  const places = new WeakMap<Store, string>()
  const open = (folder: string): Store => {
    const store = fileStore(folder, { layout })
    places.set(store, folder)
    return store
  }
  return {
    open: () => open(temporaryFolder('contract')),
    shared: { by: 'exclusive', reopen: (store) => open(places.get(store) ?? '') },
  }
}

/** Entries that several objects share, and compare in one step; `break` spoils the methods. */
function sharedMap(
  spoil: (store: Required<Store>, entries: Entries) => Partial<Store>,
): StoreSubject {
  const all = new WeakMap<Store, Entries>()
  const open = (entries: Entries): Store => {
    const store: Required<Store> = {
      get: async (name) => entries.get(name)?.slice(),
      set: async (name, bytes) => void entries.set(name, new Uint8Array(bytes)),
      delete: async (name) => void entries.delete(name),
      exclusive: async (commit) => commit(),
      async change(change, expected) {
        const isAsExpected = expected.every(({ entry, bytes, maxLength }) => {
          const there = entries.get(entry)
          const usable = there && there.length <= maxLength ? there : undefined
          return (
            String(usable) === String(bytes) && (usable === undefined) === (bytes === undefined)
          )
        })
        if (!isAsExpected) return false
        if ('delete' in change) entries.delete(change.delete)
        else entries.set(change.set, new Uint8Array(change.bytes))
        return true
      },
    }
    const spoilt = { ...store, ...spoil(store, entries) }
    all.set(spoilt, entries)
    return spoilt
  }
  return {
    open: () => open(new Map()),
    shared: { by: 'change', reopen: (store) => open(all.get(store) ?? new Map()) },
  }
}

type Entries = Map<string, Uint8Array>

describe('the contract', () => {
  describe.each<[string, StoreSubject]>([
    ['memoryStore', { open: () => memoryStore() }],
    ['fileStore', folders('nested')],
    ['fileStore, flat', folders('flat')],
    ['indexedDbStore', indexedDatabases()],
    ['a store that compares', sharedMap(() => ({}))],
  ])('is kept by %s:', (_, subject) => {
    for (const { title, run } of storeContract(subject)) test(title, run)
  })

  test('has cases with different titles', () => {
    const titles = storeContract(folders('nested')).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
    expect(titles.length).toBeGreaterThan(storeContract({ open: () => memoryStore() }).length)
  })
})

/** A fault, the case that finds it. Other cases may find it too. */
test.each<[string, string, Parameters<typeof sharedMap>[0]]>([
  ['keeps deleted entries', 'was deleted, is absent', () => ({ delete: async () => undefined })],
  [
    'takes empty entries for absent',
    'bytes come back whatever',
    (store) => ({
      get: async (name) => {
        const bytes = await store.get(name)
        return bytes?.length === 0 ? undefined : bytes
      },
    }),
  ],
  [
    'keeps bytes as text',
    'bytes come back whatever',
    (store) => ({
      set: (name, bytes) => store.set(name, Buffer.from(new TextDecoder().decode(bytes))),
    }),
  ],
  [
    'drops what follows a %',
    'different names',
    (store) => ({
      get: (name) => store.get(name.replace(/%.*/, '')),
      set: (name, bytes) => store.set(name.replace(/%.*/, ''), bytes),
    }),
  ],
  [
    "keeps the caller's bytes",
    'that change after they were set',
    (_, entries) => ({
      set: async (name, bytes) => void entries.set(name, bytes),
    }),
  ],
  [
    'gives its own bytes',
    'that change after they were set',
    (_, entries) => ({
      get: async (name) => entries.get(name),
    }),
  ],
  [
    'cuts at maxLength',
    'up to maxLength',
    (store) => ({
      get: async (name, options) => (await store.get(name))?.subarray(0, options?.maxLength),
    }),
  ],
  [
    'keeps the whole buffer',
    'a view into a larger buffer',
    (store) => ({
      set: (name, bytes) => store.set(name, new Uint8Array(bytes.buffer)),
    }),
  ],
  [
    'writes in two steps',
    'never a part or a mixture',
    (store) => ({
      async set(name, bytes) {
        await store.set(name, bytes.subarray(0, bytes.length >> 1))
        await new Promise(setImmediate)
        await store.set(name, bytes)
      },
    }),
  ],
  [
    'deletes before it writes',
    'never a part or a mixture',
    (store) => ({
      async set(name, bytes) {
        await store.delete(name)
        await new Promise(setImmediate)
        await store.set(name, bytes)
      },
    }),
  ],
  [
    'compares, and then changes',
    'lose no count',
    (store) => ({
      async change(change, expected) {
        for (const { entry, bytes } of expected) {
          if (String(await store.get(entry)) !== String(bytes)) return false
        }
        await new Promise(setImmediate)
        return store.change(change, [])
      },
    }),
  ],
  [
    'compares the first expected entry alone',
    'one expected entry differs',
    (store) => ({
      change: (change, expected) => store.change(change, expected.slice(0, 1)),
    }),
  ],
  [
    'takes an empty entry for an absent one',
    'one expected entry differs',
    (store) => ({
      change: (change, expected) =>
        store.change(
          change,
          expected.map((one) => ({ ...one, bytes: one.bytes?.length ? one.bytes : undefined })),
        ),
    }),
  ],
  [
    'does not heed maxLength',
    'longer than its maxLength',
    (store) => ({
      change: (change, expected) =>
        store.change(
          change,
          expected.map((one) => ({ ...one, maxLength: 9e9 })),
        ),
    }),
  ],
  ['never changes', 'a change is made', () => ({ change: () => Promise.resolve(false) })],
  ['lacks the method', 'a change is made', () => ({ change: undefined as never })],
])('a store that %s breaks the contract', async (_, title, spoil) => {
  const found = storeContract(sharedMap(spoil)).find((one) => one.title.includes(title))
  await expect(found?.run()).rejects.toThrow(Error)
})

test('a store that reads slowly is not kept from writing files', async () => {
  const file = join(temporaryFolder('contract'), 'file')
  const slow = sharedMap((store) => ({
    get(name) {
      for (const start = performance.now(); performance.now() - start < 2;);
      return store.get(name)
    },
    async set(name, bytes) {
      await writeFile(file, bytes)
      await store.set(name, bytes)
    },
  }))
  const found = storeContract(slow).find(({ title }) => title.includes('never a part or a mixture'))
  await expect(found?.run()).resolves.toBeUndefined()
})

test('a store whose lock does not lock breaks the contract', async () => {
  const { open, shared } = sharedMap(() => ({}))
  const reopen = shared?.reopen ?? (() => memoryStore())
  const cases = storeContract({ open, shared: { by: 'exclusive', reopen } })
  const failed: string[] = []
  for (const { title, run } of cases) await run().catch(() => failed.push(title))
  expect(
    failed.filter((title) => /commits run one after another|lose no count/.test(title)),
  ).toHaveLength(2)
})

function indexedDatabases(): StoreSubject {
  const databases = new WeakMap<Store, IDBFactory>()
  const open = (indexedDB: IDBFactory): Store => {
    const store = indexedDbStore('tuf', { indexedDB, locks: locksOf(indexedDB) })
    databases.set(store, indexedDB)
    return store
  }
  return {
    open: () => open(new IDBFactory()),
    shared: { by: 'exclusive', reopen: (store) => open(databases.get(store) ?? new IDBFactory()) },
  }
}

const queues = new WeakMap<IDBFactory, Promise<unknown>>()

/** The lock manager of one origin. */
function locksOf(origin: IDBFactory) {
  return {
    request(_name: string, hold: () => Promise<void>): Promise<unknown> {
      const held = (queues.get(origin) ?? Promise.resolve()).then(hold)
      queues.set(origin, held)
      return held
    },
  }
}
