/**
 * Role and target names as URLs and as file names. A name never becomes a path unencoded: every
 * result is ASCII, with a `/` only where this file put it or the target path has one. URLs are made
 * by joining strings; no URL parser gets to resolve or normalise anything.
 */

import { NameUnsafeError } from '../errors.js'

/** The SHA-256 of the text's UTF-8 form, in lower-case hexadecimal. */
export type TextDigest = (text: string) => string

/**
 * Store entry: a copy of the newest trusted root, for readers. It is not believed; a version above
 * the stored history says that the history is not complete.
 */
export const rootEntry = 'root.json'
/** Store entry: the root every cycle starts from, as it was given at init. */
export const anchorEntry = 'anchor/root.json'
/** Store entry: the time of the newest accepted update cycle. */
export const clockEntry = 'state/clock'
/** Store entry: SHA-256 of each anchor that the store was used with, one a line. */
export const anchorDigestsEntry = 'state/anchor'

/**
 * Store entry of a target file: in a folder of its own, so that no target is taken for metadata where
 * one store keeps both. Throws `ERR_TUF_NAME_UNSAFE` for a path with a lone surrogate.
 */
export function storedTargetName(path: string, digest: TextDigest): string {
  return `targets/${targetFileName(path, digest)}`
}

/**
 * Store entry of one version of root.
 *
 * @example
 * ```ts runs
 * import { storedRootName } from 'tuffet/core'
 *
 * storedRootName(3) // 'root_history/3.root.json'
 * ```
 */
export function storedRootName(version: number): string {
  return `root_history/${version}.root.json`
}

/**
 * The store entry of a role other than root: `timestamp.json`, `<encoded name>.json`.
 *
 * Different roles have different entries. On a disk that takes `A` for `a` this is true of a
 * delegated role and a top-level one; two delegated roles that differ by case only may share an
 * entry there, which costs a request and no trust. Throws `ERR_TUF_NAME_UNSAFE` for a name with a
 * lone surrogate.
 *
 * @example
 * ```ts runs
 * import { createHash } from 'node:crypto'
 * import { storedRoleName } from 'tuffet/core'
 *
 * const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
 * storedRoleName('a/b', sha256) // 'a%2Fb.json'
 * ```
 */
export function storedRoleName(role: string, digest: TextDigest): string {
  const lowerCase = role.toLowerCase()
  const shadows = lowerCase !== role && topLevelRoles.has(lowerCase)
  return `${safeFileName(role, shadows, digest)}.json`
}

/**
 * A whole target path as one file name: everything but `A-Z a-z 0-9 _ . - ~` is percent-encoded,
 * `/` too. Different paths get different names (on disks that take `A` for `a`, unless they differ
 * by case only). Throws `ERR_TUF_NAME_UNSAFE` for a path with a lone surrogate.
 *
 * @example
 * ```ts runs
 * import { createHash } from 'node:crypto'
 * import { targetFileName } from 'tuffet/core'
 *
 * const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
 * targetFileName('pkgs/a b.whl', sha256) // 'pkgs%2Fa%20b.whl'
 * ```
 */
export function targetFileName(path: string, digest: TextDigest): string {
  return safeFileName(path, false, digest)
}

/**
 * A target's own name as a file name for people: letters, spaces and marks stay as they are. It
 * encodes characters that some file system cannot hold (control characters, `/ \ : * ? " < > |`,
 * devices of Windows, dots and spaces at the end), characters that turn or hide others, and `%`
 * before two hexadecimal digits, so that different names stay different. `..`, `.` and the empty
 * name are not file names. More than 200 bytes of UTF-8 are shortened, with a digest. Throws
 * `ERR_TUF_NAME_UNSAFE` for a name with a lone surrogate.
 */
export function readableFileName(name: string, digest: TextDigest): string {
  if (name === '') return '%'
  if (name === '%') return '%25'
  let file = name.replaceAll(notInFileName, (part) => encodeName(part, name))
  if (/\p{Cs}/u.test(file)) return encodeName(file, name) // throws
  const device = readableDeviceName.exec(file)
  if (device !== null) file = percent(file.charCodeAt(0)) + file.slice(1)
  if (/^\.+$/.test(file)) {
    file = file.replaceAll('.', '%2E')
  } else if (/[. ]$/.test(file)) {
    // Windows drops both; the last one is enough to keep those before it.
    file = file.slice(0, -1) + percent(file.charCodeAt(file.length - 1))
  }
  if (byteLength(file) <= maximumFileName) return file
  let prefix = ''
  for (const character of file) {
    if (byteLength(prefix) >= shortenedPrefix) break
    prefix += character
  }
  return `${prefix}~${digest(name)}`
}

/**
 * The name of a role's metadata file in a URL, relative to the metadata URL: `7.targets.json`, or
 * `timestamp.json` without a version. The `.json` at the end means that a name is never `.` or
 * `..`. Throws `ERR_TUF_NAME_UNSAFE` for a name with a lone surrogate.
 *
 * @example
 * ```ts runs
 * import { metadataFileName } from 'tuffet/core'
 *
 * metadataFileName('targets', 7) // '7.targets.json'
 * metadataFileName('a/b') // 'a%2Fb.json'
 * ```
 */
export function metadataFileName(role: string, version?: number): string {
  const name = `${encodeName(role)}.json`
  return version === undefined ? name : `${version}.${name}`
}

