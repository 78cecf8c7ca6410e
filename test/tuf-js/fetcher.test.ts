import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import {
  BaseFetcher,
  DefaultFetcher,
  DownloadHTTPError,
  DownloadLengthMismatchError,
  Updater,
  type DownloadHandler,
  type Fetcher,
} from '../../src/tuf-js/index.js'
import { startLoopback } from '../support/loopback.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Bytes of a repository in memory, as an application's `fetch`. */
class MemoryFetcher extends BaseFetcher {
  readonly asked: string[] = []
  readonly #repo: TestRepository

  constructor(repo: TestRepository) {
    super()
    this.#repo = repo
  }

  async fetch(url: string): Promise<ReadableStream<Uint8Array>> {
    this.asked.push(url)
    const { pathname } = new URL(url)
    const [kind, name] = [pathname.slice(1, 9), pathname.slice(10)]
    const answer = this.#repo.answer(kind === 'metadata' ? kind : 'target', name)
    if (!(answer instanceof Uint8Array)) throw new DownloadHTTPError('missing', 404)
    return new Response(Buffer.from(answer)).body ?? new ReadableStream()
  }
}

/** The same through the other two methods alone. */
function wholeFetcher(inner: BaseFetcher): Fetcher {
  return {
    downloadFile: <T>(url: string, length: number, handler: DownloadHandler<T>) =>
      inner.downloadFile(url, length, handler),
    downloadBytes: (url, length) => inner.downloadBytes(url, length),
  }
}

function repositoryOfOneTarget(): TestRepository {
  const repo = createRepository({ now: Date.now() })
  repo.addTarget('a.whl', 'a wheel')
  repo.publish()
  return repo
}

function updaterOver(repo: TestRepository, fetcher: Fetcher): Updater {
  const folder = temporaryFolder('tuf-js')
  mkdirSync(join(folder, 'targets'))
  writeFileSync(join(folder, 'root.json'), repo.root())
  return new Updater({
    metadataDir: folder,
    targetDir: join(folder, 'targets'),
    metadataBaseUrl: 'https://tuf.test/metadata',
    targetBaseUrl: 'https://tuf.test/targets_',
    fetcher,
  })
}

describe("an application's fetcher", () => {
  test.each<[string, (inner: MemoryFetcher) => Fetcher]>([
    ['opens streams', (inner) => inner],
    ['brings whole files', wholeFetcher],
  ])('that %s serves metadata and targets', async (_, make) => {
    const repo = repositoryOfOneTarget()
    const inner = new MemoryFetcher(repo)
    const updater = updaterOver(repo, make(inner))
    const info = await updater.getTargetInfo('a.whl')
    if (info === undefined) throw new Error('not listed')
    expect(readFileSync(await updater.downloadTarget(info), 'utf8')).toBe('a wheel')
    expect(inner.asked[0]).toBe('https://tuf.test/metadata/2.root.json')
  })

  test.each<[string, (inner: BaseFetcher) => Fetcher]>([
    ['opens streams', (inner) => inner],
    ['brings whole files', wholeFetcher],
  ])('that %s and fails is asked once, and its error comes out', async (_, make) => {
    class FailingFetcher extends BaseFetcher {
      asked = 0
      fetch(): Promise<ReadableStream<Uint8Array>> {
        this.asked += 1
        return Promise.reject(new RangeError('out of order'))
      }
    }
    const inner = new FailingFetcher()
    const updater = updaterOver(repositoryOfOneTarget(), make(inner))
    await expect(updater.refresh()).rejects.toThrow(new RangeError('out of order'))
    expect(inner.asked).toBe(1)
  })

  test('is not asked for more than the limit, and its file is gone in the end', async () => {
    const fetcher = new MemoryFetcher(repositoryOfOneTarget())
    const url = 'https://tuf.test/metadata/timestamp.json'
    await expect(fetcher.downloadBytes(url, 10)).rejects.toThrow(DownloadLengthMismatchError)
    const file = await fetcher.downloadFile(url, 10_000, async (path) => {
      expect(readFileSync(path, 'utf8')).toContain('"timestamp"')
      return path
    })
    expect(existsSync(file)).toBe(false)
  })
})

describe('the default fetcher', () => {
  /** Answers with each status in turn, then with 200. */
  function serverOf(...statuses: readonly (number | 'silent')[]) {
    let answered = 0
    return startLoopback((_, response) => {
      const status = statuses[answered++] ?? 200
      if (status !== 'silent') response.writeHead(status).end('content')
    })
  }
  const soon = { minTimeout: 1, maxTimeout: 1 }

  test('asks again after every status above 499 and after a time-out', async () => {
    const { url, requests } = await serverOf(500, 'silent', 599)
    const fetcher = new DefaultFetcher({ retry: { retries: 3, ...soon }, timeout: 1_000 })
    expect(Buffer.from(await fetcher.downloadBytes(url, 100)).toString()).toBe('content')
    expect(requests.length).toBe(4)
  })

  test('does not ask again after a refusal, nor without a setting, nor more often', async () => {
    for (const [statuses, retry, asked] of [
      [[404], true, 1],
      [[500], undefined, 1],
      [[500], false, 1],
      [[500, 500, 500], { retries: 2, ...soon }, 3],
    ] as const) {
      const { url, requests } = await serverOf(...statuses)
      const fetcher = new DefaultFetcher({ retry })
      await expect(fetcher.fetch(url)).rejects.toMatchObject({ statusCode: statuses[0] })
      expect(requests.length).toBe(asked)
    }
  })

  test('has no time-out where it is 0, and refuses a negative number of retries', async () => {
    const { url, requests } = await serverOf()
    const fetcher = new DefaultFetcher({ timeout: 0, userAgent: 'own/1' })
    expect((await fetcher.downloadBytes(url, 100)).length).toBe(7)
    expect(requests[0]?.headers['user-agent']).toBe('own/1')
    expect(() => new DefaultFetcher({ retry: -1 })).toThrow('non-negative')
  })
})
