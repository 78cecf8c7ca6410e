/** BLAKE2b's function F in WebAssembly: `scanner/blake2b.ts`, where a word of 64 bits is one number. */
import { decodeHex } from '../../core/bytes.js'
import { blake2bCode } from './code.js'
import { blockLength, type MixIn } from './mix-in.js'

/** As in `scanner/blake2b.ts`. */
const stateStart = 64
const blocksStart = 2_048
/** Bytes of blocks that fit into its memory of two pages. */
const mostBytes = 131_072 - blocksStart

let found: MixIn | 'refused' | undefined

/** @internal See {@link MixIn}; undefined where WebAssembly does not exist or is not allowed. */
export function mixInFast(): MixIn | undefined {
  try {
    found ??= load()
  } catch {
    // Asked once: the answer stays the same.
    found = 'refused'
  }
  return found === 'refused' ? undefined : found
}

/** One instance serves all digests, one call at a time: the state is in it during a call only. */
function load(): MixIn {
  const module = new WebAssembly.Module(decodeHex(blake2bCode) ?? new Uint8Array())
  const code = new WebAssembly.Instance(module).exports
  const words = new DataView(code.memory.buffer, stateStart)
  const blocksAt = new Uint8Array(code.memory.buffer, blocksStart)
  return (state, blocks, before, last) => {
    for (const [index, word] of state.entries()) words.setUint32(4 * index, word, true)
    for (let at = 0; at < blocks.length; at += mostBytes) {
      const some = blocks.subarray(at, at + mostBytes)
      blocksAt.set(some)
      code.mixIn(some.length / blockLength, before + at, last ? 1 : 0)
    }
    for (const index of state.keys()) state[index] = words.getUint32(4 * index, true)
  }
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Exports }
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  mixIn(count: number, length: number, last: 0 | 1): void
}
