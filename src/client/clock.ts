/** Monotonic time and timers as an argument, so that a test of a stall need not wait. */

/** @internal */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number
  /** Calls `callback` once after `delay` milliseconds, unless the returned function is called. */
  setTimer(delay: number, callback: () => void): () => void
}

/** @internal The runtime's own: not the wall clock, which can be set. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delay, callback) {
    const timer = setTimeout(callback, delay)
    return () => clearTimeout(timer)
  },
}
