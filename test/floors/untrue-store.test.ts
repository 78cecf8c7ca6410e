import { describe, expect, test } from '@jest/globals'
import { type Store, Updater } from '../../src/index.js'
import { type TestRepository } from '../../src/testing/index.js'
import { notedStore } from '../support/client.js'
import { publishedWith } from '../support/published.js'

function published(): TestRepository {
  return publishedWith({ 'a.txt': 'a' }, { seed: 'floors' })
}

function updaterOf(repo: TestRepository, store: Store): Updater {
  const fetcher = repo.fetcher()
  const { metadataUrl } = fetcher
  return new Updater({ metadataUrl, root: repo.root(), store, fetcher, now: () => repo.now })
}

type Exclusive = NonNullable<Store['exclusive']>

const skipping: readonly (readonly [string, Exclusive])[] = [
  ['says that it did what it did not', () => Promise.resolve('done' as never)],
  ['says nothing', () => Promise.resolve(undefined as never)],
  [
    'commits after it has answered',
    (commit) => {
      setImmediate(() => void commit().catch(() => undefined))
      return Promise.resolve('done' as never)
    },
  ],
]

const untrue: readonly (readonly [string, Exclusive])[] = [
  [
    'commits twice',
    async (commit) => {
      await commit()
      return commit()
    },
  ],
  [
    'commits twice at the same time',
    async (commit) => (await Promise.all([commit(), commit()]))[0],
  ],
  [
    'says that the entries have changed when they have not',
    async (commit) => {
      await commit()
      return 'changed' as never
    },
  ],
  [
    'keeps the answer to itself',
    async (commit) => {
      await commit()
      return undefined as never
    },
  ],
]

describe('a store of the application whose `exclusive`', () => {
  test.each(skipping)('%s fails the cycle: the store kept no floor', async (_what, exclusive) => {
    const repo = published()
    const store = { ...notedStore(), exclusive }
    await expect(updaterOf(repo, store).refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'lock',
    })
  })

  test.each(untrue)(
    '%s keeps the floors: the commit itself reports its end',
    async (_, exclusive) => {
      const repo = published()
      const store = { ...notedStore(), exclusive }
      for (let publication = 0; publication < 3; publication++) {
        const view = await updaterOf(repo, store).refresh()
        expect(view.timestamp.version).toBe(repo.version('timestamp'))
        expect(store.entries.get('timestamp.json')).toEqual(repo.file('timestamp.json'))
        repo.rotate('timestamp')
      }
      const old = published()
      await expect(updaterOf(old, store).refresh()).rejects.toMatchObject({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
      })
    },
  )
})

describe('a store of the application that', () => {
  test.each([
    ['text', () => '{}'],
    ['a list of numbers', () => [123, 125]],
    ['an object with a length', () => ({ length: 2 })],
    ['null', () => null],
  ])('gives %s in place of bytes fails the cycle, and names the entry', async (_what, given) => {
    const repo = published()
    const inner = notedStore()
    const store = {
      ...inner,
      get: (name: string) =>
        name === 'timestamp.json' ? Promise.resolve(given() as never) : inner.get(name),
    }
    await expect(updaterOf(repo, store).refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'get',
      entry: 'timestamp.json',
    })
  })

  test('drops every value serves cycles as a new store does', async () => {
    const repo = published()
    const store = { ...notedStore(), set: () => Promise.resolve() }
    for (let publication = 0; publication < 3; publication++) {
      const view = await updaterOf(repo, store).refresh()
      expect(view.timestamp.version).toBe(repo.version('timestamp'))
      repo.publish('targets')
    }
  })

  test('changes an entry under every commit ends the cycle with a conflict', async () => {
    const repo = published()
    const inner = notedStore()
    await updaterOf(repo, inner).refresh()
    const older = inner.entries.get('timestamp.json') ?? new Uint8Array()
    repo.publish('targets')
    let reads = 0
    const store = {
      ...inner,
      // With one space more each time: the same timestamp in other bytes.
      get: async (name: string) =>
        name === 'timestamp.json'
          ? Buffer.concat([older, Buffer.from(' '.repeat(reads++))])
          : inner.get(name),
    }
    await expect(updaterOf(repo, store).refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_CONFLICT',
    })
  })
})
