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
  const shared = metadata.optionalTable('files')
  const entries = root.tables('package').map((table) => parsePackage(table, shared))
  return { formatVersion, entries }
}

function parsePackage(table: LockTable, shared: LockTable | undefined): LockEntry {
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
  shared: LockTable | undefined,
  name: string,
  version: string,
): LockedFile[] {
  if (table.has('files') || !shared) return listedFiles(table, 'files')
  return sharedFiles(shared, name, version)
}

/** One list holds the files of all versions of a project. */
function sharedFiles(shared: LockTable, name: string, version: string): LockedFile[] {
  return shared.names
    .filter((key) => tryNormalizeName(key) === name)
    .flatMap((key) => listedFiles(shared, key))
    .filter(({ filename = '' }) => {
      const found = parseFilename(filename, name)
      return found === undefined || versionKey(found.version) === versionKey(version)
    })
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
