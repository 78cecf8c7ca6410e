/** ECDSA keys, as a PEM or as the hexadecimal of a point (SEC 1). Signatures are in DER. */
import { decodeHex, encodeHex } from '../bytes.js'
import type { DecodedKey, KeyKind, KeyScheme, PublicKey, SignatureHash } from './cryptography.js'
import { decodeEcdsaSignature, type DerPublicKey } from './der.js'
import { broken } from './key-kind.js'
import { decodePublicKeyPem } from './spki-pem.js'

type Curve = Extract<PublicKey, { kind: 'ecdsa' }>['curve']

const p256: KeyScheme = { decode: (text) => decodeEcdsa(text, 'P-256', 'sha256') }
const p384: KeyScheme = { decode: (text) => decodeEcdsa(text, 'P-384', 'sha384') }
const p521: KeyScheme = { decode: (text) => decodeEcdsa(text, 'P-521', 'sha512') }

/** Keys of ECDSA, for the table of a platform. */
export const ecdsaKeys: KeyKind = {
  kind: 'ecdsa',
  schemes: {
    'ecdsa/ecdsa-sha2-nistp256': p256,
    'ecdsa/ecdsa-sha2-nistp384': p384,
    'ecdsa/ecdsa-sha2-nistp521': p521,
    // Sigstore's first roots use the scheme's name as key type; securesystemslib reads both.
    'ecdsa-sha2-nistp256/ecdsa-sha2-nistp256': p256,
    'ecdsa-sha2-nistp384/ecdsa-sha2-nistp384': p384,
    'ecdsa-sha2-nistp521/ecdsa-sha2-nistp521': p521,
  },
}

const coordinateLengths: Readonly<Record<Curve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }

/** @internal */
export function decodeEcdsa(text: string, curve: Curve, hash: SignatureHash): DecodedKey {
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
