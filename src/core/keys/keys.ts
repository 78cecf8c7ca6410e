/**
 * Declared keys (4.2.2): one table from key type and scheme to the reader of the key. The algorithm
 * comes from the trusted key alone; key type, scheme and the key itself must agree. A key that
 * cannot be used is a verdict, never an error: it does not count, and the other keys still do.
 */

import type { KeyReport } from '../../errors.js'
import { budget } from '../budget.js'
import { decodeHex, encodeHex } from '../bytes.js'
import type { Key } from '../metadata/model.js'
import type { PublicKey, SignatureHash } from './cryptography.js'
import {
  decodeEcdsaSignature,
  decodeRsaPublicKey,
  decodeSubjectPublicKey,
  type DerPublicKey,
} from './der.js'
import { decodePem } from './pem.js'

/** Which keys are accepted beyond the default. */
export interface KeyOptions {
  /** Accept RSA PKCS #1 v1.5 (`rsa-pkcs1v15-sha256`, `-sha384`, `-sha512`). Default: false. */
  readonly pkcs1v15?: boolean | undefined
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
    }
  | UnusableKey

type Curve = Extract<PublicKey, { kind: 'ecdsa' }>['curve']
type RsaPadding = Extract<PublicKey, { kind: 'rsa' }>['padding']

/** @internal The algorithm of a key, and the form of its text. */
export type Scheme =
  | { readonly kind: 'ed25519' }
  | { readonly kind: 'ecdsa'; readonly curve: Curve; readonly hash: SignatureHash }
  | { readonly kind: 'rsa'; readonly padding: RsaPadding; readonly hash: SignatureHash }

// Sigstore's first roots use the scheme's name as key type; securesystemslib reads both.
const schemes: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ['ed25519/ed25519', { kind: 'ed25519' }],
  ['ecdsa/ecdsa-sha2-nistp256', ecdsa('P-256', 'sha256')],
  ['ecdsa/ecdsa-sha2-nistp384', ecdsa('P-384', 'sha384')],
  ['ecdsa/ecdsa-sha2-nistp521', ecdsa('P-521', 'sha512')],
  ['ecdsa-sha2-nistp256/ecdsa-sha2-nistp256', ecdsa('P-256', 'sha256')],
  ['ecdsa-sha2-nistp384/ecdsa-sha2-nistp384', ecdsa('P-384', 'sha384')],
  ['ecdsa-sha2-nistp521/ecdsa-sha2-nistp521', ecdsa('P-521', 'sha512')],
  ['rsa/rsassa-pss-sha256', { kind: 'rsa', padding: 'pss', hash: 'sha256' }],
  ['rsa/rsassa-pss-sha384', { kind: 'rsa', padding: 'pss', hash: 'sha384' }],
  ['rsa/rsassa-pss-sha512', { kind: 'rsa', padding: 'pss', hash: 'sha512' }],
  ['rsa/rsa-pkcs1v15-sha256', { kind: 'rsa', padding: 'pkcs1v15', hash: 'sha256' }],
  ['rsa/rsa-pkcs1v15-sha384', { kind: 'rsa', padding: 'pkcs1v15', hash: 'sha384' }],
  ['rsa/rsa-pkcs1v15-sha512', { kind: 'rsa', padding: 'pkcs1v15', hash: 'sha512' }],
])

const coordinateLengths: Readonly<Record<Curve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }

// 4.2.2 asks for 2,048 bits. OpenSSL stops at 16,384, and Deno at exponents of 33 (and, which is
// not imposed on others, at a modulus of 4,096: a longer key is broken there).
const rsaBits = {
  minimum: 2048,
  maximum: budget.rsaModulus,
  exponentMaximum: budget.rsaExponent,
} as const

// The y coordinates of the eight points whose order divides 8, little-endian: such a key accepts
// signatures that its owner never made, and platforms disagree about such an R.
const smallOrderY: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** Reads a key without any arithmetic; whether it is a point of its curve is not yet known. */
export function decodeKey(key: Key, options: KeyOptions = {}): DecodedKey {
  const scheme = findScheme(key, options)
  return 'verdict' in scheme ? scheme : decodePublicKey(key.public, scheme)
}

function ecdsa(curve: Curve, hash: SignatureHash): Scheme {
  return { kind: 'ecdsa', curve, hash }
}

/** @internal The scheme that a key declares, if it may be used. */
export function findScheme(key: Key, options: KeyOptions): Scheme | UnusableKey {
  const name = `${key.keytype}/${key.scheme}`
  const scheme = schemes.get(name)
  if (scheme === undefined) {
    return unsupported(`key type and scheme ${JSON.stringify(name)} are not known`)
  }
  if (scheme.kind === 'rsa' && scheme.padding === 'pkcs1v15' && options.pkcs1v15 !== true) {
    return unsupported('RSA PKCS #1 v1.5 is not accepted unless asked for')
  }
  return scheme
}

/** @internal {@link decodeKey} where the scheme is known otherwise. */
export function decodePublicKey(text: string, scheme: Scheme): DecodedKey {
  switch (scheme.kind) {
    case 'ed25519':
      return decodeEd25519(text)
    case 'ecdsa':
      return decodeEcdsa(text, scheme.curve, scheme.hash)
    case 'rsa':
      return decodeRsa(text, scheme.padding, scheme.hash)
  }
}

