import { describe, expect, test } from '@jest/globals'
import { readJson } from '../src/core/json/read.js'
import type { JsonValue } from '../src/core/json/value.js'
import { jcs } from '../src/jcs.js'

const encoder = new TextEncoder()

function canonical(value: JsonValue): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(jcs.encode(value))
}

function read(text: string): ReturnType<typeof readJson> {
  return readJson(encoder.encode(text), jcs)
}

describe('the RFC 8785 form', () => {
  test('escapes control characters', () => {
    expect(canonical({ public: 'a\nb\x01' })).toBe('{"public":"a\\nb\\u0001"}')
  })

  test('sorts names by UTF-16 unit (RFC 8785, 3.2.3)', () => {
    expect(canonical({ '\uE000': 1, '\u{1F600}': 2 })).toBe('{"\u{1F600}":2,"\uE000":1}')
  })

  test('writes __proto__ as a name like any other', () => {
    const value = JSON.parse('{"toString":1,"__proto__":{"a":2},"toJSON":3}') as JsonValue
    expect(canonical(value)).toBe('{"__proto__":{"a":2},"toJSON":3,"toString":1}')
  })

  test('writes numbers as ECMAScript does (RFC 8785, 3.2.2.3)', () => {
    expect(canonical([1e21, 1.5, 1e-7, 333333333.3333333])).toBe(
      '[1e+21,1.5,1e-7,333333333.3333333]',
    )
  })

  test.each<[string, unknown]>([
    ['a bigint', 1n],
    ['NaN', NaN],
    ['a lone surrogate', '\ud800'],
    ['undefined', undefined],
  ])('cannot encode %s', (_, value) => {
    expect(() => jcs.encode(value as JsonValue)).toThrow()
  })

  test('reads fractions and exponents as doubles', () => {
    const { value, signedBytes } = read('{"signed":{"b":1.50,"a":[1e2,-0.25,1E+3,2e-3]}}')
    expect(value).toStrictEqual({ signed: { b: 1.5, a: [100, -0.25, 1000, 0.002] } })
    expect(signedBytes).toEqual(encoder.encode('{"a":[100,-0.25,1000,0.002],"b":1.5}'))
  })

  test('reads an integer that a double holds exactly', () => {
    expect(read('[9007199254740992,1000000000000000000000]').value).toStrictEqual([2 ** 53, 1e21])
  })

  test.each([
    ['9007199254740993', 'integer that a double cannot hold'],
    ['-9007199254740993', 'integer that a double cannot hold'],
    ['1'.repeat(400), 'integer that a double cannot hold'],
    ['1e400', 'number out of range'],
    ['-1.0e999', 'number out of range'],
    ['-0', 'negative zero'],
    ['-0.0', 'negative zero'],
    ['-1e-400', 'negative zero'],
    ['01.5', 'leading zero'],
    ['1.', 'ends too early'],
    ['1.e1 ', 'expected a digit'],
    ['1e+ ', 'expected a digit'],
    ['{"a":1,"a":1}', 'duplicate name'],
  ])('refuses %s', (text, reason) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ reason }))
  })
})
