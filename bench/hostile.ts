/**
 * Makes the most expensive bytes for each limit and reads them, each kind in a process of its own.
 * Prints processor time and peak memory as multiples of *reading*: the cost for the same client of an
 * ordinary targets file with as many bytes, which is parsed and searched once. A user accepts such
 * files; the platform's JSON parser alone leaves out checks that every file needs, and
 * is printed for scale.
 *
 * `--quick`: a quarter of each size (8 MB at most) and one run in place of three, of which the least
 * counts. Other arguments name the kinds to measure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { edgesFor, parseMetadata } from '../src/core/index.js'
import { MetadataInvalidError } from '../src/errors.js'
import { ordinaryTargets, worstCases, type WorstCase } from './hostile-bytes.js'
import { countRsa, rsaSigned, type Signed } from './hostile-signatures.js'

interface Cost {
  /** Milliseconds of processor time. */
  readonly time: number
  /** Bytes above the process before it, the file included. */
  readonly memory: number
  /** Milliseconds: the longest block of the event loop. */
  readonly block: number
  readonly end: string
}

const ordinary = new Map<number, Cost>()
const signatures = '64 signatures by RSA-16384'
let folder = ''

const [first, ...rest] = process.argv.slice(2)
if (first === '--measure') process.stdout.write(JSON.stringify(await measure(rest)))
else {
  folder = mkdtempSync(join(tmpdir(), 'tuffet-hostile-'))
  try {
    report(process.argv.slice(2))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function report(args: readonly string[]): void {
  const quick = args.includes('--quick')
  const only = args.filter((arg) => arg !== '--quick')
  const rows = [
    ...Object.entries(worstCases).map(([name, one]) => ({ name, one })),
    { name: signatures },
  ]
  console.log('| bytes of | MB | ms | × time | MB memory | × memory | ends with |')
  console.log('|---|--:|--:|--:|--:|--:|---|')
  for (const row of rows) {
    if (only.length > 0 && !only.includes(row.name)) continue
    const { bytes, cost } = 'one' in row ? ofCase(row.name, row.one, quick) : ofSignatures(quick)
    const reading = readingOf(bytes, quick)
    print([
      row.name,
      mega(bytes),
      cost.time.toFixed(0),
      (cost.time / reading.time).toFixed(1),
      mega(cost.memory),
      (cost.memory / reading.memory).toFixed(1),
      cost.end,
    ])
  }
  console.log('\n| an ordinary file, cold | MB | ms | longest block, ms | MB memory |')
  console.log('|---|--:|--:|--:|--:|')
  for (const bytes of quick ? [3_000_000] : [3_000_000, 32_000_000]) {
    for (const [name, kind] of [
      ['read', 'ordinary'],
      ['`JSON.parse` alone', 'json'],
    ] as const) {
      const { time, block, memory } = least(kind, ordinaryTargets(bytes), quick)
      print([name, mega(bytes), time.toFixed(0), block.toFixed(0), mega(memory)])
    }
  }
}

function ofCase(
  name: string,
  { size, make, role = 'targets' }: WorstCase,
  quick: boolean,
): { readonly bytes: number; readonly cost: Cost } {
  const file = make(quick ? Math.min(size / 4, 8_000_000) : size)
  process.stderr.write(`${name}, ${mega(file.length)} MB …\n`)
  return { bytes: file.length, cost: least(role, file, quick) }
}

function ofSignatures(quick: boolean): { readonly bytes: number; readonly cost: Cost } {
  process.stderr.write(`${signatures} …\n`)
  const { file, keys } = rsaSigned()
  // Keys and signatures come in two files.
  const bytes = file.length + [...keys.values()].reduce((sum, key) => sum + key.public.length, 0)
  const text = JSON.stringify({ file: file.toString(), keys: [...keys] })
  return { bytes, cost: least('signatures', Buffer.from(text), quick) }
}

function readingOf(bytes: number, quick: boolean): Cost {
  const found = ordinary.get(bytes) ?? least('ordinary', ordinaryTargets(bytes), quick)
  ordinary.set(bytes, found)
  return found
}

/** Of the runs: other work on the machine only adds. */
function least(kind: string, file: Uint8Array, quick: boolean): Cost {
  const path = join(folder, 'file.json')
  writeFileSync(path, file)
  const runs = Array.from({ length: quick ? 1 : 3 }, () => run(kind, path))
  const of = (field: 'time' | 'memory' | 'block'): number =>
    Math.min(...runs.map((one) => one[field]))
  return { time: of('time'), memory: of('memory'), block: of('block'), end: runs[0]?.end ?? '' }
}

/** In a process of its own, which measures its own peak. */
function run(kind: string, path: string): Cost {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), '--measure', kind, path]
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status === 0) return JSON.parse(stdout) as Cost
  return { time: Number.NaN, memory: Number.NaN, block: Number.NaN, end: `exit ${status}` }
}

async function measure([kind = '', path = '']: readonly string[]): Promise<Cost> {
  const file = readFileSync(path)
  const given = kind === 'signatures' ? signedIn(file) : undefined
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  await setTimeout(50)
  delays.reset()
  // The first interval after a reset is not counted.
  await setTimeout(50)
  const before = process.memoryUsage().rss - file.length
  const start = process.cpuUsage()
  const end = given ? `${countRsa(given)} signed` : read(kind, file)
  const { user, system } = process.cpuUsage(start)
  await setTimeout(10)
  const memory = process.resourceUsage().maxRSS * 1024 - before
  return { time: (user + system) / 1000, memory, block: delays.max / 1e6, end }
}

function read(kind: string, file: Buffer): string {
  if (kind === 'json') {
    JSON.parse(file.toString())
    return 'read'
  }
  try {
    if (kind === 'snapshot') {
      parseMetadata(file, 'snapshot', 'snapshot')
      return 'read'
    }
    const { signed } = parseMetadata(file, 'targets', 'targets')
    if (signed.delegations === undefined) return 'read'
    const steps = { left: 10_000_000 }
    edgesFor(signed.delegations, 'x'.repeat(200), () => 'ab'.repeat(32), steps)
    return steps.left < 0 ? 'out of steps' : 'read'
  } catch (error) {
    return error instanceof MetadataInvalidError ? error.reason : String(error)
  }
}

function signedIn(text: Buffer): Signed {
  const { file, keys } = JSON.parse(text.toString()) as {
    readonly file: string
    readonly keys: readonly (readonly [string, never])[]
  }
  return { file: Buffer.from(file), keys: new Map(keys) }
}

function print(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
