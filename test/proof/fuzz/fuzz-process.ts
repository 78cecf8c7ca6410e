/**
 * Runs in a tree whose sources count their branches: see main.ts. Argument: JSON of {@link Task}.
 * Prints one line of JSON for each target.
 */
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { Search } from './loop.js'

export interface Task {
  readonly tree: string
  readonly project: string
  readonly seed: number
  /** For each target. */
  readonly asks: number
  readonly seconds: number
  readonly targets: readonly string[]
  /** How many counters there are. */
  readonly counters: number
}

export interface Report extends Omit<Search, 'kept' | 'fault'> {
  readonly target: string
  readonly fault?: { readonly reason: string; readonly input: string }
  /** Base64. */
  readonly kept: readonly string[]
}

const parse: (text: string) => Task = JSON.parse
const task = parse(process.argv[2] ?? '')
const counts = new Uint32Array(task.counters)
Object.assign(globalThis, { tuffetCounters: counts })

// Only now: the sources count from their first line on.
const load = <T>(name: string): Promise<T> =>
  import(pathToFileURL(join(task.tree, 'test/proof', name)).href) as Promise<T>
const { targets } = await load<typeof import('./targets.js')>('fuzz/targets.js')
const { search, shorten } = await load<typeof import('./loop.js')>('fuzz/loop.js')
const { seedsOf } = await load<typeof import('./seeds.js')>('fuzz/seeds.js')
const { picker } = await load<typeof import('../histories/history.js')>('histories/history.js')

for (const target of targets.filter(({ name }) => task.targets.includes(name))) {
  const end = performance.now() + 1000 * task.seconds
  const seeds = seedsOf(target.name, task.project)
  const goOn = (asked: number): boolean => asked < task.asks && performance.now() < end
  const { fault, kept, ...found } = await search(target, seeds, counts, picker(task.seed), goOn)
  const input = fault && (await shorten(target, fault))
  const report: Report = {
    target: target.name,
    ...found,
    kept: kept.map((one) => Buffer.from(one).toString('base64')),
    ...(fault && {
      fault: { reason: fault.reason, input: Buffer.from(input ?? []).toString('base64') },
    }),
  }
  process.stdout.write(`${JSON.stringify(report)}\n`)
}
