/** The bars of the second version: on two Nodes, beside compiled programs, and in long-lived processes. */
import type { Measured } from './bars.js'
import { longFigures } from './long-figures.js'
import { binsTitle } from './measure-bins.js'
import { commandTitles } from './measure-command.js'
import { titles } from './measure-refresh.js'
import { smallTitles } from './measure-small.js'
import { verifyTitle } from './measure-verify.js'
import type { Bar, Row } from './results.js'

/** CPU as a multiple of another row's. `node`: which of the two limits; the second is for newer ones. */
const ratios: readonly {
  readonly title: string
  readonly name: string
  /** How the other's name starts; `floor` is that of the same Node. */
  readonly to: string
  readonly limits: readonly [first: number | undefined, later: number]
}[] = [
  ...(['cold', 'warm'] as const).flatMap((name) => [
    { title: titles[name], name, to: 'floor', limits: [0.65, 0.5] as const },
    { title: titles[name], name, to: 'sigstore-tuf', limits: [0.85, 0.65] as const },
    { title: titles[name], name, to: 'physical', limits: [6.5, 5] as const },
  ]),
  { title: binsTitle, name: 'one of 500 new bins', to: 'physical', limits: [3.5, 3.5] },
  { title: smallTitles.succinct, name: 'cold, 1,024 bins', to: 'go-tuf', limits: [undefined, 0.9] },
  { title: verifyTitle, name: 'verify of 1 GB', to: 'openssl dgst', limits: [2, 2] },
]

const peaks = [
  { title: titles.cold, name: 'cold', limits: [70, 90] },
  { title: binsTitle, name: '500 new bins', limits: [75, 95] },
] as const

const longLimits = [
  [longFigures.idle, 1.5],
  [longFigures.known, 2],
  [longFigures.coldBlock, 16],
  [longFigures.warmBlock, 10],
] as const

/** Those that were measured in this run. */
export function goalsOf(measured: Measured): Pick<Bar, 'bar' | 'figure' | 'limit'>[] {
  const { scenarios, longLived, command } = measured
  const goals: Pick<Bar, 'bar' | 'figure' | 'limit'>[] = []
  const add = (bar: string, figure: number | undefined, limit: number | undefined): void => {
    if (figure !== undefined && limit !== undefined) {
      goals.push({ bar: `goal: ${bar}`, figure, limit })
    }
  }
  longLived.forEach(({ node, figures }, index) => {
    const on = index === 0 ? '' : `, ${node}`
    const limit = <T>([first, later]: readonly [T, T]): T => (index === 0 ? first : later)
    const rowOf = (title: string, fits: (client: string) => boolean): Row | undefined =>
      scenarios.find((one) => one.title === title)?.rows.find(({ client }) => fits(client))
    const own = (title: string): Row | undefined => rowOf(title, (name) => name === `tuffet${on}`)
    for (const { title, name, to, limits } of ratios) {
      const fits = (client: string): boolean =>
        to === 'floor' ? client === `floor${on}` : client.startsWith(to)
      const [tuffet, other] = [own(title), rowOf(title, fits)]
      const figure = tuffet && other && tuffet.cpu / other.cpu
      add(`${name}, ${node}, CPU, times ${to}`, figure, limit(limits))
    }
    for (const { title, name, limits } of peaks) {
      const peak = own(title)?.peak
      add(`${name}, ${node}, peak MB`, peak && peak / 1e6, limit(limits))
    }
    const check = command.entries === 1_000 ? own(commandTitles.check) : undefined
    add(`pypi check of 1,000, warm, ${node}, CPU s`, check && check.cpu / 1_000, 0.7)
    for (const [name, most] of longLimits)
      add(`${name}, ${node}`, figures[name] ?? Number.NaN, most)
  })
  return goals
}
