/**
 * The roles and files that a mirror goes without: others signed them, and readers refuse them as the mirror does.
 * Failures of this machine, of the connection, and of the top-level roles end the run instead.
 */
import { FetchFailedError, isTufError, type TufErrorCode } from '../errors.js'
import { PlantedError } from '../node/mirror/mirror-error.js'
import { count } from '../words/amounts.js'
import { NotVerifiedError } from './not-verified-error.js'
import type { Line } from './paint.js'
import { errorLine, reportOf } from './report.js'

/** The status of a run that published a mirror with gaps which nobody asked for by name. */
export const gapStatus = 3

/** A role, and the one that delegates to it, or a target. */
export type GapPlace =
  { readonly role: string; readonly delegator?: string } | { readonly target: string }

/** As `--json` prints it. */
export type Gap = GapPlace & { readonly code: string; readonly message: string }

/** How many are listed; the others are counted. */
const mostListed = { lines: 20, json: 1_000 }

const ending: ReadonlySet<TufErrorCode> = new Set<TufErrorCode>([
  'ERR_TUF_FETCH_TIMEOUT',
  'ERR_TUF_FETCH_TOO_SLOW',
  'ERR_TUF_STORE_FAILED',
  'ERR_TUF_STORE_CONFLICT',
  'ERR_TUF_STORE_FOREIGN',
  'ERR_TUF_NOT_STORED',
  'ERR_TUF_CLOCK_BEHIND',
])

/** Answers about the one who asks, or about this moment. */
const passing: ReadonlySet<number> = new Set([401, 407, 408, 425, 429])

/** The gaps of one run. */
export class Gaps {
  /** Whether the repository was asked anew: a file that is gone stays so. */
  readonly #isAgain: boolean
  readonly #listed: Gap[] = []
  #count = 0
  #first: unknown

  constructor(isAgain: boolean) {
    this.#isAgain = isAgain
  }

  get count(): number {
    return this.#count
  }

  /** The first error about a file that was asked for by name. */
  get asked(): unknown {
    return this.#first
  }

  /** Whether the mirror can do without it: then it is noted. */
  note(error: unknown, place: GapPlace, isAsked = false): boolean {
    if (!this.canBe(error)) return false
    this.#count += 1
    if (isAsked) this.#first ??= error
    if (this.#listed.length < mostListed.json) {
      const { hint: _, ...report } = reportOf(error)
      this.#listed.push({ ...place, code: report.code, message: errorLine(report) })
    }
    return true
  }

  /** Does the work; undefined where it failed and was noted. */
  async around<T>(
    work: () => T | Promise<T>,
    place: GapPlace,
    isAsked = false,
  ): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!this.note(error, place, isAsked)) throw error
      return undefined
    }
  }

  /** Whether an error is about one role or one file, as others signed it. */
  canBe(error: unknown): boolean {
    if (error instanceof NotVerifiedError) return true
    if (!isTufError(error) || ending.has(error.code)) return false
    if (error instanceof PlantedError) return false
    if (error.code === 'ERR_TUF_SNAPSHOT_GONE') return this.#isAgain
    if (!(error instanceof FetchFailedError)) return true
    const { status = 0 } = error
    return status >= 400 && status < 500 && !passing.has(status)
  }

  lines(): Line[] {
    if (this.#count === 0) return []
    const shown = this.#listed.slice(0, mostListed.lines)
    const more = this.#count - shown.length
    return [
      `${count(this.#count, 'gap')}, left out of the mirror:`,
      ...shown.map((gap) => `  ${placeText(gap)}: ${gap.message}`),
      ...(more === 0 ? [] : [`  and ${more} more`]),
    ]
  }

  json(): { readonly gaps: readonly Gap[]; readonly gapCount: number } {
    return { gaps: this.#listed, gapCount: this.#count }
  }
}

function placeText(gap: GapPlace): string {
  if ('target' in gap) return `target ${gap.target}`
  const { role, delegator } = gap
  return delegator === undefined ? `role ${role}` : `role ${role}, from ${delegator}`
}
