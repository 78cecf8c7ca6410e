import { execFileSync } from 'node:child_process'
import { createCipheriv } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { blake2b } from '@noble/hashes/blake2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { encodeHex } from '../../src/core/bytes.js'
import { mixInFast } from '../../src/node/blake2b/fast.js'
import { blake2b256 } from '../../src/node/blake2b/hasher.js'
import { initial, type MixIn } from '../../src/node/blake2b/mix-in.js'
import { mixInPlainly } from '../../src/node/blake2b/plain.js'

/** Bytes without a pattern, the same each time; more than the memory of the program. */
const noise = new Uint8Array(
  createCipheriv('aes-128-ctr', new Uint8Array(16), new Uint8Array(16)).update(
    new Uint8Array(300_000),
  ),
)

const byNoble = (bytes: Uint8Array): string => encodeHex(blake2b(bytes, { dkLen: 32 }))

describe.each([
  ['in WebAssembly', mixInFast()],
  ['in JavaScript', mixInPlainly],
])('BLAKE2b with 32 bytes, %s', (_way, mixIn) => {
  function digestOf(bytes: Uint8Array, pieceLength = bytes.length): string {
    const hasher = blake2b256(mixIn)
    for (let at = 0; at < bytes.length; at += pieceLength) {
      hasher.update(bytes.subarray(at, at + pieceLength))
    }
    return encodeHex(hasher.digest())
  }

  test('runs here', () => {
    expect(mixIn).toBeDefined()
  })

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

  test.each([1, 63, 127, 128, 129, 1_000, 129_024, 129_152, 300_000])(
    'does not depend on pieces: %i bytes',
    (length) => {
      expect(digestOf(noise, length)).toBe(byNoble(noise))
    },
  )

  test('takes an empty piece for nothing, also after a full block', () => {
    const hasher = blake2b256(mixIn)
    hasher.update(noise.subarray(0, 128))
    hasher.update(new Uint8Array())
    expect(encodeHex(hasher.digest())).toBe(byNoble(noise.subarray(0, 128)))
  })

  test('keeps digests that are computed at the same time apart', () => {
    const [first, second] = [blake2b256(mixIn), blake2b256(mixIn)]
    for (let at = 0; at < 1_000; at += 100) {
      first.update(noise.subarray(at, at + 100))
      second.update(noise.subarray(at + 5_000, at + 5_100))
    }
    expect(encodeHex(first.digest())).toBe(byNoble(noise.subarray(0, 1_000)))
    expect(encodeHex(second.digest())).toBe(byNoble(noise.subarray(5_000, 6_000)))
  })

  test('does not change the bytes that it reads', () => {
    const bytes = noise.slice(0, 300)
    digestOf(bytes)
    expect(bytes).toEqual(noise.slice(0, 300))
  })
})

describe('both ways to compute BLAKE2b', () => {
  const fast = mixInFast() ?? mixInPlainly

  function stateAfter(mixIn: MixIn, length: number, last: boolean): readonly number[] {
    const state = Uint32Array.from(initial)
    mixIn(state, noise.subarray(0, last ? 128 : 384), length, last)
    return [...state]
  }

  test.each([2 ** 32 - 128, 2 ** 32 - 256, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER - 1_000])(
    'count the same bytes after %d of them',
    (length) => {
      const whole = 128 * Math.floor(length / 128)
      expect(fast).not.toBe(mixInPlainly)
      expect(stateAfter(fast, whole, false)).toEqual(stateAfter(mixInPlainly, whole, false))
      expect(stateAfter(fast, length, true)).toEqual(stateAfter(mixInPlainly, length, true))
      expect(stateAfter(fast, length, true)).not.toEqual(stateAfter(fast, length - 1, true))
    },
  )

  test('give a process without WebAssembly the same digest', () => {
    const program = `
      import { nodeCryptography } from ${JSON.stringify(new URL('../../dist/node/index.js', import.meta.url).href)}
      const digest = nodeCryptography.hash('blake2b-256', new Uint8Array(1000))
      console.log(typeof WebAssembly, Buffer.from(digest).toString('hex'))`
    const args = ['--jitless', '--input-type=module', '--eval', program]
    const [type, digest] = execFileSync(process.execPath, args, { encoding: 'utf8' }).split(/\s/)
    expect([type, digest]).toEqual(['undefined', byNoble(new Uint8Array(1_000))])
  })
})
