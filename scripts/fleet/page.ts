/** The tables of docs/fleet.md. */
import { formatMarkdown } from '../../test/proof/record.js'
import { firstRun, fleet, newProxy, playDay, sizes, type Arrangement, type Load } from './model.js'

/** Between these two lines the page is written by `npm run fleet -- --write`. */
const marks = ['<!-- written by npm run fleet -- --write -->', '<!-- end -->'] as const

const rows: readonly (readonly [Arrangement, string])[] = [
  ['alone', 'each job alone, with an empty store'],
  ['kept', 'each runner with a store that it keeps'],
  ['proxies', 'a proxy for each 100 runners'],
  ['mirror', 'the same proxies, in front of one mirror'],
]

/** As they stand in the page. */
export async function fleetTables(): Promise<string> {
  const days = rows.map(([arrangement, name]) => ({ name, ...playDay(arrangement) }))
  const [first, fresh] = [firstRun(), newProxy()]
  const text = `${marks[0]}

| a day | repository | mirror | proxies, all | runners, CPU |
| --- | ---: | ---: | ---: | ---: |
${days
  .map(({ name, repository, mirror, proxies, runners }) => {
    const cells = [asked(repository), asked(mirror), asked(proxies), cpu(runners)]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  .join('\n')}

A cell has requests, bytes that are sent, and CPU. The busiest hour may be three times the average one: one proxy of the last row then uses
${share((3 * (days.at(-1)?.proxies.cpu ?? 0)) / (fleet.runners / fleet.runnersPerProxy))} of a core.

| once | asks for |
| --- | ---: |
| the first run of the mirror, with all ${grouped(fleet.bins)} bins | ${asked(first)} |
| a proxy with an empty store | ${asked(fresh)} |
| a proxy whose store is shared with the others | ${asked({ requests: 2, bytes: sizes.timestamp, cpu: 0 })} |

${marks[1]}`
  return (await formatMarkdown(text)).trimEnd()
}

/** The page with its tables put in. */
export async function withTables(page: string): Promise<string> {
  const [start, end] = [page.indexOf(marks[0]), page.indexOf(marks[1])]
  if (start < 0 || end < start) throw new Error('docs/fleet.md lacks the marks of its tables')
  return page.slice(0, start) + (await fleetTables()) + page.slice(end + marks[1].length)
}

function asked({ requests, bytes, cpu: time }: Load): string {
  if (requests === 0) return '–'
  return `${amount(requests)}, ${bytesText(bytes)}${time > 0 ? `, ${hours(time)}` : ''}`
}

function cpu({ cpu: time }: Load): string {
  return time > 0 ? hours(time) : '–'
}

/** Two digits that count. */
function amount(number: number): string {
  if (number >= 1e6) return `${short(number / 1e6)} million`
  return grouped(number >= 1_000 ? Math.round(number / 100) * 100 : number)
}

function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
  let [value, unit] = [bytes, 0]
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  return `${short(value)} ${units[unit] ?? ''}`
}

function hours(milliseconds: number): string {
  const value = milliseconds / 3_600_000
  return value < 1 ? `${short(milliseconds / 1_000)} s` : `${short(value)} h`
}

/** Of a second of a core, for milliseconds in an average day. */
function share(milliseconds: number): string {
  return `${short((100 * milliseconds) / 86_400_000)} %`
}

function short(value: number): string {
  return value >= 100 ? grouped(Math.round(value)) : String(Number(value.toPrecision(2)))
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
