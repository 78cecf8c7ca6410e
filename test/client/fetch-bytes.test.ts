import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { fetchBytes, type FetchBytesOptions } from '../../src/client/fetch-bytes.js'
import type { Fetcher, FetchRequest } from '../../src/client/fetcher.js'
import { FetchNotFoundError } from '../../src/errors.js'
import { manualClock, settle } from '../support/manual-clock.js'

const url = 'https://example.org/timestamp.json'

function limits(more: Partial<FetchBytesOptions> = {}): FetchBytesOptions {
  return { kind: 'metadata', maxLength: 100, minimumRate: 1_024, rateWindow: 30_000, ...more }
}

/** Yields the chunks, then ends, throws or hangs; reports whether it was released. */
function bodyFetcher(
  chunks: readonly Uint8Array[],
  then: 'end' | 'hang' | Error = 'end',
  hint: { readonly length?: number } = {},
): Fetcher & { readonly released: () => boolean; readonly requests: FetchRequest[] } {
  let released = false
  const requests: FetchRequest[] = []
  return {
    requests,
    released: () => released,
    fetch(request) {
      requests.push(request)
      let index = 0
      const body: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next() {
            const value = chunks[index++]
            if (value !== undefined) return Promise.resolve({ done: false, value })
            if (then === 'hang') return new Promise(() => undefined)
            if (then instanceof Error) return Promise.reject(then)
            return Promise.resolve({ done: true, value: undefined })
          },
          return() {
            released = true
            return Promise.resolve({ done: true, value: undefined })
          },
        }),
      }
      return Promise.resolve({ offset: 0, ...hint, body })
    },
  }
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('fetchBytes', () => {
  test.each([undefined, 4, 2, 0, 50])(
    'joins the chunks when the announced length is %p',
    async (length) => {
      const fetcher = bodyFetcher([bytes(1), bytes(), bytes(2, 3), bytes(4)])
      const progress: number[] = []
      const whole = await fetchBytes(fetcher, url, {
        ...limits(),
        length,
        onProgress: (received) => progress.push(received),
      })
      expect(whole).toEqual(bytes(1, 2, 3, 4))
      expect(whole.buffer.byteLength).toBe(4)
      expect(progress).toEqual([1, 1, 3, 4])
    },
  )

  test.each([4, 2, 0, 50, 1e18, Number.POSITIVE_INFINITY, Number.NaN, -1, 1.5])(
    'an announced length of %p bytes is not believed',
    async (length) => {
      const fetcher = bodyFetcher([bytes(1), bytes(2, 3), bytes(4)], 'end', { length })
      const whole = await fetchBytes(fetcher, url, limits())
      expect(whole).toEqual(bytes(1, 2, 3, 4))
      expect(whole.buffer.byteLength).toBe(4)
    },
  )

  test('leaves no timer and no listener', async () => {
    const clock = manualClock()
    const { signal } = new AbortController()
    await fetchBytes(bodyFetcher([bytes(1)]), url, limits({ clock, deadline: 9, signal }))
    expect(clock.timers()).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('sets no room aside for an announced length that no memory holds', async () => {
    const most = Number.MAX_SAFE_INTEGER
    const fetcher = bodyFetcher([bytes(1), bytes(2)], 'end', { length: most })
    expect(await fetchBytes(fetcher, url, limits({ maxLength: most }))).toEqual(bytes(1, 2))
  })

  test('takes a body of exactly the limit', async () => {
    const whole = await fetchBytes(bodyFetcher([bytes(1, 2)]), url, limits({ maxLength: 2 }))
    expect(whole).toHaveLength(2)
  })

  test('endless data (1.5.2): stops at the first byte too many and lets go', async () => {
    const endless: Fetcher = {
      async fetch() {
        await settle()
        return {
          offset: 0,
          body: (async function* () {
            for (;;) {
              await settle()
              yield new Uint8Array(30)
            }
          })(),
        }
      },
    }
    await expect(fetchBytes(endless, url, limits())).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_LONG',
      url,
      limit: 100,
    })
    const fetcher = bodyFetcher([bytes(1), new Uint8Array(100), bytes(2)], 'hang')
    await expect(fetchBytes(fetcher, url, limits())).rejects.toMatchObject({ limit: 100 })
    expect(fetcher.released()).toBe(true)
    expect(fetcher.requests[0]?.signal.aborted).toBe(true)
  })

  test('slow retrieval (1.5.2): a stall before the first byte ends by the minimum rate', async () => {
    const clock = manualClock()
    const silent: Fetcher = { fetch: () => new Promise(() => undefined) }
    const result = expect(fetchBytes(silent, url, limits({ clock }))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_SLOW',
      url,
      minimumRate: 1_024,
      silence: 30_000,
      message: `${url}: no answer for 30 seconds`,
    })
    await clock.pass(30_000)
    await result
    expect(clock.timers()).toBe(0)
  })

  test('slow retrieval (1.5.2): one byte and then a stall', async () => {
    const clock = manualClock()
    const fetcher = bodyFetcher([bytes(1)], 'hang')
    const result = expect(fetchBytes(fetcher, url, limits({ clock }))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_SLOW',
      message: `${url}: slower than 1024 bytes a second`,
    })
    await clock.pass(30_000)
    await result
    expect(fetcher.released()).toBe(true)
  })

  test('slow retrieval (1.5.2): one byte a second is too slow, the minimum rate is not', async () => {
    const fetchAt = async (rate: number): Promise<Uint8Array> => {
      const clock = manualClock()
      const trickle: Fetcher = {
        fetch: () =>
          Promise.resolve({
            offset: 0,
            body: (async function* () {
              for (let second = 0; second < 100; second++) {
                await new Promise<void>((resolve) => clock.setTimer(1_000, resolve))
                yield new Uint8Array(rate)
              }
            })(),
          }),
      }
      const result = fetchBytes(trickle, url, limits({ clock, maxLength: 1e6 }))
      result.catch(() => undefined)
      await clock.pass(110_000)
      return result
    }
    await expect(fetchAt(1)).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW' })
    await expect(fetchAt(1_100)).resolves.toHaveLength(110_000)
  })

  test('a deadline ends a body that keeps the minimum rate', async () => {
    const clock = manualClock()
    const fetcher = bodyFetcher([new Uint8Array(90)], 'hang')
    const options = limits({ clock, deadline: 1_000, minimumRate: 0 })
    const result = expect(fetchBytes(fetcher, url, options)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TIMEOUT',
      timeout: 1_000,
      url,
    })
    await clock.pass(1_000)
    await result
  })

  test('a deadline ends a body that is always ready, when timers never fire', async () => {
    let time = 0
    const clock = { now: () => (time += 10), setTimer: () => () => undefined }
    const fetcher = bodyFetcher(new Array<Uint8Array>(1_000).fill(bytes()))
    const options = limits({ clock, deadline: 1_000 })
    await expect(fetchBytes(fetcher, url, options)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TIMEOUT',
    })
  })

  test('an abort while the request is being started ends it', async () => {
    const controller = new AbortController()
    const fetcher: Fetcher = {
      fetch() {
        controller.abort(new Error('enough'))
        return new Promise(() => undefined)
      },
    }
    await expect(fetchBytes(fetcher, url, limits({ signal: controller.signal }))).rejects.toThrow(
      'enough',
    )
  })

  test("an abort throws the signal's own reason, before, while waiting and in the body", async () => {
    const reason = new Error('enough')
    const early = bodyFetcher([])
    await expect(
      fetchBytes(early, url, limits({ signal: AbortSignal.abort(reason) })),
    ).rejects.toBe(reason)
    expect(early.requests).toHaveLength(0)

    for (const fetcher of [
      { fetch: () => new Promise<never>(() => undefined) },
      bodyFetcher([bytes(1)], 'hang'),
    ]) {
      const controller = new AbortController()
      const result = expect(
        fetchBytes(fetcher, url, limits({ signal: controller.signal })),
      ).rejects.toBe(reason)
      await settle()
      controller.abort(reason)
      await result
    }
  })

  test('an error that is not of this library becomes FetchFailedError with its cause', async () => {
    const cause = new TypeError('socket hang up')
    const failing: Fetcher = { fetch: () => Promise.reject(cause) }
    for (const fetcher of [failing, bodyFetcher([bytes(1)], cause)]) {
      await expect(fetchBytes(fetcher, url, limits())).rejects.toMatchObject({
        code: 'ERR_TUF_FETCH_FAILED',
        url,
        cause,
      })
    }
  })

  test('a missing file is passed on as it is', async () => {
    const notFound = new FetchNotFoundError(url, 404)
    const fetcher: Fetcher = { fetch: () => Promise.reject(notFound) }
    await expect(fetchBytes(fetcher, url, limits())).rejects.toBe(notFound)
  })

  test('an answer that starts at another offset is refused', async () => {
    const fetcher: Fetcher = {
      async fetch(request) {
        return { ...(await bodyFetcher([bytes(1)]).fetch(request)), offset: 7 }
      },
    }
    await expect(fetchBytes(fetcher, url, limits())).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      message: `${url}: the answer starts at byte 7`,
    })
  })
})
