/**
 * The shape of a kind of key: a row of a platform's table, from the schemes a declaration may name to
 * the reader of the key (4.2.2). A reader makes no arithmetic.
 */
import type { KeyReport } from '../../errors.js'
import type { PublicKey } from './cryptography.js'

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

/** @internal */
export function broken(reason: string): UnusableKey {
  return { verdict: 'broken-key', reason }
}

/** @internal The bytes, if there are as many. */
export function ofLength(bytes: Uint8Array | undefined, length: number): Uint8Array | undefined {
  return bytes?.length === length ? bytes : undefined
}
