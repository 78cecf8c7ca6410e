/**
 * One row of the table of lock files: its format and origin, and the required result of `check`.
 */
import type { ConsumerName } from './consumers.js'
import type { Side } from './foreign-files.js'
import type { LockWorld } from './lock-world.js'

export interface LockRow {
  readonly consumer: ConsumerName
  /** The format's version, and where the file comes from. */
  readonly origin: string
  /** Whether `check` may say `match`. */
  readonly match: boolean
  /** Of a lock file that is refused: where the tool is tried all the same, on which side. */
  readonly attack?: Side
  /** Versions of the tool. Default: all requested ones. */
  readonly versions?: RegExp
  /** The project's requirement, in the tool's own form. */
  readonly requires?: (world: LockWorld) => string
  text(world: LockWorld): string
}

export type Text = LockRow['text']
export type More = Omit<LockRow, 'consumer' | 'origin' | 'match' | 'text'>

export function good(consumer: ConsumerName, origin: string, text: Text, more: More = {}): LockRow {
  return { consumer, origin, match: true, text, ...more }
}

export function bad(consumer: ConsumerName, origin: string, text: Text, more: More = {}): LockRow {
  return { consumer, origin, match: false, text, ...more }
}
