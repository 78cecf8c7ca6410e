/** The two sides of a limit: a program that stays just within it, and one that needs one more. */
import { systemClock } from '../../src/client/clock.js'
import type { Fetcher, FetchResponse } from '../../src/client/fetcher.js'
import { jest } from '@jest/globals'
import { manualClock, type ManualClock } from '../support/manual-clock.js'

export interface Sides {
  /** Needs as much as the limit allows, and `extra` more. */
  readonly attempt: (extra: 0 | 1) => unknown
  /**
   * The result of one more: fields of the error that refuses it, or of the report where the limit
   * does not refuse.
   */
  readonly beyond: object
}

/** Runs the work under a clock that it moves itself; the client's own clock is this one meanwhile. */
export async function underManualClock<T>(work: (clock: ManualClock) => Promise<T>): Promise<T> {
  const clock = manualClock()
  const spies = [
    jest.spyOn(systemClock, 'now').mockImplementation(clock.now),
    jest
      .spyOn(systemClock, 'setTimer')
      .mockImplementation((delay, callback) => clock.setTimer(delay, callback)),
  ]
  try {
    return await work(clock)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** Lets time pass, a little at a time, until the work is done. */
export async function passed<T>(work: Promise<T>, clock: ManualClock, most: number): Promise<T> {
  const state = { done: false }
  const end = (): void => {
    state.done = true
  }
  work.then(end, end)
  for (let step = 0; step < 100 && !state.done; step++) await clock.pass(most / 100)
  return work
}

/** One byte after another, each after so many milliseconds. */
export function bytesAfter(
  clock: ManualClock,
  steps: readonly { readonly after: number; readonly count: number }[],
): AsyncIterable<Uint8Array> {
  return (async function* () {
    for (const { after, count } of steps) {
      if (after > 0) await new Promise<void>((resolve) => clock.setTimer(after, resolve))
      yield new Uint8Array(count)
    }
  })()
}

/** Answers each request with the result of `answer`, in turn. */
export function fetcherOf(answer: (request: number) => FetchResponse | Error): Fetcher {
  let requests = 0
  return {
    fetch() {
      const given = answer(requests++)
      return given instanceof Error ? Promise.reject(given) : Promise.resolve(given)
    },
  }
}
