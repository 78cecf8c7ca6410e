/** The exact road of the JSON reader: its values beside those of the platform, and its errors. */
import { describe, expect, test } from '@jest/globals'
import { olpc } from '../../src/core/json/canonical.js'
import { readExact, readPlainJson, readSorted } from '../../src/core/json/read.js'
import { fieldPath, JsonSyntaxError, type JsonValue } from '../../src/core/json/value.js'

const encoder = new TextEncoder()

function exact(text: string): JsonValue {
  return readExact(encoder.encode(text), olpc).value
}

function refusal(input: string | Uint8Array): Pick<JsonSyntaxError, 'reason' | 'offset' | 'path'> {
  const bytes = typeof input === 'string' ? encoder.encode(input) : input
  expect(readSorted(bytes)).toBeUndefined()
  try {
    readExact(bytes, olpc)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const { reason, offset, path } = error
    return { reason, offset, path }
  }
  throw new Error('was accepted')
}

describe('a value is the one of the platform', () => {
  test.each([
    String.raw`"\"\\\/\b\f\n\r\t"`,
    String.raw`"\n a\n  b\t"`,
    String.raw`"x\ny"`,
    String.raw`"\u0000\u001f\u0020\ud7ff\ue000\uffff"`,
    String.raw`"\ud800\udc00 \uD800\uDFFF \udbff\uDC00 \uDbFf\udFfF"`,
    String.raw`"\\u0041 \\"`,
    String.raw`{"\u0000":{"\"":[" "]}}`,
    '" ~\u007f\u0080"',
    '[0,1,9,10,19,90,100,-1,-9,-10]',
    ' { "a" : [ 1 , { } , [ ] ] }\t\r\n',
  ])('%s', (text) => {
    expect(exact(text)).toStrictEqual(JSON.parse(text))
  })

  test('in each property of an object: also under names that objects inherit', () => {
    const text = '{"__proto__":1,"a":2,"constructor":3,"toString":4}'
    const platform = JSON.parse(text) as object
    const descriptors = (value: unknown): unknown =>
      Object.keys(platform).map((name) => Object.getOwnPropertyDescriptor(value, name))
    expect(descriptors(exact(text))).toStrictEqual(descriptors(platform))
  })
})

describe('a string is refused where it is wrong', () => {
  test.each([
    ['"a\nb"', 'control character in a string', 2],
    ['"\\t\u001f"', 'control character in a string', 3],
    ['"\\t \u0000', 'control character in a string', 4],
    ['"', 'ends too early', 1],
    ['"a', 'ends too early', 2],
    ['"\\t', 'ends too early', 3],
    ['"\\t a', 'ends too early', 5],
    [String.raw`"\x"`, 'unknown escape', 1],
    [String.raw`"ab\u00e"`, 'unknown escape', 3],
    [String.raw`"\u00e"1"`, 'unknown escape', 1],
    [String.raw`"\u 041"`, 'unknown escape', 1],
    [String.raw`"\ud800\u0g00"`, 'unknown escape', 7],
    [String.raw`"\ud800"`, 'lone surrogate', 1],
    [String.raw`"\udbff\n"`, 'lone surrogate', 1],
    [String.raw`"a\ud800\ud7ff"`, 'lone surrogate', 2],
    [String.raw`"\ud800\udbff"`, 'lone surrogate', 1],
    [String.raw`"\udbff\ue000"`, 'lone surrogate', 1],
    [String.raw`"\udc00\udc00"`, 'lone surrogate', 1],
    [String.raw`"\udfff\udc00"`, 'lone surrogate', 1],
  ])('%j: %s', (text, reason, offset) => {
    expect(refusal(text)).toEqual({ reason, offset, path: '' })
    // As a member, after characters of more than one byte.
    expect(refusal(`{"é":[0,${text}`)).toEqual({ reason, offset: offset + 9, path: '["é"][1]' })
  })
})

test('an integer of 4,300 digits is read, as in CPython', () => {
  for (const sign of ['', '-']) {
    const digits = sign + '12'.repeat(2_150)
    expect(exact(digits)).toBe(BigInt(digits))
    expect(refusal(`[${digits}0]`)).toMatchObject({ offset: 1, path: '[0]' })
  }
})

describe('a number is refused where it is wrong', () => {
  test.each([
    ['/', 'expected a value', 0],
    [':', 'expected a value', 0],
    ['-/', 'expected a digit', 1],
    ['-:', 'expected a digit', 1],
    ['1:', 'goes on after its end', 1],
    ['1/', 'goes on after its end', 1],
    ['0,', 'goes on after its end', 1],
    ['-00', 'leading zero', 0],
    ['10.5', 'number that is not written as an integer', 0],
  ])('%s: %s', (text, reason, offset) => {
    expect(refusal(text)).toEqual({ reason, offset, path: '' })
  })
})

describe('bytes that are not UTF-8 are refused where they begin', () => {
  const mark = [0xef, 0xbb, 0xbf]

  test.each<[string, number[], number]>([
    ['a byte that goes on from none', [0x22, 0x80, 0x22], 1],
    ['after a byte-order mark', [...mark, 0x22, 0x80, 0x22], 4],
    ['after characters of two, three and four bytes', [...encoder.encode('"é€😀'), 0xff], 10],
    ['after the replacement character', [...encoder.encode('"\ufffd'), 0xff, 0x22], 4],
    // These begin as the replacement character does.
    ['the first of three bytes', [0x22, 0xef, 0x22], 1],
    ['two of three bytes', [0x22, 0xef, 0xbf, 0x22], 1],
    ['two of three bytes, at the end', [0x22, 0xef, 0xbf], 1],
    ['one of three bytes, at the start', [0xef], 0],
    ['two of three bytes after the same character', [0x22, 0xef, 0xbf, 0xbd, 0xef, 0xbf], 4],
  ])('%s', (_, bytes, offset) => {
    const place = { reason: 'not UTF-8', path: '', offset }
    expect(refusal(Uint8Array.from(bytes))).toEqual(place)
  })
})

test('JSON that is not metadata may have fractions and exponents', () => {
  expect(readPlainJson(encoder.encode('[1.5,-2e3,4E+1,5e-1]'))).toEqual([1.5, -2000, 40, 0.5])
  expect(() => readPlainJson(encoder.encode('[1e999]'))).toThrow(
    expect.objectContaining({ reason: 'number out of range', path: '[0]', offset: 1 }),
  )
})

test('a path shows a hundred characters of a name, and a mark where there are more', () => {
  expect(fieldPath('a', 'x'.repeat(100))).toBe(`a.${'x'.repeat(100)}`)
  expect(fieldPath('a', 'x'.repeat(101))).toBe(`a.${'x'.repeat(100)}…`)
})
