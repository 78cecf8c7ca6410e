/**
 * `map.json` of TAP 4: which repositories must agree on which targets. It is a policy, so anything
 * unknown in it is refused: a misspelled `threshold` must not become a default.
 */
import { readPlainJson } from '../core/json/read.js'
import { JsonSyntaxError, type JsonObject, type JsonValue } from '../core/json/value.js'
import {
  arrayOf,
  booleanFrom,
  distinctStringsFrom,
  FieldRefusal,
  integerBetween,
  mapOf,
  objectFrom,
  required,
} from '../core/metadata/fields.js'
import { checkBaseUrl } from '../core/names.js'
import { MapInvalidError } from '../errors.js'

/** One entry of `mapping`. */
export interface Mapping {
  /** As in 4.5, but `*` alone matches every path. */
  readonly paths: readonly string[]
  /** Names of repositories, in the order in which they are asked. */
  readonly repositories: readonly string[]
  /** How many of them must agree on length and hashes. */
  readonly threshold: number
  /** Whether the search ends with this mapping. */
  readonly terminating: boolean
}

/** A map file (TAP 4). */
export interface RepositoryMap {
  /** The name of each repository, and its mirrors in the order in which they are asked. */
  readonly repositories: ReadonlyMap<string, readonly string[]>
  readonly mapping: readonly Mapping[]
}

/**
 * Reads a map file.
 *
 * @throws MapInvalidError for anything that is not one: an unknown field, a repository without a
 *   name or an address, a threshold that its repositories cannot reach
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { parseMap } from 'tuffet/multi'
 *
 * const { mapping } = parseMap(await readFile('map.json'))
 * console.log(mapping.map(({ paths }) => paths))
 * ```
 */
export function parseMap(bytes: Uint8Array): RepositoryMap {
  try {
    return mapFrom(readPlainJson(bytes))
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof FieldRefusal) {
      throw new MapInvalidError(error.path, error.reason)
    }
    throw error
  }
}

function mapFrom(value: JsonValue): RepositoryMap {
  const map = objectFrom(value)
  only(map, ['repositories', 'mapping'])
  const repositories = required(map, 'repositories', (field) => mapOf(field, mirrorsFrom))
  const folders = new Set<string>()
  for (const name of repositories.keys()) {
    // Names are names of folders (TAP 4), and some file systems ignore case.
    const folder = name.toLowerCase()
    if (folders.has(folder)) throw new FieldRefusal('differs only in case', name, 'repositories')
    folders.add(folder)
  }
  const mapping = required(map, 'mapping', (field) =>
    arrayOf(field, (entry) => mappingFrom(entry, repositories)),
  )
  return { repositories, mapping }
}

function mirrorsFrom(value: JsonValue, name: string): readonly string[] {
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(name)) {
    throw new FieldRefusal('has a name of other characters than letters, digits and _ . -')
  }
  // Windows drops it: two names would share a folder.
  if (name.endsWith('.')) throw new FieldRefusal('has a name with a dot at its end')
  const mirrors = distinctStringsFrom(value)
  if (mirrors.length === 0) throw new FieldRefusal('is empty')
  for (const [index, url] of mirrors.entries()) {
    try {
      checkBaseUrl(url)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new FieldRefusal(`cannot be a base URL: ${error.message}`, index)
    }
  }
  return mirrors
}

function mappingFrom(value: JsonValue, known: ReadonlyMap<string, unknown>): Mapping {
  const entry = objectFrom(value)
  only(entry, ['paths', 'repositories', 'threshold', 'terminating'])
  const paths = required(entry, 'paths', distinctStringsFrom)
  const repositories = required(entry, 'repositories', distinctStringsFrom)
  for (const [index, name] of repositories.entries()) {
    if (!known.has(name)) throw new FieldRefusal('is not in repositories', index, 'repositories')
  }
  const threshold = required(entry, 'threshold', integerBetween(1, repositories.length))
  const terminating = required(entry, 'terminating', booleanFrom)
  return { paths, repositories, threshold, terminating }
}

function only(object: JsonObject, names: readonly string[]): void {
  const unknown = Object.keys(object).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new FieldRefusal('is not a known field', unknown)
}
