/**
 * ML-DSA keys from seeds (TAP 21), for test repositories: the same seed is the same key, and the same
 * bytes are the same signature.
 *
 * @module tuffet/testing/ml-dsa
 */
import { sha512 } from '@noble/hashes/sha2.js'
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import type { MlDsaParameters } from '../core/keys/cryptography.js'
import { mlDsaMessage } from '../core/keys/ml-dsa.js'
import { keyidOf, seedFrom, type PublicKeyDeclaration, type Signer } from './keys.js'

/** FIPS 204's arithmetic, and the last byte of the object identifier (RFC 9881, 3). */
const algorithms = {
  'ML-DSA-44': { arithmetic: ml_dsa44, identifier: 0x11 },
  'ML-DSA-65': { arithmetic: ml_dsa65, identifier: 0x12 },
  'ML-DSA-87': { arithmetic: ml_dsa87, identifier: 0x13 },
} as const

/**
 * An ML-DSA key; a signature takes about 10 ms.
 *
 * @param seed 32 bytes, or text that is hashed to them
 * @param parameters Default `ML-DSA-44`.
 *
 * @example
 * ```ts
 * import { createRepository, ed25519Signer } from 'tuffet/testing'
 * import { mlDsaSigner } from 'tuffet/testing/ml-dsa'
 *
 * // Both keys must sign.
 * const signers = [ed25519Signer('one'), mlDsaSigner('two', 'ML-DSA-65')]
 * const repository = createRepository({ keys: { root: { signers, threshold: 2 } } })
 * ```
 */
export function mlDsaSigner(
  seed: Uint8Array | string,
  parameters: MlDsaParameters = 'ML-DSA-44',
): Signer {
  const { arithmetic, identifier } = algorithms[parameters]
  const { publicKey, secretKey } = arithmetic.keygen(
    typeof seed === 'string' ? seedFrom(seed) : seed,
  )
  const key: PublicKeyDeclaration = {
    keytype: 'ml-dsa',
    scheme: `${parameters.toLowerCase()}/1`,
    keyval: { public: pemOf(subjectPublicKey(identifier, publicKey)) },
  }
  return {
    keyid: keyidOf(key),
    key,
    sign: (bytes) =>
      arithmetic.sign(mlDsaMessage(sha512(bytes)), secretKey, {
        extraEntropy: false,
      }),
  }
}

/** SubjectPublicKeyInfo (RFC 9881, 4). */
function subjectPublicKey(identifier: number, key: Uint8Array): Uint8Array {
  // 2.16.840.1.101.3.4.3.…, without parameters.
  const algorithm = [0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, identifier]
  const bits = [3, ...longLength(key.length + 1), 0]
  const content = algorithm.length + bits.length + key.length
  return Uint8Array.from([0x30, ...longLength(content), ...algorithm, ...bits, ...key])
}

function longLength(length: number): number[] {
  return [0x82, length >> 8, length & 0xff]
}

function pemOf(der: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...der))
  const lines = base64.match(/.{1,64}/g) ?? []
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n')
}
