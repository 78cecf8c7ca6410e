/** pylock.toml (PEP 751), version 1.0. */
import { isPlainFilename } from '../names.js'
import type { LockedFile, LockEntry } from './entry.js'
import type { ParsedLock } from './lock-file.js'
import type { LockTable } from './lock-table.js'
import { lockedEntry, withoutOwn, type Origin } from './locked-entry.js'
import {
  checkedHash,
  lockedFile,
  lockedName,
  lockedVersion,
  show,
  splitUrl,
} from './locked-file.js'

/** @throws LockFileError */
export function parsePylock(root: LockTable): ParsedLock {
  const formatVersion = root.string('lock-version')
  if (formatVersion !== '1.0') {
    throw root.refusal('lock-version', `${show(formatVersion)} is not supported, 1.0 is`)
  }
  if (!root.has('packages')) throw root.refusal('packages', 'it is missing')
  return { formatVersion, ...withoutOwn(root.tables('packages').map(parsePackage)) }
}

function parsePackage(table: LockTable): LockEntry {
  const text = table.optionalString('version')
  return lockedEntry(table, {
    name: lockedName(table.string('name'), table.placeOf('name')),
    version: text === undefined ? text : lockedVersion(text, table.placeOf('version')),
    marker: table.optionalString('marker'),
    index: table.optionalString('index'),
    ...contentOf(table),
  })
}

function contentOf(table: LockTable): { files: LockedFile[] } & Partial<Origin> {
  const kinds = ['vcs', 'directory', 'archive'].filter((kind) => table.has(kind))
  const fromIndex = table.has('sdist') || table.has('wheels')
  const [kind] = kinds
  if (kinds.length + Number(fromIndex) !== 1 || kind === undefined) {
    if (kinds.length === 0 && fromIndex) return { files: distributions(table) }
    throw table.refusal(kind ?? 'wheels', 'it has to be one of vcs, directory, archive, or files')
  }
  const source = table.table(kind)
  const location = locationOf(source)
  if (kind === 'archive') {
    const origin = source.has('url') ? 'url' : 'path'
    return { files: [parseFile(source)], origin, location }
  }
  return { files: [], origin: kind === 'vcs' ? 'vcs' : 'path', location }
}

function distributions(table: LockTable): LockedFile[] {
  const sdist = table.optionalTable('sdist')
  return [...(sdist ? [sdist] : []), ...table.tables('wheels')].map(parseFile)
}

function parseFile(table: LockTable): LockedFile {
  const url = table.optionalString('url')
  const path = table.optionalString('path')
  if (url === undefined && path === undefined) throw table.refusal('url', 'it is missing')
  const last = path?.replace(/^.*[/\\]/s, '')
  const fromPath =
    url === undefined && last !== undefined && isPlainFilename(last) ? last : undefined
  const hashes = table.table('hashes')
  if (hashes.names.length === 0) throw table.refusal('hashes', 'it is empty')
  return lockedFile(
    {
      filename: table.optionalString('name') ?? fromPath,
      url,
      size: table.optionalLength('size'),
      hashes: hashes.names.map((name) =>
        checkedHash(name, hashes.string(name), hashes.placeOf(name)),
      ),
    },
    table.place,
  )
}

function locationOf(table: LockTable): string {
  const url = table.optionalString('url')
  return url === undefined ? table.string('path') : splitUrl(url, table.placeOf('url')).url
}
