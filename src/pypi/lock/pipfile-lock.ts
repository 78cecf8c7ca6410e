/** Pipfile.lock of pipenv: JSON; hashes without file names. */
import { parseFilename } from '../file-name.js'
import { filenameOfUrl } from '../names.js'
import type { LockEntry } from './entry.js'
import { readJsonTable } from './lock-document.js'
import type { ParsedLock } from './lock-file.js'
import type { LockTable } from './lock-table.js'
import { lockedEntry, type Origin } from './locked-entry.js'
import { lockedHash, lockedName, show, showValue, splitUrl } from './locked-file.js'
import { parseSpecifiers, pinnedVersion } from './specifier.js'

const systems = ['git', 'hg', 'bzr', 'svn']

/**
 * Reads all categories: `default`, `develop` and others.
 *
 * @throws LockFileError
 */
export function parsePipfileLock(bytes: Uint8Array, file: string): ParsedLock {
  const root = readJsonTable(bytes, file)
  const meta = root.table('_meta')
  const spec = meta.optional('pipfile-spec')
  if (spec !== 6) throw meta.refusal('pipfile-spec', `${showValue(spec)} is not supported, 6 is`)
  const indexes = new Map(
    meta.tables('sources').map((one) => [one.string('name'), one.string('url')] as const),
  )
  const entries = root.names
    .filter((category) => category !== '_meta')
    .map((category) => root.table(category))
    .flatMap((category) =>
      category.names.map((name) => parsePackage(name, category.table(name), indexes)),
    )
  return { formatVersion: '6', entries, indexes: [...indexes.values()] }
}

function parsePackage(
  name: string,
  table: LockTable,
  indexes: ReadonlyMap<string, string>,
): LockEntry {
  const { place } = table
  const project = lockedName(name, place)
  const indexName = table.optionalString('index')
  const index = indexName === undefined ? undefined : indexes.get(indexName)
  if (indexName !== undefined && index === undefined) {
    throw table.refusal('index', `${show(indexName)} is none of the sources`)
  }
  const hashes = table.strings('hashes').map((text) => lockedHash(text, table.placeOf('hashes')))
  const { origin, filename } = originOf(table)
  return lockedEntry(table, {
    name: project,
    version: versionOf(table) ?? (filename && parseFilename(filename, project)?.version),
    // Also for one file pipenv writes the hashes of all files of its release. Of a checkout and of
    // a folder it takes what is there.
    files:
      origin?.origin === 'vcs' || table.optional('editable') === true
        ? []
        : hashes.map((hash) => ({ hashes: new Map([hash]) })),
    allFiles: true,
    marker: table.optionalString('markers'),
    index,
    ...origin,
  })
}

/** `==1.2`, or `*` for a version that is not locked. */
function versionOf(table: LockTable): string | undefined {
  const text = table.optionalString('version')
  if (text === undefined || text === '*') return undefined
  const version = pinnedVersion(parseSpecifiers(text) ?? [])
  if (version === undefined) throw table.refusal('version', `${show(text)} is not ==VERSION`)
  return version
}

function originOf(table: LockTable): { origin?: Origin; filename?: string | undefined } {
  const system = systems.find((name) => table.has(name))
  if (system !== undefined) {
    return { origin: { origin: 'vcs', location: table.string(system) } }
  }
  const text = table.optionalString('file')
  const path = table.optionalString('path')
  // `file` is a path in older ones.
  if (text === undefined || !/^[a-z][a-z+]+:/i.test(text)) {
    const location = path ?? text
    if (location === undefined) return {}
    return { origin: { origin: 'path', location }, filename: filenameOfUrl(location) }
  }
  const { url } = splitUrl(text, table.placeOf('file'))
  return { origin: { origin: 'url', location: url }, filename: filenameOfUrl(url) }
}
