/**
 * ML-DSA keys (FIPS 204) as TAP 21 has them: a PEM, and signatures over a prefix and the SHA-512 of the
 * message. A platform brings the arithmetic, if it has it.
 */
import { decodeHex, encodeHex } from '../bytes.js'
import type {
  Cryptography,
  DecodedKey,
  KeyKind,
  MlDsaParameters,
  SignatureSteps,
  VerifySignature,
} from './cryptography.js'
import { broken, ofLength } from './key-kind.js'
import { decodePublicKeyPem } from './spki-pem.js'

/**
 * Keys of ML-DSA, for the table of a platform that verifies them and offers SHA-512. They are not among
 * `keyKinds`, since few platforms do.
 */
export const mlDsaKeys: KeyKind = {
  kind: 'ml-dsa',
  // Not by a function: a bundler keeps the result of a call that no program uses.
  schemes: {
    'ml-dsa/ml-dsa-44/1': { decode: (text) => decodeMlDsa(text, 'ML-DSA-44') },
    'ml-dsa/ml-dsa-65/1': { decode: (text) => decodeMlDsa(text, 'ML-DSA-65') },
    'ml-dsa/ml-dsa-87/1': { decode: (text) => decodeMlDsa(text, 'ML-DSA-87') },
  },
}

/** FIPS 204, table 2. In bytes. */
const lengths: Readonly<Record<MlDsaParameters, { readonly key: number; readonly sig: number }>> = {
  'ML-DSA-44': { key: 1312, sig: 2420 },
  'ML-DSA-65': { key: 1952, sig: 3309 },
  'ML-DSA-87': { key: 2592, sig: 4627 },
}

// "tuf" and the version in the scheme, which stands for SHA-512 and for canonical JSON.
const prefix = [0x74, 0x75, 0x66, 0x01]

/** @internal The bytes that ML-DSA signs for a message with this SHA-512. */
export function mlDsaMessage(digest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(prefix.length + digest.length)
  bytes.set(prefix)
  bytes.set(digest, prefix.length)
  return bytes
}

function overDigest(
  holds: VerifySignature,
  cryptography: Pick<Cryptography, 'hash'>,
): VerifySignature {
  const hash = 'sha512'
  const verify = (digest: Uint8Array, signature: Uint8Array): boolean =>
    holds(mlDsaMessage(digest), signature)
  const steps: SignatureSteps = { hash, before: () => new Uint8Array(), verify }
  return Object.assign(
    (message: Uint8Array, signature: Uint8Array) =>
      verify(cryptography.hash(hash, message), signature),
    { steps },
  )
}

function decodeMlDsa(text: string, parameters: MlDsaParameters): DecodedKey {
  const found = decodePublicKeyPem(text)
  if (found?.kind !== 'ml-dsa' || found.parameters !== parameters) {
    return broken(`the key is not the PEM of ${parameters}`)
  }
  const { encoded } = found
  const { key, sig } = lengths[parameters]
  if (encoded.length !== key) return broken(`a key of ${parameters} has ${key} bytes`)
  return {
    verdict: 'ok',
    publicKey: { kind: 'ml-dsa', parameters, encoded },
    identity: `${parameters}:${encodeHex(encoded)}`,
    decodeSignature: (hex) => ofLength(decodeHex(hex), sig),
    overDigest,
  }
}
