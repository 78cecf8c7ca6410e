/** A fetcher that repeats requests by itself, and how its settings are kept and changed. */
import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import type { Fetcher, FetchRequest, FetchResponse } from '../../src/client/fetcher.js'
import {
  listening,
  repeatedAs,
  retrying,
  type Retry,
  type RetryOptions,
} from '../../src/client/retry.js'
import { FetchFailedError } from '../../src/errors.js'

const url = 'https://example.org/a.json'

function request(more: Partial<FetchRequest> = {}): FetchRequest {
  return { url, kind: 'metadata', signal: new AbortController().signal, ...more }
}

/** Fails as often as there are failures, and then answers. */
function failing(...failures: readonly object[]): Fetcher & { readonly asked: FetchRequest[] } {
  const asked: FetchRequest[] = []
  return {
    asked,
    fetch(one): Promise<FetchResponse> {
      const failure = failures[asked.push(one) - 1]
      if (failure) return Promise.reject(new FetchFailedError(url, 'no', failure))
      return Promise.resolve({ offset: 0, body: broken() })
    },
  }
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(3))
  throw Object.assign(new Error('reset'), { code: 'ECONNRESET' })
}

const busy = { status: 503 }

/** At once, with a list of the waits. */
function noted(options: RetryOptions = {}): RetryOptions & { readonly seen: Retry[] } {
  const seen: Retry[] = []
  const wait = (): Promise<void> => Promise.resolve()
  return { random: () => 1, wait, onRetry: (retry) => seen.push(retry), ...options, seen }
}

describe('a fetcher that repeats requests', () => {
  test('counts its attempts, and ends with the last error', async () => {
    const fetcher = failing(busy, busy, busy, busy)
    const options = noted()
    await expect(retrying(fetcher, options).fetch(request())).rejects.toMatchObject(busy)
    expect(fetcher.asked).toHaveLength(3)
    expect(options.seen.map(({ attempt, delay }) => [attempt, delay])).toEqual([
      [2, 500],
      [3, 1_000],
    ])
  })

  test.each([
    ['a target', { kind: 'target', maxLength: 5 }],
    ['metadata of an unknown length', {}],
  ] as const)('gives the body of %s to its caller before it has ended', async (_what, more) => {
    const fetcher = failing()
    const { body } = await retrying(fetcher, noted()).fetch(request(more))
    const reader = body[Symbol.asyncIterator]()
    expect(await reader.next()).toMatchObject({ done: false })
    await expect(reader.next()).rejects.toThrow('reset')
    expect(fetcher.asked).toHaveLength(1)
  })

  test('leaves nothing on a signal that ends its wait', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reason = new Error('enough')
    const onRetry = (): void => void setImmediate(() => controller.abort(reason))
    const again = retrying(failing(busy), { delay: 60_000, onRetry })
    await expect(again.fetch(request({ signal }))).rejects.toBe(reason)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test.each(['60000', null, NaN, -5, 400])(
    'waits as long as it would by itself where the server asks for %p',
    async (retryAfter) => {
      const options = noted()
      const fetcher: Fetcher = {
        fetch: () =>
          // Another copy of this package may give anything.
          Promise.reject(Object.assign(new FetchFailedError(url, 'no', busy), { retryAfter })),
      }
      await expect(retrying(fetcher, options).fetch(request())).rejects.toMatchObject(busy)
      expect(options.seen.map(({ delay }) => delay)).toEqual([500, 1_000])
    },
  )
})

describe('the settings of a fetcher that repeats requests', () => {
  const settings = noted({ retries: 1, delay: 8 })
  const fetcher = failing(busy, busy, busy)
  const inner = retrying(fetcher, settings)

  async function delaysOf(again: Fetcher): Promise<number[]> {
    settings.seen.length = 0
    fetcher.asked.length = 0
    await expect(again.fetch(request())).rejects.toMatchObject(busy)
    return settings.seen.map(({ delay }) => delay)
  }

  test('stay where an option is given as undefined', async () => {
    const again = retrying(inner, { retries: undefined, delay: undefined, onRetry: undefined })
    expect(await delaysOf(again)).toEqual([8])
  })

  test('are those of another fetcher where it is the model', async () => {
    const again = repeatedAs(inner, fetcher)
    expect(await delaysOf(again)).toEqual([8])
    expect(await delaysOf(retrying(again, { retries: 2 }))).toEqual([8, 16])
    // A model without settings has none to give.
    expect(repeatedAs(fetcher, again)).toBe(again)
    const single = failing(busy)
    expect(repeatedAs(fetcher, single)).toBe(single)
  })
})

describe('a listener that throws', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  test.each([
    ['of the fetcher', (options: RetryOptions) => retrying(failing(busy, {}), options)],
    [
      'below that of an updater',
      (options: RetryOptions) => listening(retrying(failing(busy, {}), options), 1, () => {}),
    ],
  ])('%s becomes a warning that names the option', async (_whose, make) => {
    const emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const options = noted({
      onRetry() {
        throw new RangeError('out of it')
      },
    })
    await expect(make(options).fetch(request())).rejects.toMatchObject({ status: undefined })
    expect(emitted.mock.calls.map(([text]) => text)).toEqual(['onRetry threw'])
  })
})
