/**
 * ML-DSA by OpenSSL, which Node offers since 24.6, if its OpenSSL is 3.5 or newer. Whether this runtime
 * does is found out when the first such key is read: no other program pays for the question.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type {
  KeyKind,
  KeyScheme,
  MlDsaParameters,
  PublicKey,
  VerifySignature,
} from '../core/keys/cryptography.js'
import { mlDsaKeys } from '../core/keys/ml-dsa.js'

type MlDsaKey = Extract<PublicKey, { kind: 'ml-dsa' }>

/** The keys of ML-DSA; unsupported ones where the runtime lacks the arithmetic. */
export const nodeMlDsaKeys: KeyKind = {
  kind: mlDsaKeys.kind,
  schemes: Object.fromEntries(
    Object.entries(mlDsaKeys.schemes).map(([name, scheme]): [string, KeyScheme] => [
      name,
      { decode: (text) => (isNative() ? scheme.decode(text) : unsupported) },
    ]),
  ),
}

const unsupported = {
  verdict: 'unsupported-key',
  reason: 'this runtime does not verify ML-DSA, and Node does since 24.6; tuffet/ml-dsa adds it',
} as const

/** Throws for a key that OpenSSL refuses. */
export function importMlDsa({ parameters, encoded }: MlDsaKey): VerifySignature {
  const key = keyOf(parameters, encoded)
  return (message, signature) => {
    try {
      // Pure ML-DSA with an empty context.
      return verify(null, message, key, signature)
    } catch {
      return false
    }
  }
}

let native: boolean | undefined

function isNative(): boolean {
  native ??= canImport()
  return native
}

function canImport(): boolean {
  try {
    // Zeros are a key as good as any: FIPS 204 checks nothing but its length.
    return String(keyOf('ML-DSA-44', new Uint8Array(1312)).asymmetricKeyType) === 'ml-dsa-44'
  } catch {
    return false
  }
}

function keyOf(parameters: MlDsaParameters, encoded: Uint8Array): KeyObject {
  const pub = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length).toString('base64url')
  return createPublicKey({ key: { kty: 'AKP', alg: parameters, pub }, format: 'jwk' })
}
