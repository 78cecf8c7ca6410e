/** The command: the start of the program, and a lock file compared with a filled store. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureCalls, usualShape, whileServed, type Bench } from './bench.js'
import type { Scenario } from './results.js'
import type { Job } from './run-client.js'
import type { Served } from './serve.js'
import { lockedPages } from './shape.js'

/** The titles of the results of {@link measureCommand}. */
export const commandTitles = {
  start: 'The command: --version, a run',
  check: 'The command: pypi check on a filled store, a run',
} as const

/** Both tables, and a number for the bars. */
export interface CommandFigures {
  readonly scenarios: readonly Scenario[]
  /** Of one check when nothing has changed. */
  readonly requests: number
  /** Of the checked lock. */
  readonly entries: number
}

/** Both scenarios. */
export async function measureCommand(bench: Bench, bins: number): Promise<CommandFigures> {
  const main = join(bench.workshop.folder, 'node_modules/tuffet/dist/cli/main.cjs')
  bench.progress(commandTitles.start)
  const start = await measureCalls(
    bench,
    [
      commandJob('node -e 0', bench.workshop.folder, [process.execPath, '-e', '0'], 20),
      commandJob('tuffet', bench.workshop.folder, [process.execPath, main, '--version'], 20),
    ],
    ['node -e 0'],
  )
  const entries = bench.quick ? 200 : 1_000
  const shape = { ...usualShape, size: bins, apart: 1, together: 0, pages: entries }
  const { rows, requests } = await whileServed(bench, shape, async (served) => {
    bench.progress(commandTitles.check)
    const folder = settingsFolder(bench, served)
    const lines = lockedPages(entries).map(
      ({ project, version, sha256 }) => `${project}==${version} --hash=sha256:${sha256(version)}`,
    )
    writeFileSync(join(folder, 'requirements.txt'), `${lines.join('\n')}\n`)
    const check = [main, 'pypi', 'check', 'requirements.txt']
    run([process.execPath, ...check], folder)
    await served.traffic()
    run([process.execPath, ...check], folder)
    const traffic = await served.traffic()
    const byHand = bench.workshop.program('clients/check-by-hand')
    const floor = [byHand, 'store', 'requirements.txt']
    const jobs = bench.nodes.flatMap(({ name, node = process.execPath }, index) => {
      const on = index === 0 ? '' : `, ${name}`
      return [
        commandJob(`tuffet${on}`, folder, [node, ...check], 2),
        commandJob(`floor${on}`, folder, [node, ...floor], 2),
      ]
    })
    return { rows: await measureCalls(bench, jobs, ['floor']), requests: traffic.requests }
  })
  const note = `${entries.toLocaleString('en')} entries, each of another project, over as many bins.`
  return {
    scenarios: [
      { title: commandTitles.start, rows: start.map(withoutPeak) },
      { title: commandTitles.check, note, rows: rows.map(withoutPeak) },
    ],
    requests,
    entries,
  }
}

/** A command line that is run so often in that folder. */
export function commandJob(
  name: string,
  folder: string,
  command: readonly string[],
  times = 1,
): Job {
  return { name, program: 'clients/command', task: { command, folder, times } }
}

/** That of the process that starts the others means nothing. */
export function withoutPeak({
  peak: _,
  ...row
}: Scenario['rows'][number]): Scenario['rows'][number] {
  return row
}

/** A folder in which the command needs no options. */
export function settingsFolder(bench: Bench, { ready, root }: Served): string {
  const folder = bench.workshop.newFolder()
  mkdirSync(folder)
  const origin = ready.origins.plain
  const settings = {
    metadataUrl: `${origin}/metadata/`,
    targetsUrl: `${origin}/targets/`,
    root: 'root.json',
    store: 'store',
    layout: { name: 'pages', page: 'simple/{project}/index.html' },
  }
  writeFileSync(join(folder, 'tuffet.json'), JSON.stringify(settings))
  copyFileSync(root, join(folder, 'root.json'))
  return folder
}

function run([program = '', ...args]: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`status ${status}: ${stderr}`)
}
