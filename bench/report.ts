/** A report as text: tables of Markdown, aligned so that a terminal shows them well too. */
import { longFigures } from './long-figures.js'
import type { Bar, Curve, LongLived, Micro, Report, Row, Scenario, WireLine } from './results.js'

/** The whole report. */
export function reportText(report: Report): string {
  const about = Object.entries(report.environment).map(([name, value]) => `${name} ${value}`)
  return [
    about.join(', '),
    heading('Bars'),
    barsTable(report.bars),
    ...report.scenarios.flatMap((scenario) => [heading(scenario.title), scenarioTable(scenario)]),
    heading('A process that lives long'),
    longTable(report.longLived),
    heading('Bytes on the wire, beside PEP 458'),
    wireTable(report.wire),
    ...(['bins', 'targets'] as const).flatMap((what) => [
      heading(`Growth with ${what}, cold starts: CPU and peak memory`),
      curvesTable(report.curves.filter((curve) => curve.of === what)),
    ]),
    ...(report.micro.length === 0 ? [] : [heading('Single functions'), microTable(report.micro)]),
  ].join('\n\n')
}

/** Only the bars. */
export function barsTable(bars: readonly Bar[]): string {
  return table(
    ['bar', 'figure', 'limit', ''],
    bars.map(({ bar, figure, limit, met }) => [
      bar,
      number(figure),
      number(limit),
      met ? 'met' : 'MISSED',
    ]),
  )
}

function scenarioTable({ rows, note }: Scenario): string {
  const columns: [string, (row: Row) => string | undefined][] = [
    ['client', ({ client }) => client],
    ['CPU ms', ({ cpu }) => number(cpu)],
    ['× base', ({ ratio }) => ratio?.toFixed(2)],
    ['wall ms', ({ wall }) => number(wall)],
    ['peak MB', ({ peak }) => (peak === undefined ? undefined : (peak / 1e6).toFixed(0))],
    ['calls', ({ calls }) => calls?.toLocaleString('en')],
    ['requests', ({ requests }) => requests?.toLocaleString('en')],
    ['received', ({ received }) => received?.toLocaleString('en')],
    ['connections', ({ connections }) => connections?.toString()],
  ]
  const used = columns.filter(([, of]) => rows.some((row) => of(row) !== undefined))
  const text = table(
    used.map(([name]) => name),
    rows.map((row) => used.map(([, of]) => of(row) ?? '')),
  )
  return note === undefined ? text : `${text}\n\n${note}`
}

function longTable(measured: readonly LongLived[]): string {
  return table(
    ['figure', ...measured.map(({ node }) => node)],
    Object.values(longFigures).map((name) => [
      name,
      ...measured.map(({ figures }) => number(figures[name] ?? Number.NaN)),
    ]),
  )
}

function wireTable(lines: readonly WireLine[]): string {
  return table(
    ['user', 'requests', 'bytes, gzip', 'bytes, plain', 'of a distribution', 'PEP 458'],
    lines.map((line) => [
      line.user,
      String(line.requests),
      line.received.toLocaleString('en'),
      line.plain.toLocaleString('en'),
      `${line.overhead.toFixed(1)} %`,
      line.expected,
    ]),
  )
}

function curvesTable(curves: readonly Curve[]): string {
  const sizes = [...new Set(curves.flatMap(({ points }) => points.map(({ size }) => size)))]
  sizes.sort((a, b) => a - b)
  return table(
    ['client', ...sizes.map((size) => size.toLocaleString('en'))],
    curves.map(({ client, points }) => [
      client,
      ...sizes.map((size) => {
        const point = points.find((one) => one.size === size)
        return point ? `${number(point.cpu)} ms, ${(point.peak / 1e6).toFixed(0)} MB` : ''
      }),
    ]),
  )
}

function microTable(found: readonly Micro[]): string {
  return table(
    ['function', 'µs a call', '±'],
    found.map(({ name, median, margin }) => [name, number(median), `${margin.toFixed(1)} %`]),
  )
}

function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = names.map((name, column) =>
    Math.max(name.length, 3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' | ')} |`
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(names), line(rule), ...rows.map(line)].join('\n')
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}

function heading(title: string): string {
  return `### ${title}`
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 || Number.isInteger(value)
    ? String(Math.round(10 * value) / 10)
    : value.toPrecision(3)
}
