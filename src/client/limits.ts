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

// The longest wait of a timer; a longer one would fire at once.
const longestTime = 2 ** 31 - 1

/** The value when none is given, and the range of those that may be given. */
interface Row<T extends number | undefined> {
  readonly value: T
  readonly least: number
  /** Default: any safe integer. */
  readonly most?: number
}

const rows: { readonly [K in keyof Limits]-?: Row<Limits[K]> } = {
  rootLength: { value: 512_000, least: 1 },
  rootRotations: { value: 1_024, least: 0 },
  timestampLength: { value: 64_000, least: 1 },
  snapshotLength: { value: 8_000_000, least: 1 },
  targetsLength: { value: 32_000_000, least: 1 },
  searchedRoles: { value: 64, least: 1 },
  searchedBytes: { value: 64_000_000, least: 0 },
  searchSteps: { value: searchStepsByDefault, least: 0 },
  signatures: { value: signaturesByDefault, least: 1 },
  keptMetadata: { value: 16_000_000, least: 0 },
  readLength: { value: 1_000_000_000, least: 0 },
  metadataDeadline: { value: 60_000, least: 1, most: longestTime },
  targetDeadline: { value: undefined, least: 1, most: longestTime },
  minimumRate: { value: 1_024, least: 0 },
  rateWindow: { value: 30_000, least: 1, most: longestTime },
}

/**
 * The limits given, and the defaults for the others; one that is undefined counts as not given. For
 * programs that build a `TargetSource` of their own, or show the limits that hold. Throws
 * `RangeError` for a value that is not an integer in its range, and for an unknown name.
 *
 * @example
 * ```ts runs
 * import { resolveLimits } from 'tuffet'
 *
 * resolveLimits({ rootRotations: 16 }).rootLength // 512000
 * ```
 */
export function resolveLimits(
  given: { readonly [K in keyof Limits]?: Limits[K] | undefined } = {},
): Limits {
  for (const name of Object.keys(given)) {
    if (!isLimit(name)) throw new RangeError(`${JSON.stringify(name)} is not a limit`)
  }
  const limits: { -readonly [K in keyof Limits]?: number } = {}
  for (const name of Object.keys(rows).filter(isLimit)) {
    const { value, least, most = Number.MAX_SAFE_INTEGER } = rows[name]
    const wanted = given[name]
    if (wanted !== undefined) limits[name] = checkInteger(`the limit ${name}`, wanted, least, most)
    else if (value !== undefined) limits[name] = value
  }
  return limits as Limits
}

function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(rows, name)
}
