/** Bytes in memory or from a stream, and their digests. */
import { encodeHex } from '../../core/bytes.js'
import type { Cryptography, HashName } from '../../core/keys/cryptography.js'

/** Bytes in memory, or from a stream. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>

/** @internal Length and digests, in lower-case hexadecimal. */
export interface Digests {
  readonly length: number
  readonly hashes: ReadonlyMap<HashName, string>
}

/** @internal */
export async function digestContent(
  content: Content,
  names: readonly HashName[],
  cryptography: Cryptography,
): Promise<Digests> {
  const hashers = names.map((name) => [name, cryptography.createHasher(name)] as const)
  let length = 0
  for await (const chunk of chunksOf(content)) {
    length += chunk.length
    for (const [, hasher] of hashers) hasher.update(chunk)
  }
  const hashes = new Map(hashers.map(([name, hasher]) => [name, encodeHex(hasher.digest())]))
  return { length, hashes }
}

/** @internal */
export function chunksOf(content: Content): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return content instanceof Uint8Array ? [content] : content
}
