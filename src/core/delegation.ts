/**
 * Which delegated roles may speak for a path, and in which order (4.5, TAP 15). Says nothing of
 * whether their metadata exists or may be believed.
 *
 * A repository of PyPI's shape has 16,384 roles with four hash prefixes each, so roles by hash
 * prefix are found through an index; roles by pattern are tried one after another.
 */

import type { DelegatedRole, Delegations, RoleKeys, SuccinctRoles } from './metadata.js'
import { codePoints, compilePathPattern, type PathPattern } from './path-pattern.js'

/** A delegated role that may speak for the path that was asked about. */
export interface MatchedRole extends RoleKeys {
  readonly name: string
  /** When true, the search ends with this role and what it delegates to. */
  readonly terminating: boolean
}

/**
 * The roles that may speak for `path`, in order of priority.
 *
 * @param pathDigest The SHA-256 of the UTF-8 path in lower-case hexadecimal; asked for only when
 *   there are roles by hash, at most once.
 */
export function edgesFor(
  delegations: Delegations,
  path: string,
  pathDigest: () => string,
): readonly MatchedRole[] {
  const { roles, succinct } = delegations
  if (succinct !== undefined) {
    const { keyids, threshold } = succinct
    const name = succinctBinName(succinct, pathDigest())
    // Off-spec: TAP 15 calls bins non-terminating. python-tuf, go-tuf and tuf-js end the search
    // with a bin; a client that went on would authorise files that these refuse.
    return [{ name, keyids, threshold, terminating: true }]
  }
  return roles === undefined ? [] : indexOf(roles).rolesFor(path, pathDigest)
}

/**
 * The one bin that may speak for a path: `PREFIX-` and the first `bitLength` bits of the digest in
 * hexadecimal, as many digits for each bin (TAP 15).
 */
export function succinctBinName(succinct: SuccinctRoles, pathDigest: string): string {
  const bin = Number.parseInt(pathDigest.slice(0, 8), 16) >>> (32 - succinct.bitLength)
  return `${succinct.namePrefix}-${bin.toString(16).padStart(digitsOf(succinct), '0')}`
}

/** Whether a role of this name is one of the bins. */
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

const indexes = new WeakMap<readonly DelegatedRole[], RoleIndex>()

function indexOf(roles: readonly DelegatedRole[]): RoleIndex {
  let index = indexes.get(roles)
  if (index === undefined) {
    index = new RoleIndex(roles)
    indexes.set(roles, index)
  }
  return index
}

/** A SHA-256 has no longer prefix. */
const digestDigits = 64

/** Built once for each list of roles, when it is first asked, in time linear in its length. */
class RoleIndex {
  readonly #roles: readonly DelegatedRole[]
  /** Positions in `roles`: nearly always one, which is kept without an array around it. */
  readonly #byPrefix = new Map<string, number | number[]>()
  readonly #prefixLengths = new Set<number>()
  #lastLength = -1
  readonly #byPattern: { readonly position: number; readonly patterns: PathPattern[] }[] = []

  constructor(roles: readonly DelegatedRole[]) {
    this.#roles = roles
    let position = 0
    for (const { paths, pathHashPrefixes } of roles) {
      if (paths !== undefined) {
        this.#byPattern.push({ position, patterns: paths.map(compilePathPattern) })
      }
      if (pathHashPrefixes !== undefined) {
        for (const prefix of pathHashPrefixes) this.#addPrefix(prefix, position)
      }
      position += 1
    }
  }

  #addPrefix(prefix: string, position: number): void {
    if (prefix.length > digestDigits) return
    const known = this.#byPrefix.get(prefix)
    if (known === undefined) {
      this.#byPrefix.set(prefix, position)
      // Nearly always the same.
      if (prefix.length !== this.#lastLength) this.#prefixLengths.add(prefix.length)
      this.#lastLength = prefix.length
    } else if (typeof known === 'number') {
      this.#byPrefix.set(prefix, [known, position])
    } else {
      known.push(position)
    }
  }

  rolesFor(path: string, pathDigest: () => string): DelegatedRole[] {
    // A set: a role can be found by two of its prefixes.
    const positions = new Set<number>()
    if (this.#prefixLengths.size > 0) {
      const digest = pathDigest()
      for (const length of this.#prefixLengths) {
        const found = this.#byPrefix.get(digest.slice(0, length)) ?? []
        for (const position of typeof found === 'number' ? [found] : found) positions.add(position)
      }
    }
    if (this.#byPattern.length > 0) {
      const points = codePoints(path)
      for (const { position, patterns } of this.#byPattern) {
        if (patterns.some((matches) => matches(points))) positions.add(position)
      }
    }
    const inOrder = [...positions].sort((a, b) => a - b)
    return inOrder.map((position) => this.#roles[position]).filter((role) => role !== undefined)
  }
}
