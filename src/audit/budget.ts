/** Bounds on the work and the memory that a hostile repository can ask of one audit. */
import type { Turns } from '../client/turns.js'
import { searchStepsByDefault } from '../core/search/search.js'
import type { Steps } from '../core/search/path-pattern.js'
import { incomplete, type Audit } from './context.js'
import { LimitReached } from './source.js'

/**
 * Takes the steps of one comparison from those of the audit. Undefined where it takes more than the
 * search of a client may: it would hold up everything else.
 */
export function bounded<T>(audit: Audit, compare: (steps: Steps) => T): T | undefined {
  const most = Math.min(audit.steps.left, searchStepsByDefault)
  const steps = { left: most }
  const result = compare(steps)
  audit.steps.left -= most - steps.left
  if (steps.left >= 0) return result
  if (audit.steps.left >= 0) {
    incomplete(audit, 'A search that takes more steps than clients allow by default was given up.')
  }
  return undefined
}

/**
 * Lets others run, and looks at the time.
 *
 * @throws LimitReached; the signal's reason
 */
export async function rest({ source }: Audit, turns: Turns): Promise<void> {
  await turns.pause()
  source.checkTime()
}

/** Bytes of a table that was read for each byte of its text, roughly. */
export const readWeight = 6

/**
 * Counts what stays in memory up to the end.
 *
 * @param bytes roughly; negative for what is dropped
 * @throws LimitReached
 */
export function keep(audit: Audit, bytes: number): void {
  audit.kept += bytes
  if (audit.kept > audit.limits.kept) throw new LimitReached('kept', audit.limits.kept)
}
