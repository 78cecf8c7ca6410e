/** A server's answer for a file: the published bytes, unless an attack intervenes. */

import type { FileKind } from './file-history.js'

/**
 * - bytes: the file
 * - `missing`: the file does not exist (404)
 * - `status`: another HTTP status
 * - an `Error`: in memory it is thrown; over HTTP the connection breaks
 * - a function: the file chunk by chunk, which may come slowly or never end
 */
export type Answer =
  Uint8Array | 'missing' | { readonly status: number } | Error | (() => AsyncIterable<Uint8Array>)

/** Asked before the files are: an answer, or undefined to let the request pass. */
export type Intercept = (kind: FileKind, name: string) => Answer | undefined

/** The file named by a URL's path below its base; `undefined` when the path cannot name a file. */
export function possibleNames(kind: FileKind, path: string): string[] {
  const decoded = decodeLeniently(path)
  // A `/` in a role name is percent-encoded in a URL (4.5).
  if (kind === 'metadata') return path.includes('/') ? [] : [decoded]
  return path === decoded ? [path] : [path, decoded]
}

function decodeLeniently(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}
