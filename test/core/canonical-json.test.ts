import { describe, expect, test } from '@jest/globals'
import { encodeCanonical, olpc } from '../../src/core/json/canonical.js'
import type { JsonValue } from '../../src/core/json/value.js'

function canonical(value: JsonValue): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(encodeCanonical(value))
}

describe('OLPC canonical JSON', () => {
  test.each<[JsonValue, string]>([
    [null, 'null'],
    [true, 'true'],
    [false, 'false'],
    [0, '0'],
    [-1, '-1'],
    [9007199254740991, '9007199254740991'],
    [9007199254740993n, '9007199254740993'],
    [-(10n ** 30n), '-1000000000000000000000000000000'],
    ['', '""'],
    ['é€😀', '"é€😀"'],
    [[], '[]'],
    [{}, '{}'],
    [[[], {}, [1, 'a', null]], '[[],{},[1,"a",null]]'],
    [{ b: 1, a: { d: [], c: 2 } }, '{"a":{"c":2,"d":[]},"b":1}'],
  ])('writes %p without white space, names in order', (value, expected) => {
    expect(canonical(value)).toBe(expected)
  })

  test('escapes only the quote and the backslash', () => {
    expect(canonical('a"b\\c/d')).toBe('"a\\"b\\\\c/d"')
    expect(canonical('\0\b\t\n\f\r\x1f\x7f')).toBe('"\0\b\t\n\f\r\x1f\x7f"')
    expect(canonical({ 'x"\n': 1 })).toBe('{"x\\"\n":1}')
  })

  test('keeps the newlines of a PEM key', () => {
    const pem = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n'
    expect(canonical({ public: pem })).toBe(`{"public":"${pem}"}`)
  })

  test('sorts names by code point, not by UTF-16 unit', () => {
    const names = ['\u{1F600}', '\uE000', '\uFFFD', '\uD7FF', 'a\u{10000}', 'a\uFFFF', 'a', '']
    const object = Object.fromEntries(names.map((name) => [name, 0]))
    expect(Object.keys(JSON.parse(canonical(object)) as object)).toEqual([
      '',
      'a',
      'a\uFFFF',
      'a\u{10000}',
      '\uD7FF',
      '\uE000',
      '\uFFFD',
      '\u{1F600}',
    ])
  })

  test('sorts names that look like integers as text', () => {
    expect(canonical({ 10: 0, 9: 0, 1: 0, '01': 0, a: 0 })).toBe(
      '{"01":0,"1":0,"10":0,"9":0,"a":0}',
    )
  })

  test('writes every own name and no inherited one', () => {
    const object = JSON.parse('{"toString":1,"__proto__":{"a":2},"constructor":3}') as JsonValue
    expect(canonical(object)).toBe('{"__proto__":{"a":2},"constructor":3,"toString":1}')
  })

  test('writes the first and the last characters of each length in UTF-8', () => {
    const text = '\0\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}'
    expect(encodeCanonical(text)).toEqual(new TextEncoder().encode(`"${text}"`))
  })

  test.each(['a', 'é', '€', '😀', '"'])('writes texts of %s of any length', (character) => {
    for (let count = 240; count <= 1_100; count += 1) {
      const text = character.repeat(count)
      const written = character === '"' ? String.raw`\"`.repeat(count) : text
      expect(canonical([text, 1])).toBe(`["${written}",1]`)
    }
  })

  test('grows with the value', () => {
    const long = 'é'.repeat(5000)
    expect(canonical([long, long, 1])).toBe(`["${long}","${long}",1]`)
  })

  test.each<[string, unknown, string]>([
    ['a fraction', 1.5, 'number 1.5: only safe integers and bigint'],
    [
      'an integer that a number does not hold exactly',
      2 ** 53,
      'number 9007199254740992: only safe integers and bigint',
    ],
    ['NaN', NaN, 'number NaN: only safe integers and bigint'],
    ['infinity', Infinity, 'number Infinity: only safe integers and bigint'],
    ['a lone high surrogate', 'a\ud800', 'lone surrogates'],
    ['a lone low surrogate', '\udc00a', 'lone surrogates'],
    ['the last lone surrogate', '\udfff', 'lone surrogates'],
    ['a lone surrogate in a name', { '\ud800': 1 }, 'lone surrogates'],
    ['undefined', undefined, 'undefined'],
    ['an undefined member', { a: undefined }, 'undefined'],
    ['a function', [() => 1], 'function'],
  ])('cannot encode %s', (_, value, what) => {
    expect(() => encodeCanonical(value as JsonValue)).toThrow(
      new TypeError(`canonical JSON cannot express ${what}`),
    )
  })

  test('is the form named olpc, of integers', () => {
    expect(olpc).toMatchObject({ name: 'olpc', numbers: 'integers' })
    expect(olpc.encode({ b: 1, a: 2 })).toEqual(encodeCanonical({ a: 2, b: 1 }))
  })
})
