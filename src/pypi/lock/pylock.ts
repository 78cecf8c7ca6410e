/**
 * pylock.toml (PEP 751), version 1.0. Of the `tool` tables only those of pdm and pipenv are let
 * through: others may hold hashes that count. An archive never counts: pdm and pipenv do not
 * compare its hash.
 */
import { parseAttestationIdentities } from '../../attestations/pins.js'
import { readPlainJson } from '../../core/json/read.js'
import { JsonSyntaxError } from '../../core/json/value.js'
import { filenameKey, isArchiveName } from '../names/file-name.js'
import { filenameOfUrl, isPlainFilename } from '../names/names.js'
import type { LockedFile, LockEntry, ParsedLock } from './entry.js'
import type { TomlFormat } from './format.js'
import type { LockTable } from './table.js'
import {
  lastSegment,
  tableEntry,
  type Origin,
  requiredByUrl,
  urlOrigin,
  withoutOwn,
} from './table-entry.js'
import { type Hash, show } from './place.js'

const fields = {
  root: [
    ...['lock-version', 'environments', 'requires-python', 'extras', 'dependency-groups'],
    ...['default-groups', 'created-by', 'packages', 'tool'],
  ],
  package: [
    ...['name', 'version', 'marker', 'requires-python', 'dependencies', 'index'],
    ...['attestation-identities', 'vcs', 'directory', 'archive', 'sdist', 'wheels', 'tool'],
  ],
  vcs: ['type', 'url', 'path', 'requested-revision', 'commit-id', 'subdirectory'],
  directory: ['path', 'editable', 'subdirectory'],
  archive: ['url', 'path', 'size', 'upload-time', 'hashes', 'subdirectory'],
  file: ['name', 'upload-time', 'url', 'path', 'size', 'hashes'],
} as const

export const pylock: TomlFormat = {
  filenames: /^pylock(?:\.[^.]+)?\.toml$/,
  syntax: 'toml',
  matches: (root) => root.has('lock-version'),
  read: parsePylock,
}

/** @throws LockFileError */
function parsePylock(root: LockTable): ParsedLock {
  root.refuseOthers(fields.root)
  const formatVersion = root.string('lock-version')
  if (formatVersion !== '1.0') {
    throw root.refusal('lock-version', `${show(formatVersion)} is not supported, 1.0 is`)
  }
  if (!root.has('packages')) throw root.refusal('packages', 'it is missing')
  const tool = root.optionalTable('tool')
  tool?.refuseOthers(['pdm', 'pipenv'])
  tool?.optionalTable('pipenv')?.refuseOthers(['generated_from', 'generation_date'])
  const entries = root.tables('packages').flatMap((table) => {
    const tool = table.optionalTable('tool')
    tool?.refuseOthers(['pdm', 'pipenv'])
    const more = ofPipenv(table, tool?.optionalTable('pipenv'))
    const files = ['vcs', 'directory', 'archive', 'sdist', 'wheels'].some((name) => table.has(name))
    const main = files || more.length === 0 ? [parsePackage(table)] : []
    return [...main, ...more, ...ofPdm(tool?.optionalTable('pdm'))]
  })
  return { formatVersion, ...withoutOwn(entries) }
}

function parsePackage(table: LockTable): LockEntry {
  table.refuseOthers(fields.package)
  return tableEntry(table, {
    name: table.project('name'),
    version: table.optionalVersion('version'),
    marker: table.optionalString('marker'),
    index: table.optionalString('index'),
    ...identitiesOf(table),
    ...contentOf(table),
  })
}

function identitiesOf(table: LockTable): Pick<LockEntry, 'identities'> {
  const name = 'attestation-identities'
  if (!table.has(name)) return {}
  try {
    const text = JSON.stringify(table.optional(name))
    return { identities: parseAttestationIdentities(readPlainJson(new TextEncoder().encode(text))) }
  } catch (error) {
    // Its path would be as deep as the value.
    if (error instanceof JsonSyntaxError) throw table.refusal(name, error.reason)
    if (!(error instanceof TypeError)) throw error
    throw table.refusal(name, error.message)
  }
}

