import { createCipheriv } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { blake2b } from '@noble/hashes/blake2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { encodeHex } from '../../src/core/bytes.js'
import { blake2b256 } from '../../src/node/blake2b.js'

/** Bytes without a pattern, the same each time. */
const noise = new Uint8Array(
  createCipheriv('aes-128-ctr', new Uint8Array(16), new Uint8Array(16)).update(
    new Uint8Array(70_000),
  ),
)

function digestOf(bytes: Uint8Array, pieceLength = bytes.length): string {
  const hasher = blake2b256()
  for (let at = 0; at < bytes.length; at += pieceLength) {
    hasher.update(bytes.subarray(at, at + pieceLength))
  }
  return encodeHex(hasher.digest())
}

const byNoble = (bytes: Uint8Array): string => encodeHex(blake2b(bytes, { dkLen: 32 }))

describe('BLAKE2b with 32 bytes', () => {
  test.each([
    ['', '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8'],
    ['abc', 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319'],
  ])('of %j is the known digest', (text, digest) => {
    expect(digestOf(utf8ToBytes(text))).toBe(digest)
  })

  test('is that of another implementation for every length up to five blocks', () => {
    for (let length = 0; length <= 640; length++) {
      const bytes = noise.subarray(length, 2 * length)
      expect([length, digestOf(bytes)]).toEqual([length, byNoble(bytes)])
    }
  })

  test.each([1, 63, 127, 128, 129, 1_000])('does not depend on pieces: %i bytes', (length) => {
    expect(digestOf(noise, length)).toBe(byNoble(noise))
  })

  test('takes an empty piece for nothing, also after a full block', () => {
    const hasher = blake2b256()
    hasher.update(noise.subarray(0, 128))
    hasher.update(new Uint8Array())
    expect(encodeHex(hasher.digest())).toBe(byNoble(noise.subarray(0, 128)))
  })

  test('does not change the bytes that it reads', () => {
    const bytes = noise.slice(0, 300)
    digestOf(bytes)
    expect(bytes).toEqual(noise.slice(0, 300))
  })
})
