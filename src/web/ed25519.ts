/** Ed25519 in JavaScript, over noble's arithmetic. */
import { Point } from '@noble/ed25519'
import { sameBytes } from '../core/bytes.js'
import type { VerifySignature } from '../core/keys/cryptography.js'
import { ed25519Keys } from '../core/keys/ed25519.js'
import type { CryptographyPart } from './parts.js'
import { inSteps } from './steps.js'

// The order of the base point: L in RFC 8032, 5.1.
const order = 2n ** 252n + 27742317777372353535851937790883648493n

/** Ed25519, for {@link cryptographyOf}. */
export const ed25519: CryptographyPart = {
  keys: [ed25519Keys],
  importers: { ed25519: ({ point }) => importEd25519(point) },
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
  return inSteps({
    hash: 'sha512',
    before: (signature) => Uint8Array.of(...signature.subarray(0, 32), ...encoded),
    verify(digest, signature) {
      if (signature.length !== 64) return false
      const s = littleEndian(signature.subarray(32))
      if (s >= order) return false
      const k = littleEndian(digest) % order
      const expected = Point.BASE.multiply(s, false).add(minusA.multiply(k, false)).toBytes()
      return sameBytes(expected, signature.subarray(0, 32))
    },
  })
}

function decodePoint(encoded: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(encoded, false)
  } catch {
    return undefined
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let number = 0n
  for (let index = bytes.length - 1; index >= 0; index--) {
    number = (number << 8n) | BigInt(bytes[index] ?? 0)
  }
  return number
}
