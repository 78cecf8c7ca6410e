/**
 * The exports for browsers and workers, in place of Node's.
 *
 * @module tuffet/web
 */
export { blake2b } from './blake2b.js'
export { nobleCryptography } from './cryptography.js'
export { ecdsa } from './ecdsa.js'
export { ed25519 } from './ed25519.js'
export { indexedDbStore, type IndexedDbStoreOptions, type Locks } from './indexeddb-store.js'
export { cryptographyOf, type CryptographyPart } from './parts.js'
export { rsa } from './rsa.js'
export { sha3 } from './sha3.js'
