/**
 * The contract of the `Store` port as cases for any test runner. Every store of this package passes
 * them, and so must a store of your own.
 */
import type { Store } from '../../client/store.js'
import { entryCases } from './entries.js'
import { sharedCases } from './shared.js'

/** The store that is tested. */
export interface StoreSubject {
  /** A new store without entries; each case asks for its own. */
  readonly open: () => Store | Promise<Store>
  /** Absent: the store is for one process and one object. */
  readonly shared?: SharedStoreSubject | undefined
}

/** How a store is shared. */
export interface SharedStoreSubject {
  /** The method of the store that keeps changes of several processes apart. */
  readonly by: 'exclusive' | 'change'
  /** Another object over the entries of `store`, as another process would have. */
  readonly reopen: (store: Store) => Store | Promise<Store>
}

/** One case: a promise of the port, and the proof. */
export interface StoreCase {
  /** A sentence about behaviour, unique among the cases. */
  readonly title: string
  /** Rejects with an Error that says how the store breaks the promise, or with the store's own. */
  readonly run: () => Promise<void>
}

/**
 * The contract's cases for one store: entries and their limits, whole values while others write, and for
 * a shared store that no change is lost.
 *
 * @example
 * ```ts runs
 * import { memoryStore } from 'tuffet'
 * import { storeContract } from 'tuffet/testing'
 *
 * // With a test runner: `test(title, run)`.
 * for (const { title, run } of storeContract({ open: () => memoryStore() })) {
 *   await run().catch((cause) => Promise.reject(new Error(title, { cause })))
 * }
 * ```
 */
export function storeContract(subject: StoreSubject): readonly StoreCase[] {
  const { shared } = subject
  return [...entryCases(subject), ...(shared ? sharedCases(subject, shared) : [])]
}
