/**
 * An audit of a whole repository, for those who run it.
 *
 * @module tuffet/audit
 */

export { auditRepository } from './audit.js'
export type { AuditedRole } from './context.js'
export type { Finding } from './findings.js'
export type { KindRow, Severity } from './kinds/kind-row.js'
export { findingCodes, findingKinds, isFindingCode, type FindingCode } from './kinds/kinds.js'
export type { AuditCounts, AuditLimits, AuditOptions } from './options.js'
export { prometheusText } from './prometheus.js'
export { findingsFrom, type AuditReport } from './report.js'
