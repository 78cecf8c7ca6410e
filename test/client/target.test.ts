import { describe, expect, test } from '@jest/globals'
import { bytesToHex } from '@noble/hashes/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { Updater, type Repository } from '../../src/index.js'
import { FetchFailedError, StoreFailedError } from '../../src/errors.js'
import {
  createRepository,
  type MemoryFetcher,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf, notedStore, type ClientOptions, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'

const path = 'pkgs/a.whl'
const content = new TextEncoder().encode('a wheel')

function published(consistentSnapshot = true): TestRepository {
  // Names in the order in which they are given.
  const repo = createRepository({ consistentSnapshot, sorted: false })
  repo.addTarget(path, content, { hashes: ['sha512', 'sha256'] })
  repo.publish()
  return repo
}

async function viewOf(
  repo: TestRepository,
  options?: ClientOptions,
): Promise<TestClient & { readonly view: Repository }> {
  const client = clientOf(repo, options)
  const view = await client.updater.refresh()
  client.requested()
  client.events.length = 0
  return { ...client, view }
}

describe('6.2: where a target file is', () => {
  test('with consistent snapshots, under the first digest that is listed', async () => {
    const { view, requested } = await viewOf(published())
    expect(await view.read(path)).toEqual(content)
    expect(requested()).toEqual([`pkgs/${bytesToHex(sha512(content))}.a.whl`])
  })

  test('under the next digest when it is missing under the first', async () => {
    const repo = published()
    const [first = '', second = ''] = repo.targetNames(path)
    repo.serve(first, 'missing', 'target')
    const { view, requested } = await viewOf(repo)
    expect(await view.read(path)).toEqual(content)
    expect(requested()).toEqual([first, second])
    repo.serve(first, { status: 500 }, 'target')
    expect(await refusalOfTask(view.read(path))).toMatchObject({ code: 'ERR_TUF_FETCH_FAILED' })
    expect(requested()).toEqual([first])
  })

  test('without consistent snapshots, under its own name', async () => {
    const { view, requested } = await viewOf(published(false))
    expect(await view.read(path)).toEqual(content)
    expect(requested()).toEqual([path])
  })

  test('as the updater or the call says', async () => {
    const repo = published()
    const prefixed = repo.targetNames(path)[0]
    repo.intercept((kind) => (kind === 'target' ? content : undefined))
    const { view, requested, fetcher } = await viewOf(repo, { hashPrefix: false })
    await view.read(path)
    await view.read(path, { hashPrefix: true })
    await view.read(path, { url: `${fetcher.targetsUrl}elsewhere?x=1` })
    expect(requested()).toEqual([path, prefixed, 'elsewhere?x=1'])
  })

  test.each([
    [undefined, 'this is the hash-prefixed name, and hashPrefix: false asks for the plain one'],
    [
      false,
      'this is the plain name, and hashPrefix: true (in a layout, pageHashPrefix or fileHashPrefix) asks for the hash-prefixed one',
    ],
  ])(
    'where it is missing, the error says which setting asks elsewhere',
    async (hashPrefix, note) => {
      const repo = published()
      repo.intercept((kind) => (kind === 'target' ? 'missing' : undefined))
      const { view } = await viewOf(repo)
      await expect(view.read(path, { hashPrefix })).rejects.toThrow(note)
    },
  )

  test('without a targets URL only by a URL of the call', async () => {
    const repo = published()
    const fetcher = repo.fetcher()
    const { metadataUrl, targetsUrl } = fetcher
    const updater = new Updater({ metadataUrl, root: repo.root(), fetcher, now: () => repo.now })
    const view = await updater.refresh()
    await expect(view.read(path)).rejects.toThrow(
      new TypeError('targetsUrl is needed to fetch target files'),
    )
    const url = `${targetsUrl}${repo.targetNames(path)[1] ?? ''}`
    expect(await view.read(path, { url })).toEqual(content)
  })
})

describe('5.7.2: a target that is not listed', () => {
  test('is not available, in either way, and costs no request', async () => {
    const { view, requested } = await viewOf(published())
    const refused = { code: 'ERR_TUF_TARGET_NOT_FOUND', role: 'targets', step: '5.7.2' }
    expect(await refusalOfTask(view.read('absent'))).toEqual(refused)
    expect(await refusalOfTask(view.stream('absent').next())).toEqual(refused)
    expect(requested()).toEqual([])
  })
})

describe('5.7.3: a target store', () => {
  test('keeps verified bytes, and returns them without a request', async () => {
    const targetStore = notedStore()
    const repo = published()
    const { view, requested, events } = await viewOf(repo, { targetStore })
    await view.read(path)
    expect(events.at(-1)).toEqual({ type: 'write', entry: 'targets/pkgs%2Fa.whl' })
    requested()
    expect(await view.read(path)).toEqual(content)
    const next = await viewOf(repo, { targetStore })
    expect(await next.view.read(path)).toEqual(content)
    expect([...requested(), ...next.requested()]).toEqual([])
  })

  test('verifies kept bytes each time, and fetches them again when they do not match', async () => {
    const targetStore = notedStore()
    const { view, requested, events } = await viewOf(published(), { targetStore })
    await view.read(path)
    requested()
    targetStore.entries.set(
      'targets/pkgs%2Fa.whl',
      content.map((byte) => byte ^ 1),
    )
    expect(await view.read(path)).toEqual(content)
    expect(requested()).toHaveLength(1)
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'decision',
        verdict: 'not-used',
        role: path,
        error: expect.objectContaining({ code: 'ERR_TUF_HASH_MISMATCH', step: '5.7.3' }),
      }),
    )
    expect(targetStore.entries.get('targets/pkgs%2Fa.whl')).toEqual(content)
  })

  test('never returns refused bytes', async () => {
    const targetStore = notedStore()
    const repo = published()
    const { view } = await viewOf(repo, { targetStore })
    repo.attack.arbitraryInstallation(path)
    await refusalOfTask(view.read(path))
    expect(targetStore.written).toEqual([])
  })

  test('that can only be read is reported, and the bytes are returned', async () => {
    const targetStore = notedStore()
    const error = new StoreFailedError('set', 'targets/pkgs%2Fa.whl', { readOnly: true })
    targetStore.set = () => Promise.reject(error)
    const { view, events } = await viewOf(published(), { targetStore })
    expect(await view.read(path)).toEqual(content)
    expect(events.at(-1)).toEqual({ type: 'not-kept', entry: 'targets/pkgs%2Fa.whl', error })
  })

  test('that fails otherwise ends the call with its error', async () => {
    const full = new StoreFailedError('set', 'targets/pkgs%2Fa.whl')
    for (const error of [full, new RangeError('broken')]) {
      const targetStore = notedStore()
      targetStore.set = () => Promise.reject(error)
      const { view } = await viewOf(published(), { targetStore })
      await expect(view.read(path)).rejects.toBe(error)
    }
  })

  test('a defect of it is thrown as it is', async () => {
    const targetStore = notedStore()
    targetStore.get = () => Promise.reject(new RangeError('broken'))
    const { view } = await viewOf(published(), { targetStore })
    await expect(view.read(path)).rejects.toThrow(RangeError)
  })
})

