/**
 * The limits on a client's work for a repository (against endless data and slow retrieval, 1.5.2).
 * Lengths are in bytes and multiples of 1,000; times are in milliseconds. Fixed limits are in
 * `core/budget.ts`; docs/budgets.md lists all, with the test of each.
 */
import { signaturesByDefault } from '../core/metadata/parse.js'
import { checkInteger } from '../core/number-option.js'
import { searchStepsByDefault } from '../core/search/search.js'

/** Every limit; in options all are optional, with the stated defaults. */
export interface Limits {
  /** W of 5.3.3: the longest root file. Default 512,000. */
  readonly rootLength: number
  /** Y of 5.3.3: how many new roots one update cycle follows; one that starts again counts
   * anew. Default 1,024. */
  readonly rootRotations: number
  /** X of 5.4.1: the longest timestamp file. Default 64,000. */
  readonly timestampLength: number
  /** Y of 5.5.1: the longest snapshot, when the timestamp gives no length. Default 8,000,000. */
  readonly snapshotLength: number
  /** Z of 5.6.1: the longest targets file of any role, when no length is given. Default 32,000,000. */
  readonly targetsLength: number
  /** 5.6.7.1: how many roles one search visits. Default 64. */
  readonly searchedRoles: number
  /**
   * How much metadata of delegated roles one search holds, in bytes of their files and of the
   * indexes over their delegations. Default 64,000,000.
   */
  readonly searchedBytes: number
  /**
   * How many steps one search takes to compare its path with patterns and prefixes; a million
   * takes about ten milliseconds. Default 10,000,000.
   */
  readonly searchSteps: number
  /** The most entries in `signatures` of one file. Default 1,024. */
  readonly signatures: number
  /**
   * How much metadata of delegated roles a `Repository` keeps for later searches, in bytes of their
   * files and indexes; parsed they take two to three times as much, and garbage comes on
   * top. Beyond it the role used least recently is forgotten: a search that needs it again reads it
   * from the store, or fetches it, with every check. Roles that delegate get {@link searchedBytes}
   * of their own. 0 keeps only those. As much again stays in memory from one refresh to the next, so
   * that the same bytes are not parsed twice; with 0, nothing does. Default 16,000,000.
   */
  readonly keptMetadata: number
  /** The longest target file that `read` loads into memory. Default 1,000,000,000. */
  readonly readLength: number
  /** Until a metadata file must be complete. Default 60,000. */
  readonly metadataDeadline: number
  /** Until a target file must be complete. Default: no deadline. */
  readonly targetDeadline?: number
  /**
   * Bytes a second, over {@link rateWindow}, for every file; 0 switches the check off. Default
   * 1,024.
   */
  readonly minimumRate: number
  /** How long a slow connection is waited for before it is judged. Default 30,000. */
  readonly rateWindow: number
}

const defaults: Limits = {
  rootLength: 512_000,
  rootRotations: 1_024,
  timestampLength: 64_000,
  snapshotLength: 8_000_000,
  targetsLength: 32_000_000,
  searchedRoles: 64,
  searchedBytes: 64_000_000,
  searchSteps: searchStepsByDefault,
  signatures: signaturesByDefault,
  keptMetadata: 16_000_000,
  readLength: 1_000_000_000,
  metadataDeadline: 60_000,
  minimumRate: 1_024,
  rateWindow: 30_000,
}

// The longest wait of a timer; a longer one would fire at once.
const longestTime = 2 ** 31 - 1

const ranges: Readonly<Record<keyof Limits, readonly [least: number, most: number]>> = {
  rootLength: [1, Number.MAX_SAFE_INTEGER],
  rootRotations: [0, Number.MAX_SAFE_INTEGER],
  timestampLength: [1, Number.MAX_SAFE_INTEGER],
  snapshotLength: [1, Number.MAX_SAFE_INTEGER],
  targetsLength: [1, Number.MAX_SAFE_INTEGER],
  searchedRoles: [1, Number.MAX_SAFE_INTEGER],
  searchedBytes: [0, Number.MAX_SAFE_INTEGER],
  searchSteps: [0, Number.MAX_SAFE_INTEGER],
  signatures: [1, Number.MAX_SAFE_INTEGER],
  keptMetadata: [0, Number.MAX_SAFE_INTEGER],
  readLength: [0, Number.MAX_SAFE_INTEGER],
  metadataDeadline: [1, longestTime],
  targetDeadline: [1, longestTime],
  minimumRate: [0, Number.MAX_SAFE_INTEGER],
  rateWindow: [1, longestTime],
}

/**
 * The limits given, and the defaults for the others; one that is undefined counts as not given.
 * Throws `RangeError` for a value that is not an integer in its range, and for an unknown name.
 */
export function resolveLimits(
  given: { readonly [K in keyof Limits]?: Limits[K] | undefined } = {},
): Limits {
  const limits: Record<string, number> = { ...defaults }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    if (!isLimit(name)) throw new RangeError(`${JSON.stringify(name)} is not a limit`)
    const [least, most] = ranges[name]
    limits[name] = checkInteger(`the limit ${name}`, value, least, most)
  }
  return { ...defaults, ...limits }
}

function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(ranges, name)
}
