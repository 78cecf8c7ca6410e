/**
 * Cryptography in JavaScript, by noble, for browsers and workers: every part. Its verdicts are those of
 * the native table: `test/core/cryptography.test.ts` holds the two together.
 */
import type { Cryptography } from '../core/keys/cryptography.js'
import { blake2b } from './blake2b.js'
import { ecdsa } from './ecdsa.js'
import { ed25519 } from './ed25519.js'
import { cryptographyOf } from './parts.js'
import { rsa } from './rsa.js'
import { sha3 } from './sha3.js'

/**
 * Cryptography in plain JavaScript, without the platform's.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { nobleCryptography } from 'tuffet/web'
 *
 * const metadataUrl = 'https://tuf.example.com/metadata/'
 * const updater = new Updater({ metadataUrl, cryptography: nobleCryptography })
 * ```
 */
export const nobleCryptography: Cryptography = cryptographyOf(ed25519, ecdsa, rsa, sha3, blake2b)
