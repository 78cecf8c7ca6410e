/** Ed25519: where implementations are known to part ways. */

import { createHash } from 'node:crypto'
import { Point } from '@noble/ed25519'
import {
  flipBit,
  hex,
  makeKey,
  message,
  otherMessage,
  type SignatureCase,
} from './signature-case.js'

const p = 2n ** 255n - 19n
const order = 2n ** 252n + 27742317777372353535851937790883648493n
// The secret scalars of the key and of its signatures: any numbers will do.
const secret = 0x5eedn ** 19n % order
const nonce = 0x1234567n ** 9n % order

function littleEndian(number: bigint): Uint8Array {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse()
}

/** The encodings of the eight points whose order divides 8. */
export function smallOrderPoints(): readonly Uint8Array[] {
  const generator = eighthOrderPoint()
  return Array.from({ length: 8 }, (_, times) => generator.multiply(BigInt(times), false).toBytes())
}

/** Every way to write a number that p is to be subtracted from, with both signs. */
export function nonCanonicalPoints(): readonly Uint8Array[] {
  return Array.from({ length: 19 }, (_, offset) => littleEndian(p + BigInt(offset))).flatMap(
    (y) => {
      const negative = Uint8Array.from(y)
      negative[31] = (negative[31] ?? 0) | 0x80
      return [y, negative]
    },
  )
}

export function ed25519Cases(): readonly SignatureCase[] {
  const base = Point.BASE
  const torsion = eighthOrderPoint()
  const zero = Point.ZERO
  const point = base.multiply(secret)
  const key = ed25519Key(point.toBytes())
  const r = base.multiply(nonce)
  const good = sign(point.toBytes(), r.toBytes(), nonce, message)
  const sigOfR = (encodedR: Uint8Array): string => hex(sign(point.toBytes(), encodedR, 0n, message))
  const s = BigInt(`0x${hex(good.slice(32).reverse())}`)

  const mixed = point.add(torsion)
  const mixedKey = ed25519Key(mixed.toBytes())
  const cancelling = findMessage(mixed, r, 0n)
  const lasting = findMessage(mixed, r, 3n)
  const minusTorsion = torsion.negate()
  const matching = findMessage(mixed, minusTorsion, 1n)
  const offCurve = [2n, 3n, 4n, 5n, 6n, 7n, 8n].map(littleEndian).find((y) => !isPoint(y))
  if (offCurve === undefined) throw new Error('all of them are on the curve')

  return [
    { title: 'a good signature', key, message, sig: hex(good), verdict: 'signed' },
    {
      title: 'upper-case hexadecimal',
      key: ed25519Key(point.toBytes(), (text) => text.toUpperCase()),
      message,
      sig: hex(good).toUpperCase(),
      verdict: 'signed',
    },
    {
      title: 'another message',
      key,
      message: otherMessage,
      sig: hex(good),
      verdict: 'wrong-signature',
    },
    { title: 'another R', key, message, sig: hex(flipBit(good, 0)), verdict: 'wrong-signature' },
    { title: 'another S', key, message, sig: hex(flipBit(good, 32)), verdict: 'wrong-signature' },
    { title: 'all zeros', key, message, sig: '00'.repeat(64), verdict: 'malformed-signature' },
    { title: 'all ones', key, message, sig: 'ff'.repeat(64), verdict: 'wrong-signature' },
    { title: 'no signature text', key, message, sig: '', verdict: 'empty-signature' },
    { title: '63 bytes', key, message, sig: hex(good.subarray(1)), verdict: 'malformed-signature' },
    { title: '65 bytes', key, message, sig: `${hex(good)}00`, verdict: 'malformed-signature' },
    { title: 'half a byte', key, message, sig: hex(good).slice(1), verdict: 'malformed-signature' },
    {
      title: 'white space',
      key,
      message,
      sig: ` ${hex(good).slice(1)}`,
      verdict: 'malformed-signature',
    },
    ...[1n, 2n, 3n].map((times): SignatureCase => ({
      title: `S + ${times} L`,
      key,
      message,
      sig: hex(good.subarray(0, 32)) + hex(littleEndian(s + times * order)),
      verdict: 'wrong-signature',
    })),
    {
      title: 'R with a part of order 8',
      key,
      message,
      sig: hex(sign(point.toBytes(), r.add(torsion).toBytes(), nonce, message)),
      verdict: 'wrong-signature',
    },
    {
      title: 'R of order 8',
      key,
      message,
      sig: sigOfR(torsion.toBytes()),
      verdict: 'malformed-signature',
    },
    {
      title: 'R that is the identity, for which the equation holds',
      key,
      message,
      sig: sigOfR(zero.toBytes()),
      verdict: 'malformed-signature',
    },
    {
      title: 'a key and an R with parts of order 8 for which the equation holds',
      key: mixedKey,
      message: matching,
      sig: hex(sign(mixed.toBytes(), minusTorsion.toBytes(), 0n, matching)),
      verdict: 'malformed-signature',
    },
    {
      title: 'R that is the identity, not canonical',
      key,
      message,
      sig: sigOfR(littleEndian(p + 1n)),
      verdict: 'wrong-signature',
    },
    {
      title: 'a key with a part of order 8 that the challenge cancels',
      key: mixedKey,
      message: cancelling,
      sig: hex(sign(mixed.toBytes(), r.toBytes(), nonce, cancelling)),
      verdict: 'signed',
    },
    {
      title: 'a key with a part of order 8 that only a cofactor would cancel',
      key: mixedKey,
      message: lasting,
      sig: hex(sign(mixed.toBytes(), r.toBytes(), nonce, lasting)),
      verdict: 'wrong-signature',
    },
    {
      title: 'a key that is not on the curve',
      key: ed25519Key(offCurve),
      message,
      sig: hex(good),
      verdict: 'wrong-signature',
    },
    ...smallOrderPoints().map((encoded, index): SignatureCase => ({
      title: `small-order key ${index}, R = S·B`,
      key: ed25519Key(encoded),
      message,
      sig: hex(r.toBytes()) + hex(littleEndian(nonce)),
      verdict: 'broken-key',
    })),
    ...nonCanonicalPoints().map((encoded, index): SignatureCase => ({
      title: `non-canonical key ${index}, R = S·B`,
      key: ed25519Key(encoded),
      message,
      sig: hex(r.toBytes()) + hex(littleEndian(nonce)),
      verdict: 'broken-key',
    })),
  ]
}

