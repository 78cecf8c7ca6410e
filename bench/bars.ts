/** The bars that this client must stay below, and the measured figures. */
import { slopeOf } from './measure-growth.js'
import { commandTitles, type CommandFigures } from './measure-command.js'
import { fileTitles } from './measure-files.js'
import { titles } from './measure-refresh.js'
import type { Wire } from './measure-wire.js'
import { goalsOf } from './goals.js'
import { rowOf, scenarioOf, type Bar, type Curve, type LongLived } from './results.js'
import type { Micro, Row, Scenario } from './results.js'

/** Everything that the bars are about. */
export interface Measured {
  readonly scenarios: readonly Scenario[]
  readonly bins: readonly Curve[]
  readonly targets: readonly Curve[]
  readonly longLived: readonly LongLived[]
  readonly command: CommandFigures
  readonly imports: { readonly nothing: Row; readonly tuffet: Row }
  readonly wire: Wire
  readonly micro: readonly Micro[]
}

/** How far a ratio to the floor may be beyond its bar before a quick run fails. */
export const tolerance = 1.5

/** Every bar. */
export function barsOf(measured: Measured): Bar[] {
  const { scenarios, bins, targets, imports, wire, command } = measured
  const bars: Bar[] = []
  const add = (bar: string, figure: number | undefined, limit: number, ofFloor = false): void => {
    if (figure === undefined) return
    // A value that is not a number does not meet a bar either.
    bars.push({ bar, figure, limit, met: figure <= limit, ofFloor })
  }
  const row = (title: string, client: string): Row | undefined =>
    rowOf(scenarioOf(scenarios, title), client)
  const cpuRatio = (title: string, client: string): number | undefined => {
    const other = row(title, client)
    return other && (row(title, 'tuffet')?.cpu ?? Number.NaN) / other.cpu
  }

  add('cold, CPU, times the floor', cpuRatio(titles.cold, 'floor'), 1.5, true)
  add('warm, CPU, times the floor', cpuRatio(titles.warm, 'floor'), 1.5, true)
  add('cold, CPU, times python-tuf', cpuRatio(titles.cold, 'python-tuf'), 0.65)
  add('warm, CPU, times python-tuf', cpuRatio(titles.warm, 'python-tuf'), 0.65)
  add('one more target in a loaded bin, ms', row(titles.loaded, 'tuffet')?.cpu, 0.1)
  add('one target in a new bin, CPU, times the floor', cpuRatio(titles.apart, 'floor'), 1.5, true)
  const [peak, least] = [row(titles.cold, 'tuffet')?.peak, row(titles.cold, 'floor')?.peak]
  add('cold, peak memory, times the floor', (peak ?? Number.NaN) / (least ?? 1), 1.3, true)

  const { nothing, tuffet } = imports
  const start = { cpu: tuffet.cpu, peak: tuffet.peak ?? 0 }
  for (const [what, curves] of [
    ['bins', bins],
    ['targets in one role', targets],
  ] as const) {
    const curve = curves.find(({ client }) => client === 'tuffet')
    if (curve === undefined) continue
    add(`growth with ${what}, exponent of CPU`, slopeOf(curve, 'cpu', start), 1.1)
    add(`growth with ${what}, exponent of memory`, slopeOf(curve, 'peak', start), 1.1)
  }

  const large = 'download of 100 MiB, CPU, times the best by hand'
  add(large, row(fileTitles.large, 'tuffet')?.ratio, 1.2, true)
  add("import 'tuffet', CPU over an empty process, ms", tuffet.cpu - nothing.cpu, 30)
  const version = row(commandTitles.start, 'tuffet')
  const empty = row(commandTitles.start, 'node -e 0')
  if (version && empty) add('--version, CPU over node -e 0, ms', version.cpu - empty.cpu, 4)
  add('pypi check, warm, CPU, times the floor', cpuRatio(commandTitles.check, 'floor'), 1.7, true)
  const digestOf = (name: string): number | undefined =>
    measured.micro.find((one) => one.name === `${name}: 1 MiB`)?.median
  const [blake, sha] = [digestOf('blake2b-256'), digestOf('sha256')]
  if (blake && sha) add('BLAKE2b with 32 bytes, times SHA-256', blake / sha, 6)
  add('requests, pypi check, warm', command.requests, 2)
  add('requests, warm and unchanged', wire.requests.refresh, 2)
  add('requests, first target after that', wire.requests.find, 0)
  for (const { bar, figure, limit } of goalsOf(measured)) add(bar, figure, limit)
  return bars
}

/** Those that fail a quick run: ratios to the floor, far beyond their bar. */
export function farOff(bars: readonly Bar[]): Bar[] {
  return bars.filter(({ ofFloor, figure, limit }) => ofFloor && !(figure <= tolerance * limit))
}
