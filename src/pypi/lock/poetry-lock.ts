/**
 * poetry.lock, versions 1.0 to 2.1. Files are in `metadata.files` in versions 1.x and with each package
 * since: a list in the other place counts for some releases of poetry and not for others.
 */
import { parseFilename } from '../names/file-name.js'
import { versionKey } from '../names/version.js'
import type { LockedFile, LockEntry, ParsedLock } from './entry.js'
import type { TomlFormat } from './format.js'
import type { LockTable } from './table.js'
import { anyMarker, listedFiles, tableEntry, type Origin, urlOrigin } from './table-entry.js'
import { show } from './place.js'

const supported = ['1.0', '1.1', '2.0', '2.1']

/** Fields of a dependency that give its location. */
const places = ['url', 'path', 'file', 'git', 'hg', 'svn', 'bzr']

const fields = {
  root: ['package', 'metadata', 'extras'],
  metadata: ['lock-version', 'python-versions', 'content-hash'],
  package: [
    ...['name', 'version', 'description', 'category', 'optional', 'python-versions', 'groups'],
    ...['marker', 'markers', 'develop', 'dependencies', 'extras', 'source'],
  ],
  dependency: [
    ...['version', 'python', 'platform', 'markers', 'optional', 'extras', 'develop', 'source'],
    ...['allow-prereleases', 'branch', 'tag', 'rev', 'subdirectory'],
  ],
  source: ['type', 'url', 'reference', 'resolved_reference', 'subdirectory'],
} as const

export const poetryLock: TomlFormat = {
  filenames: /^poetry\.lock$/i,
  syntax: 'toml',
  matches: (root) => root.optionalTable('metadata')?.has('lock-version') === true,
  read: parsePoetryLock,
}

/** @throws LockFileError */
function parsePoetryLock(root: LockTable): ParsedLock {
  root.refuseOthers(fields.root)
  const metadata = root.table('metadata')
  const formatVersion = metadata.string('lock-version')
  if (!supported.includes(formatVersion)) {
    const known = supported.join(', ')
    throw metadata.refusal('lock-version', `${show(formatVersion)} is not supported, ${known} are`)
  }
  const old = formatVersion.startsWith('1.')
  metadata.refuseOthers([...fields.metadata, ...(old ? ['files'] : [])])
  const packages = root.tables('package')
  for (const table of packages) table.refuseOthers([...fields.package, ...(old ? [] : ['files'])])
  const shared = old ? new SharedFiles(metadata.optionalTable('files'), packages) : undefined
  const entries = packages.flatMap((table) => [parsePackage(table, shared), ...elsewhere(table)])
  return { formatVersion, entries }
}

/** poetry installs a dependency with a place of its own from there, locked or not. */
function elsewhere(table: LockTable): LockEntry[] {
  const dependencies = table.optionalTable('dependencies')
  return (dependencies?.names ?? []).flatMap((name) =>
    (dependencies?.alternatives(name) ?? []).flatMap((one) => {
      const [kind] = places.filter((place) => one.has(place))
      one.refuseOthers([...places, ...fields.dependency])
      if (kind === undefined) return []
      const origin = kind === 'url' ? kind : ['path', 'file'].includes(kind) ? 'path' : 'vcs'
      const location = one.string(kind)
      const project = one.place.project(name)
      return tableEntry(one, { name: project, version: undefined, files: [], origin, location })
    }),
  )
}

function parsePackage(table: LockTable, shared: SharedFiles | undefined): LockEntry {
  const written = table.string('name')
  const version = table.version('version')
  const source = table.optionalTable('source')
  source?.refuseOthers(fields.source)
  const type = source?.string('type')
  const origin = source && type !== 'legacy' ? originOf(source) : undefined
  // poetry takes a checkout or a folder as it is, whatever files are listed. It does not look in
  // `metadata.files` for those of a URL.
  const unheld = ['git', 'directory', ...(shared ? ['url'] : [])].includes(type ?? '')
  const files = shared ? shared.take(written, version) : listedFiles(table, 'files', ['file'])
  return tableEntry(table, {
    name: table.placeOf('name').project(written),
    version,
    files: unheld ? [] : files,
    marker: markerOf(table),
    index: type === 'legacy' ? source?.string('url') : undefined,
    ...origin,
  })
}

/** One list holds the files of all versions of a project. */
class SharedFiles {
  /** By name and version; the version is empty for files that are of none that is locked. */
  readonly #files = new Map<string, LockedFile[]>()

  constructor(lists: LockTable | undefined, packages: readonly LockTable[]) {
    const locked = new Set(
      packages.map((table) => placeOf(table.string('name'), table.string('version'))),
    )
    // poetry looks for a list under the package's own spelling of its name only.
    for (const name of lists?.names ?? []) {
      for (const file of lists ? listedFiles(lists, name, ['file']) : []) {
        const { version = '' } = parseFilename(file.filename ?? '', name) ?? {}
        const place = placeOf(name, version)
        add(this.#files, locked.has(place) ? place : placeOf(name, ''), file)
      }
    }
  }

  /**
   * Files of no locked version go to the first package of the name: poetry may accept the hash of
   * any file in the list. With each package, they would multiply.
   */
  take(name: string, version: string): LockedFile[] {
    const others = this.#files.get(placeOf(name, '')) ?? []
    this.#files.delete(placeOf(name, ''))
    return [...(this.#files.get(placeOf(name, version)) ?? []), ...others]
  }
}

function placeOf(name: string, version: string): string {
  return `${name} ${version === '' ? '' : versionKey(version)}`
}

function add(files: Map<string, LockedFile[]>, place: string, file: LockedFile): void {
  const others = files.get(place)
  if (others) others.push(file)
  else files.set(place, [file])
}

/** One marker, or one for each group with a marker. */
function markerOf(table: LockTable): string | undefined {
  if (typeof table.optional('markers') !== 'object') return table.optionalString('markers')
  const markers = table.table('markers')
  const groups = table.has('groups') ? table.strings('groups') : markers.names
  return anyMarker(groups.map((group) => markers.optionalString(group)))
}

function originOf(source: LockTable): Origin {
  const type = source.string('type')
  const url = source.string('url')
  const subdirectory = source.optionalString('subdirectory')
  const inside = subdirectory === undefined ? {} : { subdirectory }
  switch (type) {
    case 'git':
      return { origin: 'vcs', location: url, ...inside }
    case 'url':
      return { ...urlOrigin(url, source.placeOf('url')), ...inside }
    case 'file':
    case 'directory':
      return { origin: 'path', location: url, ...inside }
  }
  throw source.refusal('type', `${show(type)} is not a known source`)
}
