/** Runs clients as whole processes, in turn, and takes the medians of their reports. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { median } from './statistics.js'
import type { Section, Usage } from './usage.js'
import type { Workshop } from './workshop.js'
import type { CommandTask, Task } from './task.js'

/** One client with one task. */
export interface Job {
  readonly name: string
  /** Below `bench/`: `clients/tuffet`; a compiled program by its absolute path. */
  readonly program: string
  /** The Node that runs it. Default: this one. */
  readonly node?: string | undefined
  readonly task?: Task | CommandTask
  /** Folders that are removed before each run: a cold client finds none. */
  readonly fresh?: readonly string[]
}

/** Medians over the runs of one job. */
export interface Figures {
  /** Milliseconds. */
  readonly cpu: number
  /** Milliseconds from start to exit. */
  readonly wall: number
  /** Bytes. */
  readonly peak: number
  /** Milliseconds a call, and the calls of one run. */
  readonly section?: Section
  readonly figures?: Readonly<Record<string, number>>
}

/** All jobs once as a warm-up, then all of them `rounds` times, one after another. */
export async function inTurn(
  workshop: Workshop,
  jobs: readonly Job[],
  rounds: number,
): Promise<Map<string, Figures>> {
  const runs = new Map<string, (Usage & { readonly wall: number })[]>()
  for (let round = 0; round <= rounds; round++) {
    for (const job of jobs) {
      const run = await runOnce(workshop, job)
      if (round === 0) runs.set(job.name, [])
      else runs.get(job.name)?.push(run)
    }
  }
  return new Map([...runs].map(([name, each]) => [name, figuresOf(each)]))
}

/** One process from its start to its end. */
export async function runOnce(
  workshop: Workshop,
  { name, program, node = process.execPath, task, fresh = [] }: Job,
): Promise<Usage & { readonly wall: number }> {
  for (const folder of fresh) rmSync(folder, { recursive: true, force: true })
  const compiled = isAbsolute(program)
  const interpreter = program.endsWith('.py') ? pythonCommand() : node
  // Ten thousand paths are too long for an argument.
  const file = join(workshop.folder, 'task.json')
  writeFileSync(file, JSON.stringify(task ?? {}))
  const [command, args] = compiled
    ? [program, [file]]
    : [interpreter, [workshop.program(program), file]]
  const start = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const wall = performance.now() - start
  if (status !== 0) throw new Error(`${name} failed`)
  const last = output.trimEnd().split('\n').at(-1) ?? ''
  return { ...(JSON.parse(last) as Usage), wall }
}

/** The interpreter that can import python-tuf, if one exists. */
export function pythonCommand(): string {
  return process.env['PYTHON'] ?? 'python3'
}

function figuresOf(runs: readonly (Usage & { readonly wall: number })[]): Figures {
  const of = (value: (run: Usage & { readonly wall: number }) => number): number =>
    median(runs.map(value))
  const calls = runs[0]?.section?.calls
  return {
    cpu: of(({ cpu }) => cpu),
    wall: of(({ wall }) => wall),
    peak: of(({ peak }) => peak),
    ...(calls !== undefined && {
      section: {
        cpu: of(({ section }) => (section?.cpu ?? 0) / calls),
        wall: of(({ section }) => (section?.wall ?? 0) / calls),
        calls,
      },
    }),
    figures: Object.fromEntries(
      Object.keys(runs[0]?.figures ?? {}).map((name) => [
        name,
        of(({ figures }) => figures?.[name] ?? Number.NaN),
      ]),
    ),
  }
}
