/** Ed25519 keys (RFC 8032), as 64 hexadecimal digits. */
import { decodeHex, encodeHex } from '../bytes.js'
import type { DecodedKey, KeyKind } from './cryptography.js'
import { broken, ofLength } from './key-kind.js'

/** Keys of Ed25519, for the table of a platform. */
export const ed25519Keys: KeyKind = {
  kind: 'ed25519',
  schemes: { 'ed25519/ed25519': { decode: decodeEd25519 } },
}

// The y coordinates of the eight points whose order divides 8, little-endian: such a key accepts
// signatures that its owner never made, and platforms disagree about such an R.
const smallOrderY: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** @internal */
export function decodeEd25519(text: string): DecodedKey {
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