describe('5.7.3: a connection that breaks', () => {
  test('and goes on with other bytes: the first part is dropped, and the whole file is requested', async () => {
    const repo = published()
    const fetcher = repo.fetcher()
    const offsets: number[] = []
    async function* body(offset: number): AsyncGenerator<Uint8Array> {
      const attempt = offsets.length
      await Promise.resolve()
      if (attempt === 1) {
        yield content.subarray(0, 3)
        throw new FetchFailedError('target', 'connection reset')
      }
      yield attempt === 2 ? content.subarray(offset).map((byte) => byte ^ 1) : content
    }
    const breaking: MemoryFetcher = {
      ...fetcher,
      fetch(request) {
        if (request.kind === 'metadata') return fetcher.fetch(request)
        const { offset = 0 } = request
        offsets.push(offset)
        return Promise.resolve({ offset, validator: '"1"', body: body(offset) })
      },
    }
    const { view } = await viewOf(repo, { fetcher: breaking })
    expect(await view.read(path)).toEqual(content)
    expect(offsets).toEqual([0, 3, 0])
  })
})

describe('offline', () => {
  test('only kept files are available', async () => {
    const targetStore = notedStore()
    const client = await viewOf(published(), { targetStore })
    const offline = await client.updater.refresh({ mode: 'offline' })
    await expect(offline.read(path)).rejects.toMatchObject({
      code: 'ERR_TUF_NOT_STORED',
      entry: path,
    })
    await client.view.read(path)
    client.requested()
    expect(await offline.read(path)).toEqual(content)
    expect(client.requested()).toEqual([])
  })
})

describe('a stream', () => {
  test('yields the bytes as they arrive, reports progress, and throws at the end when they are wrong', async () => {
    const repo = published()
    const { view } = await viewOf(repo, { fetcher: repo.fetcher({ chunkSize: 3 }) })
    const progress: number[] = []
    const chunks: number[] = []
    const onProgress = ({ received }: { received: number }): void => void progress.push(received)
    for await (const chunk of view.stream(path, { onProgress })) chunks.push(...chunk)
    expect(Uint8Array.from(chunks)).toEqual(content)
    expect(progress).toEqual([3, 6, 7])

    repo.attack.arbitraryInstallation(path)
    let received = 0
    const reading = (async () => {
      for await (const chunk of view.stream(path)) received += chunk.length
    })()
    expect(await refusalOfTask(reading)).toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      step: '5.7.3',
    })
    expect(received).toBe(7)
  })
})
