import { createHash } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { fetchBytes } from '../../src/client/fetch-bytes.js'
import type { Fetcher, FetchRequest, FetchResponse } from '../../src/client/fetcher.js'
import { retrying, type Retry, type RetryOptions } from '../../src/client/retry.js'
import { FetchFailedError, FetchNotFoundError } from '../../src/errors.js'
import { Updater, type UpdaterEvent } from '../../src/index.js'
import { type Answer, type TestRepository } from '../../src/testing/index.js'
import { manualClock } from '../support/manual-clock.js'
import { publishedWith } from '../support/published.js'

const url = 'https://example.org/a.json'

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}

function circle(): Error {
  const error = new Error('again')
  return Object.assign(error, { cause: error })
}

function failed(options: ConstructorParameters<typeof FetchFailedError>[2]): Error {
  return new FetchFailedError(url, 'no', options)
}

/** An error, or a body: its pieces, and the error that it ends with. */
type Step = Error | readonly (string | Error)[]

/** Gives the steps in turn, and keeps the requests. */
function fetcherOf(...steps: readonly Step[]): Fetcher & { readonly requests: FetchRequest[] } {
  const requests: FetchRequest[] = []
  return {
    requests,
    fetch(request): Promise<FetchResponse> {
      const step = steps[requests.push(request) - 1] ?? new Error('no more steps')
      if (step instanceof Error) return Promise.reject(step)
      const body = (async function* () {
        for (const piece of step) {
          if (piece instanceof Error) throw piece
          yield new TextEncoder().encode(piece)
        }
      })()
      return Promise.resolve({ offset: 0, body })
    },
  }
}

const limits = { minimumRate: 1_024, rateWindow: 30_000, maxLength: 100 }

async function get(fetcher: Fetcher): Promise<string> {
  return Buffer.from(await fetchBytes(fetcher, url, { ...limits, kind: 'metadata' })).toString()
}

/** At once, with a list of the waits. */
function noted(options: RetryOptions = {}): RetryOptions & { readonly seen: Retry[] } {
  const seen: Retry[] = []
  return {
    random: () => 1,
    wait: () => Promise.resolve(),
    onRetry: (retry) => seen.push(retry),
    ...options,
    seen,
  }
}

