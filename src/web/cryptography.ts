/**
 * Cryptography in JavaScript, by noble, for browsers and workers. Its verdicts are those of the
 * native table: `test/core/cryptography.test.ts` holds the two together.
 */

import { p256, p384, p521 } from '@noble/curves/nist.js'
import { Point } from '@noble/ed25519'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { sameBytes } from '../core/bytes.js'
import type { Cryptography, PublicKey, VerifySignature } from '../core/keys/cryptography.js'
import { nobleHash, nobleHasher } from './hashes.js'
import { verifyPkcs1v15, verifyPss } from './rsa.js'

type EcdsaKey = Extract<PublicKey, { kind: 'ecdsa' }>
type RsaKey = Extract<PublicKey, { kind: 'rsa' }>

const curves = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const
const signatureHashes = { sha256, sha384, sha512 } as const

// The order of the base point: L in RFC 8032, 5.1.
const order = 2n ** 252n + 27742317777372353535851937790883648493n

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
export const nobleCryptography: Cryptography = {
  hash: nobleHash,
  createHasher: nobleHasher,
  importKey(key) {
    switch (key.kind) {
      case 'ed25519':
        return importEd25519(key.point)
      case 'ecdsa':
        return importEcdsa(key)
      case 'rsa':
        return importRsa(key)
    }
  },
}

/**
 * RFC 8032, 5.1.7, with the comparison that OpenSSL makes: the encoding of S·B - k·A against the
 * bytes of R. Noble's own `verify` multiplies by the cofactor, and so accepts more.
 */
function importEd25519(encoded: Uint8Array): VerifySignature {
  const point = decodePoint(encoded)
  // OpenSSL notices an off-curve key only when it verifies, and so does this table.
  if (point === undefined) return () => false
  const minusA = point.negate()
  return (message, signature) => {
    if (signature.length !== 64) return false
    const r = signature.subarray(0, 32)
    const s = littleEndian(signature.subarray(32))
    if (s >= order) return false
    const digest = sha512.create().update(r).update(encoded).update(message).digest()
    const k = littleEndian(digest) % order
    const expected = Point.BASE.multiply(s, false).add(minusA.multiply(k, false)).toBytes()
    return sameBytes(expected, r)
  }
}

function decodePoint(encoded: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(encoded, false)
  } catch {
    return undefined
  }
}

function importEcdsa({ curve, hash, point }: EcdsaKey): VerifySignature {
  const { Point, verify, lengths } = curves[curve]
  const digest = signatureHashes[hash]
  const publicKey = Point.fromBytes(point).toBytes(false)
  return (message, signature) =>
    signature.length === lengths.signature &&
    verify(signature, digest(message), publicKey, { prehash: false, lowS: false })
}

function importRsa({ padding, hash, modulus, exponent }: RsaKey): VerifySignature {
  const verify = padding === 'pss' ? verifyPss : verifyPkcs1v15
  return (message, signature) => verify({ modulus, exponent, hash }, message, signature)
}

function littleEndian(bytes: Uint8Array): bigint {
  let number = 0n
  for (let index = bytes.length - 1; index >= 0; index--) {
    number = (number << 8n) | BigInt(bytes[index] ?? 0)
  }
  return number
}
