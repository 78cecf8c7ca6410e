import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  streamTarget,
  type DownloadProgress,
  type StreamTargetOptions,
  type TargetSource,
} from '../../src/client/download.js'
import type { FetchRequest } from '../../src/client/fetcher.js'
import { resolveLimits } from '../../src/client/limits.js'
import { retrying } from '../../src/client/retry.js'
import { FetchNotFoundError, isTufError, StoreFailedError } from '../../src/errors.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { manualClock, settle } from '../support/manual-clock.js'

const content = Buffer.from('abcdefghij')
const digest = createHash('sha256').update(content).digest('hex')

interface Answer {
  readonly bytes: string
  /** How the body goes on after `bytes`; default: it ends. */
  readonly then?: Error
  /** Bytes in each chunk; default 1. */
  readonly size?: number
  readonly validator?: string
  readonly offset?: number
  readonly url?: string
}

/** Gives the answers in turn; an error is a request that fails. */
function sourceOf(...answers: readonly (Answer | Error)[]): TargetSource & {
  readonly requests: Omit<FetchRequest, 'signal'>[]
  readonly released: () => number
} {
  const requests: Omit<FetchRequest, 'signal'>[] = []
  let released = 0
  return {
    requests,
    released: () => released,
    target: { path: 'a', length: 10, hashes: new Map([['sha256', digest]]) },
    urls: ['https://example.org/a'],
    cryptography: nodeCryptography,
    limits: resolveLimits(),
    fetcher: {
      fetch({ signal: _signal, ...request }) {
        const answer = answers[requests.push(request) - 1]
        if (answer === undefined) return Promise.reject(new Error('no more answers'))
        if (answer instanceof Error) return Promise.reject(answer)
        const { bytes, then, offset = 0, size = 1, ...more } = answer
        const body = (async function* () {
          try {
            for (let at = 0; at < bytes.length; at += size) {
              await settle()
              yield Buffer.from(bytes.slice(at, at + size))
            }
            if (then !== undefined) throw then
          } finally {
            released++
          }
        })()
        return Promise.resolve({ offset, body, ...more })
      },
    },
  }
}

async function* inTurn(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await settle()
    yield chunk
  }
}

