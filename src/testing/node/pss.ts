/** EMSA-PSS of RFC 8017 (9.1.1) with a given salt, which node:crypto offers no way to choose. */

import { createHash } from 'node:crypto'

/** The encoded message for a modulus of `bits` bits, a multiple of 8. */
export function encodePss(
  digest: Uint8Array,
  salt: Uint8Array,
  hash: string,
  bits: number,
): Buffer {
  const h = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest()
  const block = Buffer.alloc(bits / 8 - h.length - 1)
  block[block.length - salt.length - 1] = 1
  block.set(salt, block.length - salt.length)
  const mask = mgf1(h, hash, block.length)
  const masked = block.map((byte, i) => byte ^ (mask[i] ?? 0))
  // One bit fewer than the modulus, so that the number is smaller than it.
  masked[0] = (masked[0] ?? 0) & 0x7f
  return Buffer.concat([masked, h, Buffer.of(0xbc)])
}

function mgf1(seed: Uint8Array, hash: string, length: number): Buffer {
  const blocks: Buffer[] = []
  for (let counter = 0, made = 0; made < length; counter++) {
    const index = Buffer.alloc(4)
    index.writeUInt32BE(counter)
    const block = createHash(hash).update(seed).update(index).digest()
    blocks.push(block)
    made += block.length
  }
  return Buffer.concat(blocks)
}
