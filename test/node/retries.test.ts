/** Repetition over real connections, for each client that a fetcher is made of. */
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import {
  fetchFetcher,
  retrying,
  Updater,
  type Fetcher,
  type UpdaterEvent,
} from '../../src/index.js'
import { downloadFile, nodeFetcher } from '../../src/node/index.js'
import { createRepository } from '../../src/testing/index.js'
import { serve, type ServeOptions } from '../../src/testing/node/index.js'
import { startLoopback } from '../support/loopback.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { listen } from '../support/listen.js'

const fetchers: readonly (readonly [string, () => Fetcher])[] = [
  ['node:http', () => nodeFetcher({ proxy: 'none' })],
  ['undici', () => nodeFetcher({ proxy: 'none', connectTimeout: 10_000 })],
  ['the global fetch', () => fetchFetcher()],
]

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

const content = 'abcdefgh'.repeat(20_000)
const digest = createHash('sha256').update(content).digest('hex')

describe.each(fetchers)('over %s', (_name, fetcherOf) => {
  /** An updater of a repository that is served as `options` say, by names below its folders. */
  async function open(behave: (name: string, count: number) => ReturnType<Behave>) {
    const repo = createRepository()
    repo.addTarget('a.txt', content)
    repo.publish()
    const counts = new Map<string, number>()
    const served = await serve(repo, {
      behave({ url }) {
        const name = url.slice(url.lastIndexOf('/') + 1)
        const count = (counts.get(name) ?? 0) + 1
        counts.set(name, count)
        return behave(name, count)
      },
    })
    closing.push(() => served.close())
    const retries: (UpdaterEvent & { type: 'retry' })[] = []
    const updater = new Updater({
      metadataUrl: served.metadataUrl,
      targetsUrl: served.targetsUrl,
      root: repo.root(),
      now: () => repo.now,
      fetcher: retrying(fetcherOf(), { delay: 1 }),
      onEvent(event) {
        if (event.type === 'retry') retries.push(event)
      },
    })
    return { updater, counts, retries }
  }

  type Behave = NonNullable<ServeOptions['behave']>

  test('a connection that is reset before the answer is made again', async () => {
    const { updater, counts } = await open((name, count) =>
      name === 'timestamp.json' && count < 3 ? { closeAfter: 0 } : undefined,
    )
    expect((await updater.refresh()).timestamp.version).toBe(1)
    expect(counts.get('timestamp.json')).toBe(3)
  })

  test('a metadata file that breaks in its middle is started again', async () => {
    const { updater, counts } = await open((name, count) =>
      name === '1.targets.json' && count < 3 ? { closeAfter: 40 } : undefined,
    )
    expect(await (await updater.refresh()).find('a.txt')).toMatchObject({ length: content.length })
    expect(counts.get('1.targets.json')).toBe(3)
  })

  test.each([429, 502, 503, 504])('status %i is asked for again', async (status) => {
    const { updater, retries } = await open((name, count) =>
      name === '1.snapshot.json' && count === 1 ? { status } : undefined,
    )
    await updater.refresh()
    expect(retries).toMatchObject([{ attempt: 2, error: { status } }])
  })

  test('Retry-After is understood as seconds and as a date', async () => {
    const date = Date.UTC(2026, 10, 28, 12, 0, 0)
    const at = (milliseconds: number): string => new Date(date + milliseconds).toUTCString()
    const headers: readonly Record<string, string>[] = [
      { 'retry-after': '1' },
      { 'retry-after': at(1_000), date: at(0) },
    ]
    const { updater, retries } = await open((name, count) => {
      const given = name === 'timestamp.json' ? headers[count - 1] : undefined
      return given && { status: 503, headers: given }
    })
    await updater.refresh()
    expect(retries.map(({ delay }) => delay)).toEqual([1_000, 1_000])
  })

  test.each([
    ['yesterday', 'a word'],
    ['1.5', 'a fraction'],
    ['-1', 'less than nothing'],
    ['Sat, 99 Nov 2026 12:00:00 GMT', 'no date'],
  ])('Retry-After: %s does not count (%s)', async (text) => {
    const { updater, retries } = await open((name, count) =>
      name === 'timestamp.json' && count === 1
        ? { status: 503, headers: { 'retry-after': text } }
        : undefined,
    )
    await updater.refresh()
    expect(retries.map(({ delay }) => delay)).toEqual([1])
  })

  test.each([404, 403])('status %i at root N+1 is the answer, once', async (status) => {
    const { updater, counts } = await open((name) =>
      name === '2.root.json' ? { status, headers: { 'retry-after': '1' } } : undefined,
    )
    await updater.refresh()
    expect(counts.get('2.root.json')).toBe(1)
  })

  test('a broken target goes on, and gets its name only when all of it is right', async () => {
    const name = `${digest}.a.txt`
    const { updater, counts, retries } = await open((asked, count) => {
      if (asked !== name) return undefined
      return [{ status: 503 }, { closeAfter: 0 }, { closeAfter: 70_000 }][count - 1]
    })
    const folder = temporaryFolder('retries')
    const repository = await updater.refresh()
    const target = await repository.find('a.txt')
    if (target === undefined) throw new Error('there is no target')
    await downloadFile(repository, target, join(folder, 'a.txt'))
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe(content)
    expect(await readdir(folder)).toEqual(['a.txt'])
    expect(counts.get(name)).toBe(4)
    expect(retries).toHaveLength(3)
  })

  test('a server that is not there yet is asked again', async () => {
    const free = await startLoopback((_request, response) => response.end())
    await free.close()
    let attempts = 0
    const fetcher = retrying(fetcherOf(), {
      delay: 1,
      async wait() {
        attempts++
        if (attempts === 2) await startAt(Number(new URL(free.url).port))
      },
    })
    const { signal } = new AbortController()
    const answer = await fetcher.fetch({ url: free.url, kind: 'target', signal })
    for await (const chunk of answer.body) expect(Buffer.from(chunk).toString()).toBe('here')
    expect(attempts).toBe(2)
  })

  async function startAt(port: number): Promise<void> {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nhere'
    const server = createServer((socket) => socket.once('data', () => socket.end(answer)))
    await listen(server, port)
  }
})
