/** The first look, without a mutant: how long each test takes, and which mutants it reaches. */
import type { Covered } from './messages.js'
import { Player } from './player.js'
import { trees } from './tree.js'

export interface Look {
  /** The tests that passed, by id. */
  readonly tests: ReadonlyMap<string, Covered>
  readonly failed: readonly Covered[]
  /** Mutant → the tests that reach it, each with the number of hits. */
  readonly reaching: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Mutants that are reached only while modules are loaded, or only the first time. */
  readonly early: ReadonlySet<string>
}

const patience = 300_000
/** Milliseconds; a test that takes longer is not asked. */
const slowest = 10_000

/**
 * Twice: a value that is made once and kept shows only the first time.
 *
 * @param most milliseconds of tests for one mutant
 */
export async function look(files: readonly string[], most: number): Promise<Look> {
  const player = new Player(trees.covering)
  try {
    player.tell({ kind: 'load', tree: trees.covering, files })
    const loaded = await player.answer(patience)
    if (loaded?.kind !== 'loaded') throw new Error('the tests cannot be loaded')
    const first = await cover(player, most)
    for (const [file, milliseconds] of costs(first)) {
      if (milliseconds > 3000) console.log(`${file}: ${Math.round(milliseconds)} ms`)
    }
    const second = await cover(player, most)
    const passing = new Set(second.filter(({ passed }) => passed).map(({ id }) => id))
    const good = second.filter(({ id }) => passing.has(id))
    const failed = [...first, ...second].filter(({ passed }) => !passed)
    const bad = new Set(failed.map(({ id }) => id))
    const reaching = reachedBy(good.filter(({ id }) => !bad.has(id)))
    const reachedFirst = reachedBy(first.filter(({ id }) => !bad.has(id)))
    const early = new Set(
      [...loaded.atLoad, ...reachedFirst.keys()].filter((mutant) => !reaching.has(mutant)),
    )
    for (const mutant of early) reaching.set(mutant, reachedFirst.get(mutant) ?? new Map())
    return {
      tests: new Map(good.filter(({ id }) => !bad.has(id)).map((test) => [test.id, test])),
      failed: [...new Map(failed.map((test) => [test.id, test])).values()],
      ...{ reaching, early },
    }
  } finally {
    await player.end()
  }
}

async function cover(player: Player, most: number): Promise<Covered[]> {
  const found: Covered[] = []
  player.tell({ kind: 'cover', slowest: Math.min(slowest, most) })
  for (;;) {
    const answer = await player.answer(patience)
    if (answer?.kind === 'all-covered') return found
    if (answer?.kind !== 'covered') {
      throw new Error(`the first look ended after ${found.at(-1)?.id ?? 'no test'}`)
    }
    found.push(answer.test)
    if (found.length % 500 === 0) console.log(`looked at ${found.length}, ${answer.test.id}`)
  }
}

function reachedBy(tests: readonly Covered[]): Map<string, Map<string, number>> {
  const reaching = new Map<string, Map<string, number>>()
  for (const { id, hits } of tests) {
    for (const [mutant, count] of hits) {
      const of = reaching.get(mutant) ?? new Map<string, number>()
      reaching.set(mutant, of.set(id, count))
    }
  }
  return reaching
}

function costs(tests: readonly Covered[]): Map<string, number> {
  const all = new Map<string, number>()
  for (const { file, milliseconds } of tests) all.set(file, (all.get(file) ?? 0) + milliseconds)
  return all
}
