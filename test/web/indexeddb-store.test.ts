import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb'
import { isTufError, Updater } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'
import { indexedDbStore, type Locks } from '../../src/web/index.js'

const one = Uint8Array.of(1)
const two = Uint8Array.of(2, 2)

describe('entries', () => {
  test('values come back, also from another object on the same database', async () => {
    const indexedDB = new IDBFactory()
    const store = indexedDbStore('tuf', { indexedDB })
    await store.set('timestamp.json', one)
    await store.set('root_history/1.root.json', two)
    const other = indexedDbStore('tuf', { indexedDB })
    expect(await other.get('timestamp.json')).toEqual(one)
    expect(await other.get('root_history/1.root.json')).toEqual(two)
  })

  test('the newest bytes replace those before', async () => {
    const store = indexedDbStore('tuf', { indexedDB: new IDBFactory() })
    await store.set('a', one)
    await store.set('a', two)
    expect(await store.get('a')).toEqual(two)
  })

  test('a key that was never set, or was deleted, is undefined', async () => {
    const store = indexedDbStore('tuf', { indexedDB: new IDBFactory() })
    expect(await store.get('a')).toBeUndefined()
    await store.set('a', one)
    await store.delete('a')
    await store.delete('a')
    expect(await store.get('a')).toBeUndefined()
  })

  test('databases of different names do not share values', async () => {
    const indexedDB = new IDBFactory()
    await indexedDbStore('tuf', { indexedDB }).set('a', one)
    expect(await indexedDbStore('other', { indexedDB }).get('a')).toBeUndefined()
  })

  test('bytes that change afterwards do not change the stored value', async () => {
    const store = indexedDbStore('tuf', { indexedDB: new IDBFactory() })
    const bytes = Uint8Array.of(7, 8)
    const setting = store.set('a', bytes)
    bytes.fill(0)
    await setting
    const read = await store.get('a')
    read?.fill(0)
    expect(await store.get('a')).toEqual(Uint8Array.of(7, 8))
  })

  test('of a view only the bytes that it shows are kept', async () => {
    const store = indexedDbStore('tuf', { indexedDB: new IDBFactory() })
    await store.set('a', new Uint8Array(1_000_000).subarray(5, 8))
    const read = await store.get('a')
    expect(read?.length).toBe(3)
    expect(read?.buffer.byteLength).toBe(3)
  })

  test('an update cycle finds the state of the last one', async () => {
    const indexedDB = new IDBFactory()
    const repo = createRepository()
    repo.addTarget('a.whl', 'wheel')
    repo.publish()
    const refresh = async (): Promise<string[]> => {
      const fetcher = repo.fetcher()
      const store = indexedDbStore('tuf', { indexedDB })
      const { metadataUrl } = fetcher
      const now = (): number => repo.now
      await new Updater({ metadataUrl, root: repo.root(), store, fetcher, now }).refresh()
      return fetcher.requested
    }
    expect(await refresh()).toHaveLength(4)
    expect(await refresh()).toEqual(['2.root.json', 'timestamp.json'])
  })
})

