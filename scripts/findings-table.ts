/** The tables in docs/guides/auditing-a-repository.md, made from those of the sources. */
import { clientLimits } from '../src/audit/clients/client-limits.js'
import { clientsThatDiffer } from '../src/audit/clients/clients.js'
import { findingCodes, findingKinds, vectorsOf } from '../src/audit/kinds/kinds.js'

/** Between these marks. */
export const marks = {
  findings: ['<!-- findings -->\n', '<!-- end of findings -->\n'],
  limits: ['<!-- limits -->\n', '<!-- end of limits -->\n'],
} as const

/** A page with the tables as they are now. */
export function withTables(page: string): string {
  return put(put(page, marks.findings, findingsTable()), marks.limits, limitsTable())
}

function put(page: string, [start, end]: readonly [string, string], table: string): string {
  const [before = '', rest = ''] = page.split(start)
  const after = rest.split(end)[1]
  if (after === undefined) throw new Error(`the page lacks ${start} or ${end}`)
  return `${before}${start}\n${table}\n${end}${after}`
}

function findingsTable(): string {
  const rows = findingCodes.map((code) => {
    const { severity, about, advice } = findingKinds[code]
    const clients = clientsThatDiffer(vectorsOf(code)).join(', ')
    return row([`\`${code}\``, severity, `${about} ${advice}`, clients])
  })
  return [
    row(['kind', 'severity', 'meaning, and advice', 'other clients that differ']),
    row(['---', '---', '---', '---']),
    ...rows,
  ].join('\n')
}

function limitsTable(): string {
  const shown = (value: number): string =>
    value === Infinity ? '–' : String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
  const rows = Object.entries(clientLimits).map(
    ([name, { root, timestamp, snapshot, targets, roots, roles }]) =>
      row([name, ...[root, timestamp, snapshot, targets, roots, roles].map(shown)]),
  )
  return [
    row(['client', 'root', 'timestamp', 'snapshot', 'targets', 'new roots', 'roles of a search']),
    row(['---', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...rows,
  ].join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
