/** Digests by the names that metadata gives them, in portable JavaScript. */

import { bytesToHex } from '@noble/hashes/utils.js'
import type { HashName } from '../core/keys/cryptography.js'
import { nobleCryptography } from '../web/cryptography.js'

/** The digests of `bytes` as metadata lists them: name → hexadecimal. */
export function hashesOf(bytes: Uint8Array, names: readonly HashName[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, bytesToHex(nobleCryptography.hash(name, bytes))]),
  )
}
