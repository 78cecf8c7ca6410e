/** The files that lead to a trusted root are those of the server, and are enough to load it again. */
import { describe, expect, test } from '@jest/globals'
import type { FetchRequest } from '../../src/client/fetcher.js'
import { memoryStore, type Store } from '../../src/client/store.js'
import { storedRootName } from '../../src/core/names.js'
import {
  sigstoreTrustedRoot,
  sigstoreTrustedRootChain,
  type SigstoreOptions,
} from '../../src/sigstore/index.js'
import { createRepository, defaultNow, memoryFetcher } from '../../src/testing/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { TestSigstore } from '../support/sigstore/instance.js'

const urls = { metadataUrl: 'https://sigstore.test/', targetsUrl: 'https://sigstore.test/targets/' }
const content = new TestSigstore().trustedRoot().toString()
const name = 'trusted_root.json'

function optionsFor(repo: TestRepository): SigstoreOptions {
  return {
    metadataUrl: urls.metadataUrl,
    root: repo.root(),
    fetcher: repo.fetcher(urls),
    now: () => defaultNow,
  }
}

/** The bytes that the server has under the name in a URL. */
function served(repo: TestRepository, path: string): Uint8Array {
  return path.startsWith('targets/')
    ? repo.file(path.slice('targets/'.length), 'target')
    : repo.file(decodeURIComponent(path))
}

/** A fetcher over the files of a chain alone. */
function mirrorOf(files: ReadonlyMap<string, Uint8Array>): SigstoreOptions['fetcher'] {
  const answer = (kind: 'metadata' | 'target', path: string) =>
    files.get(kind === 'metadata' ? encodeURIComponent(path) : `targets/${path}`) ?? 'missing'
  return memoryFetcher({ answer }, urls)
}

describe.each([true, false])('where consistent snapshots are %s', (consistentSnapshot) => {
  const repo = createRepository({ consistentSnapshot })
  repo.delegate('targets', { name: 'delegated/role', paths: [name] })
  repo.addTarget(name, content, { role: 'delegated/role', hashes: ['sha256', 'sha512'] })
  repo.publish()
  repo.rotate('timestamp')
  repo.rotate('root')
  repo.publish('targets')
  const options = optionsFor(repo)

  test('each file is that of the server, under its name there', async () => {
    const { files, trustedRoot } = await sigstoreTrustedRootChain(options)
    const roles = ['timestamp', 'snapshot', 'targets', 'delegated/role']
    expect(repo.version('root')).toBe(3)
    expect([...files.keys()].sort()).toEqual(
      [
        ...['1.root.json', '2.root.json', '3.root.json'],
        ...roles.map((role) => encodeURIComponent(repo.fileName(role))),
        ...repo.targetNames(name).map((path) => `targets/${path}`),
      ].sort(),
    )
    for (const [path, bytes] of files) {
      expect([path, Buffer.from(bytes)]).toEqual([path, Buffer.from(served(repo, path))])
    }
    expect(Buffer.from(trustedRoot.bytes).toString()).toBe(content)
  })

  test('a mirror of them is enough for the next trusted root', async () => {
    const { files } = await sigstoreTrustedRootChain(options)
    const { bytes } = await sigstoreTrustedRoot({ ...options, fetcher: mirrorOf(files) })
    expect(Buffer.from(bytes).toString()).toBe(content)
    for (const path of files.keys()) {
      // The first root is the anchor, the third has the same key for the timestamp as the second.
      if (/^[13]\.root\.json$/.test(path) || path.startsWith('targets/')) continue
      const without = new Map(files)
      without.delete(path)
      const asked = sigstoreTrustedRoot({ ...options, fetcher: mirrorOf(without) })
      await expect(asked.then(() => path)).rejects.toThrow()
    }
  })

  test('the caller may name store, mode and cryptography', async () => {
    const store = memoryStore()
    await sigstoreTrustedRootChain({ ...options, store })
    const fetcher = { fetch: (_: FetchRequest) => Promise.reject(new TypeError('no request')) }
    const { files } = await sigstoreTrustedRootChain({
      ...{ ...options, store, fetcher, mode: 'offline', signal: new AbortController().signal },
    })
    expect(files.has('3.root.json')).toBe(true)
  })
})

