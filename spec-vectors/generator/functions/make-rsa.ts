/** RSA keys of exactly so many bits: OpenSSL 3.0 makes one of odd length a bit shorter. */
import {
  createPrivateKey,
  generateKeyPairSync,
  generatePrimeSync,
  type KeyObject,
} from 'node:crypto'

/** A fresh private key. */
export function makeRsaPrivateKey(bits: number, publicExponent = 65_537): KeyObject {
  if (bits % 2 === 1) return fromPrimes(bits, BigInt(publicExponent))
  return generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).privateKey
}

/** RFC 8017, 3.2. */
function fromPrimes(bits: number, e: bigint): KeyObject {
  for (;;) {
    const p = generatePrimeSync(Math.ceil(bits / 2), { bigint: true })
    const q = generatePrimeSync(Math.floor(bits / 2), { bigint: true })
    const n = p * q
    const order = (p - 1n) * (q - 1n)
    if (n.toString(2).length !== bits || order % e === 0n) continue
    const d = inverse(e, order)
    const numbers = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
    const members = Object.entries(numbers).map(([name, one]) => [name, base64url(one)] as const)
    const jwk: Readonly<Record<string, string>> = { kty: 'RSA', ...Object.fromEntries(members) }
    return createPrivateKey({ key: jwk, format: 'jwk' })
  }
}

function inverse(number: bigint, modulus: bigint): bigint {
  let [r, next, t, nextT] = [modulus, number % modulus, 0n, 1n]
  while (next > 0n) {
    const quotient = r / next
    ;[r, next, t, nextT] = [next, r - quotient * next, nextT, t - quotient * nextT]
  }
  return t < 0n ? t + modulus : t
}

function base64url(number: bigint): string {
  const text = number.toString(16)
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex').toString('base64url')
}
