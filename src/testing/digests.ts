/** Digests by the names that metadata gives them, in portable JavaScript. */

import { bytesToHex } from '@noble/hashes/utils.js'
import type { HashName } from '../core/keys/cryptography.js'
import { blake2b } from '../web/blake2b.js'
import { cryptographyOf } from '../web/parts.js'
import { sha3 } from '../web/sha3.js'

const functions = cryptographyOf(sha3, blake2b)

/** The digests of `bytes` as metadata lists them: name → hexadecimal. */
export function hashesOf(bytes: Uint8Array, names: readonly HashName[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, bytesToHex(functions.hash(name, bytes))]))
}
