/** DER has one encoding of a value: every other one is refused, each at its own place. */
import { describe, expect, test } from '@jest/globals'
import {
  Asn1Error,
  booleanOf,
  childrenOf,
  context,
  encodeAsn1,
  expectTag,
  integerOf,
  joined,
  oidOf,
  readAll,
  readOne,
  smallIntegerOf,
  tags,
  timeOf,
  utf8Of,
  wholeBytesOf,
  type Asn1,
} from '../../../src/sigstore/x509/asn1.js'
import * as der from '../../support/sigstore/der.js'

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex')
}

function one(hex: string): Asn1 {
  return readOne(bytes(hex))
}

function refusal(read: () => unknown): Asn1Error {
  try {
    read()
  } catch (error) {
    if (error instanceof Asn1Error) return error
    throw error
  }
  throw new Error('it was read')
}

/** A value whose content has this length, with the length written as it is given. */
function withLength(header: string, length: number): Uint8Array {
  return joined(bytes(`04 ${header}`), new Uint8Array(length))
}

describe('lengths', () => {
  test.each([
    ['00', 0],
    ['7f', 0x7f],
    ['81 80', 0x80],
    ['81 ff', 0xff],
    ['82 01 00', 0x100],
    ['82 ff ff', 0xffff],
    ['83 01 00 00', 0x10000],
    ['83 01 02 03', 0x10203],
  ])('%s is read, and is written for that length', (header, length) => {
    const value = readOne(withLength(header, length))
    expect(value.tag).toBe(tags.octetString)
    expect(value.content).toHaveLength(length)
    expect(value.bytes).toHaveLength(length + 1 + bytes(header).length)
    expect(encodeAsn1(0x04, new Uint8Array(length))).toEqual(withLength(header, length))
  })

  test.each([
    ['81 7f', 0x7f],
    ['81 00', 0],
    ['82 00 ff', 0xff],
    ['82 00 80', 0x80],
    ['83 00 ff ff', 0xffff],
    ['83 00 00 01', 1],
  ])('%s is refused: a shorter form exists', (header, length) => {
    expect(refusal(() => readAll(withLength(header, length))).message).toBe('a padded length')
  })

  test.each([
    ['an indefinite one', '80 00 00'],
    ['one of four bytes', '84 01 00 00 00'],
    ['one that is cut off', '82 01'],
    ['one without its byte', '81'],
  ])('%s is refused', (_name, header) => {
    expect(refusal(() => readAll(bytes(`04 ${header}`))).message).toBe('not a length of DER')
  })

  test('a value without a length is refused', () => {
    expect(refusal(() => readAll(bytes('04'))).message).toBe('a value without a length')
  })

  test('a value must not be longer than its container', () => {
    const longer = 'a value is longer than its container'
    expect(refusal(() => readAll(bytes('04 02 00'))).message).toBe(longer)
    expect(refusal(() => childrenOf(one('30 03 04 02 00'), tags.sequence)).message).toBe(longer)
    expect(readAll(bytes('04 02 00 01'))).toHaveLength(1)
  })
})

describe('values', () => {
  test('values follow each other without a gap', () => {
    const [first, second, ...others] = readAll(bytes('05 00 01 01 ff'))
    expect(first).toMatchObject({ tag: tags.null, content: bytes(''), bytes: bytes('05 00') })
    expect(second).toMatchObject({ tag: 1, content: bytes('ff'), bytes: bytes('01 01 ff') })
    expect(others).toEqual([])
    expect(readAll(bytes(''))).toEqual([])
  })

  test.each(['', '05 00 05 00'])('"%s" is not one value', (hex) => {
    expect(refusal(() => one(hex)).message).toBe('not one value of DER')
  })

  test.each(['1f 01 00', 'bf 01 00', '3f 01 00'])('%s has a tag of more than one byte', (hex) => {
    expect(refusal(() => readAll(bytes(hex))).message).toBe('a tag of more than one byte')
  })

  test('a tag of one byte may have any class', () => {
    expect(readAll(bytes('1e 00 be 00 0f 00')).map(({ tag }) => tag)).toEqual([0x1e, 0xbe, 0x0f])
  })

  test('another tag than the expected one is named', () => {
    expect(refusal(() => readOne(bytes('05 00'), tags.set)).message).toBe(
      'expected DER tag 0x31, found tag 0x5',
    )
    expect(refusal(() => childrenOf(one('31 00'), tags.sequence)).message).toBe(
      'expected DER tag 0x30, found tag 0x31',
    )
    expect(refusal(() => expectTag(undefined, context(3))).message).toBe(
      'expected DER tag 0xa3, found nothing',
    )
    expect(readOne(bytes('31 00'), tags.set).tag).toBe(tags.set)
    expect(refusal(() => one('')).name).toBe('Asn1Error')
  })

  test('parts are joined in their order', () => {
    expect(joined(bytes('01 02'), bytes(''), bytes('03'))).toEqual(new Uint8Array([1, 2, 3]))
    expect(encodeAsn1(0x30, bytes('05 00'), bytes('05 00'))).toEqual(
      new Uint8Array([0x30, 4, 5, 0, 5, 0]),
    )
  })
})

