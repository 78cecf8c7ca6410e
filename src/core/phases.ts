/**
 * The phases of the update cycle as types. A value of a phase can only come out of a transition of
 * `trust.ts`: it alone imports the two symbols, and no entry point exports them.
 */
import type { TufError } from '../errors.js'
import type {
  Envelope,
  MetaFile,
  Root,
  Signed,
  Snapshot,
  Targets,
  Timestamp,
  TopLevelRole,
} from './metadata.js'
import type { Authority, SignatureReport } from './verify.js'

// For `trust.ts` alone. The published declarations need the marks, so they are not stripped there.
/** @hidden */
export const trusted: unique symbol = Symbol('trusted')
/** @hidden */
export const phase: unique symbol = Symbol('phase')

/** A signed part that is believed, and why. */
export interface Trusted<T extends Signed> {
  readonly [trusted]: true
  /** The role's name. */
  readonly role: string
  readonly signed: T
  /** Which of the delegator's keys signed. */
  readonly report: SignatureReport
}

/** 5.2, 5.3: a root that is believed and may not be the newest. */
export interface RootTrust {
  readonly [phase]: 'root'
  readonly root: Trusted<Root>
}

/** After 5.3.10: the newest root, not expired at the fixed time. */
export interface SettledTrust {
  readonly [phase]: 'settled'
  readonly root: Trusted<Root>
  /** The fixed time of the update cycle (5.1), in milliseconds since 1970. */
  readonly now: number
}

/** A stored file that is believed by the keys of today, perhaps expired. */
export interface Recalled<T extends Signed> {
  readonly trusted: Trusted<T>
  /** The file as it was stored. */
  readonly bytes: Uint8Array
}

/** Why a stored file is no floor. */
export interface FloorRefusal {
  readonly role: Exclude<TopLevelRole, 'root'>
  readonly error: TufError
}

/** After 5.3.11: what was trusted before and still counts, as a floor against rollback. */
export interface RecalledTrust {
  readonly [phase]: 'recalled'
  readonly root: Trusted<Root>
  readonly now: number
  readonly timestamp?: Recalled<Timestamp>
  readonly snapshot?: Recalled<Snapshot>
  /** Whether a stored file was signed by other keys than the root's of today (5.3.11). */
  readonly rotated: boolean
  /** Why stored files are no floors. */
  readonly refusals: readonly FloorRefusal[]
}

/** After 5.4. */
export interface TimestampTrust {
  readonly [phase]: 'timestamp'
  readonly root: Trusted<Root>
  readonly now: number
  readonly timestamp: Trusted<Timestamp>
  /** Whether the stored timestamp was kept because the new one has the same version. */
  readonly kept: boolean
  readonly floor?: Recalled<Snapshot>
}

/** After 5.5. */
export interface SnapshotTrust {
  readonly [phase]: 'snapshot'
  readonly root: Trusted<Root>
  readonly now: number
  readonly timestamp: Trusted<Timestamp>
  readonly snapshot: Trusted<Snapshot>
}

/** After 5.6.6: the whole top level is believed at one fixed time. */
export interface TargetsTrust {
  readonly [phase]: 'targets'
  readonly root: Trusted<Root>
  readonly now: number
  readonly timestamp: Trusted<Timestamp>
  readonly snapshot: Trusted<Snapshot>
  readonly targets: Trusted<Targets>
}

/** What a delegator says of a role: one edge of the delegation graph. */
export interface Edge {
  readonly delegator: Trusted<Targets>
  readonly role: { readonly name: string } & Pick<Authority, 'keyids' | 'threshold'>
}

/** A targets file that is the one the snapshot lists, and is not believed by anyone yet. */
export interface ListedFile {
  readonly role: string
  readonly expected: MetaFile
  readonly envelope: Envelope<Targets>
}
