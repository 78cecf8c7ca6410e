import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/client/fetcher.js'
import { FetchNotFoundError } from '../../src/errors.js'
import { memoryStore, Updater, type Store, type UpdaterEvent } from '../../src/index.js'
import { fileStore, folderFetcher } from '../../src/node/index.js'
import {
  createRepository,
  ed25519Signer,
  type MemoryFetcher,
  type TestRepository,
} from '../../src/testing/index.js'

let folder: string
let repository: TestRepository
let anchor: Uint8Array
let fetcher: MemoryFetcher
let events: UpdaterEvent[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuffet-below-'))
  repository = createRepository()
  repository.delegate('targets', { name: 'pkgs/a', paths: ['pkgs/*'] })
  repository.addTarget('pkgs/a.whl', 'wheel', { role: 'pkgs/a' })
  repository.publish()
  anchor = repository.root()
  fetcher = repository.fetcher()
  events = []
})
afterEach(() => rmSync(folder, { recursive: true }))

function updaterWith(below: Fetcher | undefined, store: Store = memoryStore()): Updater {
  return new Updater({
    metadataUrl: fetcher.metadataUrl,
    root: anchor,
    store,
    fetcher,
    below,
    retries: 0,
    now: () => repository.now,
    onEvent: (event) => void events.push(event),
  })
}

/** The requests to the repository that a refresh and a search make. */
async function askedOf(below: Fetcher | undefined, store?: Store): Promise<string[]> {
  fetcher.requested.length = 0
  const view = await updaterWith(below, store).refresh()
  expect((await view.find('pkgs/a.whl'))?.length).toBe(5)
  return [...fetcher.requested]
}

/** A folder as the repository publishes it. */
function publishTo(path: string): void {
  mkdirSync(path, { recursive: true })
  const names = ['1.root.json', '2.root.json', '1.snapshot.json', '2.snapshot.json']
  for (const name of [...names, '1.targets.json', '2.targets.json', 'timestamp.json']) {
    const answer = repository.answer('metadata', name)
    if (answer instanceof Uint8Array) writeFileSync(join(path, name), answer)
  }
  for (const version of [1, 2]) {
    const answer = repository.answer('metadata', `${version}.pkgs/a.json`)
    if (answer instanceof Uint8Array) writeFileSync(join(path, `${version}.pkgs%2Fa.json`), answer)
  }
}

test('a role that only one of two delegators believes is asked of the repository', async () => {
  const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]
  for (const [name, signer] of [
    ['a', forA],
    ['b', forB],
  ] as const) {
    repository.delegate('targets', { name, paths: [`${name}/*`] })
    repository.delegate(name, { name: 'shared', paths: [`${name}/*`], signers: [signer] })
    repository.addTarget(`${name}/1`, name, { role: 'shared' })
  }
  repository.publish()
  const fork = repository.fork()
  fork.editInPlace('shared', { signers: [forA] })
  const below: Fetcher = {
    fetch: async (request) => {
      if (request.url.endsWith('1.shared.json')) return fork.fetcher().fetch(request)
      throw new FetchNotFoundError(request.url)
    },
  }
  const view = await updaterWith(below).refresh()
  const found = await Promise.all(['a/1', 'b/1'].map((path) => view.find(path)))
  expect(found.map((target) => target?.path)).toEqual(['a/1', 'b/1'])
  expect(notUsed()).toEqual(['ERR_TUF_THRESHOLD_NOT_MET'])
})

const notUsed = (): string[] =>
  events.flatMap((event) => (event.type === 'below-not-used' ? [event.error.code] : []))

