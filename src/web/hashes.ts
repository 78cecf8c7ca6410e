/** Hash functions in JavaScript, by noble: those of browsers and workers, and of test repositories. */
import { blake2b } from '@noble/hashes/blake2.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { sha3_256, sha3_512 } from '@noble/hashes/sha3.js'
import type { Hasher, HashName } from '../core/keys/cryptography.js'

const functions: Readonly<Record<HashName, () => Hasher>> = {
  sha256: () => sha256.create(),
  sha384: () => sha384.create(),
  sha512: () => sha512.create(),
  'sha3-256': () => sha3_256.create(),
  'sha3-512': () => sha3_512.create(),
  'blake2b-256': () => blake2b.create({ dkLen: 32 }),
  'blake2b-512': () => blake2b.create(),
}

export function nobleHasher(name: HashName): Hasher {
  return functions[name]()
}

/** The digest of bytes that are all there. */
export function nobleHash(name: HashName, bytes: Uint8Array): Uint8Array {
  const hasher = functions[name]()
  hasher.update(bytes)
  return hasher.digest()
}
