/**
 * Reads and changes of a store that other cycles use too. A change lists the entries the cycle
 * judged with; if one has changed, the cycle judges again (docs/adr/0014-compare-and-swap.md).
 */
import { StoreConflictError } from '../../errors.js'
import { areSame, isBytes } from '../bytes.js'
import type { Cycle, CycleAnswer, ExpectedEntry } from './request.js'

/** How often a change is judged anew before the cycle gives up. */
export const mostAttempts = 16

/** @internal Thrown and caught in core: another process stored a root that follows this cycle's. */
export class Superseded extends Error {
  /** The newer root's entry in the store. */
  readonly entry: string

  constructor(entry: string) {
    super(`superseded by ${entry}`)
    this.entry = entry
  }
}

/** A change without its expected entries. */
export type Change =
  | {
      readonly persist: string
      readonly bytes: Uint8Array
      readonly replaceable: boolean
      readonly optional?: true
    }
  | { readonly delete: string }

/** @internal The stored bytes; an entry that is too long counts as absent. */
export function* readUpTo(maxLength: number, entry: string): Cycle<Uint8Array | undefined> {
  const bytes = bytesIn(yield { read: entry, maxLength })
  return bytes && bytes.length <= maxLength ? bytes : undefined
}

/** @internal Whether another process changed an entry since this cycle read it. */
export function* hasChanged({ entry, bytes, maxLength }: ExpectedEntry): Cycle<boolean> {
  const now = bytesIn(yield { read: entry, maxLength, again: true })
  return !areSame(now && now.length <= maxLength ? now : undefined, bytes)
}

/** @internal One attempt: whether it was made. */
export function* attempt(change: Change, expected: readonly ExpectedEntry[]): Cycle<boolean> {
  const answer = yield { ...change, expected }
  if (answer !== 'done' && answer !== 'changed') {
    throw new TypeError('the driver must answer a change with "done" or "changed"')
  }
  return answer === 'done'
}

/**
 * @internal Makes the change. Each time the store has changed, `judge` returns the entries to
 * expect now, or undefined when the stored ones must stay.
 *
 * @throws StoreConflictError, and the errors of `judge`
 */
export function* commit(
  change: Change,
  expected: readonly ExpectedEntry[],
  judge: () => Cycle<readonly ExpectedEntry[] | undefined>,
): Cycle<boolean> {
  let now: readonly ExpectedEntry[] | undefined = expected
  for (let made = 0; made < mostAttempts; made++) {
    if (yield* attempt(change, now)) return true
    now = yield* judge()
    if (now === undefined) return false
  }
  throw new StoreConflictError('persist' in change ? change.persist : change.delete)
}

/** @internal */
export function bytesIn(answer: CycleAnswer): Uint8Array | undefined {
  if (answer === undefined || isBytes(answer)) return answer
  throw new TypeError('the driver must answer with bytes')
}
