/**
 * Ed25519 by its arithmetic alone: points outside the large subgroup, and signatures of chosen
 * nonces. With them are made the keys and signatures about which implementations part ways.
 */
import { createHash } from 'node:crypto'
import { Point } from '@noble/ed25519'
import { fromHex, hex } from './der.js'

/** RFC 8032, 5.1: the prime of the field, and the order of the base point. */
export const prime: bigint = 2n ** 255n - 19n
export const order: bigint = 2n ** 252n + 27742317777372353535851937790883648493n

/** 32 bytes, the lowest first. */
export function littleEndian(number: bigint): Uint8Array {
  return fromHex(number.toString(16).padStart(64, '0')).reverse()
}

/** A point of order 8, made from any point by taking its part of large order away. */
export function pointOfOrder8(): Point {
  for (let y = 3n; ; y++) {
    const point = pointWithY(y)
    if (point === undefined) continue
    const rest = point.multiply(order - 1n, false).add(point)
    if (!rest.multiply(4n, false).is0()) return rest
  }
}

/** A number that is the y of no point. */
export function yOfNoPoint(): bigint {
  let y = 2n
  while (pointWithY(y) !== undefined) y++
  return y
}

function pointWithY(y: bigint): Point | undefined {
  try {
    return Point.fromBytes(littleEndian(y))
  } catch {
    return undefined
  }
}

/** k of RFC 8032, 5.1.7: the hash of R, the key and the message. */
export function challenge(r: Uint8Array, key: Uint8Array, message: string): bigint {
  const digest = createHash('sha512').update(r).update(key).update(message).digest()
  return BigInt(`0x${hex(digest.reverse())}`) % order
}

/** R and S = nonce + k·secret: holds for the parts of large order, whatever else is added to R. */
export function signWith(
  secret: bigint,
  key: Uint8Array,
  r: Uint8Array,
  nonce: bigint,
  message: string,
): string {
  const s = (nonce + challenge(r, key, message) * secret) % order
  return hex(r) + hex(littleEndian(s))
}

/** A message whose challenge leaves this rest after division by `divisor`. */
export function findMessage(
  r: Uint8Array,
  key: Uint8Array,
  rest: bigint,
  divisor: bigint = 8n,
): string {
  for (let version = 1; ; version++) {
    const message = `{"_type":"timestamp","version":${version}}`
    if (challenge(r, key, message) % divisor === rest) return message
  }
}
