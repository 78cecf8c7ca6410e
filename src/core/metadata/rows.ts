/** Rows of the two tables that grow with a repository: `meta` of snapshot, and `targets`. */
import { deepFreeze } from '../deep-freeze.js'
import type { ReadRow } from '../json/fast/rows.js'
import type { JsonValue } from '../json/value.js'
import {
  integerBetween,
  mapOf,
  objectFrom,
  opaqueObject,
  optional,
  required,
  withLate,
} from './fields.js'
import type { MetaFile, TargetFile } from './model.js'
import { hashesFrom } from './parts.js'

const positive = integerBetween(1)
const byteCount = integerBetween(0)

/** The table in `value`, all of it read; nobody may change its rows. */
export function tableFrom<T extends MetaFile | TargetFile>(
  value: JsonValue,
  read: ReadRow<T>,
): ReadonlyMap<string, T> {
  return mapOf(value, (row, name) => {
    const made = read(row, name)
    deepFreeze(made.hashes)
    return Object.freeze(made)
  })
}

/** An entry of `meta` (4.4, 4.6). */
export function metaFileFrom(value: JsonValue): MetaFile {
  const object = objectFrom(value)
  const version = required(object, 'version', positive)
  const length = optional(object, 'length', byteCount)
  const hashes = optional(object, 'hashes', hashesFrom)
  if (hashes === undefined) return length === undefined ? { version } : { version, length }
  return length === undefined ? { version, hashes } : { version, length, hashes }
}

/** 4.5 */
export function targetFileFrom(value: JsonValue, path: string): TargetFile {
  const object = objectFrom(value)
  const custom = optional(object, 'custom', objectFrom)
  const length = required(object, 'length', byteCount)
  const hashes = required(object, 'hashes', hashesFrom)
  if (custom === undefined) return { path, length, hashes }
  return withLate({ path, length, hashes }, 'custom', () => deepFreeze(opaqueObject(custom)))
}
