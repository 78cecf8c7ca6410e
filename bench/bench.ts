/** The setting of every measurement: the places of programs, the number of runs, the clients. */
import type { Client, OtherNode } from './clients.js'
import { inTurn, runOnce, type Figures, type Job } from './run-client.js'
import type { Row } from './results.js'
import { serveShape, type Served } from './serve.js'
import type { Shape } from './shape.js'
import type { Workshop } from './workshop.js'

/** One run of the benchmarks. */
export interface Bench {
  readonly workshop: Workshop
  /** Runs of each program, after the warm-up. */
  readonly rounds: number
  readonly quick: boolean
  readonly python: Client | undefined
  /** This Node, and others that are there. */
  readonly nodes: readonly [OtherNode, ...OtherNode[]]
  /** Compiled programs that could be built. */
  readonly native: readonly Client[]
  /** Reports the current step. */
  readonly progress: (what: string) => void
  /** Reports a program that is missing here, by its name, and the reason. */
  readonly skip: (what: string) => void
}

/** The shape of a repository unless a measurement needs more. */
export const usualShape: Omit<Shape, 'size'> = {
  layout: 'path-hash-prefixes',
  indent: 0,
  files: false,
  apart: 51,
  together: 50,
}

/** Serves a repository for as long as `work` takes. */
export async function whileServed<T>(
  bench: Bench,
  shape: Shape,
  work: (served: Served) => Promise<T>,
): Promise<T> {
  const served = await serveShape(bench.workshop, shape)
  try {
    return await work(served)
  } finally {
    await served.end()
  }
}

/** Whole processes: medians, and the traffic of one more run of each. */
export async function measureProcesses(
  bench: Bench,
  jobs: readonly Job[],
  options: { readonly served?: Served; readonly base?: string } = {},
): Promise<Row[]> {
  const { served, base = 'floor' } = options
  const figures = await inTurn(bench.workshop, jobs, bench.rounds)
  const least = figures.get(base)?.cpu
  const rows: Row[] = []
  for (const job of jobs) {
    const figure = figuresOf(figures, job)
    rows.push({
      client: job.name,
      cpu: figure.cpu,
      wall: figure.wall,
      ...(least !== undefined && { ratio: figure.cpu / least }),
      peak: figure.peak,
      ...(served && (await trafficOf(bench, served, job))),
    })
  }
  return rows
}

/** The sections of processes: for each call. */
export async function measureCalls(
  bench: Bench,
  jobs: readonly Job[],
  base?: readonly string[],
): Promise<Row[]> {
  const figures = await inTurn(bench.workshop, jobs, bench.rounds)
  const cpuOf = (name: string): number => figures.get(name)?.section?.cpu ?? Number.NaN
  const least = base && Math.min(...base.map(cpuOf))
  return jobs.map((job) => {
    const { section, peak } = figuresOf(figures, job)
    if (section === undefined) throw new Error(`${job.name} measured no calls`)
    return {
      client: job.name,
      ...section,
      peak,
      ...(least !== undefined && { ratio: section.cpu / least }),
    }
  })
}

/** The traffic of one run of a job. */
export async function trafficOf(
  { workshop }: Bench,
  served: Served,
  job: Job,
): Promise<Pick<Row, 'requests' | 'received' | 'sent' | 'connections'>> {
  await served.traffic()
  await runOnce(workshop, job)
  const { requests, bytesReceived, bytesSent, connections } = await served.traffic()
  return { requests, received: bytesReceived, sent: bytesSent, connections }
}

function figuresOf(figures: ReadonlyMap<string, Figures>, { name }: Job): Figures {
  const figure = figures.get(name)
  if (figure === undefined) throw new Error(`${name} was not measured`)
  return figure
}
