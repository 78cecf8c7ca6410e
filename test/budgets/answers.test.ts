import { describe, expect, test } from '@jest/globals'
import { fetchBytes } from '../../src/client/fetch-bytes.js'
import type { Fetcher } from '../../src/client/fetcher.js'
import { createRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'

const options = { kind: 'metadata', maxLength: 3, minimumRate: 0, rateWindow: 1_000 } as const

async function* chunks(...values: readonly unknown[]): AsyncGenerator {
  await Promise.resolve()
  yield* values
}

/** A fetcher of a program without types. */
function answering(answer: unknown): Fetcher {
  const fetch = (): Promise<never> => Promise.resolve(answer as never)
  return { fetch }
}

const three = Uint8Array.of(1, 2, 3)

describe('an answer of a fetcher', () => {
  test('of the port’s shape is read up to the cap, and not a byte further', async () => {
    const answer = { offset: 0, body: chunks(three) }
    expect(await fetchBytes(answering(answer), 'https://a/b', options)).toEqual(three)
    const longer = { offset: 0, body: chunks(three, Uint8Array.of(4)) }
    await expect(fetchBytes(answering(longer), 'https://a/b', options)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_LONG',
    })
  })

  test.each<[string, () => unknown]>([
    ['without an offset', () => ({ body: chunks(three) })],
    ['with an offset that is not a number', () => ({ offset: '0', body: chunks(three) })],
    ['with an offset that is NaN', () => ({ offset: Number.NaN, body: chunks(three) })],
    ['with a negative offset', () => ({ offset: -4, body: chunks(three, three) })],
    ['with an offset of half a byte', () => ({ offset: 0.5, body: chunks(three) })],
    ['with an offset that was not requested', () => ({ offset: 1, body: chunks(three) })],
    ['with a validator that is not text', () => ({ offset: 0, validator: 7, body: chunks(three) })],
    ['without a body', () => ({ offset: 0 })],
    ['with a body that is bytes', () => ({ offset: 0, body: three })],
    ['that is null', () => null],
    ['that is text', () => 'abc'],
    ['with a chunk of text', () => ({ offset: 0, body: chunks('abc') })],
    ['with a chunk that only says its length', () => ({ offset: 0, body: chunks({ length: -9 }) })],
    ['with a chunk of another array', () => ({ offset: 0, body: chunks(Uint16Array.of(1)) })],
    ['with an array of numbers', () => ({ offset: 0, body: chunks([1, 2, 3]) })],
    ['with a chunk that is undefined', () => ({ offset: 0, body: chunks(undefined) })],
  ])('%s is refused', async (_, answer) => {
    await expect(fetchBytes(answering(answer()), 'https://a/b', options)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
    })
  })

  test('is released when it is refused', async () => {
    const body = chunks('abc', three)
    await expect(
      fetchBytes(answering({ offset: 0, body }), 'https://a/b', options),
    ).rejects.toThrow()
    expect(await body.next()).toEqual({ done: true, value: undefined })
  })
})

describe('a target file', () => {
  const withHashes = async (hashes: (known: string) => Record<string, string>) => {
    const repo = createRepository()
    repo.addTarget('a.txt', 'a')
    repo.publish()
    repo.edit('targets', (signed) => {
      const targets = signed['targets'] as Record<string, { hashes: Record<string, string> }>
      const target = targets['a.txt']
      if (target) target.hashes = hashes(target.hashes['sha256'] ?? '')
    })
    const client = clientOf(repo)
    const view = await client.updater.refresh()
    client.requested()
    const read = await view.read('a.txt').then(
      () => 'read',
      (error: unknown) => error,
    )
    return { read, requests: client.requested() }
  }

  test('with 20,000 hashes of unknown functions causes a request for the known one alone', async () => {
    const { read, requests } = await withHashes((sha256) => ({
      ...Object.fromEntries(
        Array.from({ length: 20_000 }, (_, i) => [`h${i}`, i.toString(16).padStart(8, '0')]),
      ),
      sha256,
    }))
    expect(read).toBe('read')
    expect(requests).toHaveLength(1)
  })

  test('without a known hash is refused before any request', async () => {
    const { read, requests } = await withHashes(() => ({ md5: 'ab' }))
    expect(read).toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH', algorithm: '' })
    expect(requests).toEqual([])
  })

  test('with every known function causes at most one request for each digest', async () => {
    const digest = 'ab'.repeat(32)
    const { requests } = await withHashes(() => ({
      sha256: digest,
      'sha3-256': digest,
      sha384: 'cd',
      sha512: 'ef',
    }))
    expect(requests).toHaveLength(3)
  })

  test('that is longer than the memory limit is refused by read, before any request', async () => {
    const repo = createRepository()
    repo.addTarget('a.txt', 'four')
    repo.publish()
    const read = async (readLength: number): Promise<readonly [unknown, number]> => {
      const client = clientOf(repo, { limits: { readLength } })
      const view = await client.updater.refresh()
      client.requested()
      const answer = await view.read('a.txt').catch((error: unknown) => error)
      return [answer, client.requested().length]
    }
    expect(await read(4)).toEqual([new TextEncoder().encode('four'), 1])
    expect(await read(3)).toEqual([
      expect.objectContaining({ code: 'ERR_TUF_LIMIT', limit: 'readLength', most: 3 }),
      0,
    ])
  })
})
