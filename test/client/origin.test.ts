import { describe, expect, test } from '@jest/globals'
import { resolveLimits } from '../../src/client/limits.js'
import { networkOrigin, noteFetchOrigin, noteOrigin } from '../../src/client/origin.js'
import { noteRedirect, redirectedTo, shownUrl } from '../../src/client/redirect.js'
import {
  ExpiredError,
  FetchFailedError,
  FetchNotFoundError,
  FetchTooLongError,
  type FetchError,
  type Origin,
  type TufError,
} from '../../src/errors.js'
import { Updater } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'

const url = 'https://h/1.root.json'
const limits = resolveLimits({
  ...{ rootLength: 1, timestampLength: 2, snapshotLength: 3, targetsLength: 4 },
})
const utf8 = new TextEncoder()

function originOf(error: TufError, role: string, maxLength: number): Origin | undefined {
  noteFetchOrigin(error, { fetch: '1.root.json', role, maxLength, step: '5.3.3' }, limits)
  return error.origin
}

describe('a failed request for metadata', () => {
  test.each([
    ['root', 1, 'rootLength'],
    ['timestamp', 2, 'timestampLength'],
    ['snapshot', 3, 'snapshotLength'],
    ['targets', 4, 'targetsLength'],
    ['a', 4, 'targetsLength'],
  ])('of %s names the limit of the client that the file exceeds', (role, maxLength, limit) => {
    const error = new FetchTooLongError(url, maxLength)
    expect(originOf(error, role, maxLength)).toStrictEqual({ from: 'network', url, role, limit })
  })

  test('names no limit where the repository stated the length, or where nothing was too long', () => {
    const stated = { from: 'network', url, role: 'root' }
    expect(originOf(new FetchTooLongError(url, 9), 'root', 9)).toStrictEqual(stated)
    expect(originOf(new FetchFailedError(url, 'no'), 'root', 1)).toStrictEqual(stated)
  })

  test('keeps where redirects led, and the proxy that was not reached', () => {
    const led = Object.assign(new FetchFailedError(url, 'no'), {
      origin: { from: 'network', url, redirectedTo: 'https://other/' } as const,
    })
    expect(originOf(led, 'root', 1)).toStrictEqual({
      ...{ from: 'network', url, role: 'root', redirectedTo: 'https://other/' },
    })
    const origin = { from: 'proxy', url, variable: 'HTTPS_PROXY' } as const
    const unreached = Object.assign(new FetchFailedError(url, 'no'), { origin })
    expect(originOf(unreached, 'root', 1)).toBe(origin)
  })
})

test('an error that is not of a request gets no origin of one', () => {
  const expired = new ExpiredError({ role: 'root', step: '5.3.10' }, 0, 1)
  expect(originOf(expired, 'root', 1)).toBeUndefined()
})

test('an error about the repository keeps its first origin, and the end of the root chain', () => {
  const rootEnd = { url, status: 404 }
  const error = new ExpiredError({ role: 'root', step: '5.3.10' }, 0, 1)
  noteOrigin(error, { from: 'given' }, rootEnd)
  noteOrigin(error, { from: 'store', entry: 'root.json' }, { url: 'https://other/', status: 403 })
  expect([error.origin, error.rootEnd]).toEqual([{ from: 'given' }, rootEnd])
  const fetched = new FetchFailedError(url, 'no')
  noteOrigin(fetched, { from: 'given' }, rootEnd)
  expect(fetched.origin).toBeUndefined()
})

test.each([
  ['<html>', true],
  [' \n\ufeff <!doctype html>', true],
  ['{"a": "<"}', false],
  ['', false],
  [`${' '.repeat(512)}<`, false],
])('an answer that begins with %j is a web page: %s', (text, isPage) => {
  const origin = networkOrigin(url, 'root', { bytes: utf8.encode(text) })
  const network = { from: 'network', url, role: 'root' }
  expect(origin).toStrictEqual(isPage ? { ...network, webPage: true } : network)
})

test('an answer names where redirects led', () => {
  const redirected = networkOrigin(url, 'root', { bytes: undefined, redirectedTo: 'https://b/' })
  expect(redirected).toStrictEqual({
    ...{ from: 'network', url, role: 'root', redirectedTo: 'https://b/' },
  })
})

