/** Tries mutants: in one process, one after the other, and those of module level in a process each. */
import type { Mutant } from './instrument.js'
import type { Look } from './look.js'
import type { Asked, Covered } from './messages.js'
import { Player } from './player.js'
import { trees } from './tree.js'
import { isKill, type Verdict, type Verdicts } from './verdicts.js'

/** Milliseconds. */
const loading = 120_000
/** Mutants after which a process must still pass some tests without one. */
const between = 40

export interface Bounds {
  /** On the clock of `performance`. */
  readonly end: number
  /** Milliseconds of tests for one mutant, as long as they took in the first look. */
  readonly most: number
}

export async function tryAll(
  mutants: readonly Mutant[],
  seen: Look,
  files: readonly string[],
  verdicts: Verdicts,
  { end, most }: Bounds,
): Promise<void> {
  const reached = mutants.filter(({ id }) => seen.reaching.has(id))
  for (const mutant of mutants) {
    if (!seen.reaching.has(mutant.id)) verdicts.set(mutant, { outcome: 'not reached' })
  }
  const focus = focusOf(mutants, seen)
  const warm = new WarmPlayer(seen, focus, files, most)
  try {
    let done = 0
    let waiting: [Mutant, Verdict][] = []
    const late = reached.filter(({ id }) => !seen.early.has(id))
    for (const mutant of late) {
      if (performance.now() > end) break
      const started = performance.now()
      waiting.push([mutant, await warm.try(mutant)])
      const seconds = Math.round((performance.now() - started) / 1000)
      if (seconds > 15) console.log(`${seconds} s: ${mutant.file}:${mutant.line}`)
      if (++done % between > 0 && done < late.length) continue
      // The leftovers of a mutant must not kill the next ones.
      if (await warm.isSound()) for (const [one, verdict] of waiting) verdicts.set(one, verdict)
      else for (const one of waiting) verdicts.set(one[0], await warm.confirm(...one))
      waiting = []
      if (done % 200 === 0) console.log(`${done} of ${late.length}, ${mutant.file}`)
    }
    for (const [one, verdict] of waiting) verdicts.set(one, verdict)
  } finally {
    await warm.end()
  }
  const early = reached.filter(({ id }) => seen.early.has(id))
  console.log(`${early.length} mutants with a process each`)
  for (const mutant of early) {
    if (performance.now() > end) break
    verdicts.set(mutant, await tryFresh(mutant, seen, focus, files, most))
  }
  verdicts.save()
}

/** How much a test is about a file. */
type Focus = (test: string, file: string) => number

/** From 0 to 9: the part of the mutants that a test reaches in each file. */
function focusOf(mutants: readonly Mutant[], { reaching }: Look): Focus {
  const counts = new Map<string, number>()
  const count = (key: string): unknown => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const { id, file } of mutants) {
    for (const test of reaching.get(id)?.keys() ?? []) {
      count(test)
      count(`${file} ${test}`)
    }
  }
  return (test, file) => (9 * (counts.get(`${file} ${test}`) ?? 0)) / (counts.get(test) ?? 1)
}

/**
 * The tests for a mutant, until their time is up: those that noticed others in this file, those about the file, those
 * that reach it, and the others; in each part the quickest of each group, the second ones, and so on.
 */
function testsFor(
  { id, file }: Mutant,
  seen: Look,
  focus: Focus,
  most: number,
  killers: ReadonlyMap<string, number> = new Map(),
): { readonly tests: readonly Covered[]; readonly all: boolean; readonly hits: number } {
  const hits = seen.reaching.get(id)
  const own = (file.split('/').at(-1) ?? file).replace(/\.ts$/, '')
  const groups = new Map<string, Choice[]>()
  for (const name of hits?.size ? hits.keys() : seen.tests.keys()) {
    const test = seen.tests.get(name)
    if (!test) continue
    const share = focus(test.id, file)
    const isAbout = test.file.includes(own) || share > 3
    const weight = (killers.get(test.id) ?? 0) + (isAbout ? 1 : 0) + share
    const group = test.id.split(' > ').slice(0, 2).join(' > ')
    const cost = (costOf(test) + 0.2) / (1 + weight)
    groups.set(group, [...(groups.get(group) ?? []), { test, cost, isAbout, isNear: share > 0 }])
  }
  const all = [...groups.values()]
    .flatMap((group) =>
      group.sort((a, b) => a.cost - b.cost).map((one, turn) => ({ ...one, turn })),
    )
    .sort((a, b) => a.turn - b.turn || a.cost - b.cost)
  const known = all.filter(({ test }) => killers.has(test.id)).slice(0, 8)
  const about = all.filter(({ isAbout }) => isAbout)
  const near = all.filter(({ isNear }) => isNear)
  const ordered = new Set([...known, ...about, ...near, ...all].map(({ test }) => test))
  let left = most
  const tests = [...ordered].filter((test) => {
    const cost = costOf(test)
    if (cost > left) return false
    left -= cost
    return true
  })
  return { tests, all: tests.length === ordered.size, hits: Math.max(0, ...(hits?.values() ?? [])) }
}

/** A test that waits leaves the processor to others. */
function costOf({ milliseconds, wall }: Covered): number {
  return Math.max(milliseconds, wall / 3)
}

