/**
 * uv.lock, version 1. A higher revision is compatible by uv's own promise, so any is read. Each
 * file lists its URL, its hash if the index gave one, and in most files its size.
 */
import type { LockedFile, LockEntry, ParsedLock } from './entry.js'
import type { TomlFormat } from './format.js'
import type { LockTable } from './table.js'
import {
  anyMarker,
  lastSegment,
  tableEntry,
  type Origin,
  urlOrigin,
  withoutOwn,
} from './table-entry.js'
import { show, showValue } from './place.js'

const folders = ['directory', 'editable', 'virtual']

const fields = {
  root: [
    ...['version', 'revision', 'requires-python', 'resolution-markers', 'supported-markers'],
    ...['required-markers', 'environment-markers', 'conflicts', 'options', 'manifest', 'package'],
  ],
  package: [
    ...[
      'name',
      'version',
      'source',
      'resolution-markers',
      'environment-markers',
      'sdist',
      'wheels',
    ],
    ...['dependencies', 'optional-dependencies', 'dev-dependencies', 'metadata'],
  ],
  source: ['registry', 'git', 'url', 'path', ...folders, 'subdirectory'],
  // Not `zstd`: with it, uv may take other bytes than those of the hash.
  file: ['url', 'path', 'filename', 'hash', 'size', 'upload-time'],
} as const

export const uvLock: TomlFormat = {
  filenames: /^uv\.lock$/i,
  syntax: 'toml',
  matches: (root) => root.has('version') && (root.has('package') || root.has('requires-python')),
  read: parseUvLock,
}

/** @throws LockFileError */
function parseUvLock(root: LockTable): ParsedLock {
  const version = root.optional('version')
  if (version !== 1) throw root.refusal('version', `${showValue(version)} is not supported, 1 is`)
  root.refuseOthers(fields.root)
  const revision = root.optional('revision') ?? 0
  if (typeof revision !== 'number') throw root.refusal('revision', 'it is not a number')
  return {
    formatVersion: `${version}.${revision}`,
    ...withoutOwn(root.tables('package').map(parsePackage)),
  }
}

function parsePackage(table: LockTable): LockEntry {
  table.refuseOthers(fields.package)
  const source = table.table('source')
  const origin = originOf(source)
  const markers = table.strings('resolution-markers')
  // uv takes a checkout or a folder as it is, whatever files are listed.
  const files = origin?.origin === 'vcs' || isFolder(source) ? [] : distributions(table)
  return tableEntry(table, {
    name: table.project('name'),
    // A project built from a folder may lack a version.
    version: table.optionalVersion('version'),
    files: files.map((file) => parseFile(file, origin)),
    marker: anyMarker(markers),
    index: source.optionalString('registry'),
    ...origin,
  })
}

function distributions(table: LockTable): LockTable[] {
  const sdist = table.optionalTable('sdist')
  return [...(sdist ? [sdist] : []), ...table.tables('wheels')]
}

function parseFile(table: LockTable, origin: Origin | undefined): LockedFile {
  table.refuseOthers(fields.file)
  const [, more] = ['url', 'path', 'filename'].filter((name) => table.has(name))
  if (more !== undefined) throw table.refusal(more, 'a file is in one place')
  const filename = table.optionalString('filename')
  // A source distribution that is itself the source is not listed with a place.
  const url =
    table.optionalString('url') ?? (origin?.origin === 'url' ? origin.location : undefined)
  const path =
    table.optionalString('path') ?? (origin?.origin === 'path' ? origin.location : undefined)
  const found =
    filename ?? (url === undefined && path !== undefined ? lastSegment(path) : undefined)
  if (found === undefined && url === undefined) throw table.refusal('url', 'it is missing')
  const hashes = table.optionalHash('hash')
  return table.place.lockedFile({
    filename: found,
    url,
    size: table.optionalLength('size'),
    hashes,
  })
}

function isFolder(source: LockTable): boolean {
  return source.names.some((name) => folders.includes(name))
}

function originOf(source: LockTable): Origin | undefined {
  const [kind = '', more] = source.names.filter((name) => name !== 'subdirectory')
  const subdirectory = source.optionalString('subdirectory')
  const inside = subdirectory === undefined ? {} : { subdirectory }
  if (more === undefined) {
    if (kind === 'registry' && subdirectory === undefined) return undefined
    if (kind === 'git' || kind === 'url') {
      const origin = urlOrigin(source.string(kind), source.placeOf(kind))
      return { ...origin, origin: kind === 'git' ? 'vcs' : kind, ...inside }
    }
    if (kind === 'path' || folders.includes(kind)) {
      return { origin: 'path', location: source.string(kind), ...inside }
    }
  }
  throw source.place.refusal(`${show(source.names.join(', '))} is not a known source`)
}