/**
 * The target path of the hash-prefixed copy (6.2): `dir/DIGEST.name`. Not encoded yet. Throws
 * `ERR_TUF_NAME_UNSAFE` for a path that {@link targetUrlPath} refuses, because the prefix would
 * hide it.
 *
 * @example
 * ```ts runs
 * import { hashPrefixedTarget } from 'tuffet/core'
 *
 * hashPrefixedTarget('pkgs/a.whl', '00ff') // 'pkgs/00ff.a.whl'
 * ```
 */
export function hashPrefixedTarget(path: string, hexDigest: string): string {
  refuseDotSegments(path)
  const start = path.lastIndexOf('/') + 1
  return `${path.slice(0, start)}${hexDigest}.${path.slice(start)}`
}

/**
 * A target path as the rest of a URL. It keeps `/`, the characters that RFC 3986 allows in a path,
 * and `%XX`. Everything else is percent-encoded, including `\` and a `%` that does not start a
 * `%XX`.
 *
 * The result is appended to the base URL as it is: a leading `/` gives `//`, empty segments stay,
 * the empty path gives the base URL. Throws `ERR_TUF_NAME_UNSAFE` when a segment is `.` or `..`,
 * percent-encoded or not, because an HTTP client would resolve it; and for a lone surrogate.
 *
 * @example
 * ```ts runs
 * import { targetUrlPath } from 'tuffet/core'
 *
 * targetUrlPath('pkgs/a b.whl') // 'pkgs/a%20b.whl'
 * ```
 */
export function targetUrlPath(path: string): string {
  refuseDotSegments(path)
  return path.replaceAll(notInUrlPath, (part) => encodeName(part, path))
}

/**
 * Returns a base URL as it was given. Throws TypeError when it is not absolute, lacks a host, or
 * contains credentials, a query, a fragment or control characters.
 */
export function checkBaseUrl(base: string): string {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(base)) {
    throw new TypeError(`${JSON.stringify(base)} is not an absolute URL`)
  }
  if (/[?#\p{Cc}]/u.test(base)) {
    throw new TypeError(
      `${JSON.stringify(base)} contains a query, a fragment or control characters`,
    )
  }
  // URL parsers drop slashes before a host, and take `\` for `/`: the host is where it seems to be.
  if (/^https?:\/\/(?:[/\\]|$)/i.test(base)) throw new TypeError('a base URL must name a host')
  // Errors and events show URLs, so a password must not be in one: it belongs in a header.
  if (/^[^/]*\/\/[^/]*@/.test(base)) throw new TypeError('a base URL must not contain credentials')
  return base
}

/** Appends an encoded name to a base URL, which stays as given except for a `/` at its end. */
export function joinUrl(base: string, relative: string): string {
  return base.endsWith('/') ? base + relative : `${base}/${relative}`
}

const topLevelRoles: ReadonlySet<string> = new Set(['root', 'timestamp', 'snapshot', 'targets'])

/** Windows takes these for devices, in any case and with any extension. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i

/** The same for names that are not all ASCII, with spaces before the extension. */
const readableDeviceName =
  /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i

/** `\p{Cf}` turns or hides text; joiners (U+200C, U+200D) are letters' parts in some scripts. */
const notInFileName =
  /%(?=[0-9A-Fa-f]{2})|[\p{Cc}\p{Zl}\p{Zp}/\\:*?"<>|]|(?![\u200c\u200d])\p{Cf}/gu

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

const maximumFileName = 200
/** With `~` and a digest: one character longer than the longest name that is not shortened. */
const shortenedPrefix = 136

/**
 * A name that is one plain file on every system. Only this function encodes the characters it adds
 * to those of {@link encodeName}, so different names stay different.
 */
function safeFileName(name: string, encodeFirst: boolean, digest: TextDigest): string {
  if (name === '') return '%' // every other `%` has two digits behind it
  let file = encodeName(name)
  if (encodeFirst || deviceName.test(file)) {
    file = percent(file.charCodeAt(0)) + file.slice(1)
  }
  if (/^\.+$/.test(file)) {
    file = file.replaceAll('.', '%2E')
  } else if (file.endsWith('.')) {
    file = `${file.slice(0, -1)}%2E` // Windows drops dots at the end
  }
  if (file.length <= maximumFileName) return file
  return `${file.slice(0, shortenedPrefix)}~${digest(name)}`
}

/**
 * Percent-encodes everything but RFC 3986's unreserved characters, as Python's `quote(name, "")`.
 * Errors name `whole`.
 */
function encodeName(name: string, whole: string = name): string {
  if (/\p{Cs}/u.test(name)) {
    throw new NameUnsafeError(
      whole,
      'it contains half of a surrogate pair, which UTF-8 cannot express',
    )
  }
  return encodeURIComponent(name).replaceAll(/[!'()*]/g, (mark) => percent(mark.charCodeAt(0)))
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** All but unreserved characters, sub-delims, `:`, `@`, `/` and `%XX` (RFC 3986, 3.3). */
const notInUrlPath = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9_.~!$&'()*+,;=:@/%-]/gu

function refuseDotSegments(path: string): void {
  for (const segment of path.split('/')) {
    const decoded = segment.replaceAll(/%2e/gi, '.')
    if (decoded === '.' || decoded === '..') {
      throw new NameUnsafeError(path, 'one of its segments is `.` or `..`')
    }
  }
}
