import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  streamTarget,
  type DownloadProgress,
  type TargetSource,
} from '../../src/client/download.js'
import type { FetchRequest } from '../../src/client/fetcher.js'
import { resolveLimits } from '../../src/client/limits.js'
import { isTufError } from '../../src/errors.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { manualClock, settle } from '../support/manual-clock.js'

const content = Buffer.from('abcdefghij')
const digest = createHash('sha256').update(content).digest('hex')

interface Answer {
  readonly bytes: string
  /** How the body goes on after `bytes`; default: it ends. */
  readonly then?: Error
  readonly validator?: string
  readonly offset?: number
  readonly url?: string
}

/** Gives the answers in turn, each byte as a chunk of its own. */
function sourceOf(...answers: readonly Answer[]): TargetSource & {
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
        const { bytes, then, offset = 0, ...more } = answer
        const body = (async function* () {
          try {
            for (const byte of Buffer.from(bytes)) {
              await settle()
              yield Uint8Array.of(byte)
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

async function read(source: TargetSource): Promise<string> {
  const chunks = []
  for await (const chunk of streamTarget(source)) chunks.push(chunk)
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