describe('a request is repeated', () => {
  test.each([
    ['status 429', failed({ status: 429 })],
    ['status 502', failed({ status: 502 })],
    ['status 503', failed({ status: 503 })],
    ['status 504', failed({ status: 504 })],
    ['a connection that was reset', failed({ cause: reset() })],
    ['a connection that was refused', failed({ cause: { code: 'x' }, transient: true })],
    [
      'a DNS server that did not answer',
      Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' }),
    ],
    [
      'one of several addresses that was refused',
      failed({
        cause: new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]),
      }),
    ],
    ['a body that broke off', ['abc', reset()]],
    ['a body that broke off before its first byte', [new Error('terminated')]],
  ] satisfies (readonly [string, Step])[])('after %s', async (_what, step) => {
    const fetcher = fetcherOf(step, step, ['whole'])
    const options = noted()
    expect(await get(retrying(fetcher, options))).toBe('whole')
    expect(fetcher.requests).toHaveLength(3)
    expect(options.seen).toMatchObject([
      { url, attempt: 2, delay: 500 },
      { url, attempt: 3, delay: 1_000 },
    ])
  })

  test.each([
    ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'],
    ...['ENETDOWN', 'ENETRESET', 'ENETUNREACH', 'EHOSTDOWN', 'EHOSTUNREACH'],
    ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
    ...['UND_ERR_SOCKET', 'ConnectionRefused', 'ConnectionReset', 'ConnectionClosed'],
  ])('after the failure that a runtime calls %s, at any depth', async (code) => {
    const cause = Object.assign(new Error(code), { code })
    const steps = [cause, failed({ cause }), failed({ cause: new Error('x', { cause }) })]
    for (const step of steps) {
      expect(await get(retrying(fetcherOf(step, ['whole']), noted()))).toBe('whole')
    }
  })

  test('after a compressed body that ends too early', async () => {
    const step = [Object.assign(new Error(), { code: 'Z_BUF_ERROR' })]
    expect(await get(retrying(fetcherOf(step, ['whole']), noted()))).toBe('whole')
  })

  test('twice, and then its error stands', async () => {
    const fetcher = fetcherOf(...Array.from({ length: 9 }, () => failed({ status: 503 })))
    await expect(get(retrying(fetcher, noted()))).rejects.toMatchObject({ status: 503 })
    expect(fetcher.requests).toHaveLength(3)
  })

  test('twice for each file, however it fails', async () => {
    const fetcher = fetcherOf(failed({ status: 503 }), ['a', reset()], ['b', reset()], ['c'])
    await expect(get(retrying(fetcher, noted()))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      cause: { code: 'ECONNRESET' },
    })
    expect(fetcher.requests).toHaveLength(3)
  })

  test('never where the fetcher is not told to', async () => {
    const fetcher = fetcherOf(failed({ status: 503 }), ['whole'])
    await expect(get(fetcher)).rejects.toMatchObject({ status: 503 })
    await expect(get(retrying(fetcherOf(reset()), { retries: 0 }))).rejects.toThrow('failed')
  })

  test.each([
    ['not there', new FetchNotFoundError(url, 404)],
    ['status 403', failed({ status: 403 })],
    ['status 500', failed({ status: 500 })],
    [
      'a name that does not exist',
      failed({ cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) }),
    ],
    [
      'a certificate that is not valid',
      failed({ cause: Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' }) }),
    ],
    ['a redirect to nowhere', failed({})],
    ['a failure that the fetcher calls permanent', failed({ cause: reset(), transient: false })],
    ['an error of the application', new Error('out of order')],
    ['a code that is not text', failed({ cause: { code: 111 } })],
    ['a cause that is its own', failed({ cause: circle() })],
    ['bytes that are not gzip', [Object.assign(new Error(), { code: 'Z_DATA_ERROR' })]],
    ['a body that is too long', ['x'.repeat(101)]],
  ] satisfies (readonly [string, Step])[])('never after %s', async (_what, step) => {
    const fetcher = fetcherOf(step, ['whole'])
    await expect(get(retrying(fetcher, noted()))).rejects.toThrow()
    expect(fetcher.requests).toHaveLength(1)
  })

  test('never after an answer that violates the port', async () => {
    let requests = 0
    const fetch = (): Promise<FetchResponse> => {
      requests++
      return Promise.resolve({} as FetchResponse)
    }
    await expect(get(retrying({ fetch }, noted()))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      transient: false,
      cause: new TypeError('the offset of the answer is of type undefined'),
    })
    expect(requests).toBe(1)
  })
})

describe('the wait before a repetition', () => {
  test.each([
    [0, [250, 500, 1_000, 1_500]],
    [0.5, [375, 750, 1_500, 2_250]],
  ])('doubles up to its end; the random part %d makes it %j', async (random, delays) => {
    const options = noted({ retries: 4, longestDelay: 3_000, random: () => random })
    const fetcher = fetcherOf(...Array.from({ length: 5 }, () => failed({ status: 503 })))
    await expect(get(retrying(fetcher, options))).rejects.toThrow()
    expect(options.seen.map(({ delay }) => delay)).toEqual(delays)
  })

  test.each([
    [3_000, [3_000, 3_000]],
    // Not sooner than without the server's wish.
    [0, [500, 1_000]],
    [60_000, [60_000, 60_000]],
    [60_001, []],
  ])('is the one that the server requests: %d ms', async (retryAfter, delays) => {
    const options = noted()
    const fetcher = fetcherOf(
      ...Array.from({ length: 3 }, () => failed({ status: 503, retryAfter })),
    )
    await expect(get(retrying(fetcher, options))).rejects.toMatchObject({ status: 503 })
    expect(options.seen.map(({ delay }) => delay)).toEqual(delays)
  })

  test("is not started when the deadline would pass in it: the server's error is thrown", async () => {
    const clock = manualClock()
    const fetcher = fetcherOf(failed({ status: 503, retryAfter: 5_000 }), ['whole'])
    const options = { ...limits, kind: 'metadata', clock, deadline: 5_000 } as const
    await expect(fetchBytes(retrying(fetcher), url, options)).rejects.toMatchObject({ status: 503 })
    expect(clock.timers()).toBe(0)
  })

  test('counts for the deadline, and is not slow retrieval', async () => {
    const clock = manualClock()
    const hangs: Fetcher = { fetch: () => new Promise(() => undefined) }
    const first = fetcherOf(failed({ status: 503, retryAfter: 50_000 }))
    const fetcher: Fetcher = {
      fetch: (request) => (first.requests.length === 0 ? first : hangs).fetch(request),
    }
    const options = { ...limits, kind: 'metadata', clock, deadline: 60_000 } as const
    const result = fetchBytes(retrying(fetcher), url, options).catch((error: unknown) => error)
    await clock.pass(59_999)
    expect(clock.timers()).toBeGreaterThan(0)
    await clock.pass(1)
    expect(await result).toMatchObject({ code: 'ERR_TUF_FETCH_TIMEOUT', timeout: 60_000 })
    expect(clock.timers()).toBe(0)
  })

  test('ends at once when the caller gives up, with the reason', async () => {
    const clock = manualClock()
    const controller = new AbortController()
    const { signal } = controller
    const fetcher = fetcherOf(failed({ status: 503, retryAfter: 50_000 }), ['whole'])
    const options = { ...limits, kind: 'metadata', clock, signal } as const
    const result = fetchBytes(retrying(fetcher), url, options).catch((error: unknown) => error)
    await clock.pass(10)
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await result).toBe(reason)
    expect(fetcher.requests).toHaveLength(1)
    expect(clock.timers()).toBe(0)
  })
})

