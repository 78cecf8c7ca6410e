/**
 * Decides which bytes of an encoded answer are the target file. A server that serves `a.tar.gz` may
 * call its compression an encoding: then the sent bytes are the file. Another compresses although
 * the client asked it not to: then the decompressed bytes are the file. Length and hashes judge
 * either.
 */
import type { FetchResponse } from './fetcher.js'

/**
 * @internal The body to read.
 *
 * @param length of the target, where it is known
 */
export function targetBody(
  answer: FetchResponse,
  url: string,
  length: number | undefined,
): AsyncIterable<Uint8Array> {
  const { encoded, body } = answer
  if (encoded?.body === undefined) return body
  // Only gzip is ever decompressed: other codings belong to the file, or make it useless.
  if (encoded.coding !== 'gzip') return encoded.body
  if (length !== undefined && encoded.length !== undefined) {
    return encoded.length === length ? encoded.body : body
  }
  // Without lengths the name says it.
  return /\.t?gz$/i.test(url) ? encoded.body : body
}
