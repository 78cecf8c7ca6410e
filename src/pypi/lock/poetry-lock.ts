/** poetry.lock, versions 1.0 to 2.1: files are with each package, or all in `metadata.files`. */
import { parseFilename } from '../file-name.js'
import { tryNormalizeName } from '../names.js'
import { versionKey } from '../version.js'
import type { LockedFile, LockEntry } from './entry.js'
import type { ParsedLock } from './lock-file.js'
import type { LockTable } from './lock-table.js'
import { anyMarker, listedFiles, lockedEntry, type Origin } from './locked-entry.js'
import { lockedName, lockedVersion, show, splitUrl } from './locked-file.js'

const supported = ['1.0', '1.1', '2.0', '2.1']

/** @throws LockFileError */
export function parsePoetryLock(root: LockTable): ParsedLock {
  const metadata = root.table('metadata')
  const formatVersion = metadata.string('lock-version')
  if (!supported.includes(formatVersion)) {
    const known = supported.join(', ')
    throw metadata.refusal('lock-version', `${show(formatVersion)} is not supported, ${known} are`)
  }
  const files = metadata.optionalTable('files')
  const shared = files && new SharedFiles(files)
  const entries = root.tables('package').map((table) => parsePackage(table, shared))
  return { formatVersion, entries }
}

function parsePackage(table: LockTable, shared: SharedFiles | undefined): LockEntry {
  const name = lockedName(table.string('name'), table.placeOf('name'))
  const version = lockedVersion(table.string('version'), table.placeOf('version'))
  const source = table.optionalTable('source')
  const legacy = source?.optionalString('type') === 'legacy'
  // Of a checkout and of a folder poetry takes what is there, whatever files are listed.
  const unheld = ['git', 'directory'].includes(source?.optionalString('type') ?? '')
  return lockedEntry(table, {
    name,
    version,
    files: unheld ? [] : filesOf(table, shared, name, version),
    marker: markerOf(table),
    index: legacy ? source.string('url') : undefined,
    ...(source && !legacy && originOf(source)),
  })
}

function filesOf(
  table: LockTable,
  shared: SharedFiles | undefined,
  name: string,
  version: string,
): LockedFile[] {
  if (table.has('files') || !shared) return listedFiles(table, 'files')
  return shared.take(name, version)
}

/** One list holds the files of all versions of a project. */
class SharedFiles {
  /** By project and version; the version is empty where the file's name tells none. */
  readonly #files = new Map<string, LockedFile[]>()

  constructor(table: LockTable) {
    for (const key of table.names) {
      const name = tryNormalizeName(key) ?? ''
      for (const file of listedFiles(table, key)) {
        const found = parseFilename(file.filename ?? '', name || undefined)
        const place = `${name} ${found ? versionKey(found.version) : ''}`
        const others = this.#files.get(place)
        if (others) others.push(file)
        else this.#files.set(place, [file])
      }
    }
  }

  /** Files without a version go to the first one that is taken: with each, they would multiply. */
  take(name: string, version: string): LockedFile[] {
    const without = this.#files.get(`${name} `) ?? []
    this.#files.delete(`${name} `)
    return [...(this.#files.get(`${name} ${versionKey(version)}`) ?? []), ...without]
  }
}

/** One marker, or one for each group that has one. */
function markerOf(table: LockTable): string | undefined {
  if (typeof table.optional('markers') !== 'object') return table.optionalString('markers')
  const markers = table.table('markers')
  const groups = table.has('groups') ? table.strings('groups') : markers.names
  return anyMarker(groups.map((group) => markers.optionalString(group)))
}

function originOf(source: LockTable): Origin {
  const type = source.string('type')
  const url = source.string('url')
  switch (type) {
    case 'git':
      return { origin: 'vcs', location: url }
    case 'url':
      return { origin: 'url', location: splitUrl(url, source.placeOf('url')).url }
    case 'file':
    case 'directory':
      return { origin: 'path', location: url }
  }
  throw source.refusal('type', `${show(type)} is no source that is known`)
}
