/**
 * pdm.lock, versions 4.3 to 4.5: files by name or, with static URLs, by URL. Before, they were in
 * `metadata.files`, where pdm does not look for them any more.
 */
import type { LockEntry, ParsedLock } from './entry.js'
import type { TomlFormat } from './format.js'
import type { LockTable } from './table.js'
import { listedFiles, tableEntry, type Origin, requiredByUrl, urlOrigin } from './table-entry.js'
import { show } from './place.js'

const systems = ['git', 'hg', 'bzr', 'svn']

const fields = {
  root: ['package', 'metadata'],
  metadata: [
    ...['groups', 'strategy', 'targets', 'lock_version', 'content_hash'],
    ...['cross_platform', 'static_urls', 'inherit_metadata', 'direct_minimal_versions'],
  ],
  package: [
    ...['name', 'version', 'extras', 'requires_python', 'editable', 'subdirectory', 'summary'],
    ...['groups', 'marker', 'dependencies', 'files', 'url', 'path', ...systems, 'ref', 'revision'],
  ],
} as const

export const pdmLock: TomlFormat = {
  filenames: /^pdm(?:\..+)?\.lock$/i,
  syntax: 'toml',
  matches: (root) => root.optionalTable('metadata')?.has('lock_version') === true,
  read: parsePdmLock,
}

/** @throws LockFileError */
function parsePdmLock(root: LockTable): ParsedLock {
  const metadata = root.table('metadata')
  const formatVersion = metadata.string('lock_version')
  if (!/^4\.[3-5](?:\.\d+)?$/.test(formatVersion)) {
    throw metadata.refusal(
      'lock_version',
      `${show(formatVersion)} is not supported, 4.3 to 4.5 are; pdm lock --update-reuse writes them`,
    )
  }
  root.refuseOthers(fields.root)
  metadata.refuseOthers(fields.metadata)
  const entries = root
    .tables('package')
    .flatMap((table) => [parsePackage(table), ...requiredByUrl(table, 'dependencies')])
  return { formatVersion, entries }
}

function parsePackage(table: LockTable): LockEntry {
  table.refuseOthers(fields.package)
  const name = table.project('name')
  const origin = originOf(table)
  // A project in a folder may lack a version.
  const version = origin ? table.optionalVersion('version') : table.version('version')
  // pdm takes a checkout or a folder as it is, whatever files are listed; and it takes a path for a
  // folder if one exists there, whatever its name.
  const unheld = origin !== undefined && origin.origin !== 'url'
  return tableEntry(table, {
    name,
    version,
    files: unheld ? [] : listedFiles(table, 'files', ['file', 'url']),
    marker: table.optionalString('marker'),
    ...origin,
  })
}

function originOf(table: LockTable): Origin | undefined {
  const [kind, more] = [...systems, 'url', 'path'].filter((name) => table.has(name))
  if (more !== undefined) throw table.refusal(more, `it also lists a ${kind ?? ''}`)
  const subdirectory = table.optionalString('subdirectory')
  if (kind === undefined) {
    if (subdirectory === undefined) return undefined
    throw table.refusal('subdirectory', 'a file of an index is installed as a whole')
  }
  const inside = subdirectory === undefined ? {} : { subdirectory }
  const location = table.string(kind)
  if (kind === 'url') return { ...urlOrigin(location, table.placeOf('url')), ...inside }
  return { origin: kind === 'path' ? 'path' : 'vcs', location, ...inside }
}