/** Hashes of which pipenv did not find the file; it takes any file that matches one of them. */
function ofPipenv(table: LockTable, pipenv: LockTable | undefined): LockEntry[] {
  table.refuseOthers(fields.package)
  pipenv?.refuseOthers(['hashes'])
  const files = (pipenv?.hashes('hashes') ?? []).map((hash) => ({ hashes: new Map([hash]) }))
  if (files.length === 0) return []
  const version = table.version('version')
  return [
    tableEntry(table, {
      name: table.project('name'),
      version,
      files,
      anyFile: true,
      marker: table.optionalString('marker'),
      index: table.optionalString('index'),
      ...identitiesOf(table),
    }),
  ]
}

function ofPdm(pdm: LockTable | undefined): LockEntry[] {
  pdm?.refuseOthers(['dependencies'])
  return pdm ? requiredByUrl(pdm, 'dependencies') : []
}

function contentOf(table: LockTable): { files: LockedFile[] } & Partial<Origin> {
  const kinds = (['vcs', 'directory', 'archive'] as const).filter((kind) => table.has(kind))
  const fromIndex = table.has('sdist') || table.has('wheels')
  const [kind] = kinds
  if (kinds.length + Number(fromIndex) !== 1 || kind === undefined) {
    if (kinds.length === 0 && fromIndex) return { files: distributions(table) }
    throw table.refusal(kind ?? 'wheels', 'it must be one of vcs, directory, archive, or files')
  }
  const source = table.table(kind)
  source.refuseOthers(fields[kind])
  if (kind === 'archive') checkArchive(source, table.string('name'))
  return { files: [], ...originOf(source, kind) }
}

/** A mistake in it is refused, although it does not count. */
function checkArchive(table: LockTable, project: string): void {
  const url = table.optionalString('url')
  hashesOf(table)
  table.optionalLength('size')
  const name = filenameIn(table, project, url, table.optionalString('path'))
  if (name === undefined && (url === undefined || filenameOfUrl(url) === undefined)) {
    throw table.refusal(url === undefined ? 'path' : 'url', 'it does not name a file')
  }
}

function distributions(table: LockTable): LockedFile[] {
  const project = table.project('name')
  const sdist = table.optionalTable('sdist')
  return [...(sdist ? [sdist] : []), ...table.tables('wheels')].map((file) => {
    file.refuseOthers(fields.file)
    return parseFile(file, project)
  })
}

function parseFile(table: LockTable, project: string): LockedFile {
  const url = table.optionalString('url')
  const path = table.optionalString('path')
  if (url === undefined && path === undefined) throw table.refusal('url', 'it is missing')
  const size = table.optionalLength('size')
  const filename = filenameIn(table, project, url, path)
  return table.place.lockedFile({ filename, url, size, hashes: hashesOf(table) })
}

/** Empty without `sha256`: uv, for one, passes over `SHA256` and installs any file. */
function hashesOf(table: LockTable): Hash[] {
  const hashes = table.table('hashes')
  if (hashes.names.length === 0) throw table.refusal('hashes', 'it is empty')
  const all = hashes.names.map((name) => hashes.placeOf(name).digest(name, hashes.string(name)))
  return hashes.has('sha256') ? all : []
}

/** `name` is for places that do not tell one; of several names, tools would take different ones. */
function filenameIn(
  table: LockTable,
  project: string,
  url?: string,
  path?: string,
): string | undefined {
  const name = table.optionalString('name')
  const last = path === undefined ? undefined : lastSegment(path)
  const inUrl = url === undefined ? undefined : filenameOfUrl(url)
  const found = name ?? (url === undefined && isPlainFilename(last ?? '') ? last : undefined)
  const names = [found, inUrl, last].flatMap((one) =>
    one !== undefined && isArchiveName(one) ? [one] : [],
  )
  // uv writes the normalised name beside the URL of another spelling.
  if (new Set(names.map((one) => filenameKey(one, project) ?? one)).size > 1) {
    throw table.refusal('name', `it is one file with several names: ${show(names.join(', '))}`)
  }
  return found
}

function originOf(source: LockTable, kind: 'vcs' | 'directory' | 'archive'): Origin {
  const text = source.optionalString('url')
  const place = source.placeOf('url')
  const from = text === undefined ? undefined : urlOrigin(text, place)
  const subdirectory = source.optionalString('subdirectory') ?? from?.subdirectory
  const origin = kind === 'vcs' ? 'vcs' : kind === 'archive' && from ? 'url' : 'path'
  return {
    origin,
    location: from?.location ?? source.string('path'),
    ...(subdirectory !== undefined && { subdirectory }),
  }
}