describe('the address that redirects led to', () => {
  test.each([
    ['https://user:key@h/a?b=c#d', 'https://h/a'],
    ['not a URL', undefined],
    [`https://h/${'a'.repeat(2_038)}`, `https://h/${'a'.repeat(2_038)}`],
    [`https://h/${'a'.repeat(2_039)}`, undefined],
    // It is written with three characters for each.
    [`https://h/${' a'.repeat(900)}`, undefined],
  ])('%j is shown as %j', (text, shown) => {
    expect(shownUrl(text)).toBe(shown)
  })

  test('is not shown where it is the one that was asked for', () => {
    expect(redirectedTo(url, undefined)).toBeUndefined()
    expect(redirectedTo(url, '')).toBeUndefined()
    expect(redirectedTo(url, url)).toBeUndefined()
    expect(redirectedTo(url, `${url}?key=1`)).toBeUndefined()
    expect(redirectedTo(url, 'https://b/x?key=1')).toBe('https://b/x')
  })

  test('is noted on an error of the request that has no origin', () => {
    const error = new FetchFailedError(url, 'no')
    noteRedirect(error, undefined)
    expect(error.origin).toBeUndefined()
    noteRedirect(error, 'https://b/')
    noteRedirect(error, 'https://c/')
    expect(error.origin).toEqual({ from: 'network', url, redirectedTo: 'https://b/' })
    const other: TufError = new ExpiredError({ role: 'root', step: '5.3.10' }, 0, 1)
    noteRedirect(other, 'https://b/')
    expect(other.origin).toBeUndefined()
  })
})

describe('a cycle that ends with an error about the repository', () => {
  const repo = createRepository()
  repo.publish()
  const served = repo.fetcher()
  const { metadataUrl } = served
  const rootUrl = `${metadataUrl}2.root.json`

  /** The error of a refresh; the next root is refused as `missing` says. */
  async function failure(missing: FetchError, name: string, bytes: string): Promise<unknown> {
    const body = (async function* () {
      yield utf8.encode(bytes)
    })()
    const updater = new Updater({
      metadataUrl,
      root: repo.root(),
      now: () => repo.now,
      fetcher: {
        fetch(request) {
          if (request.url === rootUrl) return Promise.reject(missing)
          const isWrong = request.url === metadataUrl + name
          return isWrong ? Promise.resolve({ offset: 0, body }) : served.fetch(request)
        },
      },
    })
    return updater.refresh().catch((error: unknown) => error)
  }

  test.each(['timestamp.json', '1.snapshot.json'])(
    'at %s says where the chain of roots ended, and where the file came from',
    async (name) => {
      const error = await failure(new FetchNotFoundError(rootUrl, 403), name, '<html>')
      expect(error).toMatchObject({
        code: 'ERR_TUF_METADATA_INVALID',
        url: metadataUrl + name,
        rootEnd: { url: rootUrl, status: 403 },
        origin: { from: 'network', url: metadataUrl + name, webPage: true },
      })
      expect(error).not.toHaveProperty('rootEnd.redirectedTo')
    },
  )

  test('says where redirects led the request for the next root', async () => {
    const missing = new FetchNotFoundError(rootUrl, 404)
    noteRedirect(missing, 'https://b/')
    expect(await failure(missing, 'timestamp.json', '{}')).toMatchObject({
      rootEnd: { url: rootUrl, status: 404, redirectedTo: 'https://b/' },
    })
  })

  test('does not say it where the answer was not one of HTTP', async () => {
    const error = await failure(new FetchNotFoundError(rootUrl), 'timestamp.json', '{}')
    expect(error).toMatchObject({ code: 'ERR_TUF_METADATA_INVALID', rootEnd: undefined })
  })

  test('and was given a wrong root names neither a server nor the store', async () => {
    const updater = new Updater({ metadataUrl, root: utf8.encode('{}'), fetcher: served })
    const error: unknown = await updater.refresh().catch((reason: unknown) => reason)
    const origin = { from: 'given' }
    expect(error).toMatchObject({ code: 'ERR_TUF_METADATA_INVALID', origin, url: undefined })
  })
})
