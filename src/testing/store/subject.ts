/** The stores that the contract asks, and its cases. */
import type { Store } from '../../client/store.js'

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