async function read(source: TargetSource, options?: StreamTargetOptions): Promise<string> {
  const chunks = []
  for await (const chunk of streamTarget(source, options)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const broken = new Error('reset')

describe('streamTarget', () => {
  test('ends only when length and hash match', async () => {
    expect(await read(sourceOf({ bytes: 'abcdefghij' }))).toBe('abcdefghij')
    await expect(read(sourceOf({ bytes: 'abcdefghiJ' }))).rejects.toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      step: '5.7.3',
      url: 'https://example.org/a',
    })
    await expect(read(sourceOf({ bytes: 'abc' }))).rejects.toMatchObject({
      code: 'ERR_TUF_LENGTH_MISMATCH',
    })
    await expect(read(sourceOf({ bytes: 'abcdefghijk' }))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_LONG',
      message: expect.stringMatching(/: more than 10 bytes; the file changed since it was signed/),
    })
  })

  test('resumes without a seam', async () => {
    const source = sourceOf(
      { bytes: 'abc', then: broken, validator: '"1"' },
      { bytes: 'de', then: broken, validator: '"1"', offset: 3 },
      { bytes: 'abcdef', then: broken },
      { bytes: 'abcdefghij' },
    )
    expect(await read(source)).toBe('abcdefghij')
    const request = { url: 'https://example.org/a', kind: 'target', maxLength: 10 }
    expect(source.requests).toEqual([
      request,
      { ...request, offset: 3, validator: '"1"' },
      { ...request, offset: 5, validator: '"1"' },
      request,
    ])
  })

  test('does not hand out, or report, chunks that it already had', async () => {
    const source = sourceOf({ bytes: 'abc', then: broken }, { bytes: 'abcdefghij' })
    const lengths: number[] = []
    const received: number[] = []
    const onProgress = ({ received: count }: DownloadProgress): unknown => received.push(count)
    for await (const chunk of streamTarget(source, { onProgress })) lengths.push(chunk.length)
    expect(lengths).toEqual(Array.from({ length: 10 }, () => 1))
    expect(received).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('hands out the new part of a chunk, and no empty one', async () => {
    const source = sourceOf(
      { bytes: 'abcde', then: broken, size: 5 },
      { bytes: 'abcdefghij', size: 3 },
    )
    const chunks: string[] = []
    for await (const chunk of streamTarget(source)) chunks.push(Buffer.from(chunk).toString())
    expect(chunks).toEqual(['abcde', 'f', 'ghi', 'j'])
  })

  test('hands out the very chunks of a fetcher, also those of a class of its own, and empty ones', async () => {
    class Line extends Uint8Array {
      constructor(text: string) {
        super(Buffer.from(text))
      }
    }
    const lines = [new Line('abcdef'), new Uint8Array(), new Line('ghij')]
    const source = sourceOf()
    source.fetcher.fetch = () => Promise.resolve({ offset: 0, body: inTurn(lines) })
    const received: number[] = []
    const onProgress = ({ received: count }: DownloadProgress): unknown => received.push(count)
    const chunks: Uint8Array[] = []
    for await (const chunk of streamTarget(source, { onProgress })) chunks.push(chunk)
    expect(chunks.map((chunk, at) => chunk === lines[at])).toEqual([true, true, true])
    expect(received).toEqual([6, 6, 10])
  })

  test('says which address gave bytes that do not match', async () => {
    const wrong = { bytes: 'abcdefghiJ' }
    const url = 'https://example.org/a'
    const origin = (source: TargetSource): Promise<unknown> =>
      read(source).catch((error: unknown) => isTufError(error) && error.origin)
    expect(await origin(sourceOf(wrong))).toStrictEqual({ from: 'network', url })
    const redirectedTo = 'https://other.example.org/b'
    expect(await origin(sourceOf({ ...wrong, url: `${redirectedTo}?key=1` }))).toStrictEqual({
      ...{ from: 'network', url, redirectedTo },
    })
  })

  test('says where a redirect led to an answer that is too long', async () => {
    const url = 'https://other.example.org/b'
    await expect(read(sourceOf({ bytes: 'abcdefghijk', url }))).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_LONG',
      origin: { from: 'network', url: 'https://example.org/a', redirectedTo: url },
    })
  })

  test('cannot take back sent bytes: a resumed stream that does not match fails', async () => {
    const source = sourceOf({ bytes: 'xyz', then: broken }, { bytes: 'abcdefghij' })
    await expect(read(source)).rejects.toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
    expect(source.requests).toHaveLength(2)
  })

  test('gives up with the error of the last request', async () => {
    const cause = new Error('no more answers')
    const source = sourceOf({ bytes: 'abc', then: broken })
    await expect(read(source)).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_FAILED', cause })
  })

  test('releases the connection when the reader leaves', async () => {
    const source = sourceOf({ bytes: 'abcdefghij' })
    for await (const chunk of streamTarget(source)) {
      expect(chunk).toHaveLength(1)
      break
    }
    await settle()
    expect(source.released()).toBe(1)
  })

  test('a slow reader is not a slow server', async () => {
    const clock = manualClock()
    let received = 0
    for await (const chunk of streamTarget(sourceOf({ bytes: 'abcdefghij' }), { clock })) {
      received += chunk.length
      await clock.pass(100_000)
    }
    expect(received).toBe(10)
    expect(clock.timers()).toBe(0)
  })
})

describe('a file that is not there', () => {
  const [a, b] = ['https://example.org/a', 'https://example.org/b']
  const notFound = new FetchNotFoundError(a, 404)
  notFound.origin = { from: 'network', url: a, redirectedTo: 'https://other.example.org/' }
  const more = { urls: [a, b], notFoundNote: 'it may be gone' }

  test('is asked for at the next address, and nowhere else after that', async () => {
    const source = sourceOf(notFound, { bytes: 'abcdefghij' })
    expect(await read({ ...source, ...more })).toBe('abcdefghij')
    expect(source.requests.map(({ url }) => url)).toEqual([a, b])
    const nowhere = sourceOf(notFound, notFound)
    await expect(read({ ...nowhere, ...more })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_NOT_FOUND',
      status: 404,
      message: expect.stringContaining('it may be gone'),
      origin: notFound.origin,
    })
    expect(nowhere.requests).toHaveLength(2)
  })

  test('any more, after a part of it came, is not asked for at another address', async () => {
    const source = sourceOf({ bytes: 'abc', then: broken }, notFound)
    await expect(read({ ...source, ...more })).rejects.toBe(notFound)
    expect(source.requests.map(({ url }) => url)).toEqual([a, a])
  })

  test('fails where the source has no address', async () => {
    const source = { ...sourceOf(new TypeError('Invalid URL')), urls: [] }
    await expect(read(source)).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_FAILED', url: '' })
  })
})

