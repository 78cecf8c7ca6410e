/** What the fetcher asks a `fetch` function for, and how it takes its answers. */
import { describe, expect, test } from '@jest/globals'
import type { FetchRequest, FetchResponse } from '../../src/client/fetcher.js'
import {
  fetchFetcher,
  type FetchAnswer,
  type FetchBody,
  type FetchFetcherOptions,
  type FetchFunction,
  type FetchInit,
} from '../../src/client/web-fetcher.js'
import { FetchFailedError } from '../../src/errors.js'

const url = 'https://example.org/a'

interface Answered {
  readonly status?: number
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: FetchBody | null
}

/** A function that gives the answers in turn, the last one again and again. */
function answering(...answers: readonly (Answered | Error)[]): {
  readonly asked: (FetchInit & { readonly url: string })[]
  readonly fetch: FetchFunction
} {
  const asked: (FetchInit & { readonly url: string })[] = []
  const fetch: FetchFunction = (at, init): Promise<FetchAnswer> => {
    const next = answers[Math.min(asked.push({ ...init, url: at }), answers.length) - 1]
    if (next instanceof Error) return Promise.reject(next)
    const headers = new Headers(next?.headers)
    return Promise.resolve({ status: 200, url: at, body: bodyOf([1]).body, ...next, headers })
  }
  return { asked, fetch }
}

function to(location: string): Answered {
  return { status: 302, headers: { location } }
}

/** Chunks of zeros with these lengths, and how much of them was used. */
function bodyOf(lengths: readonly number[]): {
  readonly body: FetchBody
  readonly used: { read: number; canceled: number }
} {
  const used = { read: 0, canceled: 0 }
  const body: FetchBody = {
    getReader: () => ({
      read() {
        const length = lengths[used.read++]
        if (length === undefined) return Promise.resolve({ done: true })
        return Promise.resolve({ done: false, value: new Uint8Array(length) })
      },
      cancel() {
        used.canceled++
        return Promise.resolve()
      },
    }),
  }
  return { body, used }
}

function ask(
  fetch: FetchFunction,
  more: Partial<FetchRequest> = {},
  options: FetchFetcherOptions = {},
): Promise<FetchResponse> {
  const { signal } = new AbortController()
  return fetchFetcher({ ...options, fetch }).fetch({ url, kind: 'metadata', signal, ...more })
}

async function lengthOf({ body }: FetchResponse): Promise<number> {
  let length = 0
  for await (const chunk of body) length += chunk.length
  return length
}

describe('a request', () => {
  test.each([
    [{}, {}],
    [{ accept: 'text/html' }, { accept: 'text/html' }],
    [{ kind: 'target' }, { 'accept-encoding': 'identity' }],
    [
      { offset: 5, validator: '"1"' },
      { range: 'bytes=5-', 'if-range': '"1"' },
    ],
    [{ offset: 5 }, {}],
    [{ offset: 0, validator: '"1"' }, {}],
    [{ validator: '"1"' }, {}],
  ] as const)('for %j has the headers %j', async (more, headers) => {
    const { asked, fetch } = answering({})
    await ask(fetch, more)
    expect(asked[0]?.headers).toStrictEqual(headers)
  })

  test.each(['a.txt', 'ipfs://bafy/a'])(
    'for an address that the function alone understands, such as %s, is passed on as it is',
    async (address) => {
      for (const answered of [address, '']) {
        const { asked, fetch } = answering({ url: answered })
        const answer = await ask(fetch, { url: address })
        expect(await lengthOf(answer)).toBe(1)
        expect(answer.url).toBeUndefined()
        expect(asked).toMatchObject([{ url: address }])
      }
    },
  )

  test('says nothing of cookies and caches where the runtime has no Request', async () => {
    const known = Object.getOwnPropertyDescriptor(globalThis, 'Request')
    Reflect.deleteProperty(globalThis, 'Request')
    try {
      const { asked, fetch } = answering({})
      await ask(fetch)
      expect(Object.keys(asked[0] ?? {}).sort()).toEqual(['headers', 'redirect', 'signal', 'url'])
    } finally {
      Object.defineProperty(globalThis, 'Request', known ?? {})
    }
  })
})

