/** `delegations` (4.5, TAP 15): as values, or as hash bins that the scanner has proved. */
import { HashBins } from '../json/fast/bins.js'
import type { FileDocument } from '../json/read.js'
import type { JsonValue } from '../json/value.js'
import {
  arrayFrom,
  booleanFrom,
  FieldRefusal,
  integerBetween,
  objectFrom,
  optional,
  required,
  stringFrom,
  stringsFrom,
  within,
} from './fields.js'
import type { DelegatedRole, Delegations, Key, SuccinctRoles } from './model.js'
import { keysFrom, roleKeysFrom } from './parts.js'

/** Tables that were proved, and stand empty in the value. */
export type Proved = FileDocument['proved']

const topLevel: ReadonlySet<string> = new Set(['root', 'timestamp', 'snapshot', 'targets'])

export function delegationsFrom(value: JsonValue, proved: Proved): Delegations {
  const object = objectFrom(value)
  const keys = required(object, 'keys', keysFrom)
  const roles = optional(object, 'roles', rolesFrom)
  const succinct = optional(object, 'succinct_roles', succinctFrom)
  if (roles && !succinct) {
    if (proved?.roles === undefined) return { keys, roles }
    return binDelegations(keys, new HashBins(proved.roles, proved.prefixLength, roleReader))
  }
  if (succinct && !roles) return { keys, succinct }
  throw new FieldRefusal('must contain exactly one of roles and succinct_roles')
}

const byDelegations = new WeakMap<Delegations, HashBins<DelegatedRole>>()

/** Delegations whose `roles` are made when they are first asked for. */
function binDelegations(
  keys: ReadonlyMap<string, Key>,
  bins: HashBins<DelegatedRole>,
): Delegations {
  const delegations: Delegations = {
    keys,
    get roles() {
      return bins.all()
    },
  }
  byDelegations.set(delegations, bins)
  return delegations
}

/** The bins of delegations that the scanner has proved. */
export function binsOf(delegations: Delegations): HashBins<DelegatedRole> | undefined {
  return byDelegations.get(delegations)
}

const roleReader = { one: delegatedRoleFrom, all: rolesFrom }

function rolesFrom(value: JsonValue): readonly DelegatedRole[] {
  const array = arrayFrom(value)
  const roles: DelegatedRole[] = []
  const seen = new Set<string>()
  let index = 0
  try {
    for (; index < array.length; index++) {
      const role = delegatedRoleFrom(array[index] ?? null)
      if (topLevel.has(role.name)) throw new FieldRefusal('is the name of a top-level role', 'name')
      if (seen.has(role.name)) throw new FieldRefusal('is repeated', 'name')
      seen.add(role.name)
      roles.push(role)
    }
  } catch (error) {
    throw within(index, error)
  }
  return roles
}

/** `terminating` may be absent, as in the specification's own example: then it is false. */
function delegatedRoleFrom(value: JsonValue): DelegatedRole {
  const object = objectFrom(value)
  const paths = optional(object, 'paths', stringsFrom)
  const pathHashPrefixes = optional(object, 'path_hash_prefixes', stringsFrom)
  const name = required(object, 'name', stringFrom)
  const { keyids, threshold } = roleKeysFrom(value)
  const terminating = optional(object, 'terminating', booleanFrom) ?? false
  if (paths && !pathHashPrefixes) return { name, keyids, threshold, terminating, paths }
  if (pathHashPrefixes && !paths) {
    return { name, keyids, threshold, terminating, pathHashPrefixes }
  }
  throw new FieldRefusal('must contain exactly one of paths and path_hash_prefixes')
}

function succinctFrom(value: JsonValue): SuccinctRoles {
  const object = objectFrom(value)
  return {
    ...roleKeysFrom(value),
    bitLength: required(object, 'bit_length', integerBetween(1, 32)),
    namePrefix: required(object, 'name_prefix', stringFrom),
  }
}
