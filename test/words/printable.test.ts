import { expect, test } from '@jest/globals'
import { percentEncoded, percentEncodedUrl, printable } from '../../src/words/printable.js'

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

test.each([
  ['plain text, é, 漢字, 🐢, \\ "', 'plain text, é, 漢字, 🐢, \\ "'],
  ['a\u0001\n', 'a%01%0A'],
  ['a%01', 'a%2501'],
  ['zero\u200bwidth\u2028', 'zero%E2%80%8Bwidth%E2%80%A8'],
  ['\u{e0041}', '%F3%A0%81%81'],
  ['\ud800 \udbff \udc00 \udfff', '%ED%A0%80 %ED%AF%BF %ED%B0%80 %ED%BF%BF'],
  ['\ud7ff\ue000\ufffe', '\ud7ff\ue000%EF%BF%BE'],
])('%j is percent-encoded as %s', (text, written) => {
  expect(percentEncoded(text)).toBe(written)
})

test('a percent sign stays as it is in a URL', () => {
  expect(percentEncodedUrl('https://h/a%20b\u200b/')).toBe('https://h/a%20b%E2%80%8B/')
})