describe.each([
  ['a copy of the published folder', async () => publishTo(folder)],
  [
    'the store of another client',
    async () => {
      const store = fileStore(folder)
      await askedOf(undefined, store)
    },
  ],
  [
    'the flat store of another client',
    async () => {
      const store = fileStore(folder, { layout: 'flat' })
      await askedOf(undefined, store)
    },
  ],
])('below: %s', (_, fill) => {
  test('the repository is asked for the next root and the timestamp alone', async () => {
    expect((await askedOf(undefined)).length).toBe(5)
    await fill()
    expect(await askedOf(folderFetcher(folder))).toEqual(['2.root.json', 'timestamp.json'])
  })

  test('a newer root comes from there too, and the one after it is asked for', async () => {
    repository.rotate('root')
    repository.publish()
    await fill()
    const asked = await askedOf(folderFetcher(folder))
    expect(asked).toEqual(['3.root.json', 'timestamp.json'])
  })

  test('older files there are not taken for newer ones', async () => {
    await fill()
    repository.addTarget('pkgs/b.whl', 'new', { role: 'pkgs/a' })
    repository.publish()
    const store = memoryStore()
    const asked = await askedOf(folderFetcher(folder), store)
    expect(asked).toContain('2.snapshot.json')
    expect(notUsed()).toEqual([])
    const view = await updaterWith(folderFetcher(folder), store).refresh()
    expect(view.snapshot.version).toBe(2)
    expect(await view.find('pkgs/b.whl')).toBeDefined()
  })

  test('floors come from the store alone', async () => {
    await fill()
    const kept = repository.answer('metadata', 'timestamp.json') as Uint8Array
    repository.publish()
    // Whatever newer timestamp is there, the repository's answer counts.
    writeFileSync(
      join(folder, 'timestamp.json'),
      repository.answer('metadata', 'timestamp.json') as Uint8Array,
    )
    const older: Fetcher = {
      fetch: (request) =>
        request.url.endsWith('timestamp.json')
          ? Promise.resolve({ offset: 0, body: pieces(kept) })
          : fetcher.fetch(request),
    }
    const updater = new Updater({
      metadataUrl: fetcher.metadataUrl,
      root: anchor,
      fetcher: older,
      below: folderFetcher(folder),
      now: () => repository.now,
    })
    expect((await updater.refresh()).timestamp.version).toBe(1)
  })

  test('every file there may be hostile: it is refused, and the repository is asked', async () => {
    await fill()
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?:snapshot|targets|pkgs%2Fa)\.json$/.test(name))
      .map((name) => join(folder, name))
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) {
      const good = readFileSync(file)
      for (const bad of [
        good.subarray(0, -1),
        Buffer.from(good.toString().replace(/"expires":\s*"./, '"expires":"3')),
        Buffer.from('{"version": 1}'),
        Buffer.from(good.toString().replace(/"sig":\s*"../, '"sig":"ff')),
      ]) {
        writeFileSync(file, bad)
        const store = memoryStore()
        await askedOf(folderFetcher(folder), store)
        const [name] = /[^/]+$/.exec(file) ?? []
        const role = /([a-z%2F]+)\.json$/.exec(name ?? '')?.[1] ?? ''
        const stored = await store.get(`${role}.json`)
        expect(Buffer.from(stored ?? [])).toEqual(good)
      }
      writeFileSync(file, good)
    }
    expect(notUsed().length).toBeGreaterThan(0)
  })
})

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

describe('below', () => {
  test('the store of another repository is refused, and changes nothing', async () => {
    const other = createRepository({ seed: 'another' })
    other.rotate('root')
    other.publish()
    const theirs = other.fetcher()
    await new Updater({
      metadataUrl: theirs.metadataUrl,
      root: other.root(),
      store: fileStore(folder),
      fetcher: theirs,
      now: () => other.now,
    }).refresh()
    const store = memoryStore()
    await askedOf(folderFetcher(folder), store)
    const plain = memoryStore()
    await askedOf(undefined, plain)
    for (const entry of ['root.json', 'snapshot.json', 'state/anchor']) {
      expect(await store.get(entry)).toEqual(await plain.get(entry))
    }
  })

  test('a folder that is missing costs nothing', async () => {
    const asked = await askedOf(undefined)
    expect(await askedOf(folderFetcher(join(folder, 'missing')))).toEqual(asked)
    expect(notUsed()).toEqual([])
  })

  test('a place that fails is asked once', async () => {
    let requests = 0
    const broken: Fetcher = {
      fetch: () => {
        requests += 1
        return Promise.reject(new Error('broken'))
      },
    }
    const asked = await askedOf(undefined)
    expect(await askedOf(broken)).toEqual(asked)
    expect([requests, notUsed()]).toEqual([1, ['ERR_TUF_FETCH_FAILED']])
  })

  test('a file without an end is left at its limit', async () => {
    const endless: Fetcher = {
      fetch: async () => ({
        offset: 0,
        body: (async function* () {
          for (;;) yield new Uint8Array(65_536)
        })(),
      }),
    }
    const asked = await askedOf(undefined)
    expect(await askedOf(endless)).toEqual(asked)
    expect(notUsed()).toEqual(['ERR_TUF_FETCH_TOO_LONG'])
  })

  test('is not asked for a file whose name has no version', async () => {
    const urls: string[] = []
    const spy: Fetcher = {
      fetch: ({ url }) => {
        urls.push(url.slice(fetcher.metadataUrl.length))
        return Promise.reject(new FetchNotFoundError(url))
      },
    }
    await askedOf(spy)
    expect(urls).toEqual(['2.root.json', '1.snapshot.json', '1.targets.json', '1.pkgs%2Fa.json'])
  })

  test('is asked for versions of two digits as well', async () => {
    const urls: string[] = []
    const spy: Fetcher = {
      fetch: ({ url }) => {
        urls.push(url.slice(fetcher.metadataUrl.length))
        return Promise.reject(new FetchNotFoundError(url))
      },
    }
    for (let version = 2; version <= 10; version++) {
      repository.addTarget(`pkgs/${version}`, 'new', { role: 'pkgs/a' })
      repository.publish()
    }
    await askedOf(spy)
    expect(urls).toEqual(['2.root.json', '10.snapshot.json', '1.targets.json', '10.pkgs%2Fa.json'])
  })

  test('is not at fault where the store fails: the cycle does not run again', async () => {
    publishTo(folder)
    const store = memoryStore()
    const failing: Store = {
      ...store,
      set: (name, bytes) =>
        name === 'snapshot.json'
          ? Promise.reject(new RangeError('broken'))
          : store.set(name, bytes),
    }
    await expect(updaterWith(folderFetcher(folder), failing).refresh()).rejects.toThrow('broken')
    expect(notUsed()).toEqual([])
    expect(fetcher.requested).toEqual(['2.root.json', 'timestamp.json'])
  })

  test('a refusal that is not its fault is reported once more, by the repository', async () => {
    publishTo(folder)
    const view = await updaterWith(folderFetcher(folder)).refresh()
    const expired = new Updater({
      metadataUrl: fetcher.metadataUrl,
      root: anchor,
      fetcher,
      below: folderFetcher(folder),
      now: () => view.timestamp.expires,
    })
    await expect(expired.refresh()).rejects.toMatchObject({ code: 'ERR_TUF_EXPIRED' })
  })

  test('an abort is not a fault of it', async () => {
    const abort = new AbortController()
    const hanging: Fetcher = {
      fetch: () => {
        abort.abort(new Error('enough'))
        return new Promise(() => undefined)
      },
    }
    await expect(updaterWith(hanging).refresh({ signal: abort.signal })).rejects.toThrow('enough')
    expect(notUsed()).toEqual([])
  })
})
