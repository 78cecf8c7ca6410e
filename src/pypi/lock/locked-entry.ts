/** An entry of a lock file with tables, from what its parser found; and what several have alike. */
import type { LockedFile, LockEntry } from './entry.js'
import type { LockTable } from './lock-table.js'
import { distinctFiles, lockedFile } from './locked-file.js'

/** Where something comes from that is on no index. */
export type Origin = Required<Pick<LockEntry, 'origin' | 'location'>>

/** What there is to say; what is undefined or empty is left out. */
export interface EntryParts {
  readonly name: string
  readonly version: string | undefined
  readonly files: readonly LockedFile[]
  readonly allFiles?: boolean
  readonly marker?: string | undefined
  readonly index?: string | undefined
  readonly origin?: 'url' | 'vcs' | 'path'
  readonly location?: string
}

/** The entry that `table` is. */
export function lockedEntry(table: LockTable, parts: EntryParts): LockEntry {
  const { marker = '', index = '', files, ...rest } = parts
  const { place } = table
  return {
    ...rest,
    files: distinctFiles(files, place),
    ...(marker !== '' && { marker }),
    ...(index !== '' && { index }),
    source: place.file,
    ...(place.line !== undefined && { line: place.line }),
  }
}

/** `[{ file, hash }, …]` as poetry and pdm write it; `url` instead of `file` in some of pdm's. */
export function listedFiles(table: LockTable, name: string): LockedFile[] {
  return table.tables(name).map((file) => {
    const filename = file.optionalString('file')
    const url = file.optionalString('url')
    if (filename === undefined && url === undefined) throw file.refusal('file', 'it is missing')
    return lockedFile({ filename, url, hashes: file.optionalHash('hash') }, file.place)
  })
}

/**
 * Takes the one entry that is the folder of the lock file itself out of the others. Two of them
 * are none: one of the names is not its own.
 */
export function withoutOwn(all: readonly LockEntry[]): { entries: LockEntry[]; own?: LockEntry } {
  const [own, ...more] = all.filter(({ origin, location }) => {
    return origin === 'path' && /^(?:\.\/?)?$/.test(location ?? '')
  })
  if (!own || more.length > 0) return { entries: [...all] }
  return { entries: all.filter((entry) => entry !== own), own }
}

/** A marker that holds where one of `markers` does; undefined where one is missing or empty. */
export function anyMarker(markers: readonly (string | undefined)[]): string | undefined {
  if (markers.length === 0 || markers.some((marker) => (marker ?? '') === '')) return undefined
  return markers.length === 1
    ? markers[0]
    : markers.map((marker) => `(${marker ?? ''})`).join(' or ')
}