describe('failures', () => {
  test('a write that the browser cannot finish leaves the old bytes, and says so', async () => {
    const indexedDB = new IDBFactory()
    const store = indexedDbStore('tuf', { indexedDB })
    await store.set('a', one)
    const failing = indexedDbStore('tuf', { indexedDB: abortingWrites(indexedDB) })
    // The request succeeds, the transaction does not.
    await expect(failing.set('a', two)).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'set',
      entry: 'a',
    })
    expect(await store.get('a')).toEqual(one)
  })

  test('a database of a newer kind is refused with the reason of the browser', async () => {
    const indexedDB = new IDBFactory()
    await open(indexedDB, 'tuf', 2)
    const store = indexedDbStore('tuf', { indexedDB })
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'get',
      cause: { name: 'VersionError' },
    })
  })

  test('a database of another program is refused', async () => {
    const indexedDB = new IDBFactory()
    await open(indexedDB, 'tuf', 1)
    const store = indexedDbStore('tuf', { indexedDB })
    await expect(store.delete('a')).rejects.toMatchObject({
      operation: 'delete',
      cause: { name: 'NotFoundError' },
    })
  })

  test('an entry that is not bytes is refused', async () => {
    const indexedDB = new IDBFactory()
    await indexedDbStore('tuf', { indexedDB }).set('b', one)
    const database = await open(indexedDB, 'tuf', 1)
    await new Promise((resolve) => {
      const transaction = database.transaction('entries', 'readwrite')
      transaction.objectStore('entries').put('text', 'a')
      transaction.oncomplete = resolve
    })
    const store = indexedDbStore('tuf', { indexedDB })
    await expect(store.get('a')).rejects.toMatchObject({ code: 'ERR_TUF_STORE_FAILED', entry: 'a' })
    expect(await store.get('b')).toEqual(one)
  })

  test('without IndexedDB every call fails, and making the store does not', async () => {
    const store = indexedDbStore('tuf')
    const error: unknown = await store.get('a').catch((reason: unknown) => reason)
    expect(isTufError(error) && error.code).toBe('ERR_TUF_STORE_FAILED')
    await expect(store.set('a', one)).rejects.toMatchObject({ operation: 'set' })
  })

  test('a failure does not stick: the next call opens the database anew', async () => {
    const indexedDB = new IDBFactory()
    let refused = 0
    const factory = override(indexedDB, {
      open(name: string, version?: number) {
        if (refused++ === 0) throw new DOMException('not now', 'UnknownError')
        return indexedDB.open(name, version)
      },
    })
    const store = indexedDbStore('tuf', { indexedDB: factory })
    await expect(store.get('a')).rejects.toMatchObject({ cause: { name: 'UnknownError' } })
    await store.set('a', one)
    expect(await store.get('a')).toEqual(one)
  })

  test('a connection that the browser closes is opened again', async () => {
    const indexedDB = new IDBFactory()
    const opened: IDBDatabase[] = []
    const factory = override(indexedDB, {
      open(name: string, version?: number) {
        const request = indexedDB.open(name, version)
        request.addEventListener('success', () => opened.push(request.result))
        return request
      },
    })
    const store = indexedDbStore('tuf', { indexedDB: factory })
    await store.set('a', one)
    const closed = opened.map((database) => once(database, 'close'))
    for (const database of opened) {
      Reflect.apply(forceCloseDatabase, undefined, [database])
    }
    await Promise.all(closed)
    expect(await store.get('a')).toEqual(one)
    expect(opened).toHaveLength(2)
  })

  test('deleting the database does not wait for the store', async () => {
    const indexedDB = new IDBFactory()
    const store = indexedDbStore('tuf', { indexedDB })
    await store.set('a', one)
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase('tuf')
      request.onblocked = () => reject(new Error('blocked'))
      request.onsuccess = resolve
    })
    expect(await store.get('a')).toBeUndefined()
  })
})

describe('exclusive', () => {
  test('commits run one after another, and one that fails holds up no other', async () => {
    const store = indexedDbStore('tuf', { indexedDB: new IDBFactory() })
    const order: string[] = []
    const commit = (name: string, fails = false) =>
      store.exclusive?.(async () => {
        order.push(`${name} starts`)
        await store.set(name, one)
        order.push(`${name} ends`)
        if (fails) throw new Error(name)
        return name
      })
    const results = await Promise.allSettled([commit('a'), commit('b', true), commit('c')])
    expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[2]).toEqual({ status: 'fulfilled', value: 'c' })
  })

  test('the lock of the runtime is held from before the commit until after it', async () => {
    const events: string[] = []
    const locks: Locks = {
      async request(name, hold) {
        events.push(`${name} granted`)
        await hold()
        events.push('released')
      },
    }
    const store = indexedDbStore('tuf', { indexedDB: new IDBFactory(), locks })
    const result = await store.exclusive?.(async () => {
      await store.set('a', one)
      events.push('committed')
      return 42
    })
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(result).toBe(42)
    expect(events).toEqual(['tuffet store tuf granted', 'committed', 'released'])
  })

  test("a lock that isn't granted is a failure of the store, and the task does not run", async () => {
    const refusal = new DOMException('not in this context', 'SecurityError')
    const locks: Locks = { request: () => Promise.reject(refusal) }
    const store = indexedDbStore('tuf', { indexedDB: new IDBFactory(), locks })
    let ran = false
    const commit = store.exclusive?.(async () => {
      ran = true
    })
    await expect(commit).rejects.toMatchObject({ operation: 'lock', cause: refusal })
    expect(ran).toBe(false)
  })
})

/** The database as another page sees it. */
function open(indexedDB: IDBFactory, name: string, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no reason given'))
  })
}

/** `object` with some members replaced; the others see the object itself. */
function override<T extends object>(object: T, members: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(name in members ? members : target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** A browser that accepts a value, and then cannot keep it. */
function abortingWrites(indexedDB: IDBFactory): IDBFactory {
  return override(indexedDB, {
    open(name: string, version?: number) {
      const request = indexedDB.open(name, version)
      request.addEventListener('success', () => {
        const database = request.result
        const begin = database.transaction.bind(database)
        database.transaction = (...args) => {
          const transaction = begin(...args)
          const store = transaction.objectStore('entries')
          const put = store.put.bind(store)
          store.put = (...entry) => {
            const putting = put(...entry)
            putting.addEventListener('success', () => transaction.abort())
            return putting
          }
          return transaction
        }
      })
      return request
    },
  })
}