describe('object identifiers', () => {
  test.each([
    ['06 01 00', '0.0'],
    ['06 01 27', '0.39'],
    ['06 01 28', '1.0'],
    ['06 01 4f', '1.39'],
    ['06 01 50', '2.0'],
    ['06 02 88 37', '2.999'],
    ['06 03 55 1d 13', '2.5.29.19'],
    ['06 04 2a 81 00 01', '1.2.128.1'],
  ])('%s is %s', (hex, dotted) => {
    expect(oidOf(one(hex))).toBe(dotted)
  })

  test.each([
    ['a padded first number', '06 02 80 01', 'a padded object identifier'],
    ['a padded second number', '06 03 2a 80 01', 'a padded object identifier'],
    ['no number', '06 00', 'an object identifier without an end'],
    ['a number without its end', '06 02 2a 81', 'an object identifier without an end'],
    ['a huge number', '06 0a 2a ff ff ff ff ff ff ff ff 7f', 'a huge object identifier'],
  ])('%s is refused', (_name, hex, message) => {
    expect(refusal(() => oidOf(one(hex))).message).toBe(message)
  })

  test('the greatest number takes 46 bits', () => {
    expect(oidOf(one('06 07 8f ff ff ff ff ff 7f'))).toBe(`2.${2 ** 46 - 1 - 80}`)
    expect(refusal(() => oidOf(one('06 07 90 80 80 80 80 80 00'))).message).toBe(
      'a huge object identifier',
    )
  })

  test('another value is refused', () => {
    expect(() => oidOf(undefined)).toThrow(Asn1Error)
    expect(() => oidOf(one('05 00'))).toThrow(Asn1Error)
  })
})

describe('integers', () => {
  test.each(['02 01 00', '02 01 7f', '02 02 00 80', '02 01 80', '02 02 ff 7f', '02 02 01 00'])(
    '%s is minimal',
    (hex) => {
      expect(integerOf(one(hex))).toEqual(bytes(hex).subarray(2))
    },
  )

  test.each([
    '02 00',
    '02 02 00 7f',
    '02 02 00 00',
    '02 02 ff 80',
    '02 02 ff ff',
    '02 03 00 7f 00',
  ])('%s is padded, or empty', (hex) => {
    expect(refusal(() => integerOf(one(hex))).message).toBe('a padded integer')
  })

  test.each([
    ['02 01 00', 0],
    ['02 01 7f', 127],
    ['02 02 01 02', 258],
    ['02 04 7f ff ff ff', 2 ** 31 - 1],
  ])('%s is a small one', (hex, number) => {
    expect(smallIntegerOf(one(hex))).toBe(number)
  })

  test.each(['02 01 80', '02 01 ff', '02 05 00 80 00 00 00', '02 04 80 00 00 00'])(
    '%s is not a small one',
    (hex) => {
      expect(refusal(() => smallIntegerOf(one(hex))).message).toBe('not a small integer')
    },
  )
})

test('a boolean is one byte, 00 or ff', () => {
  expect(booleanOf(one('01 01 ff'))).toBe(true)
  expect(booleanOf(one('01 01 00'))).toBe(false)
  for (const hex of ['01 01 01', '01 01 fe', '01 00', '01 02 ff ff', '01 02 00 00']) {
    expect(refusal(() => booleanOf(one(hex))).message).toBe('not a boolean of DER')
  }
  expect(() => booleanOf(one('02 01 00'))).toThrow(Asn1Error)
})

