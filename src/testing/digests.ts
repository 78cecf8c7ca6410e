/** Digests by the names that metadata gives them, in portable JavaScript. */

import { blake2b } from '@noble/hashes/blake2.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { sha3_256, sha3_512 } from '@noble/hashes/sha3.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { HashName } from '../core/keys/cryptography.js'

const functions: Readonly<Record<HashName, (bytes: Uint8Array) => Uint8Array>> = {
  sha256,
  sha384,
  sha512,
  'sha3-256': sha3_256,
  'sha3-512': sha3_512,
  'blake2b-256': (bytes) => blake2b(bytes, { dkLen: 32 }),
  'blake2b-512': (bytes) => blake2b(bytes, { dkLen: 64 }),
}

/** The digests of `bytes` as metadata lists them: name → hexadecimal. */
export function hashesOf(bytes: Uint8Array, names: readonly HashName[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, bytesToHex(functions[name](bytes))]))
}
