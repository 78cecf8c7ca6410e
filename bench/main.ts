/**
 * `npm run bench`: this client beside its peers and beside the floor, as whole processes in turn.
 * Absolute figures move by half from one machine or hour to the next; ratios in one run do not.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { nodeForPeers, nodeProgram } from '../scripts/runtimes/programs.js'
import { barsOf, farOff, tolerance, type Measured } from './bars.js'
import { measureProcesses, type Bench } from './bench.js'
import { findPythonTuf, tufJs, type OtherNode } from './clients.js'
import { measureBins } from './measure-bins.js'
import { measureBatch, measureDownload } from './measure-files.js'
import { measureCommand } from './measure-command.js'
import { measureGrowth } from './measure-growth.js'
import { measureLong } from './measure-long.js'
import { measureRefresh, measureVariants } from './measure-refresh.js'
import { measureSmall } from './measure-small.js'
import { measureVerify } from './measure-verify.js'
import { measureWire } from './measure-wire.js'
import { microFigures } from './micro-figures.js'
import { nativeClients } from './native.js'
import { readOptions, usage, type Options } from './options.js'
import { performancePage } from './page.js'
import { plotCurves } from './plot.js'
import { reportText } from './report.js'
import type { Report } from './results.js'
import { Workshop } from './workshop.js'

const plotLabels = { bins: 'hash bins', targets: 'targets in one role' }
const binSizes = [1_024, 2_048, 4_096, 16_384, 65_536]
const targetCounts = [1_000, 10_000, 100_000]

const root = fileURLToPath(new URL('../', import.meta.url))
const options = readOptions(process.argv.slice(2), root)
if (options === 'help') console.log(usage)
else await run(options)

async function run({ quick, json, write, bins, rounds, package: folder }: Options): Promise<void> {
  const python = findPythonTuf()
  const begin = performance.now()
  const progress = (what: string): void => {
    const minutes = ((performance.now() - begin) / 60_000).toFixed(1)
    console.error(`… ${minutes} min: ${what}`)
  }
  const skipped: string[] = []
  const skip = (what: string): void => {
    skipped.push(what)
    progress(`skipped ${what}`)
  }
  const nodes = quick ? [] : otherNodes(skip)
  const bench: Bench = {
    workshop: new Workshop(folder),
    rounds,
    quick,
    python,
    nodes: [{ name: `Node ${process.versions.node}` }, ...nodes],
    native: quick ? [] : nativeClients({ progress, skip }),
    progress,
    skip,
  }
  if (python === undefined) skip('python-tuf: PYTHON names no interpreter that has it')
  const report = await measure(bench, bins, skipped)
  if (write) {
    writeFileSync(`${root}docs/performance.md`, performancePage(report))
    for (const what of ['bins', 'targets'] as const) {
      const curves = report.curves.filter(({ of }) => of === what)
      writeFileSync(`${root}docs/performance-${what}.svg`, plotCurves(curves, plotLabels[what]))
    }
  }
  console.log(json ? JSON.stringify(report, null, 2) : reportText(report))
  if (!quick) return
  const far = farOff(report.bars)
  for (const { bar, figure, limit } of far) {
    console.error(`${bar}: ${figure.toFixed(2)}, over ${tolerance} times ${limit}`)
  }
  if (far.length > 0) process.exitCode = 1
}

/** The newest long-term Node, from the npm package `node`. */
function otherNodes(skip: Bench['skip']): OtherNode[] {
  const name = `Node ${nodeForPeers}`
  const found = nodeProgram(nodeForPeers)
  if ('path' in found) return found.path === process.execPath ? [] : [{ name, node: found.path }]
  skip(`${name}: ${found.reason}`)
  return []
}

async function measure(bench: Bench, bins: number, skipped: readonly string[]): Promise<Report> {
  const { quick } = bench
  bench.progress("import 'tuffet'")
  const [nothing, tuffet] = await measureProcesses(
    // Short, and a small difference between them counts.
    { ...bench, rounds: 3 * bench.rounds },
    [
      { name: 'an empty process', program: 'clients/nothing' },
      { name: "import 'tuffet'", program: 'clients/import-tuffet' },
    ],
    { base: 'an empty process' },
  )
  if (nothing === undefined || tuffet === undefined) throw new Error('not measured')
  const command = await measureCommand(bench, bins)
  const verify = quick ? undefined : await measureVerify(bench)
  const scenarios = [
    { title: "import 'tuffet'", rows: [nothing, tuffet] },
    ...command.scenarios,
    ...(verify ? [verify] : []),
    ...(await measureRefresh(bench, bins)),
    ...(quick ? [] : [await measureBins(bench, bins)]),
    ...(quick ? [] : await measureSmall(bench)),
    ...(quick ? [] : await measureVariants(bench, bins)),
    await measureDownload(bench),
    ...(quick ? [] : await measureBatch(bench)),
  ]
  const measured: Measured = {
    scenarios,
    imports: { nothing, tuffet },
    longLived: await measureLong(bench, bins),
    command,
    wire: await measureWire(bench, bins),
    bins: await measureGrowth(bench, 'path-hash-prefixes', quick ? [1_024, 16_384] : binSizes),
    targets: await measureGrowth(bench, 'one-role', quick ? [1_000, 30_000] : targetCounts),
    micro: quick ? [] : microFigures(bench),
  }
  return {
    environment: {
      Node: process.version,
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      rounds: bench.rounds,
      bins,
      peers: [
        tufJs.name,
        ...(bench.python ? [bench.python.name] : []),
        ...bench.native.map(({ name }) => name),
      ].join(', '),
      ...(skipped.length > 0 && { skipped: skipped.join('; ') }),
    },
    scenarios,
    longLived: measured.longLived,
    wire: measured.wire.lines,
    curves: [...measured.bins, ...measured.targets],
    micro: measured.micro,
    bars: barsOf(measured),
  }
}
