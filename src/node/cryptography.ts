/**
 * Cryptography by `node:crypto`, for Node, Deno and Bun. BLAKE2b with 32 bytes, which it lacks, is in
 * `blake2b.ts`. Keys enter as JWK: on Node 20 DER costs as much as a verification.
 */

import {
  constants,
  createHash,
  createPublicKey,
  ECDH,
  hash,
  verify,
  type KeyObject,
  type VerifyKeyObjectInput,
} from 'node:crypto'
import { keyKinds } from '../core/keys/keys.js'
import {
  hashNames,
  type Cryptography,
  type Hasher,
  type HashName,
  type PublicKey,
  type VerifySignature,
} from '../core/keys/cryptography.js'
import { blake2b256 } from './blake2b/hasher.js'
import { importMlDsa, nodeMlDsaKeys } from './ml-dsa.js'

type EcdsaKey = Extract<PublicKey, { kind: 'ecdsa' }>
type RsaKey = Extract<PublicKey, { kind: 'rsa' }>

/** OpenSSL's name, or a function for what it lacks. */
const functions: Readonly<Record<HashName, string | (() => Hasher)>> = {
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  'sha3-256': 'sha3-256',
  'sha3-512': 'sha3-512',
  'blake2b-256': blake2b256,
  'blake2b-512': 'blake2b512',
}

const groupNames: Readonly<Record<EcdsaKey['curve'], string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
}

/**
 * The platform's own cryptography.
 *
 * @example
 * ```ts runs
 * import { nodeCryptography } from 'tuffet/node'
 *
 * nodeCryptography.hash('sha256', new Uint8Array()) // the 32 bytes of the digest
 * ```
 */
export const nodeCryptography: Cryptography = {
  keyKinds: [...keyKinds, nodeMlDsaKeys],
  hashNames,
  hash(name, bytes) {
    const native = functions[name]
    if (typeof native === 'string') return plain(hash(native, bytes, 'buffer'))
    const hasher = native()
    hasher.update(bytes)
    return hasher.digest()
  },
  createHasher,
  importKey(key) {
    switch (key.kind) {
      case 'ed25519':
        return importEd25519(key.point)
      case 'ecdsa':
        return importEcdsa(key)
      case 'rsa':
        return importRsa(key)
      case 'ml-dsa':
        return importMlDsa(key)
    }
  },
}

function createHasher(name: HashName): Hasher {
  const native = functions[name]
  if (typeof native !== 'string') return native()
  const hasher = createHash(native)
  return {
    update(bytes) {
      hasher.update(bytes)
    },
    digest: () => plain(hasher.digest()),
  }
}

function importEd25519(point: Uint8Array): VerifySignature {
  let key
  try {
    key = importJwk({ kty: 'OKP', crv: 'Ed25519', x: base64url(point) })
  } catch {
    // Off the curve: Deno tells now, OpenSSL when it verifies. One verdict for both.
    return () => false
  }
  return verifier(undefined, { key }, 64)
}

function importEcdsa({ curve, hash, point }: EcdsaKey): VerifySignature {
  // JWK cannot hold compressed points.
  const hex = ECDH.convertKey(point, groupNames[curve], undefined, 'hex', 'uncompressed')
  const full = Buffer.from(hex.toString(), 'hex')
  const size = (full.length - 1) / 2
  const x = base64url(full.subarray(1, 1 + size))
  const y = base64url(full.subarray(1 + size))
  const key = importJwk({ kty: 'EC', crv: curve, x, y })
  return verifier(hash, { key, dsaEncoding: 'ieee-p1363' }, 2 * size)
}

function importRsa({ padding, hash, modulus, exponent }: RsaKey): VerifySignature {
  const key = importJwk({ kty: 'RSA', n: base64url(modulus), e: base64url(exponent) })
  const options =
    padding === 'pss'
      ? {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }
      : { key, padding: constants.RSA_PKCS1_PADDING }
  return verifier(hash, options, modulus.length)
}

function verifier(
  hash: string | undefined,
  options: VerifyKeyObjectInput,
  length: number,
): VerifySignature {
  return (message, signature) => {
    if (signature.length !== length) return false
    try {
      return verify(hash, message, options, signature)
    } catch {
      // OpenSSL imports some keys and then refuses to use them: such a key's signatures are
      // invalid.
      return false
    }
  }
}

function importJwk(key: Readonly<Record<string, string>>): KeyObject {
  return createPublicKey({ key, format: 'jwk' })
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')
}

/** Without the methods of Buffer, some of which differ from those they override. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
