import { expect, test } from '@jest/globals'
import { decodeHex, encodeHex } from '../../src/core/bytes.js'

const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)

test('every byte is written as two lower-case digits', () => {
  expect(encodeHex(allBytes)).toBe(Buffer.from(allBytes).toString('hex'))
  expect(encodeHex(new Uint8Array())).toBe('')
})

test('digits are read in either case', () => {
  const text = encodeHex(allBytes)
  expect(decodeHex(text)).toEqual(allBytes)
  expect(decodeHex(text.toUpperCase())).toEqual(allBytes)
  expect(decodeHex('')).toEqual(new Uint8Array())
})

test.each([
  '0',
  '000',
  '0x',
  '0g',
  'G0',
  ' 00',
  '00\n',
  '-1',
  '@0',
  '`0',
  '/0',
  ':0',
  '0\u0131',
  '００',
])('text that is not hexadecimal is refused: %j', (text) => {
  expect(decodeHex(text)).toBeUndefined()
})
