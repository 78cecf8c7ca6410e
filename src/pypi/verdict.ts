/** What can be said of a file, or of what a lock file says of one. */
import type { TargetAddress } from '../client/target.js'
import type { TargetFile } from '../core/metadata.js'
import type { IndexFile } from './index-page.js'

/**
 * - `match`: it is what the repository vouches for
 * - `mismatch`: it is something else under a name that the repository vouches for
 * - `unknown`: the repository says nothing of it
 * - `not-covered`: it is on its project's verified page and not yet a target, where files are
 * - `no-hash`: there is no hash that could be compared
 * - `failed`: it could not be judged: `error` says why
 */
export type Verdict = 'match' | 'mismatch' | 'unknown' | 'not-covered' | 'no-hash' | 'failed'

/** What is not as it should be. */
export interface Difference {
  /** The name of a hash as in `tuffet/core`, or one of the others. */
  readonly what: string
  /** What the repository says. */
  readonly expected: string
  /** What was found. */
  readonly actual: string
}

/** A file that the repository vouches for. */
export interface VouchedFile {
  /** Normalised. */
  readonly project: string
  /** Normalised. */
  readonly version: string
  readonly filename: string
  /** What the verified page says of it; undefined where pages are not targets. */
  readonly entry?: IndexFile
  /** The target that is the verified page. */
  readonly page?: TargetFile
  /** Its own target; undefined where files are not targets. */
  readonly target?: TargetFile
  /** Where it is fetched from. */
  readonly address: TargetAddress
  /** Bytes, when target or page say it. */
  readonly length?: number
  /** Name as in `tuffet/core` → digest: all that target and page say and that is known here. */
  readonly hashes: ReadonlyMap<string, string>
}

/** Why a file is not vouched for. */
export interface Refusal {
  readonly verdict: Exclude<Verdict, 'match' | 'failed'>
  /** A sentence without its full stop. */
  readonly reason: string
  readonly difference?: Difference
}

/** What a repository says of a file name. */
export type Finding = { readonly vouched: VouchedFile } | (Refusal & { readonly vouched?: never })

/** The verdict on one file. */
export interface FileVerdict {
  /** As it was asked about. */
  readonly filename: string
  readonly verdict: Verdict
  /** A sentence without its full stop. */
  readonly reason: string
  /** What the repository vouches for under this name, when it does. */
  readonly vouched?: VouchedFile
  /** For `mismatch`: the first thing that is not as it should be. */
  readonly difference?: Difference
  /** For `failed`. */
  readonly error?: unknown
}
