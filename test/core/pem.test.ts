import { describe, expect, test } from '@jest/globals'
import { decodePem } from '../../src/core/keys/pem.js'

function pem(body: string): string {
  return `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`
}

describe('a PEM block is read', () => {
  test.each([0, 1, 2, 3, 63, 64, 65, 1000])('with %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 151) & 255)
    const found = decodePem(pem(Buffer.from(bytes).toString('base64')))
    expect(found).toEqual({ label: 'PUBLIC KEY', bytes })
  })

  test('with every character of the alphabet', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    expect(decodePem(pem(alphabet))?.bytes).toEqual(
      Uint8Array.from(Buffer.from(alphabet, 'base64')),
    )
  })

  test.each([
    ['with carriage returns', pem('AAEC\r\nAwQF').replaceAll('\n', '\r\n')],
    ['without a last line feed', pem('AAECAwQF').trimEnd()],
    ['with white space around it', ` \t\n${pem('AAECAwQF')}\r\n `],
    ['on one line', '-----BEGIN PUBLIC KEY-----AAECAwQF-----END PUBLIC KEY-----'],
  ])('%s', (_, text) => {
    expect(decodePem(text)?.bytes).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5))
  })
})

test.each([
  ['no block', ''],
  ['base64 alone', 'AAECAwQF'],
  ['text before the block', `key\n${pem('AAEC')}`],
  ['text after the block', `${pem('AAEC')}key`],
  ['two blocks', pem('AAEC') + pem('AAEC')],
  ['another label at the end', pem('AAEC').replace('END PUBLIC', 'END PRIVATE')],
  ['no end', '-----BEGIN PUBLIC KEY-----\nAAEC\n'],
  ['a header line', pem('Proc-Type: 4,ENCRYPTED\n\nAAEC')],
  ['padding that is missing', pem('AAE')],
  ['padding too much', pem('AA===')],
  ['padding that is not at the end', pem('AA==AAEC')],
  ['padding alone', pem('====')],
  ['one character of a group', pem('A===')],
  ['unused bits that are set', pem('AAF=')],
  ['four unused bits that are set', pem('AB==')],
  ['the alphabet of URLs', pem('AA-_')],
  ['a character that is not ASCII', pem('AAÉC')],
])('no key is read from %s', (_, text) => {
  expect(decodePem(text)).toBeUndefined()
})

test('a long text without an end is rejected in one pass', () => {
  const body = 'A'.repeat(1_000_000)
  expect(decodePem(`${' '.repeat(1_000_000)}-----BEGIN A-----${body}`)).toBeUndefined()
  expect(decodePem(`-----BEGIN ${body}`)).toBeUndefined()
})
