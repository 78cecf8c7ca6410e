/** The driver's answers to a cycle, which asks here for one thing after another. */
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { systemClock } from '../../src/client/clock.js'
import { retrying } from '../../src/client/retry.js'
import {
  ExpiredError,
  FetchFailedError,
  FetchNotFoundError,
  StoreConflictError,
  StoreFailedError,
} from '../../src/errors.js'
import type { Store } from '../../src/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { notedStore } from '../support/client.js'
import { driven, fetcherOf, metadataUrl, served } from '../support/driven.js'

const url = `${metadataUrl}2.root.json`
const fetchRoot = { fetch: '2.root.json', role: 'root', step: '5.3.3', maxLength: 9 }
const bytes = Buffer.from('file')
const place = { role: 'root', step: '5.3.3' }

afterEach(() => {
  jest.restoreAllMocks()
})

describe('a cycle that asks for a file', () => {
  const request = { type: 'request', url }

  test('gets its bytes, and the events say so', async () => {
    expect(await driven([fetchRoot], { fetcher: fetcherOf(served(['fi', 'le'])) })).toEqual({
      answers: [new Uint8Array(bytes)],
      events: [request, { type: 'response', url, length: 4 }],
    })
  })

  test('is answered where the file may be absent, and only then', async () => {
    const notFound = new FetchNotFoundError(url, 404)
    const absent = [request, { type: 'absent', url }]
    const optional = { ...fetchRoot, mayBeAbsent: true } as const
    expect(await driven([optional], { fetcher: fetcherOf(notFound) })).toStrictEqual({
      ...{ answers: [undefined], events: absent },
    })
    expect(await driven([fetchRoot], { fetcher: fetcherOf(notFound) })).toStrictEqual({
      ...{ answers: [], events: absent, error: notFound },
    })
    const failed = new FetchFailedError(url, 'no')
    expect(await driven([optional], { fetcher: fetcherOf(failed) })).toStrictEqual({
      ...{ answers: [], events: [request], error: failed },
    })
  })

  test('is told that the snapshot is gone where a file of it is', async () => {
    const notFound = new FetchNotFoundError(url, 404)
    const ofSnapshot = { ...fetchRoot, role: 'targets', ofSnapshot: true } as const
    const { error } = await driven([ofSnapshot], { fetcher: fetcherOf(notFound) })
    expect(error).toMatchObject({
      ...{ code: 'ERR_TUF_SNAPSHOT_GONE', role: 'targets', file: '2.root.json', url },
      cause: notFound,
    })
  })

  test('has each part of a body counted, also of one that broke', async () => {
    const broken = new Error('reset')
    for (const again of [['ab', 'cd'], ['abc', 'd'], ['abcd']]) {
      const fetcher = fetcherOf(served(['a', 'bc', broken]), served(again))
      const counts: number[] = []
      const { answers } = await driven([fetchRoot], {
        fetcher: retrying(fetcher, { wait: () => Promise.resolve() }),
        onReceived: (count) => counts.push(count),
      })
      expect(answers).toEqual([new Uint8Array(Buffer.from('abcd'))])
      expect(counts).toEqual([1, 2, ...again.map((chunk) => chunk.length)])
    }
  })

  test('gets it from below where it is there, which counts as well', async () => {
    const counts: number[] = []
    const ports = { onReceived: (count: number) => counts.push(count) }
    const take = (found: Uint8Array | undefined) => () => Promise.resolve(found)
    const near = { wasUsed: () => true, take: take(bytes) }
    expect(await driven([fetchRoot], { ...ports, below: near })).toEqual({
      ...{ answers: [bytes], events: [] },
    })
    expect(counts).toEqual([4])
    expect((await driven([fetchRoot], { below: near })).answers).toEqual([bytes])
    const fetcher = fetcherOf(served(['far']))
    const far = { wasUsed: () => false, take: take(undefined) }
    expect((await driven([fetchRoot], { ...ports, fetcher, below: far })).answers).toEqual([
      new Uint8Array(Buffer.from('far')),
    ])
    expect(counts).toEqual([4, 3])
  })
})