function ed25519Key(
  encoded: Uint8Array,
  write: (text: string) => string = (text) => text,
): SignatureCase['key'] {
  return makeKey('ed25519', 'ed25519', write(hex(encoded)))
}

/**
 * A signature that is valid for the prime-order parts of the key and of R, whatever their other
 * parts.
 */
function sign(key: Uint8Array, r: Uint8Array, nonceOfR: bigint, text: Uint8Array): Uint8Array {
  const scalar = (nonceOfR + challenge(r, key, text) * secret) % order
  return Uint8Array.from([...r, ...littleEndian(scalar)])
}

/** A message whose challenge leaves this rest after division by 8. */
function findMessage(key: Point, r: Point, rest: bigint): Uint8Array {
  for (let count = 0; ; count++) {
    const text = new TextEncoder().encode(`message ${count}`)
    if (challenge(r.toBytes(), key.toBytes(), text) % 8n === rest) return text
  }
}

function challenge(r: Uint8Array, key: Uint8Array, text: Uint8Array): bigint {
  const digest = createHash('sha512').update(r).update(key).update(text).digest()
  return BigInt(`0x${hex(digest.reverse())}`) % order
}

/** A point of the curve without its part of order L. */
function eighthOrderPoint(): Point {
  for (let y = 3n; ; y++) {
    if (!isPoint(littleEndian(y))) continue
    const point = Point.fromBytes(littleEndian(y))
    const torsion = point.multiply(order - 1n, false).add(point)
    if (!torsion.multiply(4n, false).is0()) return torsion
  }
}

function isPoint(encoded: Uint8Array): boolean {
  try {
    Point.fromBytes(encoded)
    return true
  } catch {
    return false
  }
}
