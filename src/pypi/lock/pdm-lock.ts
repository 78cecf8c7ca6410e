/** pdm.lock, versions 4.0 to 4.5: files by name or, with static URLs, by URL. */
import type { LockedFile, LockEntry } from './entry.js'
import type { ParsedLock } from './lock-file.js'
import type { LockTable } from './lock-table.js'
import { listedFiles, lockedEntry, type Origin } from './locked-entry.js'
import { lockedName, lockedVersion, show, splitUrl } from './locked-file.js'

const systems = ['git', 'hg', 'bzr', 'svn']

/** @throws LockFileError */
export function parsePdmLock(root: LockTable): ParsedLock {
  const metadata = root.table('metadata')
  const formatVersion = metadata.string('lock_version')
  if (!/^4\.[0-5](?:\.\d+)?$/.test(formatVersion)) {
    throw metadata.refusal(
      'lock_version',
      `${show(formatVersion)} is not supported, 4.0 to 4.5 are`,
    )
  }
  const shared = metadata.optionalTable('files')
  const entries = root.tables('package').map((table) => parsePackage(table, shared))
  return { formatVersion, entries }
}

function parsePackage(table: LockTable, shared: LockTable | undefined): LockEntry {
  const written = table.string('name')
  const name = lockedName(written, table.placeOf('name'))
  const origin = originOf(table)
  // What is in a folder may have no version of its own.
  const text = origin ? table.optionalString('version') : table.string('version')
  const version = text === undefined ? text : lockedVersion(text, table.placeOf('version'))
  return lockedEntry(table, {
    name,
    version,
    // Of a checkout and of a folder pdm takes what is there, whatever files are listed.
    files:
      origin?.origin === 'vcs' || table.optional('editable') === true
        ? []
        : table.has('files')
          ? listedFiles(table, 'files')
          : sharedFiles(shared, written, version),
    marker: table.optionalString('marker'),
    ...origin,
  })
}

/** Before 4.3: `"name version" = [{ url, hash }, …]`. */
function sharedFiles(
  shared: LockTable | undefined,
  name: string,
  version: string | undefined,
): LockedFile[] {
  return shared ? listedFiles(shared, `${name} ${version ?? ''}`) : []
}

function originOf(table: LockTable): Origin | undefined {
  const system = systems.find((name) => table.has(name))
  if (system !== undefined) return { origin: 'vcs', location: table.string(system) }
  const url = table.optionalString('url')
  if (url !== undefined) {
    return { origin: 'url', location: splitUrl(url, table.placeOf('url')).url }
  }
  const path = table.optionalString('path')
  return path === undefined ? undefined : { origin: 'path', location: path }
}
