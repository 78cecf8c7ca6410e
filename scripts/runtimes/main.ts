/**
 * `npm run test:runtimes [-- NAME…] [--write | --check]`: the same cases in every runtime, with the
 * package as it is packed. `--write` writes docs/runtimes.md. `--check` compares it, and fails for a
 * runtime that is missing too.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Result } from './cases.mjs'
import { openDesk } from './desk.js'
import { makeProject } from './project.js'
import { allRuntimes, type Runtime } from './runtimes.js'
import { comparable, runtimesPage, tried, type Row } from './table.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean' }, check: { type: 'boolean' } },
})
const page = fileURLToPath(new URL('../../docs/runtimes.md', import.meta.url))
const runtimes = allRuntimes().filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name.toLowerCase()),
)
if (runtimes.length === 0) throw new RangeError(`no runtime is called ${positionals.join(', ')}`)

// Before any server is open: an installation holds up this process.
const programs = new Map(runtimes.map((one) => [one, one.program()]))
const project = makeProject()
const rows = new Map<Runtime, Row>()
try {
  const waiting = runtimes.values()
  const work = async () => {
    for (const runtime of waiting) rows.set(runtime, await tryRuntime(runtime))
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
} finally {
  rmSync(project, { recursive: true, force: true, maxRetries: 20 })
}
process.exitCode = conclude(runtimes.flatMap((one) => rows.get(one) ?? [])) ? 0 : 1

async function tryRuntime(runtime: Runtime): Promise<Row> {
  const { name, version } = runtime
  const row = { name, version }
  const title = `${name} ${version}`
  const program = programs.get(runtime)
  if (program === undefined || 'reason' in program) {
    const missing = program?.reason ?? 'unknown'
    console.log(`${title}: not tried, ${missing}`)
    return { ...row, missing }
  }
  const desk = await openDesk(await runtime.pages?.())
  const start = performance.now()
  try {
    const results = complete(await runtime.run(program.path, desk, project))
    const seconds = Math.round((performance.now() - start) / 1000)
    console.log(`${title}: ${summary(results)} (${seconds} s)`)
    return { ...row, results }
  } catch (error) {
    console.error(`${title}: ${String(error)}`)
    return { ...row, results: [{ id: 'start', outcome: 'fails', detail: String(error) }] }
  } finally {
    await desk.close()
  }
}

/** A case without a result fails. */
function complete(results: readonly Result[]): readonly Result[] {
  return tried.map(
    ({ id }) =>
      results.find((one) => one.id === id) ?? { id, outcome: 'fails', detail: 'no result' },
  )
}

function summary(results: readonly Result[]): string {
  const fails = results.filter(({ outcome }) => outcome === 'fails')
  const lines = fails.map(({ id, detail }) => `\n  ${id} fails: ${detail}`)
  const count = results.filter(({ outcome }) => outcome === 'holds').length
  const absent = results.flatMap(({ id, outcome, detail }) =>
    outcome === 'absent' ? [`, without ${id} (${detail})`] : [],
  )
  return `${count} cases hold${absent.join('')}${lines.join('')}`
}

/** Whether all is well. */
function conclude(all: readonly Row[]): boolean {
  const results = all.flatMap((row) => row.results ?? [])
  if (results.length === 0 || results.some(({ outcome }) => outcome === 'fails')) return false
  const text = runtimesPage(all, runtimes)
  if (values.write) writeFileSync(page, text)
  if (!values.check) return true
  const missing = all.filter((row) => row.missing !== undefined)
  for (const { name, version } of missing) console.error(`${name} ${version} was not tried`)
  if (comparable(readFileSync(page, 'utf8')) === comparable(text)) return missing.length === 0
  console.error('docs/runtimes.md says something else: npm run test:runtimes -- --write')
  return false
}
