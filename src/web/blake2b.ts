/** BLAKE2b in JavaScript, by noble. */
import { blake2b as blake2bOf } from '@noble/hashes/blake2.js'
import type { CryptographyPart } from './parts.js'

/** BLAKE2b with 32 and with 64 bytes, for {@link cryptographyOf}. PyPI and RSTUF list targets by it. */
export const blake2b: CryptographyPart = {
  hashes: {
    'blake2b-256': () => blake2bOf.create({ dkLen: 32 }),
    'blake2b-512': () => blake2bOf.create(),
  },
}
