/**
 * As much DER (X.690) as public keys and ECDSA signatures need. There is one encoding of a
 * value: long forms of short lengths, padded or negative integers, trailing bytes are refused.
 */

import { encodeHex } from '../bytes.js'
import type { MlDsaParameters } from './cryptography.js'

/** A public key as its encoding states it. Only the encoding has been judged. */
export type DerPublicKey =
  | {
      readonly kind: 'ec'
      readonly curve: 'P-256' | 'P-384' | 'P-521'
      /** The content of the bit string: a SEC 1 point, if it is one. */
      readonly point: Uint8Array
    }
  | {
      readonly kind: 'rsa'
      /** Big-endian, without leading zeros, as `exponent`. */
      readonly modulus: Uint8Array
      readonly exponent: Uint8Array
    }
  | {
      readonly kind: 'ml-dsa'
      readonly parameters: MlDsaParameters
      /** The content of the bit string. */
      readonly encoded: Uint8Array
    }

const integer = 0x02
const bitString = 0x03
const nothing = 0x05
const objectIdentifier = 0x06
const sequence = 0x30

const ecPublicKey = '2a8648ce3d0201'
const rsaEncryption = '2a864886f70d010101'
const curves: ReadonlyMap<string, 'P-256' | 'P-384' | 'P-521'> = new Map([
  ['2a8648ce3d030107', 'P-256'],
  ['2b81040022', 'P-384'],
  ['2b81040023', 'P-521'],
])
// RFC 9881, 2.
const mlDsa: ReadonlyMap<string, MlDsaParameters> = new Map([
  ['608648016503040311', 'ML-DSA-44'],
  ['608648016503040312', 'ML-DSA-65'],
  ['608648016503040313', 'ML-DSA-87'],
])

/** A SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) of RSA, a named curve or ML-DSA, or undefined. */
export function decodeSubjectPublicKey(der: Uint8Array): DerPublicKey | undefined {
  const info = readValues(der, sequence)
  const fields = info && readValues(info[0], sequence, bitString)
  // The first byte of a bit string is the number of bits unused in the last one.
  if (fields?.[1][0] !== 0) return undefined
  const [algorithm, bits] = fields
  const content = bits.subarray(1)

  const rsa = readValues(algorithm, objectIdentifier, nothing)
  if (rsa !== undefined) {
    const isRsa = encodeHex(rsa[0]) === rsaEncryption && rsa[1].length === 0
    return isRsa ? decodeRsaPublicKey(content) : undefined
  }
  const alone = readValues(algorithm, objectIdentifier)
  if (alone !== undefined) {
    const parameters = mlDsa.get(encodeHex(alone[0]))
    return parameters && { kind: 'ml-dsa', parameters, encoded: content }
  }
  const ec = readValues(algorithm, objectIdentifier, objectIdentifier)
  if (ec === undefined || encodeHex(ec[0]) !== ecPublicKey) return undefined
  const curve = curves.get(encodeHex(ec[1]))
  return curve && { kind: 'ec', curve, point: content }
}

/** An RSAPublicKey (RFC 8017, A.1.1), or undefined. */
export function decodeRsaPublicKey(der: Uint8Array): DerPublicKey | undefined {
  const numbers = readTwoIntegers(der)
  return numbers && { kind: 'rsa', modulus: numbers[0], exponent: numbers[1] }
}

/**
 * An Ecdsa-Sig-Value (RFC 3279, 2.2.3) as r ‖ s, each `size` bytes long; undefined when it is
 * malformed or one of the two is zero or longer.
 */
export function decodeEcdsaSignature(der: Uint8Array, size: number): Uint8Array | undefined {
  const numbers = readTwoIntegers(der)
  if (numbers?.every(({ length }) => length <= size) !== true) return undefined
  const [r, s] = numbers
  const raw = new Uint8Array(2 * size)
  raw.set(r, size - r.length)
  raw.set(s, 2 * size - s.length)
  return raw
}

function readTwoIntegers(der: Uint8Array): readonly [Uint8Array, Uint8Array] | undefined {
  const body = readValues(der, sequence)
  const fields = body && readValues(body[0], integer, integer)
  const first = fields && positive(fields[0])
  const second = fields && positive(fields[1])
  return first && second && [first, second]
}

/** The integer without its sign byte; undefined when it is not minimal, or not above zero. */
function positive(content: Uint8Array): Uint8Array | undefined {
  const [first = 0x80, second = 0] = content
  if (first >= 0x80) return undefined
  if (first > 0) return content
  return second >= 0x80 ? content.subarray(1) : undefined
}

type Contents<Tags> = { readonly [Tag in keyof Tags]: Uint8Array }

/** The contents of values with exactly these tags that fill `bytes`; otherwise undefined. */
function readValues<const Tags extends readonly number[]>(
  bytes: Uint8Array,
  ...tags: Tags
): Contents<Tags> | undefined {
  const contents: Uint8Array[] = []
  let offset = 0
  for (const tag of tags) {
    const length = bytes[offset] === tag ? readLength(bytes, offset + 1) : undefined
    if (length === undefined) return undefined
    offset = length.end + length.value
    contents.push(bytes.subarray(length.end, offset))
  }
  // A length beyond the end shows here.
  return offset === bytes.length ? (contents as Contents<Tags>) : undefined
}

function readLength(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly end: number } | undefined {
  // Where no byte is left, as for a count of zero.
  const first = bytes[offset] ?? 0x80
  if (first < 0x80) return { value: first, end: offset + 1 }
  const count = first & 0x7f
  const end = offset + 1 + count
  let value = 0
  for (const byte of bytes.subarray(offset + 1, end)) value = value * 256 + byte
  // A count of zero, which is BER's indefinite length, is below every minimum.
  const minimum = count === 1 ? 0x80 : 256 ** (count - 1)
  return value >= minimum ? { value, end } : undefined
}
