/** Parts of BLAKE2b that both ways to compute its function F share. */

/** @internal Bytes. */
export const blockLength = 128

/** @internal As in SHA-512. A word of 64 bits is two elements, the low half first. */
export const initial = [
  [0x6a09e667, 0xf3bcc908],
  [0xbb67ae85, 0x84caa73b],
  [0x3c6ef372, 0xfe94f82b],
  [0xa54ff53a, 0x5f1d36f1],
  [0x510e527f, 0xade682d1],
  [0x9b05688c, 0x2b3e6c1f],
  [0x1f83d9ab, 0xfb41bd6b],
  [0x5be0cd19, 0x137e2179],
].flatMap(([high = 0, low = 0]) => [low, high])

/**
 * @internal Mixes whole blocks into the state, 16 elements as in {@link initial}. `length` counts the
 * bytes before them; the last block of all comes alone, and then its own bytes count too.
 */
export type MixIn = (state: Uint32Array, blocks: Uint8Array, length: number, last: boolean) => void
