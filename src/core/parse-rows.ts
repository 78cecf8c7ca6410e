/**
 * Rows of the three tables that grow with a repository (`meta` of snapshot, `roles` of delegations,
 * `targets`) in PyPI's usual forms. They are checked without the readers of single fields, which
 * take longer to compile than to run. Any other row, right or wrong, is left to the full reader of
 * section 4, which reports errors. Objects do not inherit any of these field names.
 */
import { integerBetween, objectFrom, opaqueObject, optional, required } from './fields.js'
import { isJsonObject } from './json.js'
import type { DelegatedRole, JsonValue, MetaFile, TargetFile } from './metadata.js'
import { hashesFrom } from './parse-parts.js'
import type { RowReader } from './row-table.js'

const positive = integerBetween(1)
const byteCount = integerBetween(0)

/** 4.4 */
export const metaRows: RowReader<MetaFile> = { isPlain: isPlainMetaFile, read: metaFileFrom }

/** 4.5 */
export const targetRows: RowReader<TargetFile> = {
  isPlain: isPlainTargetFile,
  read: targetFileFrom,
}

/** An entry of `meta`, with any of its fields (4.4, 4.6). */
export function metaFileFrom(value: JsonValue): MetaFile {
  const object = objectFrom(value)
  const version = required(object, 'version', positive)
  const length = optional(object, 'length', byteCount)
  const hashes = optional(object, 'hashes', hashesFrom)
  if (hashes === undefined) return length === undefined ? { version } : { version, length }
  return length === undefined ? { version, hashes } : { version, length, hashes }
}

function targetFileFrom(value: JsonValue, path: string): TargetFile {
  const object = objectFrom(value)
  const custom = optional(object, 'custom', objectFrom)
  const length = required(object, 'length', byteCount)
  const hashes = required(object, 'hashes', hashesFrom)
  if (custom === undefined) return { path, length, hashes }
  return { path, length, hashes, custom: opaqueObject(custom) }
}

/** Whether it is an entry of `meta` with a version alone, as python-tuf and RSTUF write them. */
export function isPlainMetaFile(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false
  const { version, length, hashes } = value
  return length === undefined && hashes === undefined && isCount(version)
}

const hexadecimal = /^(?:[0-9a-f]{2})+$/

/** Whether it is a target with a single hash. */
export function isPlainTargetFile(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false
  const { length, hashes, custom } = value
  if (custom !== undefined && !isJsonObject(custom)) return false
  if (!isSize(length) || !isJsonObject(hashes)) return false
  const names = Object.keys(hashes)
  const digest = hashes[names[0] ?? '']
  return names.length === 1 && typeof digest === 'string' && hexadecimal.test(digest)
}

/** A role by prefixes of hashes, with one key. */
export function plainHashBin(value: JsonValue): DelegatedRole | undefined {
  if (!isJsonObject(value)) return undefined
  const { name, keyids, threshold, terminating, paths, path_hash_prefixes: prefixes } = value
  if (typeof name !== 'string' || typeof terminating !== 'boolean') return undefined
  if (paths !== undefined || !isCount(threshold)) return undefined
  if (!isStrings(keyids) || keyids.length !== 1 || !isStrings(prefixes)) return undefined
  return { name, keyids, threshold, terminating, pathHashPrefixes: prefixes }
}

function isSize(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)
}

function isCount(value: JsonValue | undefined): value is number {
  return isSize(value) && value >= 1
}

function isStrings(value: JsonValue | undefined): value is readonly string[] {
  if (!Array.isArray(value)) return false
  for (let index = 0; index < value.length; index++) {
    if (typeof value[index] !== 'string') return false
  }
  return true
}
