/**
 * The longest block of the event loop while a client refreshes and finds a target: for roles of 3
 * and 32 MB, read by the scanner and by the exact road, with an `Updater` and with a `WorkerUpdater`.
 * Each measurement is a fresh process without a store, the least of five; this process serves the
 * repository. Prints a table, and ends with status 1 when a thread leaves its page blocked for longer than 50 ms.
 *
 * `--quick`: 3 MB alone, once.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Updater } from 'tuffet'
import { createRepository, type TestRepository } from 'tuffet/testing'
import { serve } from 'tuffet/testing/node'
import { WorkerUpdater } from 'tuffet/worker'

/** Measurements of one process, in milliseconds. */
interface Figures {
  readonly block: number
  readonly wall: number
}

interface Setting {
  readonly metadataUrl: string
  readonly root: string
  readonly inThread: boolean
}

/** The goal for a page whose updater is in a thread. */
const longestBlock = 50
const wanted = 'pkgs/00000000-1.0-py3-none-any.whl'

const [order, setting] = process.argv.slice(2)
if (order === '--measure') {
  process.stdout.write(JSON.stringify(await measure(JSON.parse(setting ?? '') as Setting)))
} else {
  await report(order === '--quick')
}

async function report(quick: boolean): Promise<void> {
  console.log(
    '| role | road | Updater, ms blocked | all, ms | WorkerUpdater, ms blocked | all, ms |',
  )
  console.log('|---|---|--:|--:|--:|--:|')
  let worst = 0
  for (const bytes of quick ? [3_000_000] : [3_000_000, 32_000_000]) {
    for (const sorted of [true, false]) {
      const repo = repositoryOf(bytes, sorted)
      const served = await serve(repo)
      const root = Buffer.from(repo.root()).toString('base64')
      // The file is made for the first request.
      await (await fetch(`${served.metadataUrl}1.targets.json`)).arrayBuffer()
      const here = await least({ ...served, root, inThread: false }, quick ? 1 : 5)
      const there = await least({ ...served, root, inThread: true }, quick ? 1 : 5)
      await served.close()
      worst = Math.max(worst, there.block)
      const cells = [
        `${bytes / 1e6} MB`,
        sorted ? 'scanner' : 'exact',
        ...[here.block, here.wall, there.block, there.wall].map((time) => time.toFixed(0)),
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
  }
  if (worst > longestBlock) process.exitCode = 1
}

/** Ordinary targets in the top-level role; with names out of order only the exact road reads it. */
function repositoryOf(bytes: number, sorted: boolean): TestRepository {
  const repo = createRepository({ now: Date.now(), sorted })
  const digest = 'ab'.repeat(32)
  // A target takes up to 142 bytes of the file.
  for (let index = 0; index < (bytes - 1_000) / 142; index++) {
    const path = `pkgs/${index.toString(16).padStart(8, '0')}-1.0-py3-none-any.whl`
    repo.addTargetEntry(path, { length: index, hashes: { sha256: digest } })
  }
  repo.publish()
  return repo
}

async function least({ metadataUrl, root, inThread }: Setting, runs: number): Promise<Figures> {
  const found: Figures[] = []
  for (let run = 0; run < runs; run++) {
    const task = JSON.stringify({ metadataUrl, root, inThread })
    const args = [...process.execArgv, fileURLToPath(import.meta.url), '--measure', task]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    if (status !== 0) throw new Error(`a measurement ended with status ${status}`)
    found.push(JSON.parse(output) as Figures)
  }
  // Other work on the machine only adds.
  const of = (field: keyof Figures): number => Math.min(...found.map((one) => one[field]))
  return { block: of('block'), wall: of('wall') }
}

async function measure({ metadataUrl, root, inThread }: Setting): Promise<Figures> {
  const options = { metadataUrl, root: Buffer.from(root, 'base64') }
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  // The first interval after a reset is not counted.
  await setTimeout(50)
  delays.reset()
  await setTimeout(50)
  const start = performance.now()
  const updater = inThread ? new WorkerUpdater(options) : new Updater(options)
  const view = await updater.refresh()
  if (!(await view.find(wanted))) throw new Error('the target is listed')
  const wall = performance.now() - start
  await setTimeout(20)
  const block = delays.max / 1e6
  if (updater instanceof WorkerUpdater) await updater.close()
  return { block, wall }
}
