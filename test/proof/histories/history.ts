/**
 * Random histories of one repository, its attackers and its clients, as data: a seed makes the same
 * history everywhere, and a shorter list of operations is a history too.
 */

/** One operation. Its numbers choose among whatever is there when it is played. */
export interface Operation {
  readonly do: Verb
  readonly with: readonly number[]
}

export interface History {
  readonly seed: number
  /** Numbers of the start: keys, thresholds, bins, which lengths and hashes are listed. */
  readonly start: readonly number[]
  readonly operations: readonly Operation[]
}

/** How often each is chosen, in a hundred and some. */
const weights = {
  publish: 14,
  rotate: 9,
  delegate: 4,
  revoke: 2,
  consistent: 2,
  pass: 8,
  steal: 12,
  weak: 6,
  expire: 3,
  skew: 4,
  refresh: 24,
  attacked: 30,
  crash: 8,
  race: 6,
  restart: 4,
} as const

export type Verb = keyof typeof weights

const verbs = Object.keys(weights).filter((name): name is Verb => name in weights)
const total = verbs.reduce((sum, verb) => sum + weights[verb], 0)

/** A whole number below `end`, the same in each run of one seed. */
export type Pick = (end: number) => number

/** An xorshift: good enough to mix. */
export function picker(seed: number): Pick {
  let state = Math.imul(seed + 1, 2_654_435_761) || 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  // The first ones of near seeds are alike.
  for (let i = 0; i < 8; i++) next()
  return (end) => next() % end
}

export function historyOf(seed: number, length = 30): History {
  const pick = picker(seed)
  const numbers = (count: number): number[] => Array.from({ length: count }, () => pick(1 << 20))
  const operations = Array.from({ length }, (): Operation => {
    let at = pick(total)
    const verb = verbs.find((one) => (at -= weights[one]) < 0) ?? 'refresh'
    return { do: verb, with: numbers(5) }
  })
  return { seed, start: numbers(8), operations }
}

/**
 * A history as short as can be that still fails: operations are left out, then numbers made small.
 */
export async function shrink(
  history: History,
  fails: (history: History) => Promise<boolean>,
): Promise<History> {
  let best = history
  for (let size = Math.ceil(best.operations.length / 2); size >= 1;) {
    let shorter = false
    for (let at = 0; at < best.operations.length;) {
      const operations = best.operations.toSpliced(at, size)
      const candidate = { ...best, operations }
      if (await fails(candidate)) {
        best = candidate
        shorter = true
      } else at += size
    }
    if (size > 1) size = Math.floor(size / 2)
    else if (!shorter) break
  }
  for (const [at, operation] of best.operations.entries()) {
    for (const index of operation.with.keys()) {
      const candidate = {
        ...best,
        operations: best.operations.with(at, {
          ...operation,
          with: (best.operations[at] ?? operation).with.with(index, 0),
        }),
      }
      if (await fails(candidate)) best = candidate
    }
  }
  for (const index of best.start.keys()) {
    const candidate = { ...best, start: best.start.with(index, 0) }
    if (await fails(candidate)) best = candidate
  }
  return best
}
