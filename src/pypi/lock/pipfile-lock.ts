/**
 * Pipfile.lock of pipenv: JSON; hashes without file names. pipenv makes a line of requirements.txt of
 * each entry, so each text in it is read with that line's grammar.
 */
import { parseFilename } from '../names/file-name.js'
import { markerVariables, parseMarker } from '../names/marker.js'
import { filenameOfUrl } from '../names/names.js'
import type { LockEntry, ParsedLock } from './entry.js'
import type { TextFormat } from './format.js'
import type { LockTable } from './table.js'
import { lastSegment, tableEntry, type Origin, urlOrigin } from './table-entry.js'
import { jsonLooksLike, notALock } from './looks-like.js'
import { show, showValue } from './place.js'

const systems = ['git', 'hg', 'bzr', 'svn']

/** Older files also write a marker as `"os_name": "== 'nt'"`. */
const markerFields = ['markers', 'os_markers', ...markerVariables]

const fields = {
  meta: ['hash', 'pipfile-spec', 'requires', 'sources', 'host-environment-markers'],
  source: ['name', 'url', 'verify_ssl'],
  package: [
    ...['version', 'hashes', 'index', 'extras', 'editable', 'file', 'path', 'ref', 'subdirectory'],
    ...systems,
    ...markerFields,
  ],
} as const

export const pipfileLock: TextFormat = {
  filenames: /^pipfile\.lock$/i,
  syntax: 'text',
  matches: (text) => /^\s*\{/.test(text),
  read: (content) => parsePipfileLock(content.json()),
}

/**
 * Reads all categories: `default`, `develop` and others.
 *
 * @throws LockFileError
 */
function parsePipfileLock(root: LockTable): ParsedLock {
  const { file } = root.place
  const looks = jsonLooksLike(root)
  if (!root.has('_meta') && (looks !== undefined || !/pipfile\.lock$/i.test(file))) {
    throw notALock(file, looks)
  }
  const meta = root.table('_meta')
  const spec = meta.optional('pipfile-spec')
  if (spec !== 6) throw meta.refusal('pipfile-spec', `${showValue(spec)} is not supported, 6 is`)
  meta.refuseOthers(fields.meta)
  const indexes = new Map(meta.tables('sources').map(parseSource))
  const entries = root.names
    .filter((category) => category !== '_meta')
    .map((category) => root.table(category))
    .flatMap((category) =>
      category.names.map((name) => parsePackage(name, category.table(name), indexes)),
    )
  return { formatVersion: '6', entries, indexes: [...indexes.values()] }
}

function parseSource(table: LockTable): [name: string, url: string] {
  table.refuseOthers(fields.source)
  const url = oneWord(table, 'url') ?? table.string('url')
  return [table.optionalString('name') ?? hostOf(url), url]
}

/** The name that pipenv gives a source without one. Its URL may contain variables. */
function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1] ?? ''
}

function parsePackage(
  name: string,
  table: LockTable,
  indexes: ReadonlyMap<string, string>,
): LockEntry {
  const { place } = table
  table.refuseOthers(fields.package)
  const project = place.project(name)
  const indexName = table.optionalString('index')
  const index = indexName === undefined ? undefined : indexes.get(indexName)
  if (indexName !== undefined && index === undefined) {
    throw table.refusal('index', `${show(indexName)} is not one of the sources`)
  }
  for (const extra of table.strings('extras')) table.placeOf('extras').project(extra)
  const hashes = table.hashes('hashes')
  const { origin, filename } = originOf(table)
  return tableEntry(table, {
    name: project,
    version: versionOf(table) ?? (filename && parseFilename(filename, project)?.version),
    // pipenv leaves them out of an entry with a URL or a path. It takes a checkout or a folder as
    // it is.
    files: origin ? [] : hashes.map((hash) => ({ hashes: new Map([hash]) })),
    anyFile: true,
    marker: markerOf(table),
    index,
    ...origin,
  })
}

/** `==1.2`, or `*` for a version that is not locked. */
function versionOf(table: LockTable): string | undefined {
  const text = table.optionalString('version')
  if (text === undefined || text === '*') return undefined
  const [, version] = /^===?([^\s=]+)$/.exec(text) ?? []
  if (version === undefined) throw table.refusal('version', `${show(text)} is not ==VERSION`)
  return table.placeOf('version').version(version)
}

function markerOf(table: LockTable): string | undefined {
  const markers = markerFields
    .filter((name) => table.has(name))
    .map((name) => {
      const text = table.string(name)
      const marker = name.endsWith('markers') ? text : `${name} ${text}`
      if (!parseMarker(marker)) throw table.refusal(name, `${show(text)} is not a marker`)
      return marker
    })
  return markers.length > 1 ? markers.map((marker) => `(${marker})`).join(' and ') : markers[0]
}

function originOf(table: LockTable): { origin?: Origin; filename?: string | undefined } {
  const [kind, more] = [...systems, 'file', 'path'].filter((name) => table.has(name))
  if (more !== undefined) throw table.refusal(more, `it also lists a ${kind ?? ''}`)
  // pipenv writes null for a missing value.
  if (table.optional('ref') !== null) oneWord(table, 'ref')
  oneWord(table, 'subdirectory')
  const subdirectory = table.optionalString('subdirectory')
  const inside = subdirectory === undefined ? {} : { subdirectory }
  const location = kind === undefined ? undefined : oneWord(table, kind)
  if (kind === undefined || location === undefined) {
    const editable = (table.optional('editable') ?? false) !== false
    if (editable || subdirectory !== undefined) {
      throw table.refusal(editable ? 'editable' : 'subdirectory', 'of which folder?')
    }
    return {}
  }
  if (systems.includes(kind)) return { origin: { origin: 'vcs', location, ...inside } }
  // `file` is a path in older ones.
  if (kind === 'path' || !/^[a-z][a-z+]+:/i.test(location)) {
    return { origin: { origin: 'path', location, ...inside }, filename: lastSegment(location) }
  }
  const origin = { ...urlOrigin(location, table.placeOf(kind)), ...inside }
  return { origin, filename: filenameOfUrl(origin.location) }
}

/** A text that cannot become more than one word of its line, or an option. */
function oneWord(table: LockTable, name: string): string | undefined {
  const text = table.optionalString(name)
  if (text === undefined || /^(?!-)[^\s\p{Cc};'"]*[^\s\p{Cc};'"\\]$/u.test(text)) return text
  throw table.refusal(name, `${show(text)} is more than one word of a requirement`)
}
