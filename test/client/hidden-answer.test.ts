/** What the client says where a browser says nothing. */
import { afterEach, describe, expect, test } from '@jest/globals'
import { isUnexplained, possibleReasons } from '../../src/client/hidden-answer.js'
import { fetchFetcher } from '../../src/client/web-fetcher.js'

const url = 'https://tuf.example/metadata/timestamp.json'
const page = { location: { origin: 'https://app.example' } }

test('a page is told that the server may not let its origin read the answer', () => {
  expect(possibleReasons(url, page)).toMatch(
    /does not answer, or does not let https:\/\/app\.example read .*Access-Control-Allow-Origin/,
  )
})

test.each([
  ['a page of the same origin', { location: { origin: 'https://tuf.example' } }],
  ['a program without a page', {}],
])('%s is not told of other origins', (_who, place) => {
  expect(possibleReasons(url, place)).toBeUndefined()
})

test.each([
  ['a TypeError', new TypeError('Failed to fetch'), true],
  ['one of another realm', { name: 'TypeError' }, true],
  ['a TypeError with a cause', new TypeError('fetch failed', { cause: new Error() }), false],
  ['another error', new RangeError('no'), false],
  ['an object without a name', {}, false],
  ['text', 'TypeError', false],
  ['null', null, false],
  ['nothing', undefined, false],
])('%s is a failure without an explanation: %p', (_what, error, expected) => {
  expect(isUnexplained(error)).toBe(expected)
})

describe('a request in a page', () => {
  const { fetch } = globalThis
  afterEach(() => {
    globalThis.fetch = fetch
    Reflect.deleteProperty(globalThis, 'location')
  })

  function refuse(error: Error): Promise<unknown> {
    Object.assign(globalThis, page)
    globalThis.fetch = () => Promise.reject(error)
    const { signal } = new AbortController()
    return fetchFetcher()
      .fetch({ url, kind: 'metadata', signal })
      .catch((one: unknown) => one)
  }

  test('that the browser refuses without a reason names the header', async () => {
    expect(await refuse(new TypeError('Failed to fetch'))).toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      message: expect.stringContaining('(Access-Control-Allow-Origin)'),
      transient: true,
    })
  })

  test('that failed for a known reason does not', async () => {
    const known = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
    expect(await refuse(known)).toMatchObject({ message: `${url}: the request failed` })
  })
})
