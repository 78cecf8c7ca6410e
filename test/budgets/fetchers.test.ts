import { describe, expect, test } from '@jest/globals'
import type { Fetcher, FetchRequest, FetchResponse } from '../../src/client/fetcher.js'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf, type TestClient } from '../support/client.js'
import { settle } from '../support/manual-clock.js'
import { publishedWith } from '../support/published.js'

function published(): TestRepository {
  return publishedWith({ 'a.txt': 'content' })
}

/** A client whose fetcher does something of its own with each answer, or with those for a name. */
function clientWith(
  repo: TestRepository,
  change: (answer: FetchResponse, request: FetchRequest) => unknown,
  name = '',
): TestClient {
  const inner = repo.fetcher()
  const fetcher = {
    ...inner,
    async fetch(request: FetchRequest): Promise<FetchResponse> {
      const answer = await inner.fetch(request)
      if (!request.url.includes(name)) return answer
      return (await change(answer, request)) as FetchResponse
    },
  }
  return clientOf(repo, { fetcher, limits: { minimumRate: 0 } })
}

/** A body by hand: `next` and `return` as they are given. */
function bodyOf(iterator: object): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => iterator as AsyncIterator<Uint8Array> }
}

const chunk = { done: false, value: new Uint8Array(60_000) }

async function* text(): AsyncGenerator {
  await Promise.resolve()
  yield '{"signed":'
}

const shapes: readonly (readonly [string, (answer: FetchResponse) => unknown])[] = [
  ['leaves out the offset', ({ body }) => ({ body })],
  ['yields text', () => ({ offset: 0, body: text() })],
  ['answers with nothing', () => undefined],
  ['has an iterator that gives no promise', () => ({ offset: 0, body: bodyOf({ next: () => 1 }) })],
  [
    'has an iterator whose promise gives nothing',
    () => ({ offset: 0, body: bodyOf({ next: () => Promise.resolve() }) }),
  ],
  [
    'throws where its body is released',
    () => ({
      offset: 0,
      body: bodyOf({
        next: () => Promise.resolve({ done: false, value: 'text' }),
        return() {
          throw new Error('from return')
        },
      }),
    }),
  ],
  [
    'gives no promise where its body is released',
    () => ({
      offset: 0,
      body: bodyOf({
        next: () => Promise.resolve({ done: false, value: 'text' }),
        return: () => undefined,
      }),
    }),
  ],
]

describe('a fetcher of the application that', () => {
  test.each(shapes)(
    '%s fails the cycle with its URL, and no file is written',
    async (_, change) => {
      const client = clientWith(published(), change, 'timestamp.json')
      await expect(client.updater.refresh()).rejects.toMatchObject({
        code: 'ERR_TUF_FETCH_FAILED',
        url: 'https://repository.test/metadata/timestamp.json',
      })
      expect(client.written().filter((entry) => entry.includes('timestamp'))).toEqual([])
    },
  )

  test.each(shapes)('%s fails the target too', async (_, change) => {
    const client = clientWith(published(), change, '/targets/')
    const view = await client.updater.refresh()
    await expect(view.read('a.txt')).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_FAILED' })
  })

  test('never ends and ignores that it was stopped is cut at the cap, and let go', async () => {
    let released = 0
    const endless = bodyOf({
      next: () => Promise.resolve(chunk),
      return: () => {
        released++
        return new Promise(() => undefined)
      },
    })
    const client = clientWith(published(), () => ({ offset: 0, body: endless }), 'timestamp.json')
    await expect(client.updater.refresh()).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_LONG' })
    expect(released).toBe(1)
  })

  test('always has an empty chunk ready leaves the event loop free: an abort ends it', async () => {
    const empty = bodyOf({ next: () => Promise.resolve({ done: false, value: new Uint8Array() }) })
    const client = clientWith(published(), () => ({ offset: 0, body: empty }), 'timestamp.json')
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 50)
    await expect(client.updater.refresh({ signal: controller.signal })).rejects.toThrow('enough')
  })

  test.each(['timestamp.json', '2.snapshot.json'])(
    'answers %s after the cycle was aborted changes no result',
    async (name) => {
      const repo = published()
      const before = clientOf(repo)
      await before.updater.refresh()
      const kept = new Map(before.store.entries)
      repo.publish('targets')
      let open = (): void => {}
      const opened = new Promise<void>((resolve) => (open = resolve))
      const controller = new AbortController()
      const inner = repo.fetcher()
      const fetcher = {
        ...inner,
        async fetch(request: FetchRequest): Promise<FetchResponse> {
          const answer = await inner.fetch(request)
          if (request.url.endsWith(name)) {
            setImmediate(() => controller.abort(new Error('enough')))
            await opened
          }
          return answer
        },
      }
      const late = clientOf(repo, { store: before.store, fetcher })
      const task = late.updater.refresh({ signal: controller.signal })
      await expect(task).rejects.toThrow('enough')
      const aborted = new Map(before.store.entries)
      open()
      for (let turn = 0; turn < 20; turn++) await settle()
      expect(before.store.entries).toEqual(aborted)
      // The timestamp of the aborted cycle was accepted where it came in time.
      if (name === 'timestamp.json') expect(aborted).toEqual(kept)
      await clientOf(repo, { store: before.store }).updater.refresh()
      expect(before.store.entries.get('timestamp.json')).toEqual(repo.file('timestamp.json'))
    },
  )

  test('throws before it returns a promise fails like any other', async () => {
    const repo = published()
    const fetcher: Fetcher & ReturnType<TestRepository['fetcher']> = {
      ...repo.fetcher(),
      fetch() {
        throw new Error('at once')
      },
    }
    await expect(clientOf(repo, { fetcher }).updater.refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      cause: expect.objectContaining({ message: 'at once' }),
    })
  })
})
