import { describe, expect, test } from '@jest/globals'
import {
  decodeEcdsaSignature,
  decodeRsaPublicKey,
  decodeSubjectPublicKey,
} from '../../src/core/keys/der.js'
import {
  bitString,
  ecSpki,
  integer,
  nothing,
  objectIdentifier,
  oids,
  rsaPublicKey,
  rsaSpki,
  sequence,
  tagged,
} from '../../spec-vectors/generator/functions/der.js'

const modulus = Uint8Array.from({ length: 300 }, (_, index) => 255 - (index & 127))
const exponent = Uint8Array.of(1, 0, 1)

describe('a public key', () => {
  test('of RSA is two numbers without their sign bytes', () => {
    const expected = { kind: 'rsa', modulus, exponent }
    expect(decodeRsaPublicKey(rsaPublicKey(modulus, exponent))).toEqual(expected)
    expect(decodeSubjectPublicKey(rsaSpki(modulus, exponent))).toEqual(expected)
  })

  test.each(['P-256', 'P-384', 'P-521'] as const)(
    'of %s is a point that is not judged',
    (curve) => {
      const point = Uint8Array.of(4, 1, 2)
      expect(decodeSubjectPublicKey(ecSpki(curve, point))).toEqual({ kind: 'ec', curve, point })
    },
  )

  const key = rsaPublicKey(modulus, exponent)
  const rsaWith = (second: Uint8Array): Uint8Array =>
    sequence(sequence(oids.rsaEncryption, nothing), bitString(sequence(integer(modulus), second)))
  const point = bitString(Uint8Array.of(4, 1, 2))
  test.each([
    ['nothing', new Uint8Array()],
    ['no algorithm', sequence(bitString(key))],
    ['no key', sequence(sequence(oids.rsaEncryption, nothing))],
    ['RSA without parameters', sequence(sequence(oids.rsaEncryption), bitString(key))],
    [
      'RSA with a NULL that is not empty',
      sequence(sequence(oids.rsaEncryption, tagged(5, exponent)), bitString(key)),
    ],
    ['RSA with a curve', sequence(sequence(oids.rsaEncryption, oids['P-256']), bitString(key))],
    [
      'an elliptic curve with NULL and an RSA key',
      sequence(sequence(oids.ecPublicKey, nothing), bitString(key)),
    ],
    ['RSA with a negative exponent', rsaWith(tagged(2, Uint8Array.of(0x80)))],
    ['RSA with an exponent of no bytes', rsaWith(tagged(2))],
    ['RSA with unused bits', sequence(sequence(oids.rsaEncryption, nothing), bitString(key, 1))],
    ['an empty bit string', sequence(sequence(oids.rsaEncryption, nothing), tagged(3))],
    ['an elliptic curve with NULL', sequence(sequence(oids.ecPublicKey, nothing), point)],
    [
      'an unknown curve',
      sequence(sequence(oids.ecPublicKey, objectIdentifier('2b8104000a')), point),
    ],
    ['an unknown algorithm', sequence(sequence(objectIdentifier('2b6570'), oids['P-256']), point)],
    ['parameters written out', sequence(sequence(oids.ecPublicKey, sequence()), point)],
    ['a third field', sequence(sequence(oids.ecPublicKey, oids['P-256']), point, nothing)],
  ])('is not read of %s', (_, der) => {
    expect(decodeSubjectPublicKey(der)).toBeUndefined()
  })

  test('is not read when any byte is missing', () => {
    const der = rsaSpki(modulus, exponent)
    for (let length = 0; length < der.length; length++) {
      expect(decodeSubjectPublicKey(der.subarray(0, length))).toBeUndefined()
    }
  })
})

/** With as many bytes for the length as it needs, up to three. */
function withLength(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents)
  const { length } = content
  if (length < 0x1_0000) return tagged(tag, content)
  return Uint8Array.from([tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff, ...content])
}

describe('an ECDSA signature', () => {
  test('becomes two numbers of one length', () => {
    const der = sequence(integer(Uint8Array.of(0x80)), integer(Uint8Array.of(1, 2, 3)))
    expect(decodeEcdsaSignature(der, 3)).toEqual(Uint8Array.of(0, 0, 0x80, 1, 2, 3))
    expect(decodeEcdsaSignature(der, 4)).toEqual(Uint8Array.of(0, 0, 0, 0x80, 0, 1, 2, 3))
  })

  test('may not contain a number longer than the order', () => {
    const der = sequence(integer(Uint8Array.of(1)), integer(Uint8Array.of(1, 2, 3)))
    expect(decodeEcdsaSignature(der, 2)).toBeUndefined()
  })

  test.each([0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000])(
    'may contain a number of %p bytes',
    (length) => {
      const [one, digits] = [Uint8Array.of(2, 1, 1), new Uint8Array(length).fill(0x7f)]
      const number = withLength(2, digits)
      const der = withLength(0x30, one, number)
      expect(decodeEcdsaSignature(der, length)?.subarray(length)).toEqual(digits)
    },
  )

  test.each([
    ['no length', '80', 0x7b],
    ['a length that is written with a byte too many', '82 00 80', 0x7b],
    ['the same with two bytes too many', '83 00 00 80', 0x7b],
  ])('of 128 bytes is refused with %s', (_, length, size) => {
    const head = Buffer.from(`30 ${length} 02 01 01 02 7b`.replaceAll(' ', ''), 'hex')
    const der = Uint8Array.from([...head, ...new Uint8Array(size).fill(1)])
    expect(decodeEcdsaSignature(der, size)).toBeUndefined()
    const good = Uint8Array.from([0x30, 0x81, 0x80, ...der.subarray(head.length - 5)])
    expect(decodeEcdsaSignature(good, size)).toHaveLength(2 * size)
  })

  test.each([
    ['30 0a 02 84 00 00 00 01 01 02 01 01', 'a length of four bytes'],
    ['30 07 02 81 01 01 02 01 01', 'a length in the long form that the short one holds'],
    ['30 09 02 83 00 00 01 01 02 01 01', 'a length with leading zeros'],
    ['30 80 02 01 01 02 01 01 00 00', 'an indefinite length'],
    ['30 07 02 01 01 02 01 01', 'a length beyond the end'],
    ['30 06 02 7f 01 02 01 01', 'an integer beyond the sequence'],
    ['30 06 02 01 01 02 01', 'an integer cut short'],
    ['30 06 02 01 81 02 01 01', 'a negative number'],
    ['30 06 02 01 80 02 01 01', 'the least negative number of one byte'],
    ['30 07 02 02 00 7f 02 01 01', 'a padded number below a sign bit'],
    ['30 07 02 02 00 01 02 01 01', 'a padded number'],
    ['30 07 02 02 ff 81 02 01 01', 'a padded negative number'],
    ['30 06 02 01 00 02 01 01', 'zero'],
    ['30 05 02 00 02 01 01', 'a number of no bytes'],
    ['10 06 02 01 01 02 01 01', 'a sequence that is not constructed'],
    ['3f 06 02 01 01 02 01 01', 'a long tag'],
    ['30', 'a tag alone'],
    ['30 81', 'half a length'],
  ])('is refused: %s, %s', (text) => {
    const der = Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
    expect(decodeEcdsaSignature(der, 32)).toBeUndefined()
  })
})
