/** A process that loads tests once and runs them with one mutant after the other. Runs from the tree. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cases, collect, runCases, TooLate } from './jest-globals.js'
import type { Answer, Order, Outcome } from './messages.js'

interface Switches {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: {
    static: Record<string, number>
    perTest: Record<string, Record<string, number>>
  }
}

const everywhere = globalThis as { __stryker__?: Switches }
const switches: Switches = (everywhere.__stryker__ ??= {})
/** Milliseconds for one test in the first look, by the clock on the wall. */
const longest = 40_000
/** Tests that took too long in the first look. */
const slow = new Set<string>()
const active = process.env['TUFFET_MUTANT']
if (active !== undefined)
  Object.assign(switches, { activeMutant: active, hitCount: 0, hitLimit: 1e6 })

// A test that waits for a refusal may look away for a moment.
process.on('unhandledRejection', () => undefined)
process.on('uncaughtException', () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', (order: Order) => {
  void obey(order).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})

async function obey(order: Order): Promise<void> {
  if (order.kind === 'load') await load(order.tree, order.files)
  else if (order.kind === 'cover') await cover(order.slowest)
  else await attempt(order)
}

function say(answer: Answer): void {
  process.send?.(answer)
}

async function load(tree: string, files: readonly string[]): Promise<void> {
  try {
    for (const file of files) {
      const path = join(tree, file.replace(/\.ts$/, '.js'))
      await collect(file, () => import(pathToFileURL(path).href))
    }
  } catch (error) {
    if (active === undefined) throw error
    say({ kind: 'tried', outcome: 'killed', by: 'loading the tests', why: String(error) })
    return
  }
  const atLoad = Object.keys(switches.mutantCoverage?.static ?? {})
  say({ kind: 'loaded', tests: cases.length, atLoad })
}

/** Milliseconds of this process: other programs may keep the machine busy. */
function spent(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function cover(slowest: number): Promise<void> {
  let [started, clock] = [0, 0]
  await runCases(
    cases.filter(({ id }) => !slow.has(id)),
    ({ id }) => {
      switches.currentTestId = id
      started = spent()
      clock = performance.now()
    },
    ({ id, file }, failure) => {
      const milliseconds = spent() - started
      if (milliseconds > slowest) slow.add(id)
      const hits = Object.entries(switches.mutantCoverage?.perTest[id] ?? {})
      if (switches.mutantCoverage) switches.mutantCoverage.perTest = {}
      const passed = !failure && !slow.has(id)
      say({
        kind: 'covered',
        test: {
          id,
          file,
          passed,
          milliseconds,
          wall: performance.now() - clock,
          hits,
          ...(failure && { why: whyOf(failure.error) }),
        },
      })
      return true
    },
    () => longest,
  )
  switches.currentTestId = undefined
  say({ kind: 'all-covered' })
}

async function attempt(order: Extract<Order, { kind: 'try' }>): Promise<void> {
  const wanted = new Map(cases.map((one) => [one.id, one]))
  const chosen = order.tests.flatMap(({ id }) => wanted.get(id) ?? [])
  const patience = new Map(order.tests.map((test) => [test.id, test.patience]))
  if (active === undefined) switches.activeMutant = order.mutant
  switches.hitLimit = order.hitLimit
  let outcome: Outcome = 'survived'
  let said: { by?: string; why?: string } = {}
  try {
    await runCases(
      chosen,
      () => (switches.hitCount = 0),
      (one, failure) => {
        if (!failure) return true
        outcome = failure.error instanceof TooLate ? 'timeout' : 'killed'
        said = { by: one.id, why: whyOf(failure.error) }
        return false
      },
      ({ id }) => patience.get(id) ?? longest,
    )
  } catch (error) {
    outcome = 'killed'
    said = { by: 'a hook', why: whyOf(error) }
  }
  if (active === undefined) switches.activeMutant = undefined
  say({ kind: 'tried', outcome, ...said })
}

function whyOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300)
}
