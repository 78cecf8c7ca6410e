/**
 * The platform's part: digests and the arithmetic of signatures. Core judges everything that needs
 * no arithmetic (encodings, curves, small-order points) before it asks.
 */
import type { KeyReport } from '../../errors.js'

/** Every hash function, for a platform that has all. */
export const hashNames = [
  'sha256',
  'sha384',
  'sha512',
  'sha3-256',
  'sha3-512',
  'blake2b-256',
  'blake2b-512',
] as const

/**
 * Hash functions by the name that metadata gives them; `blake2b` is resolved by digest length.
 *
 * @useDeclaredType
 */
export type HashName = (typeof hashNames)[number]

/** Bytes. */
export const digestLengths: Readonly<Record<HashName, number>> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
  'sha3-256': 32,
  'sha3-512': 64,
  'blake2b-256': 32,
  'blake2b-512': 64,
}

/**
 * The hash functions of signatures by ECDSA and RSA.
 *
 * @useDeclaredType
 */
export type SignatureHash = Extract<HashName, 'sha256' | 'sha384' | 'sha512'>

/**
 * The parameter sets of FIPS 204.
 *
 * @useDeclaredType
 */
export type MlDsaParameters = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'

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
      readonly hash: SignatureHash
      /** SEC 1, uncompressed (leading 0x04) or compressed; not yet known to be on the curve. */
      readonly point: Uint8Array
    }
  | {
      readonly kind: 'rsa'
      readonly padding: 'pss' | 'pkcs1v15'
      readonly hash: SignatureHash
      /** Big-endian, without leading zeros; at least 2,048 bits. */
      readonly modulus: Uint8Array
      /** Big-endian, without leading zeros; odd and at least 3. */
      readonly exponent: Uint8Array
    }
  | {
      readonly kind: 'ml-dsa'
      readonly parameters: MlDsaParameters
      /** As in FIPS 204, of the length that belongs to the parameters. */
      readonly encoded: Uint8Array
    }

/**
 * Whether `signature` is the key's over `message`. Never throws.
 *
 * `signature` is raw: 64 bytes for Ed25519, r ‖ s each as long as the curve's order for ECDSA,
 * as long as the modulus for RSA (PSS: salt as long as the digest), as in FIPS 204 for ML-DSA, which is
 * pure and has an empty context.
 */
export interface VerifySignature {
  (message: Uint8Array, signature: Uint8Array): boolean
  /** The same verdict in two steps, where the digest may come from elsewhere. */
  readonly steps?: SignatureSteps | undefined
}

/** A verdict as a digest, and the arithmetic over it. */
export interface SignatureSteps {
  readonly hash: SignatureHash
  /** The bytes that are digested before the message: R ‖ A for Ed25519, none for the others. */
  before(signature: Uint8Array): Uint8Array
  /** Never throws. `digest` is as long as `hash` says. */
  verify(digest: Uint8Array, signature: Uint8Array): boolean
}

/** The digest of a message that a cycle asks its driver for. */
export interface DigestRequest {
  readonly hash: HashName
  /** One after the other; they must not be changed. */
  readonly parts: readonly Uint8Array[]
}

/** The digests that a driver may compute faster than the platform's table. */
export interface AskedDigests {
  readonly hashNames: readonly HashName[]
  /** Bytes of a message; the digests of shorter ones are not worth a request. */
  readonly leastLength: number
}

/** A key that does not count, and why. */
export interface UnusableKey {
  readonly verdict: Extract<KeyReport['verdict'], 'unsupported-key' | 'broken-key'>
  readonly reason: string
}

/** The key that a declaration describes. */
export type DecodedKey =
  | {
      readonly verdict: 'ok'
      readonly publicKey: PublicKey
      /** Equal for two declarations exactly when the public key is, however it is written. */
      readonly identity: string
      /** Hexadecimal as in metadata → the bytes for VerifySignature; undefined when malformed. */
      decodeSignature(hex: string): Uint8Array | undefined
      /** Where a digest is signed in place of the message: the verdict on a message, from that on such bytes. */
      overDigest?(holds: VerifySignature, cryptography: Pick<Cryptography, 'hash'>): VerifySignature
    }
  | UnusableKey

/** How a key of one scheme is read. */
export interface KeyScheme {
  /** Only for those who ask: RSA PKCS #1 v1.5. */
  readonly optional?: true
  /** Reads `keyval.public`; whether it is a point of its curve is not yet known. */
  decode(text: string): DecodedKey
}

/** A kind of key, as a platform's table lists it. */
export interface KeyKind {
  readonly kind: PublicKey['kind']
  /** Key type and scheme as declared, with a slash between them. */
  readonly schemes: Readonly<Record<string, KeyScheme>>
}

/** A platform's cryptography: synchronous and without state. */
export interface Cryptography {
  /**
   * The kinds of keys that it verifies: `keyKinds` for those that every platform does, and `mlDsaKeys`.
   * A signature by any other does not count.
   */
  readonly keyKinds: readonly KeyKind[]
  /** Its hash functions, SHA-256 among them: `hashNames` for all. Any other is an unknown one. */
  readonly hashNames: readonly HashName[]
  /** The digest of bytes that are all there. */
  hash(name: HashName, bytes: Uint8Array): Uint8Array
  createHasher(name: HashName): Hasher
  /** Throws when the key is not one, for example when its point is not on the curve. */
  importKey(key: PublicKey): VerifySignature
  /**
   * The digests that a cycle asks its driver for, which may leave any of them to the table. Default:
   * none, as where the digests of the table are native.
   */
  readonly asked?: AskedDigests | undefined
}
