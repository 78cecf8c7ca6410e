/**
 * The requests and reports of a cycle to its driver. A program with an HTTP stack and a disk of its
 * own can answer these requests in place of `Updater`.
 */
import type { TufError } from '../../errors.js'
import type { DigestRequest } from '../keys/cryptography.js'
import type { SignatureReport, TrustOptions } from '../trust/verify.js'

/** The cycle's decision about a file. */
export type Decision =
  | {
      readonly verdict: 'trusted'
      readonly role: string
      readonly version: number
      /** Milliseconds since 1970. */
      readonly expires: number
      readonly from: 'anchor' | 'store' | 'network'
      readonly report: SignatureReport
    }
  | {
      /**
       * A stored file is not used, for the reason in `error`. Online, the cycle then asks the
       * network.
       */
      readonly verdict: 'not-used'
      readonly role: string
      readonly error: TufError
    }
  | {
      /**
       * The cycle fetched as many new roots as it may (5.3.3) and continues with this one. The next
       * cycle starts from here.
       */
      readonly verdict: 'limit-reached'
      readonly role: 'root'
      readonly version: number
      /** `rootRotations`. */
      readonly limit: number
    }

/** One request of a cycle to its driver. */
export type CycleRequest =
  | ReadRequest
  | NetworkRequest
  | PersistRequest
  | DeleteRequest
  | NoteRequest
  | DigestsRequest
  | { readonly decided: Decision }

/** Answer: the stored bytes, or undefined when the entry does not exist. */
export interface ReadRequest {
  readonly read: string
  /** Bytes; of a longer entry `maxLength + 1` are enough, since the cycle does not use it. */
  readonly maxLength: number
  /** Bytes that are in memory already: where the entry has the same, the answer may be these. */
  readonly known?: Uint8Array
  /** The cycle compares the entry with an earlier reading: no error is about these bytes. */
  readonly again?: true
}

/** Answer: the bytes of this file below the metadata URL. */
export interface NetworkRequest {
  /** The file's name, encoded for a URL. */
  readonly fetch: string
  readonly role: string
  /** The step of the specification that asks for the file. */
  readonly step: string
  /** Bytes; more must not be read. */
  readonly maxLength: number
  /** Only then may the answer be undefined; else a missing file is the driver's error to throw. */
  readonly mayBeAbsent?: true
  /**
   * The file belongs to a consistent snapshot: if it is missing, the repository deleted the
   * snapshot and the driver should start again with the newest (PEP 458).
   */
  readonly ofSnapshot?: true
}

/**
 * Write, atomically. Answer: `done`, or `changed`, with nothing written, when an expected entry
 * differs.
 */
export interface PersistRequest {
  readonly persist: string
  readonly bytes: Uint8Array
  /**
   * Whether a power failure may destroy it. True for a file that the snapshot lists: damaged or
   * lost, it is fetched again. The other files are floors, or the chain of roots.
   */
  readonly replaceable: boolean
  /** The cycle can continue without this entry: a read-only store may leave it as it is. */
  readonly optional?: true
  /** Absent: write whatever is stored. */
  readonly expected?: readonly ExpectedEntry[]
}

/** Delete. Answer: as for {@link PersistRequest}. */
export interface DeleteRequest {
  readonly delete: string
  readonly expected: readonly ExpectedEntry[]
}

/**
 * An entry as the cycle found it when it judged. A store that several cycles share compares and
 * changes in one step that no other change can get into.
 */
export interface ExpectedEntry {
  readonly entry: string
  /** Undefined: there must be no such entry, or one that is longer than `maxLength`. */
  readonly bytes: Uint8Array | undefined
  /** Bytes; a longer entry counts as absent, as it did when the cycle read it. */
  readonly maxLength: number
}

/** A report about another process's change. The driver need not act on it. */
export interface NoteRequest {
  /**
   * - `yield`: it stored something newer under `entry`, which stays
   * - `superseded`: it stored a newer root, so this cycle starts again
   */
  readonly note: 'yield' | 'superseded'
  readonly entry: string
}

/**
 * Digests of large messages, where the cryptography has `asked`, as noble's has. Answer: a digest
 * or undefined for each, in order, or undefined for all; the cycle computes those that are missing.
 */
export interface DigestsRequest {
  readonly digest: readonly DigestRequest[]
}

/**
 * The answer that resumes a cycle: bytes or undefined for a read and a fetch, a word for a change,
 * digests or undefined for digests.
 */
export type CycleAnswer =
  Uint8Array | undefined | 'done' | 'changed' | readonly (Uint8Array | undefined)[]

/**
 * A part of the update cycle: resumed with the answer to its request. Bytes are the cycle's from
 * then on, and must not change.
 */
export type Cycle<T> = Generator<CycleRequest, T, CycleAnswer>

/** The limits that hold in a cycle, in bytes unless said. */
export interface CycleLimits {
  /** W of 5.3.3. */
  readonly rootLength: number
  /** X of 5.4.1. */
  readonly timestampLength: number
  /** Y of 5.5.1, where the timestamp gives no length. */
  readonly snapshotLength: number
  /** Z of 5.6.1, where the snapshot gives no length. */
  readonly targetsLength: number
  /** Y of 5.3.3: most roots fetched in one cycle; reaching it is a decision, `limit-reached`. */
  readonly rootRotations: number
}

/** Where a cycle starts. */
export interface CycleOptions extends TrustOptions {
  /** The root that came with the application (5.2). Default: the one that init kept in the store. */
  readonly anchor?: Uint8Array | undefined
  /** The fixed time, in milliseconds since 1970 (5.1). */
  readonly now: number
  readonly limits: CycleLimits
  /**
   * Whether a store of another repository may be emptied and used for this one. Default false: it is
   * refused.
   */
  readonly rebind?: boolean | undefined
}

/** Where following the roots starts. Only the last root is checked against the time. */
export type RootOptions = Omit<CycleOptions, 'now'>
