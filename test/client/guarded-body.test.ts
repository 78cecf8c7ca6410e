/** The body that a guard gives: its chunks, its end, and when it is let go. */
import { describe, expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/client/fetcher.js'
import { chunks, fetcherOf, guardOf, outcome, request, url } from '../support/guarding.js'
import { settle } from '../support/manual-clock.js'

const reason = new Error('enough')

describe('a body under a guard', () => {
  /** Counts how often it was let go. */
  function counted(): { readonly body: AsyncIterable<Uint8Array>; readonly left: () => number } {
    let [given, left] = [0, 0]
    const body: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: given++ > 0, value: new Uint8Array(1) }),
        return: () => Promise.resolve({ done: true, value: (left += 1) }),
      }),
    }
    return { body, left: () => left }
  }

  test('is let go once, however often it is closed', async () => {
    const { body, left } = counted()
    const opened = await guardOf().open(fetcherOf(body), request)
    opened.close()
    opened.close()
    expect(left()).toBe(1)
  })

  test('is not let go after its end, and the value of the end is none of its bytes', async () => {
    const { body, left } = counted()
    const opened = await guardOf().open(fetcherOf(body), request)
    expect(await opened.next()).toHaveLength(1)
    expect(await opened.next()).toBeUndefined()
    opened.close()
    expect(left()).toBe(0)
  })

  test.each([
    ['metadata', 9],
    ['target', 5],
  ] as const)(
    'of %s that was compressed on its way is read as that kind is',
    async (kind, length) => {
      const encoded = { coding: 'gzip', body: chunks([5]) }
      const fetcher: Fetcher = {
        fetch: () => Promise.resolve({ offset: 0, body: chunks([9]), encoded }),
      }
      const opened = await guardOf().open(fetcher, { url: `${url}.gz`, kind })
      expect(await opened.next()).toHaveLength(length)
    },
  )

  test('that gives text is refused, and says so', async () => {
    const body = (async function* () {
      yield await Promise.resolve('text' as unknown as Uint8Array)
    })()
    const opened = await guardOf().open(fetcherOf(body), request)
    await expect(opened.next()).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      cause: new TypeError('a chunk of the body is not a Uint8Array'),
    })
  })

  test('ends with the reason of an abort, whatever the reason is', async () => {
    const controller = new AbortController()
    const guard = guardOf({ signal: controller.signal })
    const opened = await guard.open(fetcherOf(chunks([], 'hang')), request)
    const seen = outcome(opened.next())
    controller.abort(reason)
    await settle()
    expect(seen.error).toBe(reason)
  })

  test('of empty chunks that are always ready holds up no abort', async () => {
    const began = performance.now()
    const body = (async function* () {
      while (performance.now() - began < 2_000) yield await Promise.resolve(new Uint8Array())
    })()
    const controller = new AbortController()
    const guard = guardOf({ signal: controller.signal })
    const opened = await guard.open(fetcherOf(body), request)
    setTimeout(() => controller.abort(reason), 1)
    const read = async (): Promise<void> => {
      while (await opened.next());
    }
    await expect(read()).rejects.toBe(reason)
  })

  test('of bytes that are ready is read without a pause, since its length bounds it', async () => {
    let others = 0
    const body = (async function* () {
      const began = performance.now()
      setTimeout(() => others++, 0)
      while (performance.now() - began < 30);
      yield await Promise.resolve(new Uint8Array(1))
    })()
    const opened = await guardOf().open(fetcherOf(body), request)
    expect(await opened.next()).toHaveLength(1)
    expect(others).toBe(0)
  })
})
