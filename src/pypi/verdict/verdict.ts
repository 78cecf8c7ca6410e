/** The verdict on a file, or on a lock file's entry for one. */
import type { AttestationFinding } from '../../attestations/judge.js'
import type { TargetAddress } from '../../client/target.js'
import type { TargetFile } from '../../core/metadata/model.js'
import type { IndexFile } from '../pages/index-page.js'

/**
 * - `match`: the repository vouches for it
 * - `mismatch`: it is something else under a name that the repository vouches for
 * - `unknown`: the repository does not list it
 * - `not-covered`: it is on its project's verified page and not yet a target, where files are
 * - `no-hash`: no hash could be compared
 * - `failed`: it could not be judged: `error` says why
 *
 * Where attestations count, and nothing but an attestation vouches for the file or it is required:
 *
 * - `signed`: a publisher signed it, and no pin says which publisher is the right one
 * - `no-attestation`: nobody signed it
 * - `cannot-be-judged`: its publisher is of a kind that cannot be judged
 */
export type Verdict =
  | 'match'
  | 'mismatch'
  | 'unknown'
  | 'not-covered'
  | 'no-hash'
  | 'failed'
  | 'signed'
  | 'no-attestation'
  | 'cannot-be-judged'

/** The field that differs. */
export interface Difference {
  /** The name of a hash as in `tuffet/core`, or one of the others. */
  readonly what: string
  /** The repository's value. */
  readonly expected: string
  /** The value found. */
  readonly actual: string
}

/** A file that the repository vouches for. */
export interface VouchedFile {
  /** Normalised. */
  readonly project: string
  /** Normalised. */
  readonly version: string
  readonly filename: string
  /** Its entry on the verified page; undefined where pages are not targets. */
  readonly entry?: IndexFile
  /** The target that is the verified page. */
  readonly page?: TargetFile
  /** Its own target; undefined where files are not targets. */
  readonly target?: TargetFile
  /** Where it is fetched from. */
  readonly address: TargetAddress
  /** Bytes, when target or page say it. */
  readonly length?: number
  /**
   * Name as in `tuffet/core` → digest: all hashes on target and page whose function is known here.
   */
  readonly hashes: ReadonlyMap<string, string>
  /** Where attestations count: its signers. */
  readonly attestation?: AttestationFinding
  /** Whether the page comes from an index without signatures: only `attestation` vouches then. */
  readonly unsigned?: true
}

/** Why a file is not vouched for. */
export interface Unvouched {
  readonly verdict: Exclude<Verdict, 'match' | 'failed'>
  /** A sentence without its full stop. */
  readonly reason: string
  readonly difference?: Difference
}

/** A repository's answer for a file name. */
export type Finding = { readonly vouched: VouchedFile } | (Unvouched & { readonly vouched?: never })

/** The verdict on one file. */
export interface FileVerdict {
  /** As it was asked about. */
  readonly filename: string
  readonly verdict: Verdict
  /** Where attestations count: the policy asks for no more than this verdict. */
  readonly accepted?: true
  /** A sentence without its full stop. */
  readonly reason: string
  /** The file that the repository vouches for under this name, if any. */
  readonly vouched?: VouchedFile
  /** For `mismatch`: the first thing that is not as it should be. */
  readonly difference?: Difference
  /** For `failed`. */
  readonly error?: unknown
}
