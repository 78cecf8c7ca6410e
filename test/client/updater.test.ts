import { describe, expect, test } from '@jest/globals'
import { initialize, memoryStore, Updater, type UpdaterOptions } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'

const metadataUrl = 'https://tuf.test/metadata/'

describe('an updater refuses at once', () => {
  test.each<[string, UpdaterOptions, ErrorConstructor | typeof RangeError]>([
    ['a metadata URL that is relative', { metadataUrl: 'metadata/' }, TypeError],
    ['a targets URL with a query', { metadataUrl, targetsUrl: 'https://tuf.test/?a' }, TypeError],
    ['a URL with a password', { metadataUrl: 'https://me:secret@tuf.test/' }, TypeError],
    ['a limit of nothing', { metadataUrl, limits: { rootLength: 0 } }, RangeError],
  ])('%s', (_, options, kind) => {
    expect(() => new Updater(options)).toThrow(kind)
  })

  test('a time that is no time', async () => {
    const updater = new Updater({ metadataUrl, now: () => Number.NaN })
    await expect(updater.refresh()).rejects.toThrow(RangeError)
  })
})

describe('the anchor (5.2)', () => {
  test('without one, given or stored, there is no request', async () => {
    const { fetcher } = { fetcher: createRepository().fetcher() }
    const updater = new Updater({ metadataUrl, fetcher })
    await expect(updater.refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_NOT_STORED',
      entry: 'anchor/root.json',
    })
    expect(fetcher.requested).toEqual([])
  })

  test('initialize refuses a root that its own keys did not sign, and stores nothing', async () => {
    const repo = createRepository()
    repo.publish()
    const store = memoryStore()
    const text = new TextDecoder().decode(repo.root(1)).replace('"version":1', '"version":2')
    const forged = new TextEncoder().encode(text)
    await expect(initialize(store, forged)).rejects.toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'root',
      step: '5.2',
    })
    expect(await store.get('anchor/root.json')).toBeUndefined()
    expect(await store.get('root.json')).toBeUndefined()
  })

  test('initialize keeps a good root, and later cycles start from it', async () => {
    const repo = createRepository()
    repo.addTarget('a.txt', 'hello')
    repo.publish()
    const store = memoryStore()
    await initialize(store, repo.root(1))
    const fetcher = repo.fetcher()
    const updater = new Updater({
      metadataUrl: fetcher.metadataUrl,
      fetcher,
      store,
      now: () => repo.now,
    })
    const repository = await updater.refresh()
    expect((await repository.find('a.txt'))?.length).toBe(5)
  })
})
