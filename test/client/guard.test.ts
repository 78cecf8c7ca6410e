/** The limits around any fetcher, as a caller meets them that opens a body itself. */
import { describe, expect, test } from '@jest/globals'
import type { Clock } from '../../src/client/clock.js'
import type { Fetcher, FetchRequest } from '../../src/client/fetcher.js'
import { noteQueued } from '../../src/client/queued.js'
import { retrying, type Retry } from '../../src/client/retry.js'
import { FetchFailedError } from '../../src/errors.js'
import { chunks, fetcherOf, guardOf, outcome, request, silent, url } from '../support/guarding.js'
import { manualClock, settle } from '../support/manual-clock.js'

const reason = new Error('enough')

/** Time that passes without a timer: the body is ready at the given times. */
function lateBody(...times: readonly number[]): { clock: Clock; fetcher: Fetcher } {
  let time = 0
  const body = (async function* () {
    for (const at of times) {
      await Promise.resolve()
      time = at
      yield new Uint8Array(1)
    }
  })()
  return {
    clock: { now: () => time, setTimer: () => () => undefined },
    fetcher: fetcherOf(body),
  }
}

describe('the time that a guard allows', () => {
  test('needs no timer where there is neither a minimum rate nor a deadline', async () => {
    const clock = manualClock()
    outcome(guardOf({ clock, minimumRate: 0 }).open(silent, request))
    await settle()
    expect(clock.timers()).toBe(0)
  })

  test('is judged again in each window: enough bytes in the first excuse no silence', async () => {
    const clock = manualClock()
    const body = await guardOf({ clock }).open(fetcherOf(chunks([40_000], 'hang')), request)
    await body.next()
    const seen = outcome(body.next())
    await clock.pass(59_999)
    expect(seen).toEqual({})
    await clock.pass(1)
    expect(seen.error).toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW' })
  })

  test('ends without an answer where headers came and no byte of the body', async () => {
    const clock = manualClock()
    const body = await guardOf({ clock }).open(fetcherOf(chunks([0], 'hang')), request)
    await body.next()
    const seen = outcome(body.next())
    await clock.pass(30_000)
    expect(seen.error).toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW', silence: 30_000 })
  })

  test('ends with every timer, also before the guard is closed', async () => {
    const clock = manualClock()
    const seen = outcome(guardOf({ clock, deadline: 60_000 }).open(silent, request))
    await clock.pass(30_000)
    expect(seen.error).toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW' })
    expect(clock.timers()).toBe(0)
  })

  test('is over when the timer of the window fires a millisecond early', async () => {
    const clock = manualClock()
    const early: Clock = {
      now: clock.now,
      setTimer: (delay, callback) => clock.setTimer(delay === 30_000 ? 29_999 : delay, callback),
    }
    const seen = outcome(guardOf({ clock: early }).open(silent, request))
    await clock.pass(29_999)
    expect(seen.error).toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW' })
  })

  test('ends in the millisecond of the deadline, also where no timer fires', async () => {
    const { clock, fetcher } = lateBody(999, 1_000)
    const guard = guardOf({ clock, minimumRate: 0, deadline: 1_000 })
    const body = await guard.open(fetcher, request)
    expect(await body.next()).toHaveLength(1)
    await expect(body.next()).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TIMEOUT' })
  })

  test('has one end: a file that is too slow and too late at once is called too slow', async () => {
    const { clock, fetcher } = lateBody(30_000)
    const body = await guardOf({ clock, deadline: 30_000 }).open(fetcher, request)
    await expect(body.next()).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW' })
  })
})

describe('the wait before a repetition', () => {
  const busy = new FetchFailedError(url, 'busy', { status: 503, retryAfter: 3_000 })

  /** Is busy once. */
  function busyFetcher(): Fetcher & { readonly requests: FetchRequest[] } {
    const { requests, fetch } = fetcherOf()
    return {
      requests,
      fetch: (asked) =>
        requests.length === 0 && requests.push(asked) ? Promise.reject(busy) : fetch(asked),
    }
  }

  test('is as long as the server asks for', async () => {
    const clock = manualClock()
    const fetcher = busyFetcher()
    outcome(guardOf({ clock }).open(retrying(fetcher), request))
    await clock.pass(2_999)
    expect(fetcher.requests).toHaveLength(1)
    await clock.pass(1)
    expect(fetcher.requests).toHaveLength(2)
  })

  test.each([
    [2_000, {}],
    [2_001, { error: busy }],
  ])('does not begin where the deadline would end it: after %d ms', async (passed, expected) => {
    const clock = manualClock()
    await clock.pass(1_000)
    const guard = guardOf({ clock, deadline: 5_001 })
    await clock.pass(passed)
    const seen = outcome(guard.open(retrying(busyFetcher()), request))
    await settle()
    expect(seen).toEqual(expected)
  })

  test('begins at once after new bytes, and these do not count as repetitions', async () => {
    const seen: Retry[] = []
    const waits: number[] = []
    const fetcher = retrying(fetcherOf(chunks([])), {
      random: () => 1,
      wait: (delay) => Promise.resolve(void waits.push(delay)),
      onRetry: (retry) => seen.push(retry),
    })
    const guard = guardOf()
    await guard.open(fetcher, request)
    const broken = new FetchFailedError(url, 'broken', { transient: true })
    for (const progress of [true, true, true, false, false]) await guard.again(broken, progress)
    await expect(guard.again(broken)).rejects.toBe(broken)
    expect(waits).toEqual([500, 1_000])
    expect(seen.map(({ attempt, delay }) => [attempt, delay])).toEqual([
      ...[2, 3, 4].map((attempt) => [attempt, 0]),
      ...[
        [5, 500],
        [6, 1_000],
      ],
    ])
  })
})

describe('a wait for one of the fetcher’s own connections', () => {
  test('does not make the time before it the server’s silence', async () => {
    const clock = manualClock()
    const guard = guardOf({ clock })
    const bodies = fetcherOf(chunks([1]), chunks([1]))
    const queueing: Fetcher = {
      fetch(asked) {
        noteQueued(asked.signal, true)
        noteQueued(asked.signal, false)
        return bodies.fetch(asked)
      },
    }
    await (await guard.open(bodies, request)).next()
    // The reader takes its time before it asks again.
    await clock.pass(40_000)
    expect(await (await guard.open(queueing, request)).next()).toHaveLength(1)
  })

  test('that an abort ended starts no timer', async () => {
    const clock = manualClock()
    const controller = new AbortController()
    const queueing: Fetcher = {
      fetch({ signal }) {
        noteQueued(signal, true)
        signal.addEventListener('abort', () => noteQueued(signal, false))
        return new Promise(() => undefined)
      },
    }
    const seen = outcome(guardOf({ clock, signal: controller.signal }).open(queueing, request))
    controller.abort(reason)
    await settle()
    expect(seen.error).toBe(reason)
    expect(clock.timers()).toBe(0)
  })

  test('starts no timer while nobody waits for the answer', async () => {
    const clock = manualClock()
    const fetcher = fetcherOf(chunks([1]))
    await guardOf({ clock }).open(fetcher, request)
    await clock.pass(30_000)
    noteQueued(fetcher.requests[0]!.signal, false)
    expect(clock.timers()).toBe(0)
  })
})