test('a bit string with unused bits, or without their number, is refused', () => {
  expect(wholeBytesOf(one('03 03 00 01 02'))).toEqual(bytes('01 02'))
  expect(wholeBytesOf(one('03 01 00'))).toEqual(bytes(''))
  for (const hex of ['03 02 01 80', '03 00']) {
    expect(refusal(() => wholeBytesOf(one(hex))).message).toBe(
      'a bit string that is not whole bytes',
    )
  }
  expect(() => wholeBytesOf(one('04 01 00'))).toThrow(Asn1Error)
})

test('text is strict UTF-8, and a byte order mark is a character', () => {
  expect(utf8Of(bytes('c3 a9'))).toBe('é')
  expect(utf8Of(bytes('ef bb bf 61'))).toBe('\ufeffa')
  const error = refusal(() => utf8Of(bytes('ff')))
  expect(error.message).toBe('not UTF-8')
  expect(error.cause).toMatchObject({ name: 'TypeError' })
})

describe('times', () => {
  const utc = (text: string): Asn1 => readOne(der.value(tags.utcTime, Buffer.from(text)))
  const general = (text: string): Asn1 =>
    readOne(der.value(tags.generalizedTime, Buffer.from(text)))

  test.each([
    ['000101000000Z', '2000-01-01T00:00:00.000Z'],
    ['491231235959Z', '2049-12-31T23:59:59.000Z'],
    ['500101000000Z', '1950-01-01T00:00:00.000Z'],
    ['991231235959Z', '1999-12-31T23:59:59.000Z'],
    ['240229010203Z', '2024-02-29T01:02:03.000Z'],
  ])('UTCTime %s is %s', (text, iso) => {
    expect(new Date(timeOf(utc(text))).toISOString()).toBe(iso)
  })

  test.each([
    ['20260513120000Z', '2026-05-13T12:00:00.000Z'],
    ['20260513120000.5Z', '2026-05-13T12:00:00.500Z'],
    ['20260513120000.05Z', '2026-05-13T12:00:00.050Z'],
    ['20260513120000.123Z', '2026-05-13T12:00:00.123Z'],
    ['20260513120000.123999999Z', '2026-05-13T12:00:00.123Z'],
    ['19491231235959Z', '1949-12-31T23:59:59.000Z'],
    ['99991231235959Z', '9999-12-31T23:59:59.000Z'],
  ])('GeneralizedTime %s is %s', (text, iso) => {
    expect(new Date(timeOf(general(text))).toISOString()).toBe(iso)
  })

  test.each([
    '260229010203Z',
    '260013010203Z',
    '261301010203Z',
    '260100010203Z',
    '260132010203Z',
    '260431010203Z',
    '260101240000Z',
    '261231240000Z',
    '260101990000Z',
    '269901000000Z',
    '260101006000Z',
    '260101000060Z',
    '2601010000Z',
    '260101000000',
    '260101000000+0000',
    '260101000000.5Z',
    ' 260101000000Z',
    '260101000000Z ',
    '20260101000000Z',
    '',
  ])('UTCTime "%s" is refused', (text) => {
    expect(refusal(() => timeOf(utc(text))).message).toBe('not a time')
  })

  test.each([
    '20260229010203Z',
    '20260101240000Z',
    '20260101006000Z',
    '20260101000060Z',
    '20260101000000.Z',
    '20260101000000.1234567890Z',
    '20260101000000,5Z',
    '202601010000Z',
    '20260101000000',
    '20260101000000+0100',
    ' 20260101000000Z',
    '20260101000000Z ',
    '260101000000Z',
    '00500101000000Z',
  ])('GeneralizedTime "%s" is refused', (text) => {
    expect(refusal(() => timeOf(general(text))).message).toBe('not a time')
  })

  test('another value is not a time', () => {
    const text = readOne(der.value(tags.utf8String, Buffer.from('260101000000Z')))
    const long = readOne(der.value(tags.utf8String, Buffer.from('20260101000000Z')))
    for (const value of [text, long, undefined]) {
      expect(refusal(() => timeOf(value)).message).toBe('not a time')
    }
    expect(refusal(() => timeOf(one('17 01 ff'))).message).toBe('not UTF-8')
  })
})