describe('an error at the end of a cycle', () => {
  const readRoot = { read: 'root.json', maxLength: 9 }
  const refused = (): ExpiredError => new ExpiredError(place, 0, 1)

  test('is about the given root where the cycle asked for nothing', async () => {
    const error = refused()
    await driven([], {}, { end: error })
    expect([error.url, error.origin]).toEqual([undefined, { from: 'given' }])
  })

  test('is about the newest file that was fetched, under its address after redirects', async () => {
    const error = refused()
    const answer = served(['file'], { url: 'https://other/x' })
    await driven([readRoot, fetchRoot], { fetcher: fetcherOf(answer) }, { end: error })
    expect(error.url).toBe(url)
    const redirectedTo = 'https://other/x'
    expect(error.origin).toEqual({ from: 'network', url, role: 'root', redirectedTo })
  })

  test('is about the newest entry that was read, unless it was read for a comparison', async () => {
    for (const [again, origin] of [
      [undefined, { from: 'store', entry: 'root.json' }],
      [true, { from: 'network', url, role: 'root' }],
    ] as const) {
      const error = refused()
      const requests = [fetchRoot, { ...readRoot, ...(again && { again }) }]
      await driven(requests, { fetcher: fetcherOf(served(['file'])) }, { end: error })
      expect([error.url, error.origin]).toEqual([again && url, origin])
    }
  })

  test('is left as it is where it is not about the repository', async () => {
    const end = new RangeError('a defect')
    const { error } = await driven([fetchRoot], { fetcher: fetcherOf(served(['file'])) }, { end })
    expect(error).toBe(end)
    expect(error).not.toHaveProperty('url')
  })

  test('says how the chain of roots ended, if the answer had a status', async () => {
    const foreign = { [Symbol.for('tuffet.TufError')]: true, code: 'ERR_TUF_FETCH_NOT_FOUND', url }
    const moved = new FetchNotFoundError(url, 403)
    moved.origin = { from: 'network', url, redirectedTo: 'https://other/' }
    const ends = [
      [new FetchNotFoundError(url, 404), { url, status: 404 }],
      [moved, { url, status: 403, redirectedTo: 'https://other/' }],
      [new FetchNotFoundError(url), undefined],
      // Of a fetcher with another copy of this package.
      [Object.assign(new Error('absent'), foreign), undefined],
      [Object.assign(new Error('absent'), foreign, { status: '404' }), undefined],
      [Object.assign(new Error('absent'), foreign, { status: 404 }), { url, status: 404 }],
    ] as const
    for (const [answer, rootEnd] of ends) {
      const end = refused()
      const requests = [{ ...fetchRoot, mayBeAbsent: true }] as const
      const { error } = await driven(requests, { fetcher: fetcherOf(answer) }, { end })
      expect(error).toBe(end)
      expect(end.rootEnd).toStrictEqual(rootEnd)
    }
  })
})

describe('a cycle that changes the store', () => {
  const change = { persist: 'a', bytes, replaceable: true }
  const expected = [{ entry: 'a', bytes: undefined, maxLength: 9 }]
  const readOnly = new StoreFailedError('set', 'a', { readOnly: true })

  /** A store whose writes fail. */
  function failing(error: unknown): Store {
    return { ...notedStore(), set: () => Promise.reject(error) }
  }

  test('writes once, as lasting as it asks, with or without a comparison', async () => {
    for (const request of [change, { ...change, replaceable: false, expected }]) {
      const set = jest.fn<Store['set']>(() => Promise.resolve())
      const outcome = await driven([request], { store: { ...notedStore(), set } })
      expect(outcome).toEqual({ answers: ['done'], events: [{ type: 'write', entry: 'a' }] })
      expect(set.mock.calls).toEqual([['a', bytes, { lasting: !request.replaceable }]])
    }
  })

  test('is told where an entry is not as expected, and nothing was changed', async () => {
    const store = notedStore()
    store.entries.set('a', bytes)
    const requests = [
      { ...change, expected },
      { delete: 'a', expected },
    ]
    expect(await driven(requests, { store })).toEqual({
      answers: ['changed', 'changed'],
      events: [],
    })
    expect(store.written).toEqual([])
  })

  test('deletes', async () => {
    const store = notedStore()
    expect(await driven([{ delete: 'a', expected }], { store })).toEqual({
      answers: ['done'],
      events: [{ type: 'delete', entry: 'a' }],
    })
    expect(store.written).toEqual(['-a'])
  })

  test('goes on without an entry that it can do without, in a store that can only be read', async () => {
    const optional = { ...change, optional: true } as const
    expect(await driven([optional], { store: failing(readOnly) })).toEqual({
      answers: ['done'],
      events: [{ type: 'not-kept', entry: 'a', error: readOnly }],
    })
    expect(await driven([change], { store: failing(readOnly) })).toMatchObject({ error: readOnly })
    for (const error of [
      new StoreFailedError('set', 'a'),
      new StoreConflictError('a'),
      Object.assign(new Error('not of this package'), { readOnly: true }),
    ]) {
      const outcome = await driven([optional], { store: failing(error) })
      expect(outcome).toEqual({ answers: [], events: [], error })
    }
  })
})

describe('a cycle', () => {
  const note = { note: 'yield', entry: 'a' } as const

  test('reports, and gets digests', async () => {
    const decided = { verdict: 'limit-reached', role: 'root', version: 2, limit: 1 } as const
    const digest = [{ hash: 'sha256', parts: [bytes] }] as const
    expect(await driven([note, { decided }, { digest }])).toEqual({
      answers: [undefined, undefined, [nodeCryptography.hash('sha256', bytes)]],
      events: [
        { type: 'yield', entry: 'a' },
        { type: 'decision', ...decided },
      ],
    })
  })

  test('gets bytes of its own from a store that keeps its hands on them', async () => {
    const store: Store = { ...notedStore(), get: () => Promise.resolve(bytes) }
    const { answers } = await driven([{ read: 'a', maxLength: 9 }], { store })
    expect(answers).toEqual([new Uint8Array(bytes)])
    expect(answers[0]).not.toBe(bytes)
  })

  test.each([
    ['lets other tasks run when each step takes its time', 20, true],
    ['does not pause while it is quick', 0, false],
  ])('%s', async (_what, milliseconds, others) => {
    let now = 0
    jest.spyOn(systemClock, 'now').mockImplementation(() => (now += milliseconds))
    let ran = false
    setImmediate(() => (ran = true))
    await driven(Array.from({ length: 9 }, () => note))
    expect(ran).toBe(others)
  })

  test('ends before its next request when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    const { answers, error } = await driven([note], {}, { signal })
    expect([answers, error]).toEqual([[], signal.reason])
  })
})
