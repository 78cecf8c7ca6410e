/**
 * BLAKE2b (RFC 7693) with digests of 32 bytes: `node:crypto` offers those of 64 alone, and noble would
 * cost every start (docs/adr/0034-blake2b-for-node.md). A word of 64 bits is two elements, the low half
 * first: BigInt is many times slower.
 */
import type { Hasher } from '../core/keys/cryptography.js'

const digestLength = 32
const blockLength = 128

/** As in SHA-512. */
const initial = [
  [0x6a09e667, 0xf3bcc908],
  [0xbb67ae85, 0x84caa73b],
  [0x3c6ef372, 0xfe94f82b],
  [0xa54ff53a, 0x5f1d36f1],
  [0x510e527f, 0xade682d1],
  [0x9b05688c, 0x2b3e6c1f],
  [0x1f83d9ab, 0xfb41bd6b],
  [0x5be0cd19, 0x137e2179],
].flatMap(([high = 0, low = 0]) => [low, high])

/** 2.7: which words of a block each round mixes in, two in each of its eight steps. */
const rounds = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
  '0123456789abcdef',
  'ea489fd61c02b753',
].map((digits) => [...digits].map((digit) => Number.parseInt(digit, 16)))

/** 3.1: the words that each step mixes, first the columns, then the diagonals. */
const steps = ['048c', '159d', '26ae', '37bf', '05af', '16bc', '278d', '349e'].map((digits) =>
  [...digits].map((digit) => Number.parseInt(digit, 16)),
)

/** @internal A digest of bytes that come in pieces. */
export function blake2b256(): Hasher {
  const state = Uint32Array.from(initial)
  // 2.5: the length of the digest, no key, neither fan-out nor depth.
  state[0] = (state[0] ?? 0) ^ 0x01010000 ^ digestLength
  const block = new Uint8Array(blockLength)
  let filled = 0
  let length = 0

  return {
    update(bytes) {
      let at = 0
      while (at < bytes.length) {
        // The last block is mixed in another way, so a full one waits for the next byte.
        if (filled === blockLength) {
          mixIn(state, block, length, false)
          filled = 0
        }
        const part = bytes.subarray(at, at + blockLength - filled)
        block.set(part, filled)
        filled += part.length
        length += part.length
        at += part.length
      }
    },
    digest() {
      block.fill(0, filled)
      mixIn(state, block, length, true)
      const digest = new Uint8Array(digestLength)
      const view = new DataView(digest.buffer)
      for (let i = 0; i < digestLength / 4; i++) view.setUint32(4 * i, state[i] ?? 0, true)
      return digest
    },
  }
}

/** 3.2: the function F. `length` counts the bytes up to the end of the block. */
function mixIn(state: Uint32Array, block: Uint8Array, length: number, last: boolean): void {
  const view = new DataView(block.buffer, block.byteOffset, blockLength)
  const words = Uint32Array.from({ length: 32 }, (_, i) => view.getUint32(4 * i, true))
  const work = Uint32Array.from([...state, ...initial])
  work[24] = (work[24] ?? 0) ^ length
  work[25] = (work[25] ?? 0) ^ Math.floor(length / 2 ** 32)
  if (last) {
    work[28] = ~(work[28] ?? 0)
    work[29] = ~(work[29] ?? 0)
  }
  for (const order of rounds) {
    let next = 0
    for (const [a = 0, b = 0, c = 0, d = 0] of steps) {
      add(work, 2 * a, work, 2 * b)
      add(work, 2 * a, words, 2 * (order[next++] ?? 0))
      turn(work, 2 * d, 2 * a, 32)
      add(work, 2 * c, work, 2 * d)
      turn(work, 2 * b, 2 * c, 24)
      add(work, 2 * a, work, 2 * b)
      add(work, 2 * a, words, 2 * (order[next++] ?? 0))
      turn(work, 2 * d, 2 * a, 16)
      add(work, 2 * c, work, 2 * d)
      turn(work, 2 * b, 2 * c, 63)
    }
  }
  for (let i = 0; i < 16; i++) state[i] = (state[i] ?? 0) ^ (work[i] ?? 0) ^ (work[i + 16] ?? 0)
}

/** Adds a word to another; what is over 64 bits falls off. */
function add(to: Uint32Array, at: number, from: Uint32Array, index: number): void {
  const low = (to[at] ?? 0) + (from[index] ?? 0)
  to[at] = low
  to[at + 1] = (to[at + 1] ?? 0) + (from[index + 1] ?? 0) + (low >= 2 ** 32 ? 1 : 0)
}

/** A word becomes its exclusive or with another, turned to the right by so many bits. */
function turn(words: Uint32Array, at: number, other: number, bits: 16 | 24 | 32 | 63): void {
  const low = (words[at] ?? 0) ^ (words[other] ?? 0)
  const high = (words[at + 1] ?? 0) ^ (words[other + 1] ?? 0)
  if (bits === 32) {
    words[at] = high
    words[at + 1] = low
  } else if (bits === 63) {
    words[at] = (low << 1) | (high >>> 31)
    words[at + 1] = (high << 1) | (low >>> 31)
  } else {
    words[at] = (low >>> bits) | (high << (32 - bits))
    words[at + 1] = (high >>> bits) | (low << (32 - bits))
  }
}
