import { describe, expect, test } from '@jest/globals'
import type { FetchRequest, FetchResponse } from '../../src/client/fetcher.js'
import {
  fetchFetcher,
  type FetchAnswer,
  type FetchFetcherOptions,
  type FetchInit,
} from '../../src/client/web-fetcher.js'
import { FetchFailedError } from '../../src/errors.js'
import { describeFetcher } from '../support/fetcher-contract.js'

describeFetcher('the global fetch', undefined)

function request(url: string): FetchRequest {
  return { url, kind: 'target', signal: new AbortController().signal }
}

async function readAll(response: FetchResponse): Promise<string> {
  const chunks = []
  for await (const chunk of response.body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('redirects', () => {
  function answer(url: string, status: number, location?: string): FetchAnswer {
    const headers = new Headers(location === undefined ? {} : { location })
    return { url, status, headers, body: new Blob(['x']).stream() }
  }

  test.each(['http://example.org/b', 'ftp://example.org/b', 'data:,x', '//[', 'blob:x'])(
    'from https do not lead to %s',
    async (location) => {
      const asked: string[] = []
      const fetch: FetchFetcherOptions['fetch'] = (url) => {
        asked.push(url)
        return Promise.resolve(answer(url, 301, location))
      }
      const url = 'https://example.org/a'
      await expect(fetchFetcher({ fetch }).fetch(request(url))).rejects.toMatchObject({
        code: 'ERR_TUF_FETCH_FAILED',
        url,
      })
      expect(asked).toEqual([url])
    },
  )

  test.each([
    ['https://example.org/b', true],
    ['https://files.example.org/b', true],
    ['https://files.example.org:444/b', false],
    ['https://other.example.org/b', false],
  ])('that may lead to some origins alone lead to %s: %s', async (location, follows) => {
    const fetch: FetchFetcherOptions['fetch'] = (url) =>
      Promise.resolve(url === location ? answer(url, 200) : answer(url, 301, location))
    const url = 'https://example.org/a'
    const redirectOrigins = ['https://files.example.org']
    const task = fetchFetcher({ fetch }).fetch({ ...request(url), redirectOrigins })
    if (follows) expect(await readAll(await task)).toBe('x')
    else {
      await expect(task).rejects.toThrow(
        `redirected to another origin, ${new URL(location).origin}`,
      )
    }
  })

  test('are told of in the answer, which has no address of its own without one', async () => {
    const [url, location] = ['https://example.org/a', 'https://example.org/b']
    const fetch: FetchFetcherOptions['fetch'] = (from) =>
      Promise.resolve(from === url ? answer(from, 301, location) : answer(from, 200))
    const { fetch: ask } = fetchFetcher({ fetch })
    expect(await ask(request(url))).toMatchObject({ url: location })
    expect(Object.keys(await ask(request(location)))).not.toContain('url')
  })

  test.each([0, 1, 3])('are followed %d times, and then it is an error', async (maxRedirects) => {
    const ends = `https://example.org/${maxRedirects}`
    const asked: string[] = []
    const fetch: FetchFetcherOptions['fetch'] = (url) => {
      asked.push(url)
      const next = `https://example.org/${asked.length}`
      return Promise.resolve(url === ends ? answer(url, 200) : answer(url, 302, next))
    }
    const url = maxRedirects === 0 ? ends : 'https://example.org/a'
    expect(await readAll(await fetchFetcher({ fetch, maxRedirects }).fetch(request(url)))).toBe('x')
    expect(asked).toHaveLength(maxRedirects + 1)
    asked.length = 0
    const endless: FetchFetcherOptions['fetch'] = (from) => {
      asked.push(from)
      return Promise.resolve(answer(from, 302, `https://example.org/b${asked.length}`))
    }
    const task = fetchFetcher({ fetch: endless, maxRedirects }).fetch(request(url))
    await expect(task).rejects.toThrow(`more than ${maxRedirects} redirects`)
    expect(asked).toHaveLength(maxRedirects + 1)
  })

  test.each([
    ['https://example.org/b', 'secret'],
    ['https://example.org:444/b', undefined],
    ['https://other.example.org/b', undefined],
  ])('take headers of the options to their own origin alone: %s', async (location, sent) => {
    const asked: FetchInit[] = []
    const fetch: FetchFetcherOptions['fetch'] = (url, init) => {
      asked.push(init)
      return Promise.resolve(url === location ? answer(url, 200) : answer(url, 307, location))
    }
    const headers = { 'x-api-key': 'secret' }
    await fetchFetcher({ fetch, headers, userAgent: 'pip' }).fetch(request('https://example.org/a'))
    expect(asked.map((init) => init.headers['x-api-key'])).toEqual(['secret', sent])
    expect(asked.map((init) => init.headers['user-agent'])).toEqual(['pip', 'pip'])
  })

  test('to an address without HTTPS are refused by name', async () => {
    const fetch: FetchFetcherOptions['fetch'] = (url) =>
      Promise.resolve(answer(url, 301, 'http://example.org/b'))
    const task = fetchFetcher({ fetch }).fetch(request('https://example.org/a'))
    await expect(task).rejects.toThrow('redirected from https://example.org/a to http:')
  })

  test('to a missing file name the address that they led to', async () => {
    const location = 'https://example.org/b'
    const fetch: FetchFetcherOptions['fetch'] = (url) =>
      Promise.resolve(url === location ? answer(url, 404) : answer(url, 301, location))
    const fetcher = fetchFetcher({ fetch })
    await expect(fetcher.fetch(request('https://example.org/a'))).rejects.toMatchObject({
      message: `https://example.org/a: not found (status 404); redirected to ${location}`,
      origin: { from: 'network', url: 'https://example.org/a', redirectedTo: location },
    })
    await expect(fetcher.fetch(request(location))).rejects.toMatchObject({
      message: `${location}: not found (status 404)`,
      origin: undefined,
    })
  })

  test('on which a proxy fails name the address that was asked for', async () => {
    const [url, location] = ['https://example.org/a', 'https://example.org/b?key=1']
    const origin = { from: 'proxy', url: location, variable: 'HTTPS_PROXY' } as const
    const fetch: FetchFetcherOptions['fetch'] = (asked) => {
      if (asked !== location) return Promise.resolve(answer(asked, 301, location))
      const unreached = new FetchFailedError(location, 'no', { transient: true })
      return Promise.reject(Object.assign(unreached, { origin }))
    }
    await expect(fetchFetcher({ fetch }).fetch(request(url))).rejects.toMatchObject({
      url,
      transient: true,
      origin: { ...origin, url },
    })
    const failing: FetchFetcherOptions['fetch'] = (asked) =>
      asked === location
        ? Promise.reject(new FetchFailedError(location, 'no'))
        : Promise.resolve(answer(asked, 301, location))
    await expect(fetchFetcher({ fetch: failing }).fetch(request(url))).rejects.toMatchObject({
      url,
      origin: { from: 'network', url, redirectedTo: 'https://example.org/b' },
    })
  })

  test('that a browser hides are left to it, and judged by where they ended', async () => {
    const asked: FetchInit[] = []
    const ended = ['https://example.org/b', 'http://example.org/b']
    const fetch: FetchFetcherOptions['fetch'] = (_url, init) => {
      asked.push(init)
      return Promise.resolve(
        init.redirect === 'manual' ? answer('', 0) : answer(ended.shift() ?? '', 200),
      )
    }
    const fetcher = fetchFetcher({ fetch })
    const url = 'https://example.org/a'
    expect(await readAll(await fetcher.fetch(request(url)))).toBe('x')
    await expect(fetcher.fetch(request(url))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
    })
    expect(asked.map(({ redirect }) => redirect)).toEqual(['manual', 'follow', 'follow'])
  })

  test('that a browser hides are not followed with headers that are for one origin', async () => {
    const asked: FetchInit[] = []
    const fetch: FetchFetcherOptions['fetch'] = (_url, init) => {
      asked.push(init)
      return Promise.resolve(answer('', 0))
    }
    const fetcher = fetchFetcher({ fetch, headers: { 'x-api-key': 'secret' } })
    await expect(fetcher.fetch(request('https://example.org/a'))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      message: expect.stringContaining('headers for one origin'),
    })
    expect(asked.map(({ redirect }) => redirect)).toEqual(['manual'])
  })

  test('that a browser hides are not followed where they may lead to some origins alone', async () => {
    const asked: FetchInit[] = []
    const fetch: FetchFetcherOptions['fetch'] = (url, init) => {
      asked.push(init)
      return Promise.resolve(init.redirect === 'manual' ? answer('', 0) : answer(url, 200))
    }
    const fetcher = fetchFetcher({ fetch })
    const limited = { ...request('https://example.org/a'), redirectOrigins: [] }
    const refused = {
      code: 'ERR_TUF_FETCH_FAILED',
      message: expect.stringContaining('does not say where to'),
    }
    await expect(fetcher.fetch(limited)).rejects.toMatchObject(refused)
    await fetcher.fetch(request('https://example.org/a'))
    await expect(fetcher.fetch(limited)).rejects.toMatchObject(refused)
    expect(asked.map(({ redirect }) => redirect)).toEqual(['manual', 'manual', 'follow', 'manual'])
  })

  test('neither cookies nor caches are used', async () => {
    let asked: FetchInit | undefined
    const fetch: FetchFetcherOptions['fetch'] = (url, init) => {
      asked = init
      return Promise.resolve(answer(url, 200))
    }
    await fetchFetcher({ fetch }).fetch(request('https://example.org/a'))
    expect(asked).toMatchObject({ credentials: 'omit', cache: 'no-store' })
  })

  test('a client without either does not receive them', async () => {
    let asked: FetchInit | undefined
    const fetch: FetchFetcherOptions['fetch'] = (url, init) => {
      asked = init
      return Promise.resolve(answer(url, 200))
    }
    await fetchFetcher({ fetch, bare: true }).fetch(request('https://example.org/a'))
    expect(Object.keys(asked ?? {}).sort()).toEqual(['headers', 'redirect', 'signal'])
  })
})
