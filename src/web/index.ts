/** `tuffet/web`: what browsers and workers have in place of Node's. */
export { nobleCryptography } from './cryptography.js'
export { indexedDbStore, type IndexedDbStoreOptions, type Locks } from './indexeddb-store.js'
