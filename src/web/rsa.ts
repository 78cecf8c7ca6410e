/**
 * RSA signature verification (RFC 8017, 8.1.2 and 8.2.2), which noble lacks. The values are public,
 * so the code need not run in constant time.
 */

import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { decodeHex, encodeHex } from '../core/bytes.js'
import type { PublicKey, SignatureHash, VerifySignature } from '../core/keys/cryptography.js'
import { rsaKeys } from '../core/keys/rsa.js'
import type { CryptographyPart } from './parts.js'
import { inSteps } from './steps.js'

/** A public key and the hash function it is used with. */
export interface RsaVerifyKey {
  /** Big-endian, without leading zeros, as `exponent`. Odd. */
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
  /** For the message, and for MGF1. */
  readonly hash: SignatureHash
}

const hashes = { sha256, sha384, sha512 } as const
const nothing = new Uint8Array()

// 9.2, note 1: the DER of DigestInfo up to the digest.
const digestInfoPrefixes = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
} as const

/** RSA with PSS, and with PKCS #1 v1.5 where it is asked for, for {@link cryptographyOf}. */
export const rsa: CryptographyPart = {
  keys: [rsaKeys],
  importers: { rsa: importRsa },
}

function importRsa({
  padding,
  hash,
  modulus,
  exponent,
}: Extract<PublicKey, { kind: 'rsa' }>): VerifySignature {
  const verify = padding === 'pss' ? verifyPss : verifyPkcs1v15
  const key = { modulus, exponent, hash }
  return inSteps({
    hash,
    before: () => nothing,
    verify: (digest, signature) => verify(key, digest, signature),
  })
}

/** RSASSA-PSS over the message's digest, with a salt exactly as long. */
export function verifyPss(key: RsaVerifyKey, digest: Uint8Array, signature: Uint8Array): boolean {
  const { modulus } = key
  const opened = open(key, signature)
  if (opened === undefined) return false
  const hash = hashes[key.hash]
  const size = hash.outputLen

  // 8.1.2, step 2c: one bit less than the modulus, so it may be one byte less.
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24 - 1
  const length = Math.ceil(bits / 8)
  if (opened.length > length && opened[0] !== 0) return false
  const encoded = opened.subarray(opened.length - length)

  // 9.1.2: maskedDB ‖ H ‖ bc
  if (length < 2 * size + 2 || encoded[length - 1] !== 0xbc) return false
  const masked = encoded.subarray(0, length - size - 1)
  const expected = encoded.subarray(length - size - 1, length - 1)
  const firstByteMask = 0xff >> (8 * length - bits)
  if (((masked[0] ?? 0) & ~firstByteMask) !== 0) return false

  const mask = mgf1(expected, masked.length, key.hash)
  const block = masked.map((byte, index) => byte ^ (mask[index] ?? 0))
  block[0] = (block[0] ?? 0) & firstByteMask
  // DB is zeros ‖ 01 ‖ salt.
  const saltStart = block.length - size
  if (block.findIndex((byte) => byte !== 0) !== saltStart - 1 || block[saltStart - 1] !== 1) {
    return false
  }
  const actual = hash
    .create()
    .update(new Uint8Array(8))
    .update(digest)
    .update(block.subarray(saltStart))
    .digest()
  return encodeHex(actual) === encodeHex(expected)
}

/** RSASSA-PKCS1-v1_5: the one encoding there is, built and compared, never parsed. */
export function verifyPkcs1v15(
  key: RsaVerifyKey,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const opened = open(key, signature)
  if (opened === undefined) return false
  const info = digestInfoPrefixes[key.hash] + encodeHex(digest)
  // 9.2: 00 01 ff … ff 00 ‖ DigestInfo
  const padding = 'ff'.repeat(key.modulus.length - info.length / 2 - 3)
  return encodeHex(opened) === `0001${padding}00${info}`
}

/** RSAVP1 (5.2.2): as long as the modulus, or undefined when the signature is out of range. */
function open(key: RsaVerifyKey, signature: Uint8Array): Uint8Array | undefined {
  const size = key.modulus.length
  if (signature.length !== size) return undefined
  const modulus = toBigInt(key.modulus)
  const number = toBigInt(signature)
  if (number >= modulus) return undefined
  const power = modularPower(number, toBigInt(key.exponent), modulus)
  return decodeHex(power.toString(16).padStart(2 * size, '0'))
}

function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}

/** B.2.1 */
function mgf1(seed: Uint8Array, length: number, name: RsaVerifyKey['hash']): Uint8Array {
  const hash = hashes[name]
  const mask = new Uint8Array(length)
  const counter = new Uint8Array(4)
  const view = new DataView(counter.buffer)
  for (let offset = 0; offset < length; offset += hash.outputLen) {
    view.setUint32(0, offset / hash.outputLen)
    const part = hash.create().update(seed).update(counter).digest()
    mask.set(part.subarray(0, length - offset), offset)
  }
  return mask
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${encodeHex(bytes)}`)
}
