import { expect, test } from '@jest/globals'
import { systemClock } from '../../src/client/clock.js'

test("the runtime's clock calls back after the delay, and not where the timer was cleared", async () => {
  const called: string[] = []
  const started = systemClock.now()
  const clear = systemClock.setTimer(1, () => called.push('cleared'))
  clear()
  await new Promise<void>((resolve) => systemClock.setTimer(20, resolve))
  expect(called).toEqual([])
  // A timer may fire a moment early.
  expect(systemClock.now() - started).toBeGreaterThan(18)
})
