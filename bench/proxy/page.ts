/** `docs/performance-proxy.md`. */
import type { Load } from './load.js'
import { whyNotHalf } from './missed.js'

export type Loads = Readonly<Record<'bare' | 'relay' | 'first' | 'again', Load>>

export interface ProxyFigures {
  readonly date: string
  readonly machine: string
  readonly clients: number
  readonly files: number
  /** Times in milliseconds, memory in MiB. */
  readonly installs: readonly {
    readonly title: string
    readonly plain: number
    readonly run: number
    readonly ratio: number
    readonly peak: number
    readonly runs: number
  }[]
  /** Files alone, and each after its page. */
  readonly loads: { readonly files: Loads; readonly installs: Loads }
}

/** The whole page. */
export function proxyPage(figures: ProxyFigures): string {
  const seconds = (time: number): string => (time / 1_000).toFixed(2)
  const installs = figures.installs.map(
    ({ title, plain, run, ratio, peak, runs }) =>
      `| ${title} | ${runs} | ${seconds(plain)} | ${seconds(run)} | ${ratio.toFixed(2)} | ${peak.toFixed(0)} |`,
  )
  return `# Performance of the proxy

Written by \`npm run bench:proxy -- --write\` on ${figures.date}: ${figures.machine}. Everything is on loopback, where an upstream costs
nothing: a real network makes every ratio better. Absolute figures move with the machine and the hour; the ratios are of one run.

## pip under \`tuffet pypi run\` beside pip from a plain static index

The first column of times is pip alone. The second is the whole command, with the start of tuffet, an empty store and the first refresh.
Memory is the peak of the process with the proxy, without pip.

| | runs | pip, s | pip under \`run\`, s | ratio | peak memory, MiB |
| --- | --: | --: | --: | --: | --: |
${installs.join('\n')}

## \`tuffet pypi serve\` with ${figures.clients} clients

${figures.files} wheels of 20 kB, each of its own project. The clients keep their connections. Clients, upstream and proxy are three
processes on the same cores. For a new file the proxy fetches and verifies two: the file and its page.

### The page and then the file, as installers ask

The goal is half the upstream's rate: ${goal(figures.loads.installs.first, figures.loads.installs.bare)} for files that are new, ${goal(figures.loads.installs.again, figures.loads.installs.bare)} for files from memory.

${table(figures.loads.installs)}

### The file alone

Here the proxy makes two requests for each one of a client: ${goal(figures.loads.files.first, figures.loads.files.bare)} for files that are new, ${goal(figures.loads.files.again, figures.loads.files.bare)} for files from memory.

${table(figures.loads.files)}

${whyNotHalf}`
}

function goal(through: Load, bare: Load): string {
  return through.filesPerSecond / bare.filesPerSecond >= 0.5 ? 'met' : 'not met'
}

function table({ bare, relay, first, again }: Loads): string {
  const rows = [
    ['the upstream alone', bare],
    ['through a relay that verifies nothing', relay],
    ['through the proxy, every file for the first time', first],
    ['through the proxy, the same files once more', again],
  ] as const
  const lines = rows.map(
    ([title, { filesPerSecond, median, p99 }]) =>
      `| ${title} | ${filesPerSecond.toFixed(0)} | ${(filesPerSecond / bare.filesPerSecond).toFixed(2)} | ${median.toFixed(0)} | ${p99.toFixed(0)} |`,
  )
  return `| | files/s | of the upstream | median, ms | 99 of 100 within, ms |
| --- | --: | --: | --: | --: |
${lines.join('\n')}`
}
