/** A report in the text format of Prometheus, for a scrape or the textfile collector. */
import { percentEncoded, percentEncodedUrl } from '../words/printable.js'
import type { AuditedRole } from './context.js'
import { findingCodes, findingKinds } from './kinds/kinds.js'
import type { AuditReport } from './report.js'

/**
 * The report as gauges: when roles expire, how many findings of each kind there are, and the extent of
 * the audit. It ends with a line feed. In the names of roles `%` and characters that do not show are
 * percent-encoded, so that each role is a series of its own.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { auditRepository, prometheusText } from 'tuffet/audit'
 *
 * const report = await auditRepository({ metadataUrl: 'https://tuf.example.com/metadata/' })
 * await writeFile('tuffet.prom', prometheusText(report))
 * ```
 */
export function prometheusText(report: AuditReport): string {
  const { metadataUrl, now, complete, anchored, roles, soonest, counts, totals } = report
  const repository = { repository: percentEncodedUrl(metadataUrl) }
  const labelled = withLabels([...roles, ...soonest])
  const seconds = (time: number): number => Math.floor(time / 1000)
  return [
    ...gauge('tuffet_audit_time_seconds', 'When the repository was audited.', [
      [repository, seconds(now)],
    ]),
    ...gauge('tuffet_audit_complete', 'Whether the audit saw all.', [
      [repository, Number(complete)],
    ]),
    ...gauge('tuffet_audit_anchored', 'Whether the audit was given a root.', [
      [repository, Number(anchored)],
    ]),
    ...gauge(
      'tuffet_audit_findings',
      'How many findings there are of each kind.',
      findingCodes.map((code) => [
        { ...repository, code, severity: findingKinds[code].severity },
        totals[code] ?? 0,
      ]),
    ),
    ...gauge(
      'tuffet_audit_role_expires_seconds',
      'When a role expires; of delegated roles those that expire first.',
      labelled.map(([role, { expires }]) => [{ ...repository, role }, seconds(expires)]),
    ),
    ...gauge(
      'tuffet_audit_role_version',
      'The version of a role.',
      labelled.map(([role, { version }]) => [{ ...repository, role }, version]),
    ),
    ...Object.entries(counts).flatMap(([name, value]: [string, number]) =>
      gauge(`tuffet_audit_${name}`, `The number of ${name} of the audit.`, [[repository, value]]),
    ),
    '',
  ].join('\n')
}

/** Long names are cut, and may then be equal: a reader drops a text in which a series occurs twice. */
function withLabels(roles: readonly AuditedRole[]): readonly (readonly [string, AuditedRole])[] {
  const seen = new Set<string>()
  return roles.map((one) => {
    const name = percentEncoded(one.role)
    let label = name
    for (let number = 2; seen.has(label); number += 1) label = `${name} (${number})`
    seen.add(label)
    return [label, one]
  })
}

type Labels = Readonly<Record<string, string>>

function gauge(
  name: string,
  help: string,
  samples: readonly (readonly [Labels, number])[],
): string[] {
  if (samples.length === 0) return []
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(([labels, value]) => `${name}{${labelsText(labels)}} ${value}`),
  ]
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')
}

/** Of the escapes of the format these two are needed: a line feed is percent-encoded. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}
