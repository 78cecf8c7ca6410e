/**
 * Where a server finds the file of a URL: servers and object stores decode the path of a request, so
 * the decoded name is the one on disk. Names come from metadata that others wrote; a name that could
 * lead out of the folder, or that a server takes for its own, is refused before anything is written.
 */
import { sep } from 'node:path'
import { NameUnsafeError } from '../../errors.js'

/** Bytes of UTF-8; no common file system takes a longer name. */
const longestSegment = 255
/** Of a whole path, which the system refuses above 4,096 bytes. */
const longestPath = 2_048
/** Folders below one another: the sweep holds each of them open. */
const mostFolders = 64

/** Files that change the work of a server. */
const ofServers: ReadonlySet<string> = new Set(['web.config', '_headers', '_redirects'])

/**
 * @internal The path of a file below a folder, with `/` between its parts.
 *
 * @param encoded the part of a URL after its base, as `core/names.ts` encodes it
 * @throws NameUnsafeError
 */
export function treePath(encoded: string): string {
  const path = decoded(encoded)
  if (byteLength(path) > longestPath) throw unsafe(encoded, 'it is too long for a path')
  const segments = path.split('/')
  if (segments.length > mostFolders) throw unsafe(encoded, `it has more than ${mostFolders} parts`)
  for (const segment of segments) {
    const reason = reasonAgainst(segment)
    if (reason !== undefined) throw unsafe(encoded, reason)
  }
  return path
}

/**
 * @internal The path of a role's file. All of them end in `.json`: a folder with such a name could take the
 * place of another role's file.
 *
 * @throws NameUnsafeError
 */
export function rolePath(encoded: string): string {
  const path = treePath(encoded)
  if (!path.includes('.json/')) return path
  throw unsafe(encoded, 'a folder of it has the name of a role file')
}

/**
 * @internal The path of a file below a base URL.
 *
 * @throws NameUnsafeError also for a URL that is not below it, which no copy can stand in for
 */
export function treePathOfUrl(url: string, base: string): string {
  const start = base.endsWith('/') ? base : `${base}/`
  if (!url.startsWith(start)) {
    throw unsafe(url, `it is not below ${base}, and a mirror only serves files that are`)
  }
  const rest = url.slice(start.length)
  if (/[?#]/.test(rest)) throw unsafe(url, 'its URL has a query or a fragment')
  return treePath(rest)
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw unsafe(encoded, 'its percent-encoding is not UTF-8')
  }
}

function reasonAgainst(segment: string): string | undefined {
  if (segment === '') return 'a part of it is empty, and no file has that name'
  // `..` and `.` too, and names of temporary files.
  if (segment.startsWith('.')) return 'a part of it begins with a dot, as files of servers do'
  if (/[\p{Cc}\\]/u.test(segment)) return 'it contains a control character or a backslash'
  if (sep === '\\' && segment.includes(':')) return 'Windows takes what follows a `:` for a stream'
  if (ofServers.has(segment.toLowerCase())) return 'a server reads its settings from that name'
  if (byteLength(segment) > longestSegment) return `a part is longer than ${longestSegment} bytes`
  return undefined
}

function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

function unsafe(name: string, reason: string): NameUnsafeError {
  return new NameUnsafeError(name, reason)
}
