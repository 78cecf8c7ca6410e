import type { Clock } from '../../src/client/clock.js'

/** Time that passes only when a test says so. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass, firing the timers due on the way, and the promises they settle. */
  pass(ms: number): Promise<void>
  /** How many timers are set. */
  readonly timers: () => number
}

export function manualClock(): ManualClock {
  let time = 0
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>()
  return {
    now: () => time,
    setTimer(delay, callback) {
      const timer = { due: time + delay, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async pass(ms) {
      const end = time + ms
      await settle()
      for (;;) {
        const next = [...timers].sort((a, b) => a.due - b.due)[0]
        if (next === undefined || next.due > end) break
        time = Math.max(time, next.due)
        timers.delete(next)
        next.callback()
        await settle()
      }
      time = end
    },
    timers: () => timers.size,
  }
}

/** Lets everything that is ready run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