describe('an answer', () => {
  test('without a body is an empty file', async () => {
    const { fetch } = answering({ body: null })
    expect(await lengthOf(await ask(fetch))).toBe(0)
    const { body } = await ask(fetch)
    expect(await body[Symbol.asyncIterator]().return?.()).toMatchObject({ done: true })
  })

  test.each([
    ['the whole file, unasked', {}, 206, 'bytes 0-0/1'],
    ['the rest, without a promise that it is the same file', { offset: 5 }, 206, 'bytes 5-5/6'],
    ['the start, asked as such', { offset: 0, validator: '"1"' }, 206, 'bytes 0-0/1'],
    ['an error page', { offset: 5, validator: '"1"' }, 500, 'bytes 5-5/6'],
  ] as const)('that says it is a part is refused: %s', async (_what, more, status, range) => {
    const { asked, fetch } = answering({ status, headers: { 'content-range': range } })
    await expect(ask(fetch, more)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      message: `${url}: unexpected status ${status}`,
      status,
    })
    expect(asked).toHaveLength(1)
  })

  test('that the file is gone is one for its rest too: the start is not asked for', async () => {
    const { asked, fetch } = answering({ status: 404 })
    await expect(ask(fetch, { offset: 5, validator: '"1"' })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_NOT_FOUND',
    })
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['is read to its end', [40_000, 25_536], { read: 3, canceled: 0 }],
    ['is not read beyond 64 KiB', [40_000, 25_537, 1], { read: 2, canceled: 1 }],
    [
      'without an end is not read for ever',
      Array<number>(90).fill(9_000),
      { read: 8, canceled: 1 },
    ],
  ])('that is not the file %s, and the connection is free again', async (_how, lengths, uses) => {
    const { body, used } = bodyOf(lengths)
    await expect(ask(answering({ status: 404, body }).fetch)).rejects.toThrow('not found')
    expect(used).toEqual(uses)
  })

  test.each([
    ['another address', new FetchFailedError('https://example.org/b', 'no')],
    ['the address', new FetchFailedError(url, 'no')],
  ])('that is an error about %s stays that error', async (_which, error) => {
    await expect(ask(answering(error).fetch)).rejects.toBe(error)
  })
})

test.each([
  [undefined, undefined],
  [true, undefined],
  // It is the global one.
  [false, true],
])('a TypeError of a function that is bare: %j may pass: %j', async (bare, transient) => {
  const { fetch } = answering(new TypeError('Failed to fetch'))
  await expect(ask(fetch, {}, { bare })).rejects.toMatchObject({
    code: 'ERR_TUF_FETCH_FAILED',
    transient,
  })
})

describe('a redirect', () => {
  test.each([
    ['the function says nothing of', [to('/b?key=1'), { url: '' }]],
    ['the function followed by itself', [{ url: 'https://example.org/b?key=1' }]],
  ])('that %s is told with the answer', async (_which, answers) => {
    const answer = await ask(answering(...answers).fetch)
    expect(answer.url).toBe('https://example.org/b')
  })

  test.each([{ status: 302 }, to('//['), to('')])(
    'to no address is refused: %j',
    async (answer) => {
      // An empty address is the same one.
      const reason = answer.headers?.['location'] === '' ? 'more than 5 redirects' : 'to no address'
      await expect(ask(answering(answer).fetch)).rejects.toMatchObject({
        message: expect.stringContaining(reason),
      })
    },
  )

  test.each(['ftp://example.org/b', 'data:,x', 'blob:x', 'file:///b'])(
    'from http to %s is refused',
    async (location) => {
      const { asked, fetch } = answering(to(location))
      const from = 'http://example.org/a'
      await expect(ask(fetch, { url: from })).rejects.toMatchObject({
        message: `${from}: redirected from ${from} to ${new URL(location).protocol}`,
      })
      expect(asked).toHaveLength(1)
    },
  )

  test('that is refused names the address before it, without keys', async () => {
    const { fetch } = answering(to('/b?key=1'), to('http://example.org/c'))
    await expect(ask(fetch)).rejects.toMatchObject({
      message: `${url}: redirected from https://example.org/b to http:`,
    })
  })

  test('after which the function speaks of the first address keeps its error', async () => {
    const error = new FetchFailedError(url, 'no')
    await expect(ask(answering(to('/b'), error).fetch)).rejects.toBe(error)
  })

  test('that the runtime hides is followed with an empty table of headers', async () => {
    const { asked, fetch } = answering({ status: 0 }, {})
    await ask(fetch, {}, { headers: {} })
    expect(asked.map(({ redirect }) => redirect)).toEqual(['manual', 'follow'])
  })

  test('that stays hidden when the runtime follows it is an error after one more request', async () => {
    const { asked, fetch } = answering({ status: 0 })
    const fetcher = fetchFetcher({ fetch })
    const { signal } = new AbortController()
    for (const redirects of [['manual', 'follow'], ['follow']]) {
      asked.length = 0
      await expect(fetcher.fetch({ url, kind: 'metadata', signal })).rejects.toThrow('status 0')
      expect(asked.map(({ redirect }) => redirect)).toEqual(redirects)
    }
  })
})
