/** Names of projects (PEP 503, PEP 508) and where PyPI puts files: below their own BLAKE2b digest. */
import { NameUnsafeError } from '../../errors.js'

/**
 * The one spelling under which a project is asked for: runs of `-`, `_` and `.` are one `-`, all
 * in lower case.
 *
 * @throws NameUnsafeError unless it is a project name: letters, digits, `-`, `_` and `.` in ASCII,
 *   a letter or digit first and last, at most 200 characters
 *
 * @example
 * ```ts runs
 * import { normalizeName } from 'tuffet/pypi'
 *
 * normalizeName('Zope.Interface') // 'zope-interface'
 * ```
 */
export function normalizeName(name: string): string {
  const normalized = tryNormalizeName(name)
  if (normalized === undefined) throw new NameUnsafeError(name, 'it is not the name of a project')
  return normalized
}

/** @internal As {@link normalizeName}, or undefined. */
export function tryNormalizeName(name: string): string | undefined {
  if (name.length > 200 || !/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i.test(name)) return undefined
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase()
}

/**
 * Whether `filename` is one plain segment of a path: it can be shown, written to a folder and put
 * in a URL without being anything else.
 */
export function isPlainFilename(filename: string): boolean {
  return !/^\.{0,2}$|[/\\:\p{Cc}\p{Cs}]/u.test(filename) && filename.length <= 255
}

/** A file's place on PyPI's file host: `/packages/0b/de/<60 digits>/name.whl`. */
const blake2bPlace = /\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{60})\/[^/]+$/i

/**
 * The BLAKE2b-256 that the URL of a file promises, in lower-case hexadecimal; undefined for a URL
 * of another form. It ignores query and fragment.
 *
 * @example
 * ```ts runs
 * import { blake2bOfUrl } from 'tuffet/pypi'
 *
 * const url = `https://files.pythonhosted.org/packages/ab/cd/${'0'.repeat(60)}/a-1.0.tar.gz`
 * blake2bOfUrl(url) // 'abcd' and 60 zeros
 * ```
 */
export function blake2bOfUrl(url: string): string | undefined {
  const parts = blake2bPlace.exec(url.replace(/[?#].*$/s, ''))
  return parts ? parts.slice(1).join('').toLowerCase() : undefined
}

/**
 * `ab/cd/<the other 60 digits>`: how a BLAKE2b-256 digest becomes folders.
 *
 * @example
 * ```ts runs
 * import { blake2bPath } from 'tuffet/pypi'
 *
 * blake2bPath('abcd'.padEnd(64, '0')) // 'ab/cd/' and 60 zeros
 * ```
 */
export function blake2bPath(digest: string): string {
  return `${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}`
}

/** The last segment of a URL's path, decoded; undefined when that is not a plain file name. */
export function filenameOfUrl(url: string): string | undefined {
  const path = url.replace(/[?#].*$/s, '')
  try {
    const filename = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
    return isPlainFilename(filename) ? filename : undefined
  } catch {
    return undefined // A `%` without digits.
  }
}
