import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { memoryStore, Updater, type UpdaterEvent } from '../../src/index.js'
import { retrying } from '../../src/client/retry.js'
import { FetchFailedError } from '../../src/errors.js'
import { createPep458Repository, createRepository } from '../../src/testing/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { type WorkerRepository, WorkerUpdater } from '../../src/worker/index.js'
import { notedStore } from '../support/client.js'
import { closeAll, codeOf, optionsFor, urls, workerUpdater } from '../support/worker-updater.js'

afterEach(closeAll)

function repository(): TestRepository {
  const repo = createPep458Repository({ bins: 16 })
  repo.addTarget('pkgs/a.whl', 'a wheel', { custom: { constructor: 'a name like any other' } })
  repo.addTarget('pkgs/large.whl', new Uint8Array(300_000).fill(7))
  repo.publish()
  return repo
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

describe('an updater in a thread', () => {
  test('gives the answers of an updater in this one', async () => {
    const repo = repository()
    const here = await new Updater(optionsFor(repo)).refresh()
    const there = await workerUpdater(repo).refresh()
    expect(there.now).toBe(here.now)
    expect(there.root).toEqual(here.root)
    expect(there.timestamp).toEqual(here.timestamp)
    expect(await there.find('pkgs/a.whl')).toEqual(await here.find('pkgs/a.whl'))
    expect(await there.find('absent')).toBeUndefined()
    expect(await there.explain('pkgs/a.whl')).toEqual(await here.explain('pkgs/a.whl'))
    expect(await there.explain('absent')).toEqual(await here.explain('absent'))
    const bytes = Buffer.from('a wheel')
    expect(await there.verify('pkgs/a.whl', bytes)).toEqual(await here.find('pkgs/a.whl'))
    expect(bytes.toString()).toBe('a wheel')
    expect(Buffer.from(await there.read('pkgs/a.whl')).toString()).toBe('a wheel')
    expect(await collect(there.stream('pkgs/a.whl'))).toBe('a wheel')
  })

  test('hands out values that cannot be changed, and data without prototypes', async () => {
    const view = await workerUpdater(repository()).refresh()
    const target = await view.find('pkgs/a.whl')
    expect(Object.isFrozen(target)).toBe(true)
    expect(Object.isFrozen(view.root.roles.root.keyids)).toBe(true)
    expect(target?.custom?.['toString']).toBeUndefined()
    expect(target?.custom?.['constructor']).toBe('a name like any other')
  })

  test('reports the events of an updater in this one, in order', async () => {
    const repo = repository()
    const here: UpdaterEvent[] = []
    const there: UpdaterEvent[] = []
    await new Updater({ ...optionsFor(repo), onEvent: (event) => here.push(event) }).refresh()
    await workerUpdater(repo, { onEvent: (event) => there.push(event) }).refresh()
    expect(there.length).toBeGreaterThan(8)
    expect(there).toEqual(here)
  })

  test('gives the error of an event its class', async () => {
    const repo = repository()
    const store = memoryStore()
    await workerUpdater(repo, { store }).refresh()
    await store.set('timestamp.json', Buffer.from('{}'))
    const events: UpdaterEvent[] = []
    await workerUpdater(repo, { store, onEvent: (event) => events.push(event) }).refresh()
    expect(events).toContainEqual(
      expect.objectContaining({
        verdict: 'not-used',
        error: expect.objectContaining({ code: 'ERR_TUF_METADATA_INVALID', role: 'timestamp' }),
      }),
    )
  })

  test('keeps metadata in the store of the application, and refuses a rollback by it', async () => {
    const repo = repository()
    const store = notedStore()
    await workerUpdater(repo, { store }).refresh()
    expect([...store.entries.keys()]).toContain('timestamp.json')
    repo.publish()
    await workerUpdater(repo, { store }).refresh()
    repo.attack.rollbackTimestamp()
    expect(await codeOf(workerUpdater(repo, { store }).refresh())).toBe('ERR_TUF_ROLLBACK')
    const offline = await workerUpdater(repo, { store }).refresh({ mode: 'offline' })
    expect(offline.timestamp.version).toBe(2)
  })

  test('keeps target files in the target store, and reads them from there', async () => {
    const repo = repository()
    const targetStore = notedStore()
    const fetcher = repo.fetcher(urls)
    const view = await workerUpdater(repo, { fetcher, targetStore }).refresh()
    await view.read('pkgs/a.whl')
    const { length } = fetcher.requests
    expect(Buffer.from(await view.read('pkgs/a.whl')).toString()).toBe('a wheel')
    expect(fetcher.requests.length).toBe(length)
    expect([...targetStore.entries.keys()]).toEqual([expect.stringMatching(/^targets\//)])
  })

  test('takes the time from the application, once in each cycle', async () => {
    const repo = repository()
    let asked = 0
    const now = (): number => repo.now + ++asked
    const updater = workerUpdater(repo, { now })
    expect((await updater.refresh()).now).toBe(repo.now + 1)
    expect((await updater.refresh()).now).toBe(repo.now + 2)
    expect((await updater.refresh({ now: repo.now + 9 })).now).toBe(repo.now + 9)
  })

  test('repeats requests as an updater does, and leaves a retrying fetcher to its rules', async () => {
    const repo = repository()
    const inner = repo.fetcher(urls)
    let failures = 1
    let attempts = 0
    const fetcher: typeof inner = {
      ...inner,
      requests: inner.requests,
      async fetch(request) {
        attempts++
        if (failures-- > 0) throw new FetchFailedError(request.url, 'busy', { status: 503 })
        return inner.fetch(request)
      },
    }
    const events: string[] = []
    await workerUpdater(repo, { fetcher, onEvent: ({ type }) => events.push(type) }).refresh()
    expect(events.filter((type) => type === 'retry')).toEqual(['retry'])
    failures = Infinity
    attempts = 0
    const patient = retrying(fetcher, { retries: 3, delay: 1 })
    expect(await codeOf(workerUpdater(repo, { fetcher: patient }).refresh())).toBe(
      'ERR_TUF_FETCH_FAILED',
    )
    expect(attempts).toBe(4)
  })

  test('reports how far a download is', async () => {
    const view = await workerUpdater(repository()).refresh()
    const reports: { received: number; total: number }[] = []
    const onProgress = (progress: { received: number; total: number }): void => {
      reports.push(progress)
    }
    const last = { received: 300_000, total: 300_000 }
    await view.read('pkgs/large.whl', { onProgress })
    expect(reports.at(-1)).toEqual(last)
    reports.length = 0
    expect((await collect(view.stream('pkgs/large.whl', { onProgress }))).length).toBe(300_000)
    expect(reports.at(-1)).toEqual(last)
  })

  test('ends a download whose listener throws, with its error', async () => {
    const view = await workerUpdater(repository()).refresh()
    const oops = new Error('oops')
    const onProgress = (): void => {
      throw oops
    }
    await expect(view.read('pkgs/large.whl', { onProgress })).rejects.toBe(oops)
    await expect(collect(view.stream('pkgs/large.whl', { onProgress }))).rejects.toBe(oops)
  })

  test('asks for a file where it is told to', async () => {
    const repo = repository()
    const fetcher = repo.fetcher(urls)
    const view = await workerUpdater(repo, { fetcher }).refresh()
    expect(await codeOf(view.read('pkgs/a.whl', { hashPrefix: false }))).toBe(
      'ERR_TUF_FETCH_NOT_FOUND',
    )
    expect(fetcher.requests.at(-1)?.url).toBe(`${urls.targetsUrl}pkgs/a.whl`)
  })

  test('gives an old view its own answers after a newer one', async () => {
    const repo = repository()
    const updater = workerUpdater(repo)
    const before = await updater.refresh()
    repo.addTarget('pkgs/b.whl', 'another wheel')
    repo.publish()
    const after = await updater.refresh()
    expect(await after.find('pkgs/b.whl')).toBeDefined()
    expect(before.timestamp.version).toBe(1)
    expect(await before.find('pkgs/a.whl')).toBeDefined()
  })

  test('refuses questions to a view that was released', async () => {
    const view = await workerUpdater(repository()).refresh()
    view.release()
    await expect(view.find('pkgs/a.whl')).rejects.toThrow(new TypeError('the view was released'))
  })
})

describe('a file on disk', () => {
  let folder = ''
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  async function view(): Promise<WorkerRepository> {
    folder = mkdtempSync(join(tmpdir(), 'tuffet-worker-'))
    return workerUpdater(repository()).refresh()
  }

  test('is brought by the thread, verified, and kept when it is right already', async () => {
    const there = await view()
    const target = await there.find('pkgs/a.whl')
    const path = join(folder, 'a.whl')
    if (!target) throw new TypeError('the target is listed')
    expect(await there.downloadFile(target, path)).toEqual({ fetched: true })
    expect(readFileSync(path, 'utf8')).toBe('a wheel')
    expect(await there.downloadFile(target, pathToFileURL(path))).toEqual({ fetched: false })
    expect(await there.downloadFile(target, path, { reuse: false })).toEqual({ fetched: true })
  })

  test('stays as it is when the bytes are not the file', async () => {
    const there = await view()
    const target = await there.find('pkgs/a.whl')
    const path = join(folder, 'a.whl')
    writeFileSync(path, 'before')
    if (!target) throw new TypeError('the target is listed')
    const other = { ...target, hashes: new Map([['sha256', 'ab'.repeat(32)]]) }
    expect(await codeOf(there.downloadFile(other, path))).toBe('ERR_TUF_FETCH_NOT_FOUND')
    expect(readFileSync(path, 'utf8')).toBe('before')
  })
})

describe('options of an updater in a thread', () => {
  const repo = createRepository()
  repo.publish()

  test.each([
    ['a URL that cannot be a base', { metadataUrl: 'tuf.example.com' }, TypeError],
    ['a limit out of range', { limits: { rootLength: 0 } }, RangeError],
    ['functions for the thread', { canonicalForm: {} }, /canonicalForm cannot be sent to a thread/],
    ['other functions for the thread', { cryptography: {} }, /cryptography cannot be sent/],
    ['a worker that is none', { worker: {} }, /must be a Worker of node:worker_threads/],
  ])('are refused at once: %s', (_name, options, error) => {
    const given = { ...optionsFor(repo), ...options } as never
    expect(() => new WorkerUpdater(given)).toThrow(error)
  })
})
