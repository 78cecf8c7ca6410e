/** RSA keys, as a PEM, with PSS or, for those who ask, PKCS #1 v1.5. */
import { decodeHex, encodeHex } from '../bytes.js'
import { budget } from '../budget.js'
import type { DecodedKey, KeyKind, PublicKey, SignatureHash } from './cryptography.js'
import { decodePublicKeyPem } from './spki-pem.js'
import { broken, ofLength } from './key-kind.js'

type Padding = Extract<PublicKey, { kind: 'rsa' }>['padding']

/** Keys of RSA, for the table of a platform. */
export const rsaKeys: KeyKind = {
  kind: 'rsa',
  schemes: {
    'rsa/rsassa-pss-sha256': { decode: (text) => decodeRsa(text, 'pss', 'sha256') },
    'rsa/rsassa-pss-sha384': { decode: (text) => decodeRsa(text, 'pss', 'sha384') },
    'rsa/rsassa-pss-sha512': { decode: (text) => decodeRsa(text, 'pss', 'sha512') },
    'rsa/rsa-pkcs1v15-sha256': {
      optional: true,
      decode: (text) => decodeRsa(text, 'pkcs1v15', 'sha256'),
    },
    'rsa/rsa-pkcs1v15-sha384': {
      optional: true,
      decode: (text) => decodeRsa(text, 'pkcs1v15', 'sha384'),
    },
    'rsa/rsa-pkcs1v15-sha512': {
      optional: true,
      decode: (text) => decodeRsa(text, 'pkcs1v15', 'sha512'),
    },
  },
}

// 4.2.2 asks for 2,048 bits. OpenSSL stops at 16,384, and Deno at exponents of 33 (and, which is
// not imposed on others, at a modulus of 4,096: a longer key is broken there).
const rsaBits = {
  minimum: 2048,
  maximum: budget.rsaModulus,
  exponentMaximum: budget.rsaExponent,
} as const

/** @internal */
export function decodeRsa(text: string, padding: Padding, hash: SignatureHash): DecodedKey {
  const found = decodePublicKeyPem(text)
  if (found?.kind !== 'rsa') return broken('an RSA key is the PEM of one')
  const { modulus, exponent } = found
  const bits = bitLength(modulus)
  if (bits < rsaBits.minimum || bits > rsaBits.maximum) {
    return broken(`the modulus is ${bits} bits long, not ${rsaBits.minimum} to ${rsaBits.maximum}`)
  }
  if (!isOdd(modulus)) return broken('the modulus is even')
  if (!isOdd(exponent) || bitLength(exponent) < 2) return broken('the exponent is even or 1')
  if (bitLength(exponent) > rsaBits.exponentMaximum) return broken('the exponent is too large')
  if (bits * bitLength(exponent) > budget.rsaWork) {
    return broken('modulus and exponent together are too large')
  }
  return {
    verdict: 'ok',
    publicKey: { kind: 'rsa', padding, hash, modulus, exponent },
    // Whatever the padding and hash: the owner of the key can sign with any.
    identity: `rsa:${encodeHex(modulus)}:${encodeHex(exponent)}`,
    decodeSignature(hex) {
      const signature = ofLength(decodeHex(hex), modulus.length)
      // RFC 8017, 5.2.2, step 1: Deno does not look, and takes the sum with the modulus too.
      return signature && isBelow(signature, modulus) ? signature : undefined
    },
  }
}

/** Of a big-endian number without leading zeros. */
function bitLength(number: Uint8Array): number {
  return number.length * 8 - Math.clz32(number[0] ?? 0) + 24
}

/** Of two big-endian numbers of the same length. */
function isBelow(one: Uint8Array, other: Uint8Array): boolean {
  const index = one.findIndex((byte, at) => byte !== other[at])
  return (one[index] ?? 0) < (other[index] ?? 0)
}

function isOdd(number: Uint8Array): boolean {
  return ((number.at(-1) ?? 0) & 1) === 1
}
