/**
 * The two tables that grow with a repository: `meta` of snapshot, `roles` of delegations. Rows as hash
 * bins have them are read here, without the readers of single fields: with all that those call, they
 * take longer to be compiled than to run. Any other row, right or wrong, is left to the reader that
 * knows the whole of section 4 and reports. No field here has a name that objects inherit.
 */
import { arrayFrom, FieldRefusal, objectFrom, within, type Read } from './fields.js'
import { isJsonObject } from './json.js'
import type { DelegatedRole, JsonValue, MetaFile } from './metadata.js'

/** `meta` of a snapshot: file name → entry. */
export function metaTable(
  value: JsonValue,
  readEntry: Read<MetaFile>,
): ReadonlyMap<string, MetaFile> {
  const object = objectFrom(value)
  const table = new Map<string, MetaFile>()
  let name = ''
  try {
    for (name of Object.keys(object)) {
      const entry = object[name] ?? null
      table.set(name, plainEntry(entry) ?? readEntry(entry))
    }
  } catch (error) {
    throw within(name, error)
  }
  return table
}

/** One that says the version alone, as python-tuf and RSTUF write them. */
function plainEntry(value: JsonValue): MetaFile | undefined {
  if (!isJsonObject(value)) return undefined
  const { version, length, hashes } = value
  if (length !== undefined || hashes !== undefined || !isCount(version)) return undefined
  return { version }
}

/** `roles` of delegations, in their order; each name once. */
export function roleTable(
  value: JsonValue,
  readRole: Read<DelegatedRole>,
): readonly DelegatedRole[] {
  const array = arrayFrom(value)
  const roles: DelegatedRole[] = []
  const names = new Set<string>()
  let index = 0
  try {
    for (; index < array.length; index++) {
      const element = array[index] ?? null
      const role = hashBin(element) ?? readRole(element)
      roles.push(role)
      names.add(role.name)
      if (names.size === index) throw new FieldRefusal('is repeated', 'name')
    }
  } catch (error) {
    throw within(index, error)
  }
  return roles
}

/** A role by prefixes of hashes, with one key. */
function hashBin(value: JsonValue): DelegatedRole | undefined {
  if (!isJsonObject(value)) return undefined
  const { name, keyids, threshold, terminating, paths, path_hash_prefixes: prefixes } = value
  if (typeof name !== 'string' || typeof terminating !== 'boolean') return undefined
  if (paths !== undefined || !isCount(threshold)) return undefined
  if (!isStrings(keyids) || keyids.length !== 1 || !isStrings(prefixes)) return undefined
  return { name, keyids, threshold, terminating, pathHashPrefixes: prefixes }
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 1 && Number.isSafeInteger(value)
}

function isStrings(value: JsonValue | undefined): value is readonly string[] {
  if (!Array.isArray(value)) return false
  for (let index = 0; index < value.length; index++) {
    if (typeof value[index] !== 'string') return false
  }
  return true
}
