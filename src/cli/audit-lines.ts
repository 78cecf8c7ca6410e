/** The report of an audit as lines for people. */
import type { AuditReport, Finding, FindingCode, Severity } from '../audit/index.js'
import { count } from '../words/amounts.js'
import { expiryInWords } from '../words/durations.js'
import type { Line, Style } from './paint.js'

const styles: Readonly<Record<Severity, Style>> = {
  error: 'bad',
  warning: 'doubtful',
  notice: 'heading',
}

/** Delegated roles that are shown; the others are in `--json`. */
const mostRoles = 5

/** Characters of the name of a role. */
const mostRoleLength = 200

function shown(role: string): string {
  return role.length > mostRoleLength ? `${role.slice(0, mostRoleLength)}…` : role
}

export function auditLines(report: AuditReport, accepted: readonly FindingCode[]): Line[] {
  const { roles, soonest, counts, now, complete, findings, totals } = report
  const rows = [...roles, ...soonest.slice(0, mostRoles)]
  const width = Math.max(0, ...rows.map(({ role }) => role.length))
  const none = Object.keys(totals).length === 0
  const { requests, targets, asked, read } = counts
  return [
    ...rows.map(
      ({ role, version, expires }) =>
        `${shown(role).padEnd(Math.min(width, 40))} ${version}, ${expiryInWords(expires, now)}`,
    ),
    ...(counts.roles > mostRoles ? [`${count(counts.roles, 'delegated role')} in all`] : []),
    `${count(targets, 'target')}, ${asked} asked for, ${read} verified; ${count(requests, 'request')}`,
    ...findings.flatMap((finding, at) => [
      ...(findings[at - 1]?.code === finding.code ? [] : headLines(finding, totals, accepted)),
      `  ${finding.role === '' ? '' : `${shown(finding.role)}: `}${finding.message}${clientsIn(finding)}`,
      ...(findings[at + 1]?.code === finding.code ? [] : [`  → ${finding.advice}`]),
    ]),
    ...(complete ? [] : ['The audit did not see all of the repository.']),
    ...(none ? ['no findings'] : []),
    ...(findings.length === 0 && !none ? [`not shown: ${Object.keys(totals).join(', ')}`] : []),
  ]
}

function headLines(
  { code, severity }: Finding,
  totals: AuditReport['totals'],
  accepted: readonly FindingCode[],
): Line[] {
  const total = totals[code] ?? 1
  const number = total === 1 ? '' : `, ${total}`
  const note = accepted.includes(code) ? ', accepted' : ''
  return [[{ text: severity, style: styles[severity] }, { text: ` ${code}${number}${note}` }]]
}

function clientsIn({ clients = [] }: Finding): string {
  return clients.length === 0 ? '' : ` Clients that differ: ${clients.join(', ')}.`
}
