/**
 * The store of browsers and workers: a database of its own in IndexedDB, one transaction for each
 * call. Pages and workers of one origin may share it; an evicted file comes from the network again,
 * but the protection against rollback is lost.
 */
import { type GetOptions, markIsolated, type Store } from '../client/store.js'
import { StoreFailedError } from '../errors.js'

/** Options of {@link indexedDbStore}. */
export interface IndexedDbStoreOptions {
  /** Default: the global one. */
  readonly indexedDB?: IDBFactory | undefined
  /** Default: `navigator.locks`, where there is one (secure contexts). */
  readonly locks?: Locks | undefined
}

/** As much of a `LockManager` as is used. */
export interface Locks {
  /** The lock is held until the promise that `hold` gives is settled. */
  request(name: string, hold: () => Promise<void>): Promise<unknown>
}

const entries = 'entries'

/**
 * A store in the database `name`, which is made when it is first used. Each `set` is atomic and
 * ends when the bytes are on disk. Commits are exclusive among all that share the database where
 * the runtime supports locks, elsewhere among the users of this one object.
 *
 * Throws `StoreFailedError`, with the browser's own error as its `cause`.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { indexedDbStore } from 'tuffet/web'
 *
 * const metadataUrl = 'https://tuf.example.com/metadata/'
 * const updater = new Updater({ metadataUrl, store: indexedDbStore('tuf') })
 * ```
 */
export function indexedDbStore(name: string, options: IndexedDbStoreOptions = {}): Store {
  return markIsolated(new IndexedDbStore(name, options))
}

class IndexedDbStore implements Store {
  readonly #name: string
  readonly #factory: IDBFactory | undefined
  readonly #locks: Locks
  #database: Promise<IDBDatabase> | undefined

  constructor(name: string, { indexedDB, locks }: IndexedDbStoreOptions) {
    const scope: Scope = globalThis
    this.#name = name
    this.#factory = indexedDB ?? scope.indexedDB
    this.#locks = locks ?? scope.navigator?.locks ?? localLocks()
  }

  async get(
    name: string,
    { maxLength = Infinity }: GetOptions = {},
  ): Promise<Uint8Array | undefined> {
    const value = await this.#run<unknown>('get', name, (store) => store.get(name))
    if (value === undefined) return undefined
    // The database cannot read a part of a value. A copy, so that the rest does not stay in memory.
    if (value instanceof Uint8Array) {
      return value.length > maxLength ? value.slice(0, maxLength + 1) : value
    }
    throw new StoreFailedError('get', name, { cause: new TypeError('not bytes') })
  }

  async set(name: string, bytes: Uint8Array): Promise<void> {
    // A copy: of a view, the database would store the whole underlying buffer, and later than now.
    const copy = new Uint8Array(bytes)
    await this.#run('set', name, (store) => store.put(copy, name))
  }

  async delete(name: string): Promise<void> {
    await this.#run('delete', name, (store) => store.delete(name))
  }

  async exclusive<T>(commit: () => Promise<T>): Promise<T> {
    const release = await this.#lock()
    try {
      return await commit()
    } finally {
      release()
    }
  }

  #lock(): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const hold = (): Promise<void> => new Promise((release) => resolve(release))
      this.#locks.request(`tuffet store ${this.#name}`, hold).catch((error: unknown) => {
        reject(new StoreFailedError('lock', this.#name, { cause: error }))
      })
    })
  }

  async #run<T>(
    operation: 'get' | 'set' | 'delete',
    name: string,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    try {
      this.#database ??= this.#open()
      return await transact(await this.#database, operation === 'get', ask)
    } catch (error) {
      // Browsers lose connections; the next call opens another.
      this.#forget()
      throw new StoreFailedError(operation, name, { cause: error })
    }
  }

  #open(): Promise<IDBDatabase> {
    const factory = this.#factory
    return new Promise((resolve, reject) => {
      if (factory === undefined) throw new Error('this runtime lacks IndexedDB')
      const request = factory.open(this.#name, 1)
      request.onupgradeneeded = () => {
        request.result.createObjectStore(entries)
      }
      request.onerror = () => reject(reasonOf(request.error))
      request.onsuccess = () => {
        const database = request.result
        // Another page can then delete the database without waiting for this one to close.
        database.onversionchange = () => this.#forget()
        database.onclose = () => this.#forget()
        resolve(database)
      }
    })
  }

  #forget(): void {
    const database = this.#database
    this.#database = undefined
    database?.then(
      (open) => open.close(),
      () => undefined,
    )
  }
}

/** The part of a runtime's global scope that is used; some runtimes lack it. */
interface Scope {
  readonly indexedDB?: IDBFactory
  readonly navigator?: { readonly locks?: Locks }
}

/** For want of better: one after another within this object. */
function localLocks(): Locks {
  let last: Promise<unknown> = Promise.resolve()
  return {
    request(_name, hold) {
      last = last.then(hold)
      return last
    },
  }
}

/** One request in a transaction of its own; over when the transaction is, not when the request is. */
function transact<T>(
  database: IDBDatabase,
  readOnly: boolean,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = readOnly
      ? database.transaction(entries, 'readonly')
      : database.transaction(entries, 'readwrite', { durability: 'strict' })
    const request = ask(transaction.objectStore(entries))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(reasonOf(transaction.error))
  })
}

/** A transaction that the browser ended carries no error. */
function reasonOf(error: DOMException | null): Error {
  return error ?? new Error('the browser ended the transaction')
}
