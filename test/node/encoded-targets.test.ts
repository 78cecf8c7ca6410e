/** A server that calls an archive's own compression an encoding, and one that adds its own. */
import { createHash } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { streamTarget, type TargetSource } from '../../src/client/download.js'
import { resolveLimits } from '../../src/client/limits.js'
import { fetchFetcher, type Fetcher } from '../../src/index.js'
import { nodeCryptography, nodeFetcher } from '../../src/node/index.js'
import { startLoopback } from '../support/loopback.js'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

const plain = Buffer.from('a tar archive '.repeat(5_000))
const archive = gzipSync(plain)

/** Serves `sent` with `headers`, and reads it as the target `file`. */
async function read(
  fetcher: Fetcher,
  name: string,
  file: Buffer,
  sent: Buffer,
  headers: OutgoingHttpHeaders,
): Promise<Buffer> {
  const server = await startLoopback((_request, response) => {
    response.writeHead(200, headers).end(sent)
  })
  closing.push(() => server.close())
  const sha256 = createHash('sha256').update(file).digest('hex')
  const source: TargetSource = {
    target: { path: name, length: file.length, hashes: new Map([['sha256', sha256]]) },
    urls: [`${server.url}/${name}`],
    cryptography: nodeCryptography,
    limits: resolveLimits(),
    fetcher,
  }
  const chunks = []
  for await (const chunk of streamTarget(source)) chunks.push(chunk)
  expect(server.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity'])
  return Buffer.concat(chunks)
}

const gzip = { 'content-encoding': 'gzip' }
const sized = { 'content-length': archive.length }

describe.each([
  ['node:http', () => nodeFetcher({ proxy: 'none' })],
  ['undici', () => nodeFetcher({ proxy: 'none', connectTimeout: 10_000 })],
])('over %s', (_name, fetcherOf) => {
  test.each([
    ['gzip, with its length (Flask, Apache)', 'a.tar.gz', { ...gzip, ...sized }],
    [
      'gzip under another name, with its length',
      'a.bin',
      { 'content-encoding': 'x-gzip', ...sized },
    ],
    ['gzip, without a length', 'a.tgz', gzip],
    ['xz', 'a.tar.xz', { 'content-encoding': 'xz' }],
    ['bzip2, with its length', 'a.tar.bz2', { 'content-encoding': 'bzip2', ...sized }],
  ])('the file is the encoded bytes, sent as %s', async (_what, name, headers) => {
    expect(await read(fetcherOf(), name, archive, archive, headers)).toEqual(archive)
  })

  test.each([
    ['with its length', { ...gzip, ...sized }],
    ['without a length', gzip],
  ])('the file is the decoded bytes, compressed on the way by %s', async (_what, headers) => {
    expect(await read(fetcherOf(), 'a.whl', plain, archive, headers)).toEqual(plain)
  })

  test('neither form of another file is believed', async () => {
    const other = Buffer.from(archive)
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1
    await expect(
      read(fetcherOf(), 'a.tar.gz', archive, other, { ...gzip, ...sized }),
    ).rejects.toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
  })

  test('endless data (1.5.2): a bomb ends at the length of the target', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    await expect(read(fetcherOf(), 'a.whl', plain, bomb, gzip)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_LONG',
      limit: plain.length,
    })
  })
})

test('the global fetch hides the sent bytes: the file is refused, and not wrong', async () => {
  await expect(
    read(fetchFetcher(), 'a.tar.gz', archive, archive, { ...gzip, ...sized }),
  ).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_LONG' })
})
