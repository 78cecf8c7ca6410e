/**
 * The state of a test repository: keys, roles, targets, and publications. Plain data; a copy is a
 * second repository with the same keys and the same past (`forkState`).
 */

import type { JsonObject } from '../core/json/value.js'
import type { TopLevelRole } from '../core/metadata/model.js'
import { FileHistory, type PublishedFile } from './file-history.js'
import type { JsonStyle } from './json-text.js'
import type { MakeSigner, Signer } from './keys.js'

/** The keys of a role and how many must sign. */
export interface Authority {
  readonly signers: readonly Signer[]
  readonly threshold: number
}

/** The entry of a file in targets metadata, and the file itself if it was given. */
export interface TargetEntry {
  /** Bytes. */
  readonly length: number
  /** Name of the hash function → hexadecimal digest. */
  readonly hashes: Readonly<Record<string, string>>
  readonly custom?: JsonObject
  /** Called when the file is asked for; without it, the file is not served. */
  readonly content?: () => Uint8Array
}

/** One entry of `delegations.roles`. */
export interface Edge extends Authority {
  readonly name: string
  readonly paths?: readonly string[]
  readonly pathHashPrefixes?: readonly string[]
  readonly terminating: boolean
}

/** `delegations.succinct_roles`. */
export interface SuccinctEdge extends Authority {
  readonly bitLength: number
  readonly namePrefix: string
}

/** The targets role or a delegated one. Maps and lists that are `shared` are copied first. */
export interface TargetsRole {
  readonly name: string
  version: number
  /** Whether the next publication signs it again. */
  changed: boolean
  shared: boolean
  targets: Map<string, TargetEntry>
  edges: Edge[] | undefined
  succinct: SuccinctEdge | undefined
  /** The keys of every delegator that names the role: its file carries all their signatures. */
  signers: readonly Signer[]
  /** Days. */
  lifetime: number
  /** More targets, listed when the file is made. */
  filler: (() => Iterable<readonly [string, TargetEntry]>) | undefined
  file: PublishedFile | undefined
}

/** The settings that stay as they were when the repository was made. */
export interface Settings {
  readonly seed: string
  readonly makeSigner: MakeSigner
  readonly style: JsonStyle
  readonly specVersion: string
  /** Days. */
  readonly lifetimes: Readonly<Record<TopLevelRole | 'delegated', number>>
  readonly snapshotHashes: boolean
  readonly timestampHashes: boolean
}

/** Where the hash bins are, so that a target finds its own. */
export interface Bins {
  readonly bitLength: number
  readonly nameOf: (index: number) => string
}

export interface RepositoryState {
  readonly settings: Settings
  /** Milliseconds since 1970. */
  now: number
  consistentSnapshot: boolean
  readonly keysMade: Map<string, number>
  readonly authorities: Record<TopLevelRole, Authority>
  /** The keys that signed the newest root; they sign the next one too. */
  rootSigners: readonly Signer[]
  /** Whether root says something else than its newest file. */
  rootChanged: boolean
  readonly versions: { root: number; timestamp: number; snapshot: number }
  /** `targets` first. */
  readonly roles: Map<string, TargetsRole>
  bins: Bins | undefined
  /** The keys that sign a role's file instead of its own. */
  readonly signWith: Map<string, readonly Signer[]>
  /** Targets added since the newest publication. */
  readonly pending: Map<string, TargetEntry>
  /** The newest published `signed` of each role, made when asked for. */
  readonly signed: Map<string, () => JsonObject>
  readonly history: FileHistory
}

/** An empty targets role, never published. */
export function newRole(name: string, signers: readonly Signer[], lifetime: number): TargetsRole {
  return {
    name,
    version: 0,
    changed: true,
    shared: false,
    targets: new Map(),
    edges: undefined,
    succinct: undefined,
    signers,
    lifetime,
    filler: undefined,
    file: undefined,
  }
}

/** Prepares a role for a change: objects that publications refer to are copied first. */
export function changeRole(role: TargetsRole): TargetsRole {
  if (role.shared) {
    role.targets = new Map(role.targets)
    role.edges = role.edges && [...role.edges]
    role.shared = false
  }
  role.changed = true
  return role
}

/** The next `count` keys of a role; no key is ever made twice. */
export function makeSigners(
  state: RepositoryState,
  role: string,
  count: number,
  seedFrom: (text: string) => Uint8Array,
): Signer[] {
  const made = state.keysMade.get(role) ?? 0
  state.keysMade.set(role, made + count)
  return Array.from({ length: count }, (_, i) =>
    state.settings.makeSigner(seedFrom(`${state.settings.seed}/${role}/${made + i}`)),
  )
}

/** A second repository with the same keys and past; changes to one do not affect the other. */
export function forkState(state: RepositoryState): RepositoryState {
  const roles = new Map<string, TargetsRole>()
  for (const [name, role] of state.roles) {
    role.shared = true
    roles.set(name, { ...role })
  }
  return {
    ...state,
    keysMade: new Map(state.keysMade),
    authorities: { ...state.authorities },
    versions: { ...state.versions },
    roles,
    signWith: new Map(state.signWith),
    pending: new Map(state.pending),
    signed: new Map(state.signed),
    history: new FileHistory(state.history),
  }
}
