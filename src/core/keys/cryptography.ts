/**
 * The platform's part: digests and the arithmetic of signatures. Core judges everything that needs
 * no arithmetic (encodings, curves, small-order points) before it asks.
 */

/** Hash functions by the name that metadata gives them; `blake2b` is resolved by digest length. */
export type HashName =
  'sha256' | 'sha384' | 'sha512' | 'sha3-256' | 'sha3-512' | 'blake2b-256' | 'blake2b-512'

/** An incremental digest. */
export interface Hasher {
  update(bytes: Uint8Array): void
  /** Ends the computation: call it once. */
  digest(): Uint8Array
}

/** A decoded public key together with the one algorithm it may be used with. */
export type PublicKey =
  | {
      readonly kind: 'ed25519'
      /** 32 bytes, canonical and not of small order. */
      readonly point: Uint8Array
    }
  | {
      readonly kind: 'ecdsa'
      readonly curve: 'P-256' | 'P-384' | 'P-521'
      readonly hash: 'sha256' | 'sha384' | 'sha512'
      /** SEC 1, uncompressed (leading 0x04) or compressed; not yet known to be on the curve. */
      readonly point: Uint8Array
    }
  | {
      readonly kind: 'rsa'
      readonly padding: 'pss' | 'pkcs1v15'
      readonly hash: 'sha256' | 'sha384' | 'sha512'
      /** Big-endian, without leading zeros; at least 2,048 bits. */
      readonly modulus: Uint8Array
      /** Big-endian, without leading zeros; odd and at least 3. */
      readonly exponent: Uint8Array
    }

/**
 * Whether `signature` is the key's over `message`. Never throws.
 *
 * `signature` is raw: 64 bytes for Ed25519, r ‖ s each as long as the curve's order for ECDSA,
 * as long as the modulus for RSA (PSS: salt as long as the digest).
 */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => boolean

/** A platform's cryptography: synchronous and without state. */
export interface Cryptography {
  /** The digest of bytes that are all there. */
  hash(name: HashName, bytes: Uint8Array): Uint8Array
  createHasher(name: HashName): Hasher
  /** Throws when the key is not one, for example when its point is not on the curve. */
  importKey(key: PublicKey): VerifySignature
}
