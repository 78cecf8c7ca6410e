/**
 * `npm run test:fuzz -- [--long] [--seconds N] [--asks N] [--seed N] [--target NAME]… [--keep] [--write]`: gives the readers
 * hostile bytes, guided by the branches that they take. `--seconds` and `--asks` bound each target; `--keep` adds
 * inputs that lead somewhere new to the corpus.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { record } from '../record.js'
import { findings } from './findings.js'
import type { Report, Task } from './fuzz-process.js'
import { corpusFile } from './seeds.js'
import { targets } from './targets.js'
import { plantTree, project } from './tree.js'

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    asks: { type: 'string' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true, default: targets.map(({ name }) => name) },
    keep: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

// In CI a number of inputs, so that the same seed asks the same.
const seconds = Number(values.seconds ?? (values.long ? 300 : 20))
const asks = Number(values.asks ?? (values.long ? 1e9 : 1_000))

/** Bytes of the corpus of one target. */
const mostKept = 4_500

const started = performance.now()
const { folder, counters } = plantTree()
const reports: Report[] = []
try {
  for (const target of values.target) reports.push(await run(target))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

for (const { target, asked, places, kept, steps, fault } of reports) {
  console.log(
    `${target}: ${asked.toLocaleString('en')} inputs, ${places} places, ${kept.length} kept, ` +
      `at most ${steps.toFixed(1)} branches a byte`,
  )
  if (fault) console.error(`  FAULT ${fault.reason}\n  ${fault.input}`)
}
const faults = reports.filter(({ fault }) => fault)
if (values.keep) for (const report of reports) keep(report)
if (faults.length > 0) process.exit(1)

await record({
  proof: 'fuzzing',
  about:
    'Bytes found by their branches, for every reader of bytes from outside: only typed errors, both roads of JSON agree, both cryptographies agree, a written page is read as the same page, and the branches taken stay a multiple of the bytes.',
  command: `npm run test:fuzz -- --seconds ${seconds} --asks ${asks} --seed ${values.seed}`,
  seed: Number(values.seed),
  seconds: Math.round((performance.now() - started) / 1000),
  date: new Date().toISOString().slice(0, 10),
  figures: {
    readers: reports.length,
    inputs: reports.reduce((sum, { asked }) => sum + asked, 0),
    'branches by magnitude': reports.reduce((sum, { places }) => sum + places, 0),
    'most branches a byte': Math.ceil(Math.max(...reports.map(({ steps }) => steps))),
  },
  found: findings,
})

async function run(target: string): Promise<Report> {
  const task: Task = {
    ...{ tree: folder, project, counters, targets: [target] },
    ...{ seed: Number(values.seed), asks, seconds },
  }
  const script = join(folder, 'test/proof/fuzz/fuzz-process.js')
  const parse: (text: string) => Report = JSON.parse
  const patience = 1000 * (2 * seconds + 300)
  const options = {
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: patience,
    maxBuffer: 2 ** 28,
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, JSON.stringify(task)],
    options,
  )
  return parse(stdout)
}

/** The shortest inputs, since each of them led somewhere new. */
function keep({ target, kept }: Report): void {
  let left = mostKept
  const lines = kept
    .toSorted((a, b) => a.length - b.length)
    .filter(({ length }) => (left -= length) >= 0)
  const path = corpusFile(target, project)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${lines.join('\n')}\n`)
}