describe('retrying', () => {
  const request = { url, kind: 'metadata', signal: new AbortController().signal } as const

  async function readAll({ body }: FetchResponse): Promise<string> {
    const chunks = []
    for await (const chunk of body) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  test('asked directly, repeats a request that failed before its answer', async () => {
    const fetcher = fetcherOf(reset(), failed({ status: 503 }), ['whole'])
    // A foreign error looks the same as a mistake.
    await expect(retrying(fetcher, noted()).fetch(request)).rejects.toThrow('ECONNRESET')
    expect(await readAll(await retrying(fetcher, noted()).fetch(request))).toBe('whole')
  })

  test('asked directly, loads metadata into memory before it answers, within its cap', async () => {
    const fetcher = fetcherOf(['wh', reset()], ['whole'], ['too long', 'too long'])
    const again = retrying(fetcher, noted())
    expect(await readAll(await again.fetch({ ...request, maxLength: 5 }))).toBe('whole')
    await expect(again.fetch({ ...request, maxLength: 5 })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_LONG',
      limit: 5,
    })
    expect(fetcher.requests).toHaveLength(3)
  })

  test('asked directly, leaves a broken target to the caller that holds its bytes', async () => {
    const fetcher = fetcherOf(['wh', reset()], ['whole'])
    const answer = await retrying(fetcher, noted()).fetch({ ...request, kind: 'target' })
    await expect(readAll(answer)).rejects.toThrow('ECONNRESET')
    expect(fetcher.requests).toHaveLength(1)
  })

  test('asked directly, waits by a timer, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController()
    const fetcher = fetcherOf(failed({ status: 503 }), ['whole'])
    const again = retrying(fetcher, { delay: 2 })
    expect(await readAll(await again.fetch({ ...request, signal }))).toBe('whole')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test("asked directly, ends its wait with the signal's reason", async () => {
    const controller = new AbortController()
    const fetcher = fetcherOf(failed({ status: 503 }), ['whole'])
    const reason = new Error('enough')
    const onRetry = (): void => void setTimeout(() => controller.abort(reason), 1)
    const again = retrying(fetcher, { delay: 60_000, onRetry })
    await expect(again.fetch({ ...request, signal: controller.signal })).rejects.toBe(reason)
    expect(fetcher.requests).toHaveLength(1)
  })

  test('of a retrying fetcher changes its settings, and does not multiply attempts', async () => {
    const fetcher = fetcherOf(...Array.from({ length: 9 }, () => failed({ status: 503 })))
    const options = noted({ retries: 3 })
    const twice = retrying(retrying(fetcher, options), { retries: 1, delay: 100 })
    await expect(get(twice)).rejects.toMatchObject({ status: 503 })
    expect(options.seen.map(({ delay }) => delay)).toEqual([100])
  })

  test.each([
    ['retries', 101],
    ['delay', 2 ** 31],
    ['longestDelay', 2 ** 31],
  ])('refuses %s: %d by name', (name, value) => {
    for (const wrong of [value, -1]) {
      expect(() => retrying(fetcherOf(), { [name]: wrong })).toThrow(
        `${name} is not an integer from 0 to ${value - 1}: ${wrong}`,
      )
    }
    expect(retrying(fetcherOf(), { [name]: value - 1 })).toHaveProperty('fetch')
  })

  test('tells the fetcher the maximum number of bytes', async () => {
    const fetcher = fetcherOf(['whole'])
    await get(retrying(fetcher))
    expect(fetcher.requests[0]).toMatchObject({ url, kind: 'metadata', maxLength: 100 })
  })
})

describe('an updater', () => {
  const path = 'dev/a.txt'
  const content = 'content'

  function published(): TestRepository {
    return publishedWith({ [path]: content })
  }

  /** Serves `answers` in turn for one file, and then the file. */
  function disturb(repo: TestRepository, answers: Answer[], name: string): void {
    repo.intercept((_kind, asked) => (asked === name ? answers.shift() : undefined))
  }

  function clientOf(
    repo: TestRepository,
    options: { readonly retries?: number } = {},
  ): { updater: Updater; requested: string[]; retries: UpdaterEvent[] } {
    const fetcher = repo.fetcher()
    const retries: UpdaterEvent[] = []
    const updater = new Updater({
      metadataUrl: fetcher.metadataUrl,
      targetsUrl: fetcher.targetsUrl,
      root: repo.root(),
      now: () => repo.now,
      fetcher: retrying(fetcher, { wait: () => Promise.resolve() }),
      onEvent(event) {
        if (event.type === 'retry') retries.push(event)
      },
      ...options,
    })
    return { updater, requested: fetcher.requested, retries }
  }

  const calm = ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json', '1.dev.json']

  test('asks once for each file when no request fails, in the same order as without', async () => {
    const repo = published()
    for (const retries of [0, 2]) {
      const { updater, requested } = clientOf(repo, { retries })
      await (await updater.refresh()).find(path)
      expect(requested).toEqual(calm)
    }
  })

  test.each(calm)('repeats the request for %s, and says so', async (name) => {
    const repo = published()
    disturb(repo, [{ status: 503 }, broken], name)
    const { updater, requested, retries } = clientOf(repo)
    expect(await (await updater.refresh()).find(path)).toMatchObject({ path })
    const at = calm.indexOf(name)
    expect(requested).toEqual([...calm.slice(0, at), name, name, ...calm.slice(at)])
    expect(retries[0]).toMatchObject({ attempt: 2, error: { status: 503 } })
  })

  function broken(): AsyncIterable<Uint8Array> {
    return (async function* () {
      yield Uint8Array.of(123)
      throw reset()
    })()
  }

  test('repeats the request for a target, and starts again from its first byte', async () => {
    const repo = published()
    const digest = createHash('sha256').update(content).digest('hex')
    const name = `dev/${digest}.a.txt`
    disturb(repo, [{ status: 504 }, () => empty(), broken], name)
    const { updater, requested, retries } = clientOf(repo)
    const repository = await updater.refresh()
    expect(Buffer.from(await repository.read(path)).toString()).toBe(content)
    expect(requested.filter((one) => one === name)).toHaveLength(5)
    expect(retries.slice(0, 2)).toMatchObject([{ attempt: 2 }, { attempt: 3 }])
  })

  function empty(): AsyncIterable<Uint8Array> {
    return (async function* () {
      yield new Uint8Array()
      throw reset()
    })()
  }

  test('with retries 0 reports the first failure', async () => {
    const repo = published()
    disturb(repo, [{ status: 503 }], 'timestamp.json')
    const { updater, requested, retries } = clientOf(repo, { retries: 0 })
    await expect(updater.refresh()).rejects.toMatchObject({ status: 503 })
    expect(requested).toEqual(['2.root.json', 'timestamp.json'])
    expect(retries).toEqual([])
  })

  test('does not repeat a refused request', async () => {
    const repo = published()
    repo.serve('timestamp.json', new TextEncoder().encode('{}'))
    const { updater, requested } = clientOf(repo)
    await expect(updater.refresh()).rejects.toMatchObject({ code: 'ERR_TUF_METADATA_INVALID' })
    expect(requested).toEqual(['2.root.json', 'timestamp.json'])
  })
})
