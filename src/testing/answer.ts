/** What a server gives for a file: what was published, unless somebody interferes. */

import type { FileKind } from './file-history.js'

/**
 * - bytes: the file
 * - `missing`: there is no such file (404)
 * - `status`: another HTTP status
 * - an `Error`: in memory it is thrown; over HTTP the connection breaks
 * - a function: the file as it comes, perhaps slowly, perhaps without end
 */
export type Answer =
  Uint8Array | 'missing' | { readonly status: number } | Error | (() => AsyncIterable<Uint8Array>)

/** Asked before the files are: an answer, or undefined to let the request pass. */
export type Intercept = (kind: FileKind, name: string) => Answer | undefined

/** What a URL's path below its base means: `undefined` when it can't be a file's name. */
export function possibleNames(kind: FileKind, path: string): string[] {
  const decoded = decodeLeniently(path)
  // A role name has no `/` of its own in a URL: it is percent-encoded (4.5).
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
