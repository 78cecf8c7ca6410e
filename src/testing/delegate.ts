/** Delegations by pattern, by hash prefix, and succinct ones (TAP 15). */

import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { TopLevelRole } from '../core/metadata/model.js'
import { seedFrom, type Signer } from './keys.js'
import {
  changeRole,
  makeSigners,
  newRole,
  type Authority,
  type Edge,
  type RepositoryState,
  type TargetEntry,
  type TargetsRole,
} from './state.js'

/** The keys of a role. All optional: one new key. */
export interface KeyOptions {
  /** How many keys to make. Default 1. */
  readonly count?: number | undefined
  /** These keys instead of new ones. */
  readonly signers?: readonly Signer[] | undefined
  /** How many must sign. Default: all. */
  readonly threshold?: number | undefined
}

/** One entry of `delegations.roles` (4.5). */
export interface DelegateOptions extends KeyOptions {
  readonly name: string
  /** Path patterns. Default, without prefixes: `['*']`. */
  readonly paths?: readonly string[] | undefined
  /** Hexadecimal prefixes of the SHA-256 of target paths. */
  readonly pathHashPrefixes?: readonly string[] | undefined
  /** Whether the search ends with this role. Default false. */
  readonly terminating?: boolean | undefined
  /** Days until the role's files expire. Default: the repository's `lifetimes.delegated`. */
  readonly lifetime?: number | undefined
}

/** Hash bins as TAP 15 writes them. */
export interface SuccinctOptions extends KeyOptions {
  /** 1 to 20: there are 2^bitLength bins. */
  readonly bitLength: number
  /** Bins are called `PREFIX-0000` and so on. Default `bins`. */
  readonly namePrefix?: string | undefined
  /** Days. Default: the repository's `lifetimes.delegated`. */
  readonly lifetime?: number | undefined
}

/** Hash bins as PEP 458 writes them: one delegation with `path_hash_prefixes` for each. */
export interface HashBinOptions extends KeyOptions {
  /** A power of two, 2 to 65,536. */
  readonly bins: number
  /** The name of the bin for a range of prefixes. Default `0000-0003`, as Warehouse names them. */
  readonly nameOf?: ((first: string, last: string) => string) | undefined
  /** Days. Default: the repository's `lifetimes.delegated`. */
  readonly lifetime?: number | undefined
}

export function delegate(state: RepositoryState, from: string, options: DelegateOptions): void {
  const delegator = changeRole(roleOf(state, from))
  const { name, paths, pathHashPrefixes, terminating = false } = options
  const authority = authorityFor(state, name, options)
  const scope = {
    ...(paths && { paths }),
    ...(pathHashPrefixes && { pathHashPrefixes }),
    ...(!paths && !pathHashPrefixes && { paths: ['*'] }),
  }
  const edge: Edge = { name, ...authority, ...scope, terminating }
  delegator.edges ??= []
  delegator.edges.push(edge)
  delegator.succinct = undefined
  // A delegation to a top-level name is a lie about an existing file, not a new one.
  if (!isTopLevel(name)) joinRole(state, name, authority, options.lifetime)
}

export function delegateSuccinct(
  state: RepositoryState,
  from: string,
  options: SuccinctOptions,
): void {
  const { bitLength, namePrefix = 'bins', lifetime } = options
  if (!(Number.isInteger(bitLength) && bitLength >= 1 && bitLength <= 20)) {
    throw new RangeError('bitLength is 1 to 20')
  }
  const delegator = changeRole(roleOf(state, from))
  const authority = authorityFor(state, namePrefix, options)
  delegator.succinct = { bitLength, namePrefix, ...authority }
  delegator.edges = undefined
  const digits = Math.ceil(bitLength / 4)
  const nameOf = (index: number): string => `${namePrefix}-${hex(index, digits)}`
  for (let i = 0; i < 2 ** bitLength; i++) joinRole(state, nameOf(i), authority, lifetime)
  state.bins = { bitLength, nameOf }
}