test('roots before the anchor of the caller are not there, and none has the number 0', async () => {
  const repo = createRepository()
  repo.addTarget(name, content)
  repo.publish()
  repo.rotate('root')
  const store = memoryStore()
  await store.set(storedRootName(0), repo.root(1))
  const roots = async (root: Uint8Array): Promise<readonly string[]> => {
    const { files } = await sigstoreTrustedRootChain({ ...optionsFor(repo), root, store })
    return [...files.keys()].filter((path) => path.endsWith('.root.json')).sort()
  }
  const later = await sigstoreTrustedRootChain({ ...optionsFor(repo), root: repo.root(2) })
  expect([...later.files.keys()]).not.toContain('1.root.json')
  expect(await roots(repo.root(1))).toEqual(['1.root.json', '2.root.json'])
})

test('the signal ends the second search too, where the first has forgotten a role', async () => {
  const repo = createRepository()
  repo.delegate('targets', { name: 'delegated', paths: [name] })
  repo.addTarget(name, content, { role: 'delegated' })
  repo.publish()
  const caller = new AbortController()
  const inner = memoryStore()
  let isRead = false
  const store: Store = {
    set: (entry, bytes, options) => inner.set(entry, bytes, options),
    delete: (entry) => inner.delete(entry),
    get: (entry, options) => {
      if (!isRead || !entry.includes('delegated')) return inner.get(entry, options)
      setTimeout(() => caller.abort(new Error('enough')), 10)
      return new Promise(() => undefined)
    },
  }
  const targetStore: Store = {
    ...store,
    set: (entry, bytes, options) => {
      isRead = true
      return inner.set(entry, bytes, options)
    },
  }
  const asked = sigstoreTrustedRootChain({
    ...{ ...optionsFor(repo), store, targetStore, signal: caller.signal },
    limits: { keptMetadata: 0 },
  })
  const late = new Promise<string>((resolve) => setTimeout(resolve, 2_000, 'late').unref())
  await expect(Promise.race([asked, late])).rejects.toThrow('enough')
})

test('a role with a long name is found in the store under its digest', async () => {
  const role = 'é'.repeat(200)
  const repo = createRepository()
  repo.delegate('targets', { name: role, paths: [name] })
  repo.addTarget(name, content, { role })
  repo.publish()
  const { files } = await sigstoreTrustedRootChain(optionsFor(repo))
  const path = encodeURIComponent(repo.fileName(role))
  expect(Buffer.from(files.get(path) ?? [])).toEqual(Buffer.from(served(repo, path)))
})

test.each(['timestamp', 'snapshot', 'targets', 'root'] as const)(
  'the chain expires with the first of its files: %s',
  async (role) => {
    const repo = createRepository()
    repo.addTarget(name, content)
    repo.publish()
    const soon = defaultNow + 3_600_000
    repo.expire(role, soon)
    expect(await sigstoreTrustedRootChain(optionsFor(repo))).toMatchObject({ expires: soon })
  },
)

test('a store that another process changes meanwhile is named', async () => {
  const repo = createRepository()
  repo.addTarget(name, content)
  repo.publish()
  const inner = memoryStore()
  let isRead = false
  const store: Store = {
    get: (entry, options) =>
      isRead && entry === 'targets.json' ? Promise.resolve(undefined) : inner.get(entry, options),
    set: (entry, bytes, options) => inner.set(entry, bytes, options),
    delete: (entry) => inner.delete(entry),
  }
  const targetStore: Store = {
    ...store,
    set: (entry, bytes, options) => {
      isRead = true
      return inner.set(entry, bytes, options)
    },
  }
  const asked = sigstoreTrustedRootChain({ ...optionsFor(repo), store, targetStore })
  await expect(asked).rejects.toMatchObject({ code: 'ERR_TUF_NOT_STORED' })
  await expect(asked).rejects.toThrow('targets.json')
})
