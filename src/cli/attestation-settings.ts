/** Attestations, from `tuffet.json` and from options. */
import { originOf } from '../attestations/origin.js'
import { parsePublisherPins, type PublisherPins } from '../attestations/pins.js'
import type { AttestationRequirement } from '../attestations/policy.js'
import { readPlainJson } from '../core/json/read.js'
import { checkBaseUrl } from '../core/names.js'
import { isRecord } from './is-record.js'
import { didYouMean } from './nearest.js'
import { UsageError } from './usage-error.js'

/** The field `attestations`. */
export interface AttestationSettings {
  readonly require?: AttestationRequirement
  readonly publishers?: PublisherPins
  /** Whether publishers are remembered from first use. */
  readonly firstUse?: boolean
  /** The Integrity API, for pages without links to attestations. */
  readonly integrityUrl?: string
  /** Where links to attestations may lead besides the index. */
  readonly origins?: readonly string[]
}

const names = ['require', 'publishers', 'firstUse', 'integrityUrl', 'origins']

/**
 * Reads the field `attestations`, or the word of the option.
 *
 * @throws UsageError; of a field of it, its message begins with `.field`
 */
export function attestationsFrom(value: unknown): AttestationSettings {
  if (typeof value === 'string') return { require: requirementFrom(value, '') }
  if (!isRecord(value)) throw new UsageError('must be an object, or all, pinned or report')
  const unknown = Object.keys(value).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`.${unknown} is not a setting${didYouMean(unknown, names)}`)
  }
  const { require, publishers, firstUse, integrityUrl, origins } = value
  if (firstUse !== undefined && typeof firstUse !== 'boolean') {
    throw new UsageError('.firstUse must be true or false')
  }
  return {
    ...(require !== undefined && { require: requirementFrom(require, '.require') }),
    ...(publishers !== undefined && { publishers: publishersFrom(publishers) }),
    ...(firstUse !== undefined && { firstUse }),
    ...(integrityUrl !== undefined && { integrityUrl: integrityUrlFrom(integrityUrl) }),
    ...(origins !== undefined && { origins: originsFrom(origins) }),
  }
}

function requirementFrom(value: unknown, field: string): AttestationRequirement {
  if (value === 'all' || value === 'pinned' || value === 'report') return value
  throw new UsageError(`${field} must be all, pinned or report`.trim())
}

function publishersFrom(value: unknown): PublisherPins {
  try {
    // As JSON again: the reader of pins takes what the library's own parser made.
    return parsePublisherPins(readPlainJson(new TextEncoder().encode(JSON.stringify(value))))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`.publishers: ${error.message}`, { cause: error })
  }
}

function integrityUrlFrom(value: unknown): string {
  try {
    if (typeof value === 'string') return checkBaseUrl(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`.integrityUrl must be a base URL: ${error.message}`, { cause: error })
  }
  throw new UsageError('.integrityUrl must be text')
}

function originsFrom(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new UsageError('.origins must be a list')
  const origins: readonly unknown[] = value
  try {
    return origins.map((one) => originOf(String(one)))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`.origins: ${error.message}`, { cause: error })
  }
}
