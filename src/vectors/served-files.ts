/**
 * The files of a workflow vector, as bytes and ways to fail, under names that are compared as URLs.
 */
import type { VectorBody } from './format.js'

/** The answer to one request. */
export type ServedAnswer =
  { readonly bytes: Uint8Array; readonly disconnectAfter?: number } | { readonly status: number }

/**
 * The files of a server, changed by each step of a vector.
 *
 * @example
 * ```ts runs
 * import { ServedFiles } from 'tuffet/vectors'
 *
 * const served = new ServedFiles()
 * served.change({ 'metadata/timestamp.json': '{}' })
 * served.answer('metadata/timestamp.json') // { bytes }
 * ```
 */
export class ServedFiles {
  readonly #files = new Map<string, VectorBody>()

  /** Null takes a file away. */
  change(changes: Readonly<Record<string, VectorBody | null>> = {}): void {
    for (const [path, body] of Object.entries(changes)) {
      if (body === null) this.#files.delete(normalPath(path))
      else this.#files.set(normalPath(path), body)
    }
  }

  /** The answer for a path such as `metadata/1.root.json`, as in the URL. */
  answer(path: string): ServedAnswer {
    const body = this.#files.get(normalPath(path))
    if (body === undefined) return { status: 404 }
    if (typeof body !== 'string') {
      if ('status' in body) return body
      if ('disconnectAfter' in body) {
        const { disconnectAfter, text } = body
        return { bytes: fileBytes(text), disconnectAfter }
      }
    }
    return { bytes: fileBytes(body) }
  }
}

/**
 * The bytes of a body that is a file.
 *
 * @throws RangeError for one that is not
 *
 * @example
 * ```ts runs
 * import { fileBytes } from 'tuffet/vectors'
 *
 * fileBytes('a wheel') // its UTF-8 bytes
 * ```
 */
export function fileBytes(body: VectorBody): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if ('base64' in body) return Uint8Array.from(atob(body.base64), (char) => char.charCodeAt(0))
  if ('repeat' in body) return repeated(fileBytes(body.repeat), body.length)
  throw new RangeError('a status, or half a file, is not a file')
}

function repeated(piece: Uint8Array, length: number): Uint8Array {
  if (piece.length === 0) throw new RangeError('an empty text cannot be repeated')
  const bytes = new Uint8Array(length)
  bytes.set(piece.subarray(0, length))
  // Twice as much each time: files without end are long.
  for (let done = piece.length; done < length; done *= 2) bytes.copyWithin(done, 0, done)
  return bytes
}

/** One spelling for all ways to percent-encode the same segments: `a%40b` is `a@b`, not `a%2540b`. */
function normalPath(path: string): string {
  return path
    .split('/')
    .map((segment) => encodeURIComponent(decodeSegment(segment)))
    .join('/')
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
