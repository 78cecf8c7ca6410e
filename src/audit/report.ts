/** The result of an audit. */
import type { AuditedRole } from './context.js'
import type { Finding } from './findings.js'
import type { Severity } from './kinds/kind-row.js'
import { findingKinds, findingCodes, type FindingCode } from './kinds/kinds.js'
import type { AuditCounts } from './options.js'

/** The result of an audit. */
export interface AuditReport {
  readonly metadataUrl: string
  /** The time that expiry was judged at, in milliseconds since 1970. */
  readonly now: number
  /** Whether a root was given: without one, the audit does not say whose repository it is. */
  readonly anchored: boolean
  /** Whether the audit saw all: no limit of its own was reached, and the top level could be read. */
  readonly complete: boolean
  /** The top-level roles that were read. */
  readonly roles: readonly AuditedRole[]
  /** The delegated roles that expire first, at most 100. */
  readonly soonest: readonly AuditedRole[]
  readonly counts: AuditCounts
  /** How many things each kind of finding stands for, also those beyond the limit. */
  readonly totals: Readonly<Partial<Record<FindingCode, number>>>
  /** The worst first. */
  readonly findings: readonly Finding[]
}

const severities: readonly Severity[] = ['notice', 'warning', 'error']

/**
 * The kinds of findings in a report that are at least as bad as `level`.
 *
 * @param ignored kinds that are accepted
 *
 * @example
 * ```ts
 * import { auditRepository, findingsFrom } from 'tuffet/audit'
 *
 * const report = await auditRepository({ metadataUrl: 'https://tuf.example.com/metadata/' })
 * if (findingsFrom(report, 'warning', ['role-unreached']).length > 0) process.exitCode = 1
 * ```
 */
export function findingsFrom(
  { totals }: Pick<AuditReport, 'totals'>,
  level: Severity,
  ignored: readonly FindingCode[] = [],
): readonly FindingCode[] {
  const least = severities.indexOf(level)
  return findingCodes.filter(
    (code) =>
      (totals[code] ?? 0) > 0 &&
      !ignored.includes(code) &&
      severities.indexOf(findingKinds[code].severity) >= least,
  )
}
