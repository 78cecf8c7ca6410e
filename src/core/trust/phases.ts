/**
 * The phases of the update cycle as types. Only the transitions (`root.ts`, `recall.ts`,
 * `roles.ts`) can make a value of a phase: they alone import the two symbols, and the entry points
 * do not export them.
 */
import type { TufError } from '../../errors.js'
import type {
  Envelope,
  MetaFile,
  Root,
  Signed,
  Snapshot,
  Targets,
  Timestamp,
  TopLevelRole,
} from '../metadata/model.js'
import type { Authority, SignatureReport } from './verify.js'

// For the transitions alone. The published declarations need the symbols: they are hidden from the
// reference, and not stripped.
/** @hidden */
export const trusted: unique symbol = Symbol('trusted')
/** @hidden */
export const phase: unique symbol = Symbol('phase')

/** A signed part that is believed, with the signatures that prove it. */
export interface Trusted<T extends Signed> {
  readonly [trusted]: true
  /** The role's name. */
  readonly role: string
  readonly signed: T
  /** Which of the delegator's keys signed. */
  readonly report: SignatureReport
}

/** During 5.2 and 5.3: a believed root, which may not be the newest. */
export interface RootTrust {
  readonly [phase]: 'root'
  readonly root: Trusted<Root>
  /** Earlier roots of the chain that named other keys for timestamp or snapshot, oldest first. */
  readonly former: readonly Root[]
}

/** After 5.3.10: the newest root, not expired at the fixed time. */
export interface SettledTrust {
  readonly [phase]: 'settled'
  readonly root: Trusted<Root>
  /** As in {@link RootTrust}: they prove that a stored file was signed by keys since replaced. */
  readonly former: readonly Root[]
  /** The fixed time of the update cycle (5.1), in milliseconds since 1970. */
  readonly now: number
}

/** A stored file that the newest root's keys signed. It may have expired. */
export interface Recalled<T extends Signed> {
  readonly trusted: Trusted<T>
  /** The file as it was stored. */
  readonly bytes: Uint8Array
}

/** Why a stored file is not a floor. */
export interface FloorRefusal {
  readonly role: Exclude<TopLevelRole, 'root'>
  readonly error: TufError
  /**
   * - `replaced`: an earlier root of the chain vouches for it and the newest does not, so its keys
   *   were rotated (5.3.11)
   * - `undecided`: the newest root names keys that this program cannot use, and the missing
   *   signatures may be by those keys
   * - `unknown`: no root of the chain vouches for it
   * - `unreadable`: it is not metadata of the role
   */
  readonly why: 'replaced' | 'undecided' | 'unknown' | 'unreadable'
}

/** After 5.3.11: the files trusted earlier that still count as floors against rollback. */
export interface RecalledTrust {
  readonly [phase]: 'recalled'
  readonly root: Trusted<Root>
  readonly now: number
  readonly timestamp?: Recalled<Timestamp>
  readonly snapshot?: Recalled<Snapshot>
  /** Whether a stored file proves that keys were rotated (5.3.11). */
  readonly rotated: boolean
  /**
   * Files that this program cannot judge. They are not believed, and newer files must not go below
   * them.
   */
  readonly undecided: { readonly timestamp?: Timestamp; readonly snapshot?: Snapshot }
  /** Why stored files are not floors. */
  readonly refusals: readonly FloorRefusal[]
}

/** After 5.4. */
export interface TimestampTrust {
  readonly [phase]: 'timestamp'
  readonly root: Trusted<Root>
  readonly now: number
  readonly timestamp: Trusted<Timestamp>
  /** Whether the stored timestamp was kept because the new one's version is equal. */
  readonly kept: boolean
  readonly floor?: Recalled<Snapshot>
  /** As in {@link RecalledTrust}. */
  readonly undecided?: Snapshot
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

/** A delegator's declaration of a role: one edge of the delegation graph. */
export interface Edge {
  readonly delegator: Trusted<Targets>
  readonly role: { readonly name: string } & Pick<Authority, 'keyids' | 'threshold'>
}

/** A targets file that the snapshot lists. No delegator has vouched for it yet. */
export interface ListedFile {
  readonly role: string
  readonly expected: MetaFile
  readonly envelope: Envelope<Targets>
  /** Bytes of the file, signed or not: what was read of it may keep all of them in memory. */
  readonly length: number
}