interface Choice {
  readonly test: Covered
  readonly cost: number
  readonly isAbout: boolean
  /** Whether the test reaches the file; every test is asked about a change at module level. */
  readonly isNear: boolean
}

class WarmPlayer {
  readonly #seen: Look
  readonly #focus: Focus
  readonly #most: number
  readonly #files: readonly string[]
  readonly #killers = new Map<string, Map<string, number>>()
  readonly #sound: readonly Covered[]
  #player: Player | undefined

  constructor(seen: Look, focus: Focus, files: readonly string[], most: number) {
    this.#seen = seen
    this.#focus = focus
    this.#most = most
    this.#files = files
    const quick = [...seen.tests.values()].filter(({ milliseconds }) => milliseconds < 5)
    this.#sound = quick.filter((_, at) => at % Math.ceil(quick.length / 200) === 0)
  }

  async try(mutant: Mutant): Promise<Verdict> {
    const killers = this.#killers.get(mutant.file) ?? new Map<string, number>()
    this.#killers.set(mutant.file, killers)
    const { tests, all, hits } = testsFor(mutant, this.#seen, this.#focus, this.#most, killers)
    const verdict = await this.#ask(mutant.id, tests, 1_000 + 100 * hits)
    if (verdict.by !== undefined && this.#seen.tests.has(verdict.by)) {
      killers.set(verdict.by, (killers.get(verdict.by) ?? 0) + 1)
    }
    return verdict.outcome === 'survived' && !all ? { outcome: 'unfinished' } : verdict
  }

  /** In a process that was sound before: its leftovers can only add to the changes that are noticed. */
  async confirm(mutant: Mutant, verdict: Verdict): Promise<Verdict> {
    if (!isKill(verdict)) return verdict
    const again = await this.try(mutant)
    await this.isSound()
    return again
  }

  async isSound(): Promise<boolean> {
    const { outcome, by } = await this.#ask('none', this.#sound, Number.MAX_SAFE_INTEGER)
    if (outcome === 'survived') return true
    console.log(`a new process, because of ${by ?? 'its silence'}`)
    await this.end()
    return false
  }

  async end(): Promise<void> {
    await this.#player?.end()
    this.#player = undefined
  }

  async #ask(mutant: string, tests: readonly Covered[], hitLimit: number): Promise<Verdict> {
    const player = (this.#player ??= await started(this.#files))
    player.tell({ kind: 'try', mutant, tests: tests.map(asked), hitLimit })
    // A loop without a turn of the event loop is seen only from outside.
    const answer = await player.answer(patienceFor(tests))
    if (answer?.kind === 'tried') {
      // A test that waits in vain leaves the process as it was, mostly.
      if (answer.outcome === 'timeout' && tests !== this.#sound) await this.isSound()
      return verdictOf(answer)
    }
    await this.end()
    return { outcome: 'timeout' }
  }
}

/** A test that takes ten times as long as without a change has no end. */
function asked({ id, wall }: Covered): Asked {
  return { id, patience: 5_000 + 10 * wall }
}

function patienceFor(tests: readonly Covered[]): number {
  return tests.reduce((sum, { wall }) => sum + 5 * wall, 20_000)
}

function verdictOf({ outcome, by, why }: Verdict): Verdict {
  return { outcome, ...(by !== undefined && { by }), ...(why !== undefined && { why }) }
}

async function started(files: readonly string[]): Promise<Player> {
  const player = new Player(trees.plain)
  player.tell({ kind: 'load', tree: trees.plain, files })
  if ((await player.answer(loading))?.kind !== 'loaded') throw new Error('the tests do not load')
  return player
}

/**
 * Only the files of its tests are loaded, with the mutant active from the start; first those of the first tests,
 * which mostly notice.
 */
async function tryFresh(
  mutant: Mutant,
  seen: Look,
  focus: Focus,
  files: readonly string[],
  most: number,
): Promise<Verdict> {
  const { tests, all } = testsFor(mutant, seen, focus, most)
  const first = new Set(tests.slice(0, 3).map(({ file }) => file))
  const [few, rest] = [true, false].map((isFirst) =>
    tests.filter(({ file }) => first.has(file) === isFirst),
  )
  for (const part of [few, rest]) {
    if (!part || (part === rest && part.length === 0)) continue
    const used = new Set(part.map(({ file }) => file))
    const loaded = files.filter((file) => used.has(file))
    const verdict = await tryLoaded(mutant, part, loaded)
    if (isKill(verdict)) return verdict
  }
  return { outcome: all ? 'survived' : 'unfinished' }
}

async function tryLoaded(
  mutant: Mutant,
  tests: readonly Covered[],
  files: readonly string[],
): Promise<Verdict> {
  const player = new Player(trees.plain, mutant.id)
  try {
    player.tell({ kind: 'load', tree: trees.plain, files })
    const loaded = await player.answer(loading)
    if (loaded?.kind === 'tried') return verdictOf(loaded)
    if (loaded?.kind !== 'loaded') return { outcome: 'timeout' }
    player.tell({ kind: 'try', mutant: mutant.id, tests: tests.map(asked), hitLimit: 1e7 })
    const answer = await player.answer(patienceFor(tests))
    return answer?.kind === 'tried' ? verdictOf(answer) : { outcome: 'timeout' }
  } finally {
    await player.end()
  }
}
