/**
 * Work that never waits would hold up timers, other requests and an abort. Between its pieces it
 * asks here whether its turn is over.
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
