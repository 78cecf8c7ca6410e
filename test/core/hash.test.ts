import { describe, expect, test } from '@jest/globals'
import {
  checkBytes,
  createChecker,
  resolveHash,
  type ExpectedFile,
} from '../../src/core/keys/hash.js'
import { nodeCryptography } from '../../src/node/cryptography.js'

const bytes = new TextEncoder().encode('abc')
const place = { role: 'snapshot', step: '5.5.2' }
// FIPS 180-4 and FIPS 202 give these for "abc", RFC 7693 the last but one.
const digests = {
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha384:
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed' +
    '8086072ba1e7cc2358baeca134c825a7',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
    '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  'sha3-256': '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  'sha3-512':
    'b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e' +
    '10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0',
  'blake2b-512':
    'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1' +
    '7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
  'blake2b-256': 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
} as const

function once(expected: ExpectedFile): void {
  checkBytes(bytes, expected, place, nodeCryptography)
}

function inPieces(expected: ExpectedFile): void {
  const checker = createChecker(expected, place, nodeCryptography)
  for (const byte of bytes) checker.update(Uint8Array.of(byte))
  checker.end()
}

function hashes(...entries: readonly (readonly [string, string])[]): ExpectedFile {
  return { hashes: new Map(entries) }
}

/** The error, without its stack. */
function refusal(check: () => void): unknown {
  try {
    check()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

describe.each([
  ['at once', once],
  ['in pieces', inPieces],
])('a file that is checked %s', (_, check) => {
  test.each(Object.entries(digests))('computes %s', (name, digest) => {
    check(hashes([name, digest]))
    const wrong = digest.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(refusal(() => check(hashes([name, wrong])))).toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      role: 'snapshot',
      step: '5.5.2',
      algorithm: name,
      expected: wrong,
      actual: digest,
    })
  })

  test('chooses blake2b by the length of the digest', () => {
    check(hashes(['blake2b', digests['blake2b-256']]))
    check(hashes(['blake2b', digests['blake2b-512']]))
    expect(refusal(() => check(hashes(['blake2b', '00'.repeat(20)])))).toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      algorithm: 'blake2b',
    })
  })

  test('is accepted when the metadata say no length or hash', () => {
    check({})
    check({ length: 3 })
  })

  test.each([0, 2, 4, 1e15])('is refused when its length should be %d bytes', (length) => {
    expect(refusal(() => check({ length }))).toMatchObject({
      code: 'ERR_TUF_LENGTH_MISMATCH',
      expected: length,
    })
  })

  test('must match every known hash', () => {
    check(hashes(['sha256', digests.sha256], ['sha512', digests.sha512]))
    expect(
      refusal(() => check(hashes(['sha256', digests.sha256], ['sha512', '00'.repeat(64)]))),
    ).toMatchObject({ algorithm: 'sha512' })
  })

  test('need not match a hash that is unknown', () => {
    check(hashes(['md5', '00'], ['sha256', digests.sha256], ['constructor', '']))
  })

  test.each([
    [[]],
    [[['md5', '900150983cd24fb0d6963f7d28e17f72'] as const]],
    [[['__proto__', ''] as const]],
  ])('is refused when all listed hashes are unknown: %j', (entries) => {
    expect(refusal(() => check(hashes(...entries)))).toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      algorithm: '',
      expected: '',
      actual: '',
    })
  })

  test('is refused when a digest is cut short, long or empty', () => {
    for (const digest of ['', digests.sha256.slice(2), `${digests.sha256}00`]) {
      expect(refusal(() => check(hashes(['sha256', digest])))).toMatchObject({
        code: 'ERR_TUF_HASH_MISMATCH',
        algorithm: 'sha256',
      })
    }
  })
})

test('a piece too many is refused before the end', () => {
  const checker = createChecker({ length: 3 }, place, nodeCryptography)
  checker.update(bytes)
  checker.update(new Uint8Array())
  expect(refusal(() => checker.update(Uint8Array.of(0)))).toMatchObject({
    code: 'ERR_TUF_LENGTH_MISMATCH',
    expected: 3,
    actual: 4,
  })
})

test.each(['SHA256', 'sha-256', 'sha1', 'md5', 'blake2b-384', 'blake2s', '', 'toString'])(
  'the name %j is unknown',
  (name) => {
    expect(resolveHash(name, digests.sha256)).toBeUndefined()
  },
)
