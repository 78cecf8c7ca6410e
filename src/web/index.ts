/**
 * The exports for browsers and workers, in place of Node's.
 *
 * @module tuffet/web
 */
export { nobleCryptography } from './cryptography.js'
export { indexedDbStore, type IndexedDbStoreOptions, type Locks } from './indexeddb-store.js'
