import { expect, test } from '@jest/globals'
import { printable } from '../../src/words/printable.js'

test.each([
  ['plain text, é, 漢字, 🐢', 'plain text, é, 漢字, 🐢'],
  ['\u001b[2J', '\\u001b[2J'],
  ['a\r\nb\tc', 'a\\u000d\\u000ab\\u0009c'],
  ['\u009b31m', '\\u009b31m'],
  ['exe.\u202egnp', 'exe.\\u202egnp'],
  ['\u2028', '\\u2028'],
  ['\ud800', '\\ud800'],
  ['\ufffe\uffff', '\\ufffe\\uffff'],
  ['\u{e0041}', '\\udb40\\udc41'],
])('%j is written as %s', (text, written) => {
  expect(printable(text)).toBe(written)
})

test('JSON means the same afterwards', () => {
  const value = { 'a\u009b\u202e': '\u2028\u{e0041}\u001b\n' }
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value)
})