describe('a body that breaks', () => {
  const first = { url: 'https://example.org/a', kind: 'target', maxLength: 10 }

  /** With as many repetitions of requests that bring nothing new. */
  function patient(retries: number, source: ReturnType<typeof sourceOf>): typeof source {
    const fetcher = retrying(source.fetcher, { retries, wait: () => Promise.resolve() })
    return { ...source, fetcher }
  }

  test('before its first byte is asked for from its first byte', async () => {
    const source = sourceOf({ bytes: '', then: broken, validator: '"1"' }, { bytes: 'abcdefghij' })
    expect(await read(patient(1, source))).toBe('abcdefghij')
    expect(source.requests).toEqual([first, first])
  })

  test('is given up after an answer that brought nothing new', async () => {
    for (const bytes of ['ab', 'abc']) {
      const source = sourceOf({ bytes: 'abc', then: broken }, { bytes, then: broken })
      await expect(read(source)).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_FAILED' })
      expect(source.requests).toHaveLength(2)
    }
  })

  test('is resumed three times, besides the repetitions that bring nothing new', async () => {
    const nothing = { bytes: '', then: broken }
    const parts = ['a', 'ab', 'abc'].map((bytes) => ({ bytes, then: broken }))
    const whole = { bytes: 'abcdefghij' }
    const source = sourceOf(nothing, nothing, ...parts, whole)
    expect(await read(patient(2, source))).toBe('abcdefghij')
    const further = sourceOf(...parts, { bytes: 'abcd', then: broken }, whole)
    await expect(read(further)).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_FAILED' })
    expect(further.requests).toHaveLength(4)
  })

  test('with another error of this package is not resumed', async () => {
    const then = new StoreFailedError('get', 'a')
    const source = sourceOf({ bytes: 'abc', then }, { bytes: 'abcdefghij' })
    await expect(read(source)).rejects.toBe(then)
    expect(source.requests).toHaveLength(1)
  })
})

describe('a reader that can start again', () => {
  const restarts = (source: TargetSource): Promise<unknown> => {
    let count = 0
    const onRestart = (): void => void (count += 1)
    return read(source, { onRestart }).then(
      () => count,
      (error: unknown) => ({ count, code: isTufError(error) ? error.code : error }),
    )
  }
  const part = { bytes: 'xyz', then: broken }
  const whole = { bytes: 'abcdefghij' }
  const refused = 'ERR_TUF_HASH_MISMATCH'

  test('does so where the parts were of two files, once', async () => {
    expect(await restarts(sourceOf(part, whole, whole))).toBe(1)
    const again = sourceOf(part, whole, part, whole, whole)
    expect(await restarts(again)).toEqual({ count: 1, code: refused })
  })

  test('does not where all bytes are of one answer', async () => {
    const wrong = { bytes: 'abcdefghiJ' }
    expect(await restarts(sourceOf(wrong, whole))).toEqual({ count: 0, code: refused })
    const source = sourceOf({ bytes: '', then: broken }, wrong, whole)
    const fetcher = retrying(source.fetcher, { wait: () => Promise.resolve() })
    expect(await restarts({ ...source, fetcher })).toEqual({ count: 0, code: refused })
  })

  test('does not for a defect of the cryptography, which is thrown as it is', async () => {
    const defect = new RangeError('a defect')
    const digest = (): never => {
      throw defect
    }
    const createHasher = () => ({ update: () => undefined, digest })
    const cryptography = { ...nodeCryptography, createHasher }
    const source = { ...sourceOf(part, whole, whole), cryptography }
    expect(await restarts(source)).toEqual({ count: 0, code: defect })
  })
})
