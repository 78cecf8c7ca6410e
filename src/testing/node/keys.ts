/**
 * Keys from seeds with the platform's arithmetic: Ed25519 ten times faster than the portable one,
 * ECDSA and RSA. Signatures are as deterministic as the keys, also where the scheme usually isn't.
 */

import { constants, createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { privateEncrypt, sign, type KeyObject } from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { SignatureHash } from '../../core/keys/cryptography.js'
import { keyidOf, seedFrom, type PublicKeyDeclaration, type Signer } from '../keys.js'
import { encodePss } from './pss.js'
import { rsaPrivateKey, seededBytes } from './rsa-key.js'

/** NIST curves. */
export type EcdsaCurve = 'P-256' | 'P-384' | 'P-521'

/** All optional. */
export interface EcdsaOptions {
  /** Default `P-256`. */
  readonly curve?: EcdsaCurve | undefined
  /**
   * - `pem` (default): keytype `ecdsa`, as in section 4.2
   * - `hex`: keytype `ecdsa-sha2-nistp256` and its likes with a hexadecimal point, as in Sigstore's
   *   first roots
   */
  readonly encoding?: 'pem' | 'hex' | undefined
}

/** All optional. */
export interface RsaOptions {
  /** Length of the modulus. Default 2,048. */
  readonly bits?: number | undefined
  /** Default `pss`; clients accept `pkcs1v15` only when configured to. */
  readonly padding?: 'pss' | 'pkcs1v15' | undefined
  /** Default `sha256`. */
  readonly hash?: SignatureHash | undefined
}

/**
 * The same key and signatures as the portable `ed25519Signer`, by node:crypto. Give it to
 * `createRepository({ makeSigner: nodeEd25519Signer })`.
 *
 * @param seed 32 bytes, or text that is hashed to them
 *
 * @example
 * ```ts
 * import { createRepository } from 'tuffet/testing'
 * import { nodeEd25519Signer } from 'tuffet/testing/node'
 *
 * const repository = createRepository({ makeSigner: nodeEd25519Signer })
 * ```
 */
export function nodeEd25519Signer(seed: Uint8Array | string): Signer {
  const secret = typeof seed === 'string' ? seedFrom(seed) : seed
  const der = Buffer.concat([pkcs8Ed25519, secret])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const point = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? ''
  return signerOf(
    {
      keytype: 'ed25519',
      scheme: 'ed25519',
      keyval: { public: Buffer.from(point, 'base64url').toString('hex') },
    },
    (bytes) => sign(null, bytes, privateKey),
  )
}

/**
 * An ECDSA key; signatures are DER and deterministic (RFC 6979).
 *
 * @example
 * ```ts
 * import { ecdsaSigner } from 'tuffet/testing/node'
 *
 * const signer = ecdsaSigner('a seed', { curve: 'P-384' })
 * ```
 */
export function ecdsaSigner(seed: Uint8Array | string, options: EcdsaOptions = {}): Signer {
  const { curve = 'P-256', encoding = 'pem' } = options
  const { arithmetic, size } = curves[curve]
  const material = seededBytes(seed, `ecdsa/${curve}`, arithmetic.lengths.seed ?? 0)
  const secret = arithmetic.utils.randomSecretKey(material)
  const point = arithmetic.getPublicKey(secret, false)
  const scheme = `ecdsa-sha2-nistp${size}`
  const declared: PublicKeyDeclaration =
    encoding === 'hex'
      ? { keytype: scheme, scheme, keyval: { public: bytesToHex(point) } }
      : { keytype: 'ecdsa', scheme, keyval: { public: ecdsaPem(curve, point) } }
  return signerOf(declared, (bytes) =>
    arithmetic.sign(bytes, secret, { format: 'der', lowS: false }),
  )
}

/**
 * An RSA key with exponent 65,537; making one takes about half a second.
 *
 * @example
 * ```ts
 * import { rsaSigner } from 'tuffet/testing/node'
 *
 * const signer = rsaSigner('a seed', { bits: 3072 })
 * ```
 */
export function rsaSigner(seed: Uint8Array | string, options: RsaOptions = {}): Signer {
  const { bits = 2048, padding = 'pss', hash = 'sha256' } = options
  const key = rsaPrivateKey(seed, bits)
  const pem = pemOf(createPublicKey(key))
  if (padding === 'pkcs1v15') {
    const scheme = `rsa-pkcs1v15-${hash}`
    return signerOf({ keytype: 'rsa', scheme, keyval: { public: pem } }, (bytes) =>
      sign(hash, bytes, { key, padding: constants.RSA_PKCS1_PADDING }),
    )
  }
  const scheme = `rsassa-pss-${hash}`
  return signerOf({ keytype: 'rsa', scheme, keyval: { public: pem } }, (bytes) => {
    const digest = createHash(hash).update(bytes).digest()
    // node:crypto salts at random; a salt made of the message gives the same file each time.
    const salt = seededBytes(digest, 'pss', digest.length)
    const encoded = encodePss(digest, salt, hash, bits)
    return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded)
  })
}

const pkcs8Ed25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

const curves = {
  'P-256': { arithmetic: p256, size: 256 },
  'P-384': { arithmetic: p384, size: 384 },
  'P-521': { arithmetic: p521, size: 521 },
} as const

function signerOf(key: PublicKeyDeclaration, make: (bytes: Uint8Array) => Uint8Array): Signer {
  return { keyid: keyidOf(key), key, sign: (bytes) => Uint8Array.from(make(bytes)) }
}

function ecdsaPem(crv: EcdsaCurve, point: Uint8Array): string {
  const half = (point.length - 1) / 2
  const coordinate = (start: number): string =>
    Buffer.from(point.subarray(start, start + half)).toString('base64url')
  const jwk = { kty: 'EC', crv, x: coordinate(1), y: coordinate(1 + half) }
  return pemOf(createPublicKey({ key: jwk, format: 'jwk' }))
}

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'spki' }).toString()
}
