import { describe, expect, test } from '@jest/globals'
import { runInNewContext } from 'node:vm'
import { areSame, decodeBase64, isBytes, sameBytes } from '../../src/core/bytes.js'

/** The bytes, at `offset` in memory that also has other bytes around them. */
function placed(bytes: Uint8Array, offset: number, around: number): Uint8Array {
  const memory = new Uint8Array(bytes.length + 16).fill(around)
  memory.set(bytes, offset)
  return memory.subarray(offset, offset + bytes.length)
}

describe('two byte strings', () => {
  const lengths = [0, 1, 3, 4, 5, 8, 13]
  const offsets = [0, 1, 4]

  test.each(lengths)('of %d bytes are the same wherever they stand in memory', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => index + 1)
    for (const one of offsets) {
      for (const other of offsets) {
        expect(sameBytes(placed(bytes, one, 7), placed(bytes, other, 9))).toBe(true)
      }
    }
  })

  test.each(lengths)('of %d bytes differ in any one of them', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => index + 1)
    for (let at = 0; at < length; at++) {
      const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 0x80 : byte))
      for (const one of offsets) {
        for (const other of offsets) {
          expect(sameBytes(placed(bytes, one, 0), placed(changed, other, 0))).toBe(false)
        }
      }
    }
  })

  test('of two lengths differ, also where the longer one begins with the other', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    for (let length = 0; length < 8; length++) {
      expect(sameBytes(bytes, bytes.slice(0, length))).toBe(false)
      expect(sameBytes(bytes.slice(0, length), bytes)).toBe(false)
    }
  })

  test('may be absent: only two absent ones are the same', () => {
    const bytes = Uint8Array.of(1)
    expect(areSame(undefined, undefined)).toBe(true)
    expect(areSame(bytes, undefined)).toBe(false)
    expect(areSame(undefined, new Uint8Array())).toBe(false)
    expect(areSame(bytes, Uint8Array.of(1))).toBe(true)
    expect(areSame(bytes, Uint8Array.of(2))).toBe(false)
  })
})

test('bytes are those of any realm, and nothing that only looks like them', () => {
  const other: unknown = runInNewContext('new Uint8Array(2)')
  for (const bytes of [new Uint8Array(), Buffer.from('a'), other]) expect(isBytes(bytes)).toBe(true)
  const named = { [Symbol.toStringTag]: 'Uint8Array', length: 0 }
  const others = [
    named,
    new Uint8ClampedArray(1),
    new Int8Array(1),
    new DataView(new ArrayBuffer(1)),
  ]
  for (const value of [...others, new ArrayBuffer(1), [1], 'a', 1, null, undefined]) {
    expect(isBytes(value)).toBe(false)
  }
})

test.each([
  ['', []],
  ['AA==', [0]],
  ['/w==', [255]],
  ['//8=', [255, 255]],
  ['////', [255, 255, 255]],
  ['AAEC', [0, 1, 2]],
])('base64 %j is read as %j', (text, bytes) => {
  expect(decodeBase64(text)).toEqual(Uint8Array.from(bytes))
})

test.each([
  'A',
  'AA',
  'AAA',
  'AAAAA',
  '=',
  '====',
  'A===',
  'AA=A',
  'AB==',
  'AAB=',
  'AA-_',
  'AA\n=',
  'AAé=',
])('text that is not base64 is refused: %j', (text) => {
  expect(decodeBase64(text)).toBeUndefined()
})
