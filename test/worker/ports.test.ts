import { afterEach, describe, expect, test } from '@jest/globals'
import type { Fetcher, FetchRequest, Store } from '../../src/index.js'
import { FetchNotFoundError, StoreFailedError } from '../../src/errors.js'
import { createRepository } from '../../src/testing/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { notedStore } from '../support/client.js'
import { closeAll, codeOf, rejectionOf, urls, workerUpdater } from '../support/worker-updater.js'

afterEach(closeAll)

function repository(): TestRepository {
  const repo = createRepository()
  repo.addTarget('a.whl', new Uint8Array(200_000).fill(1))
  repo.publish()
  return repo
}

/** A body that waits until its request is aborted, or it is let go. */
function hangingBody(request: FetchRequest): {
  body: AsyncIterable<Uint8Array>
  ended: Promise<string>
} {
  let end: (how: string) => void = () => undefined
  const ended = new Promise<string>((resolve) => (end = resolve))
  const aborted = new Promise<never>((_, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason))
  })
  aborted.catch(() => end('aborted'))
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10)
    await aborted
  }
  return { body: body(), ended }
}

/** A fetcher that answers targets in its own way. */
function fetcherWith(repo: TestRepository, fetchTarget: Fetcher['fetch']): Fetcher {
  const inner = repo.fetcher(urls)
  return { fetch: (request) => (request.kind === 'target' ? fetchTarget : inner.fetch)(request) }
}

describe('the fetcher of the application', () => {
  test('is told that a request was aborted, before it answers', async () => {
    const repo = repository()
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = new Promise<void>((resolve) => {
      const fetcher = fetcherWith(repo, ({ signal }) => {
        controller.abort(reason)
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            resolve()
            reject(signal.reason)
          })
        })
      })
      const updater = workerUpdater(repo, { fetcher })
      void updater.refresh().then(async (view) => {
        const { signal } = controller
        expect(await rejectionOf(view.read('a.whl', { signal }))).toBe(reason)
      })
    })
    await aborted
  })

  test('is told that a body was let go', async () => {
    const repo = repository()
    let ended: Promise<string> | undefined
    const fetcher = fetcherWith(repo, async (request) => {
      const hanging = hangingBody(request)
      ended = hanging.ended
      return { offset: 0, body: hanging.body }
    })
    const view = await workerUpdater(repo, { fetcher }).refresh()
    for await (const chunk of view.stream('a.whl')) {
      expect(chunk.length).toBe(10)
      break
    }
    expect(await ended).toBe('aborted')
  })

  test('has its chunks copied, also where they are parts of a larger buffer', async () => {
    const repo = repository()
    const slab = new Uint8Array(400_000).fill(1)
    const fetcher = fetcherWith(repo, async () => ({
      offset: 0,
      body: (async function* () {
        yield slab.subarray(0, 100_000)
        yield slab.subarray(100_000, 200_000)
      })(),
    }))
    const view = await workerUpdater(repo, { fetcher }).refresh()
    expect((await view.read('a.whl')).length).toBe(200_000)
    expect(slab.length).toBe(400_000)
  })

  test('has one of two bodies read, the one that is the file', async () => {
    const repo = repository()
    const plain = new Uint8Array(200_000).fill(1)
    const fetcher = fetcherWith(repo, async () => ({
      offset: 0,
      body: bodyOf(new Uint8Array(9)),
      encoded: { coding: 'br', length: plain.length, body: bodyOf(plain) },
    }))
    const view = await workerUpdater(repo, { fetcher }).refresh()
    expect((await view.read('a.whl')).length).toBe(200_000)
  })

  test.each([
    ['an error of its own', new Error('no line')],
    ['something that is no answer', undefined],
  ])('may give %s', async (_name, thrown) => {
    const repo = repository()
    const fetcher = fetcherWith(repo, async () => {
      if (thrown) throw thrown
      return {} as never
    })
    const view = await workerUpdater(repo, { fetcher, retries: 0 }).refresh()
    const error = await rejectionOf(view.read('a.whl'))
    expect(error).toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      cause: { name: expect.any(String) },
    })
  })

  test('says that a file is not there, by the class of the error', async () => {
    const repo = repository()
    const fetcher = fetcherWith(repo, async ({ url }) => {
      throw new FetchNotFoundError(url, 410)
    })
    const view = await workerUpdater(repo, { fetcher }).refresh()
    const error = await rejectionOf(view.read('a.whl'))
    expect(error).toBeInstanceOf(FetchNotFoundError)
    expect(error).toMatchObject({ status: 410 })
  })
})

describe('the place below', () => {
  test('is asked in the thread of the application, and refused as in an updater', async () => {
    const repo = repository()
    const inner = repo.fetcher(urls)
    const asked: string[] = []
    let spoils = false
    const below: Fetcher = {
      async fetch(request) {
        asked.push(request.url)
        if (!spoils) return inner.fetch(request)
        return { offset: 0, body: bodyOf(new Uint8Array(3)) }
      },
    }
    const events: string[] = []
    const onEvent = ({ type }: { readonly type: string }): void => void events.push(type)
    await workerUpdater(repo, { below, onEvent }).refresh()
    expect(asked.map((url) => url.slice(urls.metadataUrl.length))).toEqual([
      '2.root.json',
      '1.snapshot.json',
      '1.targets.json',
    ])
    expect(events).toContain('from-below')
    spoils = true
    const view = await workerUpdater(repo, { below, onEvent }).refresh()
    expect(events).toContain('below-not-used')
    expect((await view.read('a.whl')).length).toBe(200_000)
  })
})

describe('the store of the application', () => {
  test('may be shared by threads: one commit at a time, with or without a lock of its own', async () => {
    for (const own of [true, false]) {
      const repo = repository()
      const noted = notedStore()
      let running = 0
      let most = 0
      let queue: Promise<unknown> = Promise.resolve()
      const exclusive: Store['exclusive'] = (commit) => {
        const next = queue.then(async () => {
          most = Math.max(most, ++running)
          try {
            return await commit()
          } finally {
            running--
          }
        })
        queue = next.catch(() => undefined)
        return next
      }
      const store: Store = { ...noted, ...(own && { exclusive }) }
      const updaters = [1, 2, 3].map(() => workerUpdater(repo, { store }))
      await Promise.all(updaters.map((updater) => updater.refresh()))
      expect([...noted.entries.keys()]).toContain('timestamp.json')
      expect(most).toBe(own ? 1 : 0)
    }
  })

  test('fails with its own error', async () => {
    const repo = repository()
    const store: Store = {
      ...notedStore(),
      set: (entry: string) => Promise.reject(new StoreFailedError('set', entry)),
    }
    const error = await rejectionOf(workerUpdater(repo, { store }).refresh())
    expect(error).toBeInstanceOf(StoreFailedError)
    expect(error).toMatchObject({ operation: 'set' })
  })

  test('is held to its port', async () => {
    const repo = repository()
    const store = { ...notedStore(), get: () => Promise.resolve('text') } as never
    expect(await codeOf(workerUpdater(repo, { store }).refresh())).toBe('ERR_TUF_STORE_FAILED')
  })

  test('keeps the bytes that it gave', async () => {
    const repo = repository()
    const entries = new Map<string, Uint8Array>()
    const store: Store = {
      get: async (entry) => entries.get(entry),
      set: async (entry, bytes) => void entries.set(entry, bytes),
      delete: async (entry) => void entries.delete(entry),
    }
    await workerUpdater(repo, { store }).refresh()
    await workerUpdater(repo, { store }).refresh()
    expect([...entries.values()].every(({ length }) => length > 0)).toBe(true)
  })
})

async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