export function delegateHashBins(
  state: RepositoryState,
  from: string,
  options: HashBinOptions,
): void {
  const bitLength = Math.log2(options.bins)
  if (!(Number.isInteger(bitLength) && bitLength >= 1 && bitLength <= 16)) {
    throw new RangeError('bins is a power of two, 2 to 65,536')
  }
  const delegator = changeRole(roleOf(state, from))
  const authority = authorityFor(state, `${from}-n`, options)
  const nameOf = options.nameOf ?? rangeName
  const digits = Math.ceil(bitLength / 4)
  const perBin = 16 ** digits / options.bins
  const names: string[] = []
  const edges: Edge[] = [...(delegator.edges ?? [])]
  for (let first = 0; first < 16 ** digits; first += perBin) {
    const pathHashPrefixes = Array.from({ length: perBin }, (_, i) => hex(first + i, digits))
    const name = nameOf(hex(first, digits), hex(first + perBin - 1, digits))
    names.push(name)
    edges.push({ name, ...authority, pathHashPrefixes, terminating: false })
    joinRole(state, name, authority, options.lifetime)
  }
  delegator.edges = edges
  delegator.succinct = undefined
  state.bins = { bitLength, nameOf: (index) => names[index] ?? '' }
}

/** Takes a delegation back. The role's file stays, and stays listed (5.5.5). */
export function revoke(state: RepositoryState, from: string, name: string): void {
  const delegator = changeRole(roleOf(state, from))
  delegator.edges = delegator.edges?.filter((edge) => edge.name !== name)
}

/** The role of that name; throws when no role delegates to it. */
export function roleOf(state: RepositoryState, name: string): TargetsRole {
  const role = state.roles.get(name)
  if (!role) throw new RangeError(`${JSON.stringify(name)} is not a targets role`)
  return role
}

/** The keys of a role as root, or the first delegator that names the role, declares them. */
export function authorityOf(state: RepositoryState, name: string, from?: string): Authority {
  if (isTopLevel(name)) return state.authorities[name]
  for (const delegator of state.roles.values()) {
    if (from !== undefined && delegator.name !== from) continue
    const edge = delegator.edges?.find((one) => one.name === name)
    if (edge) return edge
    const { succinct } = delegator
    if (succinct && name.startsWith(`${succinct.namePrefix}-`)) return succinct
  }
  throw new RangeError(`no role delegates to ${JSON.stringify(name)}`)
}

/** A target, in its home or wherever it is listed. */
export function targetOf(state: RepositoryState, path: string): TargetEntry {
  const home = state.roles.get(homeOf(state, path))?.targets.get(path)
  if (home) return home
  for (const role of state.roles.values()) {
    const entry = role.targets.get(path)
    if (entry) return entry
  }
  throw new RangeError(`no role lists ${JSON.stringify(path)}`)
}

export function isTopLevel(name: string): name is TopLevelRole {
  return name === 'root' || name === 'timestamp' || name === 'snapshot' || name === 'targets'
}

/** The role of a target that does not name one: its hash bin, or `targets` without bins. */
export function homeOf(state: RepositoryState, path: string): string {
  if (!state.bins) return 'targets'
  const digest = sha256(utf8ToBytes(path))
  const first = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  return state.bins.nameOf(Math.floor(first / 2 ** (32 - state.bins.bitLength)))
}

/** New keys, unless keys are given or the role already has keys. */
function authorityFor(state: RepositoryState, name: string, options: KeyOptions): Authority {
  const known = options.count === undefined ? state.roles.get(name)?.signers : undefined
  const signers = options.signers ?? known ?? makeSigners(state, name, options.count ?? 1, seedFrom)
  return { signers, threshold: options.threshold ?? signers.length }
}

function joinRole(
  state: RepositoryState,
  name: string,
  { signers }: Authority,
  lifetime: number | undefined,
): void {
  const role = state.roles.get(name)
  if (!role) {
    const days = lifetime ?? state.settings.lifetimes.delegated
    state.roles.set(name, newRole(name, signers, days))
    return
  }
  const added = signers.filter((signer) => !role.signers.includes(signer))
  if (added.length === 0) return
  role.signers = [...role.signers, ...added]
  role.changed = true
}

function rangeName(first: string, last: string): string {
  return first === last ? first : `${first}-${last}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
