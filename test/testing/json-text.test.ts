import { describe, expect, test } from '@jest/globals'
import { encodeCanonical } from '../../src/core/json/canonical.js'
import { copyJson, jsonText } from '../../src/testing/json-text.js'
import { text } from './support.js'

const value = {
  b: [1, [], {}, null, true, 'é"\\\n'],
  a: { '\u{1f600}': 2n ** 64n, '\ue000': -1, z: { deep: [{}] } },
}

describe('JSON text', () => {
  test('equals the output of JSON.stringify, for every indentation, in the order of the object', () => {
    const plain = { b: value.b, a: { z: value.a.z } }
    for (const indent of [0, 1, 2]) {
      const expected = JSON.stringify(plain, undefined, indent)
      expect(jsonText(plain, { indent, sorted: false })).toBe(expected)
    }
  })

  test('is sorted by code point and keeps integers beyond 2^53', () => {
    expect(jsonText(value.a)).toBe(
      '{"z":{"deep":[{}]},"\ue000":-1,"\u{1f600}":18446744073709551616}',
    )
  })

  test('is the canonical form when it is compact and no character is escaped', () => {
    const { a } = value
    expect(jsonText(a)).toBe(text(encodeCanonical(a)))
    expect(jsonText(value)).not.toBe(text(encodeCanonical(value)))
  })

  test('copies share no object, and __proto__ is a name', () => {
    const original = Object.fromEntries([['__proto__', { list: [1] }]])
    const copy = copyJson(original)
    expect(copy).toEqual(original)
    expect(jsonText(copy)).toBe('{"__proto__":{"list":[1]}}')
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })
})
