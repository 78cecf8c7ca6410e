/** SHA-3 in JavaScript, by noble. */
import { sha3_256, sha3_512 } from '@noble/hashes/sha3.js'
import type { CryptographyPart } from './parts.js'

/** SHA3-256 and SHA3-512, for {@link cryptographyOf}. */
export const sha3: CryptographyPart = {
  hashes: { 'sha3-256': () => sha3_256.create(), 'sha3-512': () => sha3_512.create() },
}
