import { expect, test } from '@jest/globals'
import { targetBody } from '../../src/client/target-body.js'

async function* sentBytes(): AsyncGenerator<Uint8Array> {}
async function* decodedBytes(): AsyncGenerator<Uint8Array> {}

const [sent, decoded] = [sentBytes(), decodedBytes()]
const archive = 'https://h/a.tar.gz'

/** Which bytes are taken for the file. */
function chosen(coding: string, url: string, length?: number, sentLength?: number): string {
  const encoded = { coding, body: sent, ...(sentLength !== undefined && { length: sentLength }) }
  return targetBody({ offset: 0, body: decoded, encoded }, url, length) === sent
    ? 'sent'
    : 'decoded'
}

test('a body that was not encoded, or whose sent bytes are hidden, is the file', () => {
  expect(targetBody({ offset: 0, body: decoded }, archive, 5)).toBe(decoded)
  const hidden = { offset: 0, body: decoded, encoded: { coding: 'gzip', length: 5 } }
  expect(targetBody(hidden, archive, 5)).toBe(decoded)
})

test.each(['br', 'deflate', 'gzip, gzip'])('only gzip is decompressed: of %s, never', (coding) => {
  expect(chosen(coding, 'https://h/a.txt', 5, 9)).toBe('sent')
})

test.each([
  [5, 5, 'sent'],
  [5, 6, 'decoded'],
  [5, 4, 'decoded'],
])('a file of %d bytes, of which %d were sent: %s', (length, sentLength, bytes) => {
  expect(chosen('gzip', archive, length, sentLength)).toBe(bytes)
  expect(chosen('gzip', 'https://h/a.txt', length, sentLength)).toBe(bytes)
})

test.each([
  [archive, 'sent'],
  ['https://h/a.TGZ', 'sent'],
  ['https://h/a.gz', 'sent'],
  ['https://h/a.whl', 'decoded'],
  ['https://h/a.gz.asc', 'decoded'],
  ['https://h/agz', 'decoded'],
])('without both lengths the name decides: %s, %s', (url, bytes) => {
  expect(chosen('gzip', url)).toBe(bytes)
  expect(chosen('gzip', url, 5)).toBe(bytes)
  expect(chosen('gzip', url, undefined, 5)).toBe(bytes)
})
