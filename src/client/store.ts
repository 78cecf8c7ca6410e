/**
 * The Store port: where accepted metadata is kept between runs, and the store that forgets. Stored
 * bytes are not believed: they pass every check that fetched bytes pass.
 */
import { isBytes } from '../core/bytes.js'
import type { ExpectedEntry } from '../core/cycle/request.js'
import { StoreFailedError } from '../errors.js'
import { equalBytes } from './equal-bytes.js'

/**
 * Names are made by `core/names.ts`: ASCII letters, digits and `_ . - ~ %`, at most one `/`
 * (`timestamp.json`, `root_history/3.root.json`). A failure is a `StoreFailedError`.
 */
export interface Store {
  /**
   * The bytes last set under `name`, or undefined for an absent entry. Of an entry longer than
   * `maxLength`, the first `maxLength + 1` bytes are enough: the caller refuses it.
   */
  get(name: string, options?: GetOptions): Promise<Uint8Array | undefined>
  /**
   * Atomic: a reader, or a crash, sees the old bytes or the new ones, never a part. `bytes` stay the
   * caller's: the store neither changes nor transfers them.
   */
  set(name: string, bytes: Uint8Array, options?: SetOptions): Promise<void>
  /** Deleting an absent entry is not an error. */
  delete(name: string): Promise<void>
  /**
   * Runs `commit` while no other process runs one on the same store. The commit is short (re-read,
   * keep the newer, write) and never waits for a request. A store that is not shared leaves it out,
   * and so does one with `change`.
   */
  exclusive?<T>(commit: () => Promise<T>): Promise<T>
  /**
   * Makes one change if every expected entry is as it says, in one step that no other change gets
   * into. True: made, as atomic as `set`. False: an entry differs, and nothing was changed, unless a client
   * repeated this change after its answer was lost: the caller reads again. For a store
   * whose engine compares; it is used in the place of `exclusive`. Nothing is locked: a process that
   * hangs holds nobody up, and its late change is refused when another came before it. After an error the change may
   * have been made, or may still be made while the entries are as expected.
   */
  change?(change: StoreChange, expected: readonly ExpectedEntry[]): Promise<boolean>
}

/** One change of a store, as in {@link Store.set} and {@link Store.delete}. */
export type StoreChange =
  | {
      /** The entry's name. */
      readonly set: string
      readonly bytes: Uint8Array
      /** As in {@link SetOptions}. */
      readonly lasting?: boolean | undefined
    }
  | {
      /** The entry's name. */
      readonly delete: string
    }

/** How {@link Store.get} reads. A store may ignore it: then more memory is used, and no trust lost. */
export interface GetOptions {
  /** Bytes; the caller refuses an entry that is longer. Default: no limit. */
  readonly maxLength?: number | undefined
  /** @internal The caller's own bytes: where the entry has the same, the answer may be these. */
  readonly known?: Uint8Array | undefined
}

/** How {@link Store.set} keeps bytes; a store may be more careful than it is asked to be. */
export interface SetOptions {
  /**
   * Whether they must outlast a power failure from the moment `set` is done. Default true. False
   * for a file that the snapshot lists: damaged or lost, it is noticed and fetched again.
   */
  readonly lasting?: boolean | undefined
}

/**
 * A store that forgets with the process. Bytes are copied in and out, so that callers cannot change
 * the stored bytes. It does not protect against rollback between runs: that takes a lasting store.
 *
 * @example
 * ```ts runs
 * import { memoryStore, Updater } from 'tuffet'
 *
 * const metadataUrl = 'https://tuf.example.com/metadata/'
 * const updater = new Updater({ metadataUrl, store: memoryStore() })
 * ```
 */
export function memoryStore(): Store {
  const entries = new Map<string, Uint8Array>()
  return markIsolated({
    get: (name, options) => Promise.resolve(copyUpTo(entries.get(name), options)),
    set(name, bytes) {
      // Not `slice`: a Buffer's does not copy.
      entries.set(name, new Uint8Array(bytes))
      return Promise.resolve()
    },
    delete(name) {
      entries.delete(name)
      return Promise.resolve()
    },
  })
}

const isolated = new WeakSet<Store>()

/**
 * @internal Says of a store of this package that no caller shares bytes with it: `get` gives bytes
 * that only the caller has, and `set` keeps a copy.
 */
export function markIsolated<S extends Store>(store: S): S {
  isolated.add(store)
  return store
}

/**
 * @internal The bytes for the other side of a store: those that a cycle reads may not change after
 * they were verified, whatever an application's store does with its own. A copy, except for the
 * stores of this package.
 */
export function bytesAcross(store: Store, bytes: Uint8Array): Uint8Array {
  // Not `slice`: a Buffer's does not copy.
  return isolated.has(store) ? bytes : new Uint8Array(bytes)
}

/** @internal A copy of an entry, cut one byte after its limit: enough to see that it is longer. */
export function copyUpTo(
  bytes: Uint8Array | undefined,
  { maxLength = Infinity, known }: GetOptions = {},
): Uint8Array | undefined {
  return bytes && known && equalBytes(bytes, known) ? known : bytes?.slice(0, maxLength + 1)
}

/**
 * @internal What the store has, as bytes. A store is the application's, and may have no types.
 *
 * @throws StoreFailedError when it gives anything else, and what the store throws
 */
export async function readEntry(
  store: Store,
  entry: string,
  maxLength: number,
  known?: Uint8Array,
): Promise<Uint8Array | undefined> {
  // Only a store of this package would not change them.
  const given = known && isolated.has(store) ? { maxLength, known } : { maxLength }
  const stored: unknown = await store.get(entry, given)
  if (stored === undefined || isBytes(stored)) return stored
  const cause = new TypeError('the store gave something other than a Uint8Array')
  throw new StoreFailedError('get', entry, { cause })
}