function decodeEd25519(text: string): DecodedKey {
  const point = decodeHex(text)
  if (point?.length !== 32) return broken('an Ed25519 key is 64 hexadecimal digits')
  if (!isCanonicalY(point)) return broken('the point is not encoded canonically')
  if (isSmallOrder(point)) return broken('the point is of small order')
  return {
    verdict: 'ok',
    publicKey: { kind: 'ed25519', point },
    identity: `ed25519:${encodeHex(point)}`,
    decodeSignature(hex) {
      const signature = ofLength(decodeHex(hex), 64)
      // R too: OpenSSL 3.5 refuses points that 3.0 accepts, and no signer makes them.
      return signature && !isSmallOrder(signature.subarray(0, 32)) ? signature : undefined
    },
  }
}

function isSmallOrder(point: Uint8Array): boolean {
  const y = Uint8Array.from(point)
  y[31] = (y[31] ?? 0) & 0x7f
  return smallOrderY.has(encodeHex(y))
}

/** Whether y, which is little-endian below the sign bit, is less than p = 2^255 - 19. */
function isCanonicalY(point: Uint8Array): boolean {
  const [first = 0] = point
  const last = (point[31] ?? 0) & 0x7f
  return first < 0xed || last < 0x7f || point.subarray(1, 31).some((byte) => byte < 0xff)
}

function decodeEcdsa(text: string, curve: Curve, hash: SignatureHash): DecodedKey {
  const point = decodeHex(text) ?? pointOf(decodePublicKeyPem(text), curve)
  if (point === undefined) return broken(`the key is neither hexadecimal nor the PEM of ${curve}`)
  const size = coordinateLengths[curve]
  const [format] = point
  const compressed = (format === 2 || format === 3) && point.length === 1 + size
  const uncompressed = format === 4 && point.length === 1 + 2 * size
  if (!compressed && !uncompressed) return broken(`the key is not a point of ${curve}`)
  // The two points that share an x differ in the parity of y.
  const parity = ((compressed ? format : point.at(-1)) ?? 0) & 1
  return {
    verdict: 'ok',
    publicKey: { kind: 'ecdsa', curve, hash, point },
    identity: `${curve}:${encodeHex(point.subarray(1, 1 + size))}:${parity}`,
    decodeSignature(hex) {
      const der = decodeHex(hex)
      return der && decodeEcdsaSignature(der, size)
    },
  }
}

function pointOf(found: DerPublicKey | undefined, curve: Curve): Uint8Array | undefined {
  return found?.kind === 'ec' && found.curve === curve ? found.point : undefined
}

function decodeRsa(text: string, padding: RsaPadding, hash: SignatureHash): DecodedKey {
  const found = decodePublicKeyPem(text)
  if (found?.kind !== 'rsa') return broken('an RSA key is the PEM of one')
  const { modulus, exponent } = found
  const bits = bitLength(modulus)
  if (bits < rsaBits.minimum || bits > rsaBits.maximum) {
    return broken(`the modulus is ${bits} bits long, not ${rsaBits.minimum} to ${rsaBits.maximum}`)
  }
  if (!isOdd(modulus)) return broken('the modulus is even')
  if (!isOdd(exponent) || bitLength(exponent) < 2) return broken('the exponent is even or 1')
  if (bitLength(exponent) > rsaBits.exponentMaximum) return broken('the exponent is too large')
  if (bits * bitLength(exponent) > budget.rsaWork) {
    return broken('modulus and exponent together are too large')
  }
  return {
    verdict: 'ok',
    publicKey: { kind: 'rsa', padding, hash, modulus, exponent },
    // Whatever the padding and hash: the owner of the key can sign with any.
    identity: `rsa:${encodeHex(modulus)}:${encodeHex(exponent)}`,
    decodeSignature(hex) {
      const signature = ofLength(decodeHex(hex), modulus.length)
      // RFC 8017, 5.2.2, step 1: Deno does not look, and takes the sum with the modulus too.
      return signature && isBelow(signature, modulus) ? signature : undefined
    },
  }
}

function decodePublicKeyPem(text: string): DerPublicKey | undefined {
  const pem = decodePem(text)
  if (pem?.label === 'PUBLIC KEY') return decodeSubjectPublicKey(pem.bytes)
  if (pem?.label === 'RSA PUBLIC KEY') return decodeRsaPublicKey(pem.bytes)
  return undefined
}

function ofLength(bytes: Uint8Array | undefined, length: number): Uint8Array | undefined {
  return bytes?.length === length ? bytes : undefined
}

/** Of a big-endian number without leading zeros. */
function bitLength(number: Uint8Array): number {
  return number.length * 8 - Math.clz32(number[0] ?? 0) + 24
}

/** Of two big-endian numbers of the same length. */
function isBelow(one: Uint8Array, other: Uint8Array): boolean {
  const index = one.findIndex((byte, at) => byte !== other[at])
  return (one[index] ?? 0) < (other[index] ?? 0)
}

function isOdd(number: Uint8Array): boolean {
  return ((number.at(-1) ?? 0) & 1) === 1
}

function unsupported(reason: string): UnusableKey {
  return { verdict: 'unsupported-key', reason }
}

function broken(reason: string): UnusableKey {
  return { verdict: 'broken-key', reason }
}
