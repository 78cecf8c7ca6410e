/**
 * Finds the delegated roles that may list a path, in their order (4.5, TAP 15). It does not judge
 * whether their metadata exists or may be believed.
 *
 * A repository like PyPI's delegates to 16,384 roles with four hash prefixes each, so roles by hash
 * prefix are found through an index, and roles by pattern through another.
 */

import { binsOf } from '../metadata/delegations.js'
import type { DelegatedRole, Delegations, RoleKeys, SuccinctRoles } from '../metadata/model.js'
import type { Steps } from './path-pattern.js'
import { PatternIndex } from './pattern-index.js'
import { PrefixIndex } from './prefix-index.js'

/** A delegated role that may list the given path. */
export interface MatchedRole extends RoleKeys {
  readonly name: string
  /** When true, the search ends with this role and the roles it delegates to. */
  readonly terminating: boolean
}

/**
 * The roles that may list `path`, in order of priority.
 *
 * @param pathDigest The SHA-256 of the UTF-8 path in lower-case hexadecimal; asked for only when
 *   there are roles by hash, at most once.
 * @param steps The budget for comparing; it is counted down, and below zero the answer is void.
 *   Default: no limit.
 *
 * @example
 * ```ts
 * import { createHash } from 'node:crypto'
 * import { edgesFor, type Delegations } from 'tuffet/core'
 *
 * // The names of the roles to search for `path`, in order.
 * function rolesFor(delegations: Delegations, path: string): string[] {
 *   const digest = () => createHash('sha256').update(path).digest('hex')
 *   return edgesFor(delegations, path, digest).map(({ name }) => name)
 * }
 * ```
 */
export function edgesFor(
  delegations: Delegations,
  path: string,
  pathDigest: () => string,
  steps: Steps = { left: Infinity },
): readonly MatchedRole[] {
  const bins = binsOf(delegations)
  if (bins) {
    const role = bins.roleFor(pathDigest())
    if (role === undefined) return []
    steps.left -= 1
    return [role]
  }
  const { roles, succinct } = delegations
  if (succinct !== undefined) {
    const { keyids, threshold } = succinct
    const name = succinctBinName(succinct, pathDigest())
    // Off-spec: TAP 15 calls bins non-terminating. python-tuf, go-tuf and tuf-js end the search
    // with a bin; a client that went on would authorise files that these refuse.
    return [{ name, keyids, threshold, terminating: true }]
  }
  return roles === undefined ? [] : indexOf(roles).rolesFor(path, pathDigest, steps)
}

/**
 * The one bin that may list a path: `PREFIX-` and the first `bitLength` bits of the digest in
 * hexadecimal, as many digits for each bin (TAP 15).
 *
 * @example
 * ```ts runs
 * import { succinctBinName, type SuccinctRoles } from 'tuffet/core'
 *
 * const bins: SuccinctRoles = { keyids: [], threshold: 1, bitLength: 8, namePrefix: 'bin' }
 * succinctBinName(bins, 'ab'.padEnd(64, '0')) // 'bin-ab'
 * ```
 */
export function succinctBinName(succinct: SuccinctRoles, pathDigest: string): string {
  const bin = Number.parseInt(pathDigest.slice(0, 8), 16) >>> (32 - succinct.bitLength)
  return `${succinct.namePrefix}-${bin.toString(16).padStart(digitsOf(succinct), '0')}`
}

/**
 * Whether a role of this name is one of the bins.
 *
 * @example
 * ```ts runs
 * import { isSuccinctBin, type SuccinctRoles } from 'tuffet/core'
 *
 * const bins: SuccinctRoles = { keyids: [], threshold: 1, bitLength: 8, namePrefix: 'bin' }
 * isSuccinctBin(bins, 'bin-ab') // true
 * isSuccinctBin(bins, 'bin-abc') // false: two digits are enough for 256 bins
 * ```
 */
export function isSuccinctBin(succinct: SuccinctRoles, name: string): boolean {
  const prefix = `${succinct.namePrefix}-`
  const number = name.slice(prefix.length)
  return (
    name.startsWith(prefix) &&
    number.length === digitsOf(succinct) &&
    /^[0-9a-f]+$/.test(number) &&
    Number.parseInt(number, 16) < 2 ** succinct.bitLength
  )
}

function digitsOf(succinct: SuccinctRoles): number {
  return Math.ceil(succinct.bitLength / 4)
}

/** Whether there is a role that these delegations name. */
export function delegatesAny(delegations: Delegations | undefined): boolean {
  if (delegations === undefined) return false
  if (binsOf(delegations) !== undefined || delegations.succinct !== undefined) return true
  return (delegations.roles?.length ?? 0) > 0
}

/** Bytes that an index takes for each prefix or pattern, at most: a row of a map and its text. */
const indexedWeight = 64

/** How many bytes the index of these delegations takes, roughly and rather too many. */
export function indexWeight(delegations: Delegations): number {
  const bins = binsOf(delegations)
  if (bins) return bins.weight
  const { roles = [] } = delegations
  let indexed = 0
  for (const { paths, pathHashPrefixes } of roles) {
    indexed += (paths ?? pathHashPrefixes ?? []).length
  }
  return indexed * indexedWeight
}

const indexes = new WeakMap<readonly DelegatedRole[], RoleIndex>()

function indexOf(roles: readonly DelegatedRole[]): RoleIndex {
  let index = indexes.get(roles)
  if (index === undefined) {
    index = new RoleIndex(roles)
    indexes.set(roles, index)
  }
  return index
}

/** Built once for each list of roles, when it is first asked, in time linear in its length. */
class RoleIndex {
  readonly #roles: readonly DelegatedRole[]
  readonly #byPrefix: PrefixIndex
  readonly #byPattern: PatternIndex

  constructor(roles: readonly DelegatedRole[]) {
    this.#roles = roles
    this.#byPrefix = new PrefixIndex(roles)
    this.#byPattern = new PatternIndex(roles)
  }

  rolesFor(path: string, pathDigest: () => string, steps: Steps): DelegatedRole[] {
    // A set: a role can be found by two of its prefixes.
    const positions = new Set<number>()
    if (!this.#byPrefix.isEmpty) {
      for (const position of this.#byPrefix.positionsOf(pathDigest())) positions.add(position)
    }
    this.#byPattern.findOwners(path, steps, positions)
    steps.left -= positions.size
    const inOrder = [...positions].sort((a, b) => a - b)
    return inOrder.flatMap((position) => this.#roles[position] ?? [])
  }
}
