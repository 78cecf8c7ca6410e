/**
 * The data model of section 4: the content of a parsed file, which is not yet believed. Read-only
 * data without behaviour; tables are maps, so that no name is special. The two that grow with a
 * repository are read-only maps that may make a row on demand: do not rely on the order of their
 * rows, or on instances of `Map`.
 */
import type { JsonObject } from '../json/value.js'

/** The four roles whose keys root declares. */
export type TopLevelRole = 'root' | 'timestamp' | 'snapshot' | 'targets'

/** One entry of `signatures` (4.2.1). */
export interface Signature {
  readonly keyid: string
  /** As it stands in the file: hexadecimal, and it may be empty or malformed. */
  readonly sig: string
}

/** A parsed file that is not yet believed. */
export interface Envelope<T extends Signed = Signed> {
  readonly signed: T
  readonly signatures: readonly Signature[]
  /** The canonical form of `signed`, which the signatures cover. */
  readonly signedBytes: Uint8Array
}

/** A public key as a table of keys declares it (4.2.2). Its type may be unknown here. */
export interface Key {
  readonly keyid: string
  readonly keytype: string
  readonly scheme: string
  /** `keyval.public`: PEM or hexadecimal, as in the file. */
  readonly public: string
}

/** Which keys may sign for a role, and how many must. */
export interface RoleKeys {
  readonly keyids: readonly string[]
  /** Number of distinct keys, at least 1. */
  readonly threshold: number
}

/** The fields of every `signed` (4.3). */
export interface SignedCommon {
  readonly specVersion: string
  /** At least 1. */
  readonly version: number
  /** Milliseconds since 1970; the file expires at this moment. */
  readonly expires: number
  /** Fields that the specification does not name; they are signed too. */
  readonly unrecognized: JsonObject
}

/** 4.3 */
export interface Root extends SignedCommon {
  readonly type: 'root'
  readonly consistentSnapshot: boolean
  readonly keys: ReadonlyMap<string, Key>
  readonly roles: Readonly<Record<TopLevelRole, RoleKeys>>
}

/** Timestamp's or snapshot's entry for another metadata file (4.4, 4.6). */
export interface MetaFile {
  readonly version: number
  /** Bytes. */
  readonly length?: number
  /** Name of the hash function → lower-case hexadecimal digest. */
  readonly hashes?: ReadonlyMap<string, string>
}

/** 4.6 */
export interface Timestamp extends SignedCommon {
  readonly type: 'timestamp'
  /** The entry `snapshot.json`. */
  readonly snapshot: MetaFile
}

/** 4.4 */
export interface Snapshot extends SignedCommon {
  readonly type: 'snapshot'
  /** File name such as `targets.json` → the expected file. */
  readonly meta: ReadonlyMap<string, MetaFile>
}

/** The entry for one target file in targets metadata (4.5). */
export interface TargetFile {
  readonly path: string
  /** Bytes. */
  readonly length: number
  /** Name of the hash function → lower-case hexadecimal digest, in the order of the file. */
  readonly hashes: ReadonlyMap<string, string>
  readonly custom?: JsonObject
}

/** One entry of `delegations.roles` (4.5). */
export interface DelegatedRole extends RoleKeys {
  readonly name: string
  readonly terminating: boolean
  /** Exactly one of the two is set. */
  readonly paths?: readonly string[]
  /** Prefixes of the lower-case hexadecimal SHA-256 of a target path, compared as text. */
  readonly pathHashPrefixes?: readonly string[]
}

/** `delegations.succinct_roles` (TAP 15). */
export interface SuccinctRoles extends RoleKeys {
  /** 1 to 32: there are 2^bitLength bins. */
  readonly bitLength: number
  readonly namePrefix: string
}

/** Exactly one of `roles` and `succinct` is set. */
export interface Delegations {
  readonly keys: ReadonlyMap<string, Key>
  /** In order of priority. */
  readonly roles?: readonly DelegatedRole[]
  readonly succinct?: SuccinctRoles
}

/** 4.5: the top-level targets role and every delegated one. */
export interface Targets extends SignedCommon {
  readonly type: 'targets'
  readonly targets: ReadonlyMap<string, TargetFile>
  readonly delegations?: Delegations
}

/** The signed part of any role. */
export type Signed = Root | Timestamp | Snapshot | Targets

/** The signed part of a role by the value of its `_type`. */
export interface SignedByType {
  readonly root: Root
  readonly timestamp: Timestamp
  readonly snapshot: Snapshot
  readonly targets: Targets
}
