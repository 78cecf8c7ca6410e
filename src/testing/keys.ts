/**
 * Keys made from seeds: the same seed is the same key on every machine, so that the same script
 * makes the same repository to the byte. Never use them for a repository that protects users.
 */

import { getPublicKey, hashes, sign } from '@noble/ed25519'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { encodeCanonical } from '../core/json/canonical.js'

/** A public key as a table of keys declares it (4.2.2). */
export type PublicKeyDeclaration = {
  readonly keytype: string
  readonly scheme: string
  /** `public` is hexadecimal or PEM. */
  readonly keyval: { readonly public: string }
}

/** A key that can sign. */
export interface Signer {
  /** The name under which roles and signatures refer to the key. */
  readonly keyid: string
  /** The entry in the table of keys. */
  readonly key: PublicKeyDeclaration
  /** The raw signature over `bytes`; files carry it in hexadecimal. */
  sign(bytes: Uint8Array): Uint8Array
}

/** Makes a key from 32 bytes; equal seeds must give equal keys. */
export type MakeSigner = (seed: Uint8Array) => Signer

/**
 * The keyid of section 4.2: SHA-256 of the canonical declaration, in hexadecimal.
 *
 * @example
 * ```ts runs
 * import { ed25519Signer, keyidOf } from 'tuffet/testing'
 *
 * keyidOf(ed25519Signer('a seed').key) // SHA-256 of the key's canonical form, in hexadecimal
 * ```
 */
export function keyidOf(key: PublicKeyDeclaration): string {
  return bytesToHex(sha256(encodeCanonical(key)))
}

/**
 * 32 bytes for a key, from text of any length: its SHA-256.
 *
 * @example
 * ```ts runs
 * import { ed25519Signer, seedFrom } from 'tuffet/testing'
 *
 * const signer = ed25519Signer(seedFrom('a seed'))
 * ```
 */
export function seedFrom(text: string): Uint8Array {
  return sha256(utf8ToBytes(text))
}

/**
 * An Ed25519 key in portable JavaScript, about 2 ms a signature; `nodeEd25519Signer` of
 * `tuffet/testing/node` makes the same key and the same signatures in a tenth of that.
 *
 * @param seed 32 bytes, or text that is hashed to them
 *
 * @example
 * ```ts runs
 * import { createRepository, ed25519Signer } from 'tuffet/testing'
 *
 * const repository = createRepository()
 * repository.signWith('timestamp', [ed25519Signer('an attacker')])
 * repository.publish() // the next timestamp fails its threshold
 * ```
 */
export function ed25519Signer(seed: Uint8Array | string): Signer {
  // Inside the function: importing this module must not have side effects.
  hashes.sha512 = sha512
  const secret = typeof seed === 'string' ? seedFrom(seed) : seed
  const key: PublicKeyDeclaration = {
    keytype: 'ed25519',
    scheme: 'ed25519',
    keyval: { public: bytesToHex(getPublicKey(secret)) },
  }
  return { keyid: keyidOf(key), key, sign: (bytes) => sign(bytes, secret) }
}

/**
 * The same key, declared under another keyid (a keyid is a name: TAP 12).
 *
 * @example
 * ```ts runs
 * import { ed25519Signer, withKeyid } from 'tuffet/testing'
 *
 * const signer = withKeyid(ed25519Signer('a seed'), 'alice') // a keyid that is not a digest
 * ```
 */
export function withKeyid(signer: Signer, keyid: string): Signer {
  return { keyid, key: signer.key, sign: (bytes) => signer.sign(bytes) }
}

/**
 * The same key, declared in other words: another key type, scheme or encoding.
 *
 * @example
 * ```ts runs
 * import { ed25519Signer, withDeclaration } from 'tuffet/testing'
 *
 * const signer = ed25519Signer('a seed')
 * const unknown = withDeclaration(signer, { ...signer.key, keytype: 'post-quantum' })
 * ```
 */
export function withDeclaration(signer: Signer, key: PublicKeyDeclaration): Signer {
  return { keyid: keyidOf(key), key, sign: (bytes) => signer.sign(bytes) }
}
