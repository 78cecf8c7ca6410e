/** The bytes of files on disk, and the digests of bytes that pass. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { encodeHex } from '../core/hex.js'
import type { Cryptography, HashName } from '../core/cryptography.js'

/** Bytes that are there, or that come. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>

/** Bytes read at once. */
const readLength = 262_144

/**
 * @internal The chunks of a regular file; a symbolic link is followed. A chunk is good until the
 * next one is asked for.
 */
export async function* readChunks(
  path: string | URL,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Without O_NONBLOCK, which Windows has not, a pipe would be waited for.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK || 0))
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new NotAFileError()
    const buffer = new Uint8Array(Math.min(readLength, stat.size + 1))
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** @internal A folder, a pipe or a device. */
export class NotAFileError extends Error {
  readonly code = 'ERR_NOT_A_FILE'

  constructor() {
    super('it is not a regular file')
  }
}

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
