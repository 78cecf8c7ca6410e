/**
 * Makes an entry of a lock file with tables from its parser's fields, and holds the rules that
 * several formats share.
 */
import { filenameOfUrl } from '../names/names.js'
import type { LockedFile, LockEntry } from './entry.js'
import { type LockPlace, show } from './place.js'
import type { LockTable } from './table.js'

/** Where something comes from that is on no index. */
export interface Origin extends Required<Pick<LockEntry, 'origin' | 'location'>> {
  readonly subdirectory?: string
}

/** The fields to set; undefined and empty ones are left out. */
export interface EntryParts {
  readonly name: string
  readonly version: string | undefined
  readonly files: readonly LockedFile[]
  readonly anyFile?: boolean
  readonly identities?: LockEntry['identities'] | undefined
  readonly marker?: string | undefined
  readonly index?: string | undefined
  readonly origin?: 'url' | 'vcs' | 'path'
  readonly location?: string
  readonly subdirectory?: string | undefined
}

/** The entry that `table` is. */
export function tableEntry(table: LockTable, parts: EntryParts): LockEntry {
  const { marker = '', index = '', subdirectory, identities, ...rest } = parts
  const { place } = table
  return {
    ...rest,
    files: distinctFiles(comparedFiles(parts)),
    ...(subdirectory !== undefined && { subdirectory }),
    ...(identities !== undefined && { identities }),
    ...(marker !== '' && { marker }),
    ...(index !== '' && { index }),
    source: place.file,
    ...(place.line !== undefined && { line: place.line }),
  }
}

/**
 * Tools look for the hash of an archive from elsewhere under its own name, and some accept the hash
 * of any file that is listed: when another one is, none of them counts.
 */
function comparedFiles({
  files,
  anyFile,
  origin,
  location = '',
}: EntryParts): readonly LockedFile[] {
  if (origin === undefined || anyFile === true) return files
  const own = origin === 'url' ? filenameOfUrl(location) : lastSegment(location)
  return files.every(({ filename }) => filename === own) ? files : []
}

/**
 * The files of one entry. The same file listed twice counts once. A name with two contents, as on
 * two indexes, counts twice: each is judged, since a tool may take either.
 */
function distinctFiles(files: readonly LockedFile[]): LockedFile[] {
  const seen = new Set<string>()
  return files.filter(({ filename, size, hashes }) => {
    if (filename === undefined) return true
    const content = JSON.stringify([filename, [...hashes], size])
    if (seen.has(content)) return false
    seen.add(content)
    return true
  })
}

/** The last segment of a path with either separator. */
export function lastSegment(path: string): string {
  return path.replace(/^.*[/\\]/s, '')
}

/** The origin that a URL names, with the facts in its fragment. */
export function urlOrigin(text: string, place: LockPlace): Origin {
  const { url, subdirectory } = place.url(text)
  return { origin: 'url', location: url, ...(subdirectory !== undefined && { subdirectory }) }
}

/**
 * Entries for the requirements (PEP 508) with a URL: a tool that resolves them again, as poetry
 * does with its own, would go there.
 */
export function requiredByUrl(table: LockTable, name: string): LockEntry[] {
  return table.strings(name).flatMap((text) => {
    const place = table.placeOf(name)
    const [, project, location] =
      /^([\w.-]+)\s*(?:\[[\w.,\s-]*\])?\s*@\s*(\S+)\s*(?:;.*)?$/s.exec(text) ?? []
    if (project === undefined || location === undefined) {
      if (/^[\w.-]+[^@/]*(?:;.*)?$/s.test(text)) return []
      throw place.refusal(`${show(text)} is not understood`)
    }
    const origin = /^(?:git|hg|bzr|svn)\+/i.test(location)
      ? { origin: 'vcs' as const, location }
      : urlOrigin(location, place)
    const parts = { name: place.project(project), version: undefined, files: [], ...origin }
    return tableEntry(table, parts)
  })
}

/** `[{ file, hash }, …]` as poetry and pdm write it; `url` instead of `file` in some of pdm's. */
export function listedFiles(
  table: LockTable,
  name: string,
  places: readonly ('file' | 'url')[],
): LockedFile[] {
  return table.tables(name).map((file) => {
    file.refuseOthers([...places, 'hash'])
    const filename = file.optionalString('file')
    const url = file.optionalString('url')
    if (filename === undefined && url === undefined) throw file.refusal('file', 'it is missing')
    if (filename !== undefined && url !== undefined) {
      throw file.refusal('url', 'a file is in one place')
    }
    return file.place.lockedFile({ filename, url, hashes: file.optionalHash('hash') })
  })
}

/**
 * Takes the one entry that is the folder of the lock file itself out of the others. If two qualify,
 * neither is taken: one of the names is not its own.
 */
export function withoutOwn(all: readonly LockEntry[]): { entries: LockEntry[]; own?: LockEntry } {
  const [own, ...more] = all.filter(({ origin, location }) => {
    return origin === 'path' && /^(?:\.\/?)?$/.test(location ?? '')
  })
  if (!own || more.length > 0) return { entries: [...all] }
  return { entries: all.filter((entry) => entry !== own), own }
}

/** A marker that is true where one of `markers` is; undefined where one is missing or empty. */
export function anyMarker(markers: readonly (string | undefined)[]): string | undefined {
  if (markers.length === 0 || markers.some((marker) => (marker ?? '') === '')) return undefined
  return markers.length === 1
    ? markers[0]
    : markers.map((marker) => `(${marker ?? ''})`).join(' or ')
}
