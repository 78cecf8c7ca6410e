/**
 * Work that never waits for anything would keep timers, other requests and an abort from being
 * noticed. Between its pieces it asks here whether it has had its turn.
 */
import { type Clock, systemClock } from './clock.js'

/** Milliseconds of work after which others get a turn. */
const longestTurn = 16

/** @internal One per piece of work. */
export class Turns {
  readonly #clock: Clock
  #since: number

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
    this.#since = clock.now()
  }

  /** Whether {@link Turns.pause} is due. */
  get isOver(): boolean {
    return this.#clock.now() - this.#since >= longestTurn
  }

  /** Lets everything else that is ready run. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#clock.setTimer(0, resolve)
    })
    this.#since = this.#clock.now()
  }
}
