/** Addresses that redirects led to, in answers of any fetcher and in the errors about them. */
import { describe, expect, test } from '@jest/globals'
import { fetchBytes } from '../../src/client/fetch-bytes.js'
import type { Fetcher } from '../../src/client/fetcher.js'
import { redirectedTo, shownUrl } from '../../src/client/redirect.js'
import { retrying } from '../../src/client/retry.js'
import { memoryStore, Updater } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'

describe('an address that redirects led to', () => {
  test.each([
    ['https://user:pw@cdn.example/a?X-Amz-Signature=1#pw', 'https://cdn.example/a'],
    ['https://cdn.example/a%2Fb/..%2Fc', 'https://cdn.example/a%2Fb/..%2Fc'],
    ['ipfs://bafy/a?key=1', 'ipfs://bafy/a'],
    ['https://cdn.example/\u001b[2J\n', 'https://cdn.example/%1B[2J'],
    ['cdn.example/a', undefined],
    [`https://cdn.example/${'a'.repeat(2_100)}`, undefined],
    [`https://cdn.example/a?${'a'.repeat(2_100)}`, undefined],
    // It grows when it is written as a URL.
    [`https://cdn.example/${'ä'.repeat(1_000)}`, undefined],
  ])('%j is shown as %j', (given, shown) => {
    expect(shownUrl(given)).toBe(shown)
  })

  test.each([
    [2_048, true],
    [2_049, false],
  ])('of %d characters is shown: %s', (length, isShown) => {
    const address = 'https://cdn.example/'.padEnd(length, 'a')
    expect(shownUrl(address)).toBe(isShown ? address : undefined)
  })

  test.each(['https://tuf.example', 'https://tuf.example/?sig=1', 'https://x@tuf.example/', ''])(
    'that is the requested one, such as %j, is not a redirect',
    (final) => {
      expect(redirectedTo('https://tuf.example/', final)).toBeUndefined()
    },
  )
})

describe('the answer of an application’s fetcher', () => {
  const options = { kind: 'metadata', maxLength: 3, minimumRate: 0, rateWindow: 1_000 } as const
  const url = 'https://tuf.example/timestamp.json'
  const to = 'https://login.example/'

  function fetcher(answered: unknown, body: () => AsyncGenerator<Uint8Array>): Fetcher {
    return {
      fetch: () => Promise.resolve({ offset: 0, url: answered as string, body: body() }),
    }
  }

  test.each([7, null, {}])('is refused when its url is %j', async (answered) => {
    await expect(fetchBytes(fetcher(answered, long), url, options)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      cause: new TypeError('the url of the answer is not a string'),
    })
  })

  test.each([
    ['is too long', long, 'ERR_TUF_FETCH_TOO_LONG'],
    ['breaks off', broken, 'ERR_TUF_FETCH_FAILED'],
  ])('that %s names where redirects led, also when it is retrying', async (_how, body, code) => {
    const origin = { from: 'network', url, redirectedTo: to }
    const leading = fetcher(`${to}?key=1`, body)
    await expect(fetchBytes(leading, url, options)).rejects.toMatchObject({ code, origin })
    const { signal } = new AbortController()
    const request = { url, kind: 'metadata', maxLength: 3, signal } as const
    const again = retrying(leading, { retries: 0 })
    await expect(again.fetch(request)).rejects.toMatchObject({ code, origin })
  })

  test.each(['cdn', `https://cdn.example/${'a'.repeat(3_000)}`])(
    'with an address that cannot be shown is an answer all the same: %.20s',
    async (answered) => {
      expect(await fetchBytes(fetcher(answered, short), url, options)).toHaveLength(1)
      const error: unknown = await fetchBytes(fetcher(answered, long), url, options).catch(
        (one: unknown) => one,
      )
      expect(error).not.toHaveProperty('origin.redirectedTo')
    },
  )
})

test('a target file that does not match names where redirects led', async () => {
  const repository = createRepository()
  repository.addTarget('a.txt', 'text')
  repository.publish()
  const served = repository.fetcher()
  const moved: Fetcher = {
    async fetch(request) {
      const answer = await served.fetch(request)
      if (request.kind === 'metadata') return answer
      return { ...answer, url: 'https://cdn.example/a.txt', body: short() }
    },
  }
  const { metadataUrl, targetsUrl } = served
  const updater = new Updater({
    metadataUrl,
    targetsUrl,
    root: repository.root(),
    store: memoryStore(),
    fetcher: moved,
    now: () => repository.now,
  })
  const view = await updater.refresh()
  await expect(view.read('a.txt')).rejects.toMatchObject({
    code: 'ERR_TUF_LENGTH_MISMATCH',
    origin: { from: 'network', redirectedTo: 'https://cdn.example/a.txt' },
  })
})

async function* long(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(4))
}

async function* short(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(1))
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(1))
  throw new Error('broken')
}
