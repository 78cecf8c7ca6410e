import { describe, expect, test } from '@jest/globals'
import type { FetchRequest, FetchResponse } from '../../src/client/fetcher.js'
import {
  fetchFetcher,
  type FetchAnswer,
  type FetchFetcherOptions,
  type FetchInit,
} from '../../src/client/web-fetcher.js'
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
