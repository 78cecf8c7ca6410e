/** Coverage-guided search: an input that leads somewhere new is kept, and changed further. */
import { mutate, type Pick } from './mutate.js'

/** A reader of hostile bytes, and its promises. */
export interface Target {
  readonly name: string
  /**
   * Reads the bytes. Throws `Broken` where a promise does not hold; any other error must be one
   * that `isTyped`. The answer is of no further interest.
   */
  ask(bytes: Uint8Array): unknown
  isTyped(error: unknown): boolean
  /** Pieces of its format. */
  readonly words: readonly string[]
  /** The most branches that an input may take: a multiple of its length, and of nothing more. */
  mostSteps(bytes: Uint8Array): number
  /** Bytes. */
  readonly longest: number
}

/** A promise that does not hold. */
export class Broken extends Error {}

export interface Fault {
  readonly target: string
  readonly input: Uint8Array
  readonly reason: string
}

export interface Search {
  readonly asked: number
  /** Inputs that led somewhere new, in the order in which they were found. */
  readonly kept: readonly Uint8Array[]
  /** Branches, each with each magnitude of how often it was taken. */
  readonly places: number
  /** The most branches for each byte of a long input. */
  readonly steps: number
  readonly fault: Fault | undefined
}

/** @param counts every counter of the instrumented sources */
export async function search(
  target: Target,
  seeds: readonly Uint8Array[],
  counts: Uint32Array,
  pick: Pick,
  goOn: (asked: number) => boolean,
): Promise<Search> {
  const seen = new Uint32Array(counts.length)
  const kept: Uint8Array[] = []
  let [asked, places, steps] = [0, 0, 0]
  let fault: Fault | undefined

  const attempt = async (input: Uint8Array): Promise<void> => {
    counts.fill(0)
    asked += 1
    const reason = await faultOf(target, input)
    let taken = 0
    let isNew = false
    for (let at = 0; at < counts.length; at++) {
      const count = counts[at] ?? 0
      if (count === 0) continue
      taken += count
      const magnitude = 1 << (31 - Math.clz32(count))
      if (((seen[at] ?? 0) & magnitude) !== 0) continue
      seen[at] = (seen[at] ?? 0) | magnitude
      places += 1
      isNew = true
    }
    if (isNew) kept.push(input.slice())
    if (input.length >= 256) steps = Math.max(steps, taken / input.length)
    const most = target.mostSteps(input)
    const costly =
      taken > most ? `takes ${taken} branches for ${input.length} bytes, over ${most}` : undefined
    const found = reason ?? costly
    if (found !== undefined) fault = { target: target.name, input: input.slice(), reason: found }
  }

  for (const seed of seeds) {
    await attempt(seed.subarray(0, target.longest))
    if (fault) break
  }
  if (kept.length === 0) kept.push(new Uint8Array())
  while (!fault && goOn(asked)) {
    // Half of the time one of the newest.
    const newest = Math.min(kept.length, 16)
    const at = pick(2) === 0 ? pick(kept.length) : kept.length - 1 - pick(newest)
    await attempt(mutate(kept[at] ?? new Uint8Array(), kept, target.words, target.longest, pick))
  }
  return { asked, kept, places, steps, fault }
}

/** Why an answer is not one that the target may give. */
export async function faultOf(target: Target, input: Uint8Array): Promise<string | undefined> {
  const before = Buffer.from(input).toString('latin1')
  try {
    await target.ask(input)
  } catch (error) {
    if (error instanceof Broken) return error.message
    if (!target.isTyped(error)) return `throws ${String(error)}`
  }
  if (Buffer.from(input).toString('latin1') !== before) return 'changes the bytes that it reads'
  return undefined
}

/** A fault's input as short as can be with the same kind of reason. */
export async function shorten(target: Target, { input, reason }: Fault): Promise<Uint8Array> {
  const kind = reason.slice(0, 24)
  let best = input
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length;) {
      const shorter = Uint8Array.of(...best.subarray(0, at), ...best.subarray(at + size))
      if ((await faultOf(target, shorter))?.slice(0, 24) === kind) best = shorter
      else at += size
    }
  }
  return best
}
