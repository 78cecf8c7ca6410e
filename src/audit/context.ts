/** The state that all steps of one audit share. */
import type { Cryptography } from '../core/keys/cryptography.js'
import type { CanonicalForm } from '../core/json/canonical.js'
import { olpc } from '../core/json/canonical.js'
import type { Root } from '../core/metadata/model.js'
import type { ParseOptions } from '../core/metadata/parse.js'
import type { Steps } from '../core/search/path-pattern.js'
import { FetchError, isTufError } from '../errors.js'
import type { Findings } from './findings.js'
import type { AuditCounts, AuditLimits, AuditOptions } from './options.js'
import type { Room } from './room.js'
import { LimitReached, type Source } from './source.js'

/** A role as the report shows it. */
export interface AuditedRole {
  /** Cut after 1,024 characters. */
  readonly role: string
  readonly version: number
  /** Milliseconds since 1970. */
  readonly expires: number
  /** Bytes. */
  readonly length: number
}

/** Counters that grow while the audit works. */
export type Counters = { -readonly [K in keyof AuditCounts]: number }

export interface Audit {
  readonly options: AuditOptions
  readonly now: number
  readonly limits: AuditLimits
  readonly findings: Findings
  readonly source: Source
  readonly cryptography: Cryptography
  readonly form: CanonicalForm
  readonly counters: Counters
  /** Public keys, by their identity, that sign timestamp and snapshot: those of a machine. */
  readonly onlineKeys: Set<string>
  readonly topLevel: AuditedRole[]
  /** The delegated roles that expire first. */
  readonly soonest: AuditedRole[]
  /** Steps of comparing, in all. */
  readonly steps: Steps
  /** For files of roles that are read at the same time. */
  readonly room: Room
  /** Bytes that stay in memory up to the end, roughly. */
  kept: number
  complete: boolean
}

/** How files are read and judged. */
export function judging({ cryptography, form }: Audit): ParseOptions & {
  readonly cryptography: Cryptography
} {
  return { cryptography, ...(form !== olpc && { canonicalForm: form }) }
}

/** Whether names have versions and digests. */
export interface Naming {
  readonly consistent: boolean
}

export function namingOf(root: Root): Naming {
  return { consistent: root.consistentSnapshot }
}

/**
 * Notes that the audit does not see all.
 *
 * @throws `error` where it is not a limit of the audit
 */
export function noteLimit(audit: Audit, error: unknown): void {
  if (!(error instanceof LimitReached)) throw error
  incomplete(audit, `The audit's own limit ${error.limit} was reached.`)
}

/** Notes it once for each message. */
export function incomplete(audit: Audit, message: string): void {
  if (audit.complete || !noted.get(audit)?.has(message)) {
    noted.set(audit, (noted.get(audit) ?? new Set<string>()).add(message))
    audit.findings.add({ code: 'incomplete', role: '', message })
  }
  audit.complete = false
}

const noted = new WeakMap<Audit, Set<string>>()

/**
 * The message of an error that belongs to the repository or to a request.
 *
 * @throws `error` where it is another: a defect, an abort, a limit
 */
export function messageOf(error: unknown): string {
  if (!isTufError(error)) throw error
  const { cause } = error
  const more = error instanceof FetchError && cause instanceof Error ? `: ${cause.message}` : ''
  return error.message.includes(more) ? error.message : `${error.message}${more}`
}
