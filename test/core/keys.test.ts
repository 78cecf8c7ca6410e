import { describe, expect, test } from '@jest/globals'
import type { KeyOptions } from '../../src/core/keys/keys.js'
import type { Key } from '../../src/core/metadata/model.js'
import { ecSpki, rsaPublicKey } from '../../spec-vectors/generator/functions/der.js'
import { decodeKey } from '../support/decode-key.js'
import { makeEcdsaKeyPair } from '../support/ecdsa-cases.js'
import { nonCanonicalPoints, smallOrderPoints } from '../support/ed25519-cases.js'
import { makeRsaKeyPair } from '../support/rsa-cases.js'
import { hex, makeKey, toPem } from '../support/signature-case.js'

// RFC 8032, 7.1, test 1
const edPoint = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'

function identityOf(key: Key, options?: KeyOptions): string {
  const decoded = decodeKey(key, options)
  if (decoded.verdict !== 'ok') throw new Error(decoded.reason)
  return decoded.identity
}

describe('one public key yields one identity', () => {
  test('Ed25519, in either case', () => {
    const lower = identityOf(makeKey('ed25519', 'ed25519', edPoint))
    expect(identityOf(makeKey('ed25519', 'ed25519', edPoint.toUpperCase()))).toBe(lower)
  })

  test('ECDSA, in hexadecimal, PEM, compressed or not, by either key type', () => {
    const { pem, compressed, uncompressed } = makeEcdsaKeyPair('P-256')
    const texts = [
      pem,
      hex(compressed),
      hex(uncompressed),
      toPem('PUBLIC KEY', ecSpki('P-256', compressed)),
    ]
    const scheme = 'ecdsa-sha2-nistp256'
    const identities = texts.flatMap((text) =>
      ['ecdsa', scheme].map((keytype) => identityOf(makeKey(keytype, scheme, text))),
    )
    expect(new Set(identities).size).toBe(1)
  })

  test('RSA, in both encodings, whatever the padding and the hash function', () => {
    const { pem, modulus, exponent } = makeRsaKeyPair(2048)
    const texts = [pem, toPem('RSA PUBLIC KEY', rsaPublicKey(modulus, exponent))]
    const schemes = ['sha256', 'sha384', 'sha512'].flatMap((hash) => [
      `rsassa-pss-${hash}`,
      `rsa-pkcs1v15-${hash}`,
    ])
    const identities = texts.flatMap((text) =>
      schemes.map((scheme) => identityOf(makeKey('rsa', scheme, text), { pkcs1v15: true })),
    )
    expect(new Set(identities).size).toBe(1)
  })

  test('whatever the keyid', () => {
    const key = makeKey('ed25519', 'ed25519', edPoint)
    expect(identityOf({ ...key, keyid: 'b' })).toBe(identityOf(key))
  })
})

describe('two public keys yield two identities', () => {
  test('Ed25519 points that differ in sign', () => {
    const other = `${edPoint.slice(0, 62)}9a`
    expect(identityOf(makeKey('ed25519', 'ed25519', other))).not.toBe(
      identityOf(makeKey('ed25519', 'ed25519', edPoint)),
    )
  })

  test('ECDSA points that share an x', () => {
    const { compressed } = makeEcdsaKeyPair('P-384')
    const other = Uint8Array.from([5 - (compressed[0] ?? 0), ...compressed.subarray(1)])
    const scheme = 'ecdsa-sha2-nistp384'
    expect(identityOf(makeKey('ecdsa', scheme, hex(other)))).not.toBe(
      identityOf(makeKey('ecdsa', scheme, hex(compressed))),
    )
  })

  test('RSA keys that share a modulus', () => {
    const { modulus } = makeRsaKeyPair(2048)
    const [first, second] = [Uint8Array.of(3), Uint8Array.of(5)].map((exponent) =>
      identityOf(
        makeKey(
          'rsa',
          'rsassa-pss-sha256',
          toPem('RSA PUBLIC KEY', rsaPublicKey(modulus, exponent)),
        ),
      ),
    )
    expect(first).not.toBe(second)
  })
})

describe('a key of an unknown kind is unsupported', () => {
  test.each([
    ['ed25519', 'ed448'],
    ['ed25519', 'ED25519'],
    ['ed25519/ed25519', ''],
    ['', 'ed25519'],
    ['ecdsa', 'ed25519'],
    ['ed25519', 'ecdsa-sha2-nistp256'],
    ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384'],
    ['rsa', 'rsassa-pss-sha1'],
    ['rsa', 'rsassa-pss-md5'],
    ['__proto__', 'constructor'],
    ['sphincs', 'sphincs-shake-128s'],
    ['ml-dsa', 'ml-dsa-44/2'],
    ['ml-dsa/ml-dsa-44', '1'],
    ['ecdsa/ecdsa-sha2-nistp256', ''],
  ])('key type %j with scheme %j', (keytype, scheme) => {
    expect(decodeKey(makeKey(keytype, scheme, edPoint))).toMatchObject({
      verdict: 'unsupported-key',
      reason: expect.stringContaining(JSON.stringify(`${keytype}/${scheme}`)),
    })
  })
})

