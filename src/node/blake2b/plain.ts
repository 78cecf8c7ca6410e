/**
 * BLAKE2b's function F in JavaScript, for a Node without WebAssembly (`--jitless`). BigInt would be
 * many times slower.
 */
import { blockLength, initial, type MixIn } from './mix-in.js'

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

/** @internal See {@link MixIn}. */
export function mixInPlainly(...[state, blocks, before, last]: Parameters<MixIn>): void {
  for (let at = 0; at < blocks.length; at += blockLength) {
    const view = new DataView(blocks.buffer, blocks.byteOffset + at, blockLength)
    mixBlock(state, view, last ? before : before + at + blockLength, last)
  }
}

/** 3.2: the function F. `length` counts the bytes up to the end of the block. */
function mixBlock(state: Uint32Array, view: DataView, length: number, last: boolean): void {
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
