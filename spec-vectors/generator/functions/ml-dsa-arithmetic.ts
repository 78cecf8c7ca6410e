/**
 * As much of FIPS 204 as it takes to sign without a secret key: under a key whose vector is zero the
 * challenge has no weight, so anyone may choose z and the hint. For ML-DSA-44.
 */
import { sha512 } from '@noble/hashes/sha2.js'
import { shake128, shake256 } from '@noble/hashes/sha3.js'
import { mlDsaMessage } from '../../../src/core/keys/ml-dsa.js'
import { hex } from './der.js'
import { message } from './signed-message.js'

const q = 8_380_417
const [rows, columns] = [4, 4]
/** z is smaller than this less `beta`. */
export const gamma1 = 2 ** 17
export const beta = 78
/** The most hints. */
export const omega = 80
const gamma2 = (q - 1) / 88

type Polynomial = number[]

/** 4.1, pkEncode: the seed of the matrix, and t1, which is zero. */
export function zeroKey(seed: Uint8Array): Uint8Array {
  const key = new Uint8Array(1312)
  key.set(seed)
  return key
}

/** The choices of a forger. */
export interface Forgery {
  /** The first coefficient of z; the others are zero. Default 1. */
  readonly z?: number
  /** As it is encoded: the positions, and the four counts. Default: none. */
  readonly hint?: Uint8Array
}

/** In hexadecimal: a signature over the message of the vectors. */
export function forged(key: Uint8Array, { z = 1, hint = hintOf([]) }: Forgery = {}): string {
  const first = Array.from({ length: 256 }, (_, at) => (at === 0 ? z : 0))
  const vector = [
    first,
    ...Array.from({ length: columns - 1 }, () => new Array<number>(256).fill(0)),
  ]
  const product = timesMatrix(key.subarray(0, 32), vector)
  const hints = readHint(hint)
  const high = product.map((row, i) => row.map((r, j) => useHint(hints[i]?.has(j) === true, r)))

  const tr = shake256(key, { dkLen: 64 })
  const signed = mlDsaMessage(sha512(new TextEncoder().encode(message)))
  // Algorithm 3: two zero bytes are pure ML-DSA and the length of an empty context.
  const mu = shake256(joined(tr, Uint8Array.of(0, 0), signed), { dkLen: 64 })
  const commitment = high.map((row) => packed(row, 6))
  const challenge = shake256(joined(mu, ...commitment), { dkLen: 32 })
  const response = vector.map((row) =>
    packed(
      row.map((coefficient) => gamma1 - coefficient),
      18,
    ),
  )
  return hex(joined(challenge, ...response, hint))
}

/** Algorithm 20, HintBitPack: positions in each of the four polynomials. */
export function hintOf(positions: readonly (readonly number[])[]): Uint8Array {
  const hint = new Uint8Array(omega + rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    for (const position of positions[row] ?? []) hint[count++] = position
    hint[omega + row] = count
  }
  return hint
}

/** Algorithm 21 without its checks. */
function readHint(hint: Uint8Array): Set<number>[] {
  let from = 0
  return Array.from({ length: rows }, (_, row) => {
    const to = hint[omega + row] ?? 0
    const positions = new Set(hint.subarray(from, Math.max(from, Math.min(to, omega))))
    from = to
    return positions
  })
}

function timesMatrix(seed: Uint8Array, vector: readonly Polynomial[]): Polynomial[] {
  const transformed = vector.map(transform)
  return Array.from({ length: rows }, (_, row) => {
    const sum = new Array<number>(256).fill(0)
    for (const [column, polynomial] of transformed.entries()) {
      const entry = matrixEntry(seed, row, column)
      for (let i = 0; i < 256; i++) {
        sum[i] = modulo((sum[i] ?? 0) + (entry[i] ?? 0) * (polynomial[i] ?? 0))
      }
    }
    return transformBack(sum)
  })
}

/** Algorithms 30 and 32: one entry of the matrix, transformed already. */
function matrixEntry(seed: Uint8Array, row: number, column: number): Polynomial {
  const stream = shake128(joined(seed, Uint8Array.of(column, row)), { dkLen: 3 * 512 })
  const entry: Polynomial = []
  for (let at = 0; entry.length < 256; at += 3) {
    const [low = 0, middle = 0, top = 0] = stream.subarray(at, at + 3)
    const number = low + 256 * middle + 65_536 * (top & 0x7f)
    if (number < q) entry.push(number)
  }
  return entry
}

/** Appendix B: powers of 1753, the bits of the exponents in reverse order. */
const zetas = Array.from({ length: 256 }, (_, index) => {
  const exponent = Number.parseInt([...index.toString(2).padStart(8, '0')].reverse().join(''), 2)
  let power = 1
  for (let i = 0; i < exponent; i++) power = (power * 1753) % q
  return power
})

/** Algorithm 41. */
function transform(polynomial: Polynomial): Polynomial {
  const w = polynomial.map(modulo)
  let m = 0
  for (let length = 128; length >= 1; length /= 2) {
    for (let start = 0; start < 256; start += 2 * length) {
      const zeta = zetas[++m] ?? 0
      for (let j = start; j < start + length; j++) {
        const t = modulo(zeta * (w[j + length] ?? 0))
        w[j + length] = modulo((w[j] ?? 0) - t)
        w[j] = modulo((w[j] ?? 0) + t)
      }
    }
  }
  return w
}

/** Algorithm 42. */
function transformBack(polynomial: Polynomial): Polynomial {
  const w = [...polynomial]
  let m = 256
  for (let length = 1; length < 256; length *= 2) {
    for (let start = 0; start < 256; start += 2 * length) {
      const zeta = q - (zetas[--m] ?? 0)
      for (let j = start; j < start + length; j++) {
        const t = w[j] ?? 0
        w[j] = modulo(t + (w[j + length] ?? 0))
        w[j + length] = modulo(zeta * modulo(t - (w[j + length] ?? 0)))
      }
    }
  }
  return w.map((coefficient) => modulo(coefficient * 8_347_681))
}

/** Algorithm 40, with algorithm 36. */
function useHint(hinted: boolean, number: number): number {
  const positive = modulo(number)
  let low = positive % (2 * gamma2)
  if (low > gamma2) low -= 2 * gamma2
  const isTop = positive - low === q - 1
  const high = isTop ? 0 : (positive - low) / (2 * gamma2)
  if (isTop) low -= 1
  if (!hinted) return high
  return (high + (low > 0 ? 1 : 43)) % 44
}

/** Algorithm 16: numbers of so many bits, the lowest bit first. */
function packed(numbers: readonly number[], bits: number): Uint8Array {
  const bytes = new Uint8Array((numbers.length * bits) / 8)
  for (const [index, number] of numbers.entries()) {
    for (let bit = 0; bit < bits; bit++) {
      const at = index * bits + bit
      const byte = Math.floor(at / 8)
      bytes[byte] = (bytes[byte] ?? 0) | (((number >> bit) & 1) << (at % 8))
    }
  }
  return bytes
}

function modulo(number: number): number {
  return ((number % q) + q) % q
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