describe('an Ed25519 key of small order or odd form is broken', () => {
  test('all eight points of small order', () => {
    const points = smallOrderPoints().map(hex)
    expect(new Set(points).size).toBe(8)
    for (const point of points) {
      expect(decodeKey(makeKey('ed25519', 'ed25519', point))).toEqual({
        verdict: 'broken-key',
        reason: 'the point is of small order',
      })
    }
  })

  test('but not one whose y is below the prime', () => {
    for (const point of [
      `eb${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(29)}fe7f`,
      `ff${'ff'.repeat(30)}7e`,
    ]) {
      expect(decodeKey(makeKey('ed25519', 'ed25519', point)).verdict).toBe('ok')
    }
  })

  test('and 38 encodings that are not canonical', () => {
    const points = nonCanonicalPoints().map(hex)
    expect(new Set(points).size).toBe(38)
    for (const point of points) {
      expect(decodeKey(makeKey('ed25519', 'ed25519', point))).toEqual({
        verdict: 'broken-key',
        reason: 'the point is not encoded canonically',
      })
    }
  })

  test.each(['', edPoint.slice(2), `${edPoint}00`, `0x${edPoint.slice(2)}`, edPoint.slice(1)])(
    'as is one that is not 64 digits: %j',
    (text) => {
      expect(decodeKey(makeKey('ed25519', 'ed25519', text))).toEqual({
        verdict: 'broken-key',
        reason: 'an Ed25519 key is 64 hexadecimal digits',
      })
    },
  )
})

describe('an ECDSA key of another form or curve is broken', () => {
  const { compressed, uncompressed } = makeEcdsaKeyPair('P-256')
  const withFormat = (format: number, point: Uint8Array): string =>
    hex(Uint8Array.of(format, ...point.subarray(1)))
  const noPoint = 'the key is not a point of P-256'
  const noKey = 'the key is neither hexadecimal nor the PEM of P-256'

  test.each([
    ['neither', 'key', noKey],
    ['a PEM of another curve', makeEcdsaKeyPair('P-384').pem, noKey],
    ['a PEM of RSA', makeRsaKeyPair(2048).pem, noKey],
    ['no bytes', '', noPoint],
    ['a compressed point without its last byte', hex(compressed.subarray(0, -1)), noPoint],
    ['a point without its last byte', hex(uncompressed.subarray(0, -1)), noPoint],
    ['a compressed point in the format of a whole one', withFormat(4, compressed), noPoint],
    ['a point in the format of a compressed one', withFormat(2, uncompressed), noPoint],
    ['the hybrid format', withFormat(6, uncompressed), noPoint],
    ['a format that is unknown', withFormat(5, compressed), noPoint],
  ])('%s', (_what, text, reason) => {
    const key = makeKey('ecdsa', 'ecdsa-sha2-nistp256', text)
    expect(decodeKey(key)).toEqual({ verdict: 'broken-key', reason })
  })
})

describe('an RSA key', () => {
  const digits = (bits: number): Uint8Array => {
    const bytes = new Uint8Array(Math.ceil(bits / 8)).fill(0xff)
    bytes[0] = 0xff >> (8 * bytes.length - bits)
    return bytes
  }
  const three = Uint8Array.of(3)
  const read = (modulus: Uint8Array, exponent: Uint8Array): ReturnType<typeof decodeKey> =>
    decodeKey(
      makeKey('rsa', 'rsassa-pss-sha256', toPem('RSA PUBLIC KEY', rsaPublicKey(modulus, exponent))),
    )
  const even = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes.subarray(0, -1), 0xfe)
  const notTwo = 'the exponent is even or 1'

  test.each([
    ['a short modulus', digits(2_047), three, 'the modulus is 2047 bits long, not 2048 to 16384'],
    ['a long modulus', digits(16_385), three, 'the modulus is 16385 bits long, not 2048 to 16384'],
    ['an even modulus', even(digits(2_048)), three, 'the modulus is even'],
    ['an even exponent', digits(2_048), Uint8Array.of(1, 0, 2), notTwo],
    ['the exponent 1', digits(2_048), Uint8Array.of(1), notTwo],
    ['a long exponent', digits(2_048), digits(34), 'the exponent is too large'],
    ['both long', digits(16_384), digits(18), 'modulus and exponent together are too large'],
  ])('with %s is broken', (_what, modulus, exponent, reason) => {
    expect(read(modulus, exponent)).toEqual({ verdict: 'broken-key', reason })
  })

  test.each([
    ['the shortest modulus', digits(2_048), three],
    ['the longest modulus', digits(16_384), digits(17)],
    ['the longest exponent', digits(8_440), digits(33)],
  ])('with %s is taken', (_what, modulus, exponent) => {
    expect(read(modulus, exponent).verdict).toBe('ok')
  })

  test('that is hexadecimal, or of another kind, is broken', () => {
    for (const text of ['ab', makeEcdsaKeyPair('P-256').pem]) {
      expect(decodeKey(makeKey('rsa', 'rsassa-pss-sha256', text))).toEqual({
        verdict: 'broken-key',
        reason: 'an RSA key is the PEM of one',
      })
    }
  })

  test.each([
    ['rsassa-pss-sha256', 'pss', 'sha256'],
    ['rsassa-pss-sha384', 'pss', 'sha384'],
    ['rsassa-pss-sha512', 'pss', 'sha512'],
    ['rsa-pkcs1v15-sha256', 'pkcs1v15', 'sha256'],
    ['rsa-pkcs1v15-sha384', 'pkcs1v15', 'sha384'],
    ['rsa-pkcs1v15-sha512', 'pkcs1v15', 'sha512'],
  ])('of %s is verified with its padding and hash function', (scheme, padding, hash) => {
    const key = makeKey('rsa', scheme, makeRsaKeyPair(2048).pem)
    expect(decodeKey(key, { pkcs1v15: true })).toMatchObject({ publicKey: { padding, hash } })
  })
})
