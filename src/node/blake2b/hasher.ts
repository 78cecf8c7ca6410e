/**
 * BLAKE2b (RFC 7693) with digests of 32 bytes: `node:crypto` offers those of 64 alone, and noble would
 * cost every start (docs/adr/0034-blake2b-for-node.md). The blocks go to WebAssembly, where there is one.
 */
import type { Hasher } from '../../core/keys/cryptography.js'
import { mixInFast } from './fast.js'
import { blockLength, initial, type MixIn } from './mix-in.js'
import { mixInPlainly } from './plain.js'

const digestLength = 32

/** @internal A digest of bytes that come in pieces. */
export function blake2b256(mixIn: MixIn = mixInFast() ?? mixInPlainly): Hasher {
  const state = Uint32Array.from(initial)
  // 2.5: the length of the digest, no key, neither fan-out nor depth.
  state[0] = (state[0] ?? 0) ^ 0x01010000 ^ digestLength
  const rest = new Uint8Array(blockLength)
  let filled = 0
  let length = 0

  return {
    update(bytes) {
      // The last block is mixed in another way, so a full one waits for the next byte.
      let at = Math.min(bytes.length, blockLength - filled)
      rest.set(bytes.subarray(0, at), filled)
      filled += at
      if (at === bytes.length) return
      mixIn(state, rest, length, false)
      length += blockLength
      const blocks = Math.ceil((bytes.length - at) / blockLength) - 1
      const whole = bytes.subarray(at, at + blocks * blockLength)
      mixIn(state, whole, length, false)
      length += whole.length
      at += whole.length
      rest.set(bytes.subarray(at))
      filled = bytes.length - at
    },
    digest() {
      rest.fill(0, filled)
      mixIn(state, rest, length + filled, true)
      const digest = new Uint8Array(digestLength)
      const view = new DataView(digest.buffer)
      for (let i = 0; i < digestLength / 4; i++) view.setUint32(4 * i, state[i] ?? 0, true)
      return digest
    },
  }
}
