/** An RSA key from a seed: node:crypto makes random ones only, and files must not be random. */

import { checkPrimeSync, createHash, createPrivateKey, type KeyObject } from 'node:crypto'

const exponent = 65_537n

/** `length` bytes that depend on seed and purpose alone: SHA-512 in counter mode. */
export function seededBytes(seed: Uint8Array | string, purpose: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) =>
    createHash('sha512').update(`${purpose}/${i}/`).update(seed).digest(),
  )
  return Buffer.concat(blocks).subarray(0, length)
}

/** The private key of a modulus of exactly `bits` bits, a multiple of 16. */
export function rsaPrivateKey(seed: Uint8Array | string, bits: number): KeyObject {
  const p = primeFrom(seededBytes(seed, 'rsa/p', bits / 16))
  const q = primeFrom(seededBytes(seed, 'rsa/q', bits / 16))
  const d = inverse(exponent, (p - 1n) * (q - 1n))
  const numbers = {
    n: p * q,
    e: exponent,
    d,
    p,
    q,
    dp: d % (p - 1n),
    dq: d % (q - 1n),
    qi: inverse(q, p),
  }
  const jwk: Record<string, string> = { kty: 'RSA' }
  for (const [name, value] of Object.entries(numbers)) jwk[name] = base64url(value)
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

/** The first suitable prime at or after the bytes, whose two highest bits are set. */
function primeFrom(bytes: Buffer): bigint {
  const high = 3n << BigInt(bytes.length * 8 - 2)
  let candidate = BigInt(`0x${bytes.toString('hex')}`) | high | 1n
  while (!isSuitable(candidate)) candidate += 2n
  return candidate
}

// Most candidates contain a small factor: a remainder is far cheaper than OpenSSL's rounds.
const smallPrimes = 3n * 5n * 7n * 11n * 13n * 17n * 19n * 23n * 29n * 31n * 37n * 41n * 43n * 47n

function isSuitable(candidate: bigint): boolean {
  if (gcd(candidate % smallPrimes, smallPrimes) !== 1n) return false
  return candidate % exponent !== 1n && checkPrimeSync(candidate)
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}

/** The inverse of `value` by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n]
  while (b !== 0n) {
    const quotient = a / b
    ;[a, b, x, y] = [b, a - quotient * b, y, x - quotient * y]
  }
  return ((x % modulus) + modulus) % modulus
}

function base64url(value: bigint): string {
  const hex = value.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
}
