import { describe, expect, test } from '@jest/globals'
import { ThresholdError } from '../../src/errors.js'
import { Updater, type Repository } from '../../src/index.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'

async function view(
  repo: TestRepository,
  limits: ConstructorParameters<typeof Updater>[0]['limits'] = {},
): Promise<Repository> {
  repo.publish()
  const fetcher = repo.fetcher()
  const { metadataUrl } = fetcher
  const options = { metadataUrl, fetcher, root: repo.root(), now: () => repo.now, limits }
  return new Updater(options).refresh()
}

async function names(repository: Repository): Promise<string[]> {
  const found = []
  for await (const { role } of repository.walk()) found.push(role)
  return found
}

describe('a walk over all roles', () => {
  test('visits each role once, whatever leads to it', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a', paths: ['*'] })
    repo.delegate('targets', { name: 'b', paths: ['x/*'] })
    repo.delegate('a', { name: 'c', paths: ['*'] })
    repo.delegate('c', { name: 'a', paths: ['*'] })
    expect(await names(await view(repo))).toEqual(['targets', 'a', 'b', 'c'])
  })

  test('visits hash bins of both kinds', async () => {
    const bins = createRepository()
    bins.delegateHashBins('targets', { bins: 32 })
    expect(await names(await view(bins))).toHaveLength(33)
    const succinct = createRepository()
    succinct.delegateSuccinct('targets', { bitLength: 5, namePrefix: 'bin' })
    expect(await names(await view(succinct))).toHaveLength(33)
  })

  test('leaves out a role that the snapshot does not list', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a', paths: ['*'] })
    repo.publish()
    repo.edit('snapshot', (signed) => {
      delete (signed['meta'] as Record<string, unknown>)['a.json']
    })
    const fetcher = repo.fetcher()
    const { metadataUrl } = fetcher
    const updater = new Updater({ metadataUrl, fetcher, root: repo.root(), now: () => repo.now })
    expect(await names(await updater.refresh())).toEqual(['targets'])
  })

  test('ends with the error of a role whose edge refuses it', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a', paths: ['*'] })
    repo.publish()
    const repository = await view(repo)
    repo.editInPlace('a', {
      envelope: (envelope) => {
        envelope['signatures'] = []
      },
    })
    await expect(names(repository)).rejects.toMatchObject({ role: 'a', delegator: 'targets' })
  })

  test('holds no more roles that delegate than one search may', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a', paths: ['*'] })
    repo.delegate('a', { name: 'b', paths: ['*'] })
    const small = await view(repo, { searchedBytes: 100 })
    await expect(names(small)).rejects.toMatchObject({ code: 'ERR_TUF_SEARCH_LIMIT' })
  })

  test('goes on without an edge that its caller leaves out, and without no other', async () => {
    const repo = createRepository()
    for (const name of ['a', 'b', 'c']) repo.delegate('targets', { name, paths: ['*'] })
    repo.publish()
    const repository = await view(repo)
    for (const name of ['a', 'b']) {
      repo.editInPlace(name, {
        envelope: (envelope) => {
          envelope['signatures'] = []
        },
      })
    }
    const walk = async (most: number): Promise<string[]> => {
      const found: string[] = []
      const leaveOut = (_: unknown, role: string, delegator: string): boolean =>
        found.push(`${role}, from ${delegator}, failed`) <= most
      for await (const { role } of repository.walk({ leaveOut })) found.push(role)
      return found
    }
    const all = await walk(3)
    expect(all.sort()).toEqual([
      'a, from targets, failed',
      'b, from targets, failed',
      'c',
      'targets',
    ])
    await expect(walk(1)).rejects.toMatchObject({ code: 'ERR_TUF_THRESHOLD_NOT_MET' })
  })

  test('leaves the delegations of a role out that has no room beside those that wait', async () => {
    const repo = createRepository()
    for (const name of ['first', 'large', 'last']) {
      repo.delegate('targets', { name, paths: ['*'] })
      repo.delegate(name, { name: `below-${name}`, paths: ['*'] })
    }
    for (let bin = 0; bin < 99; bin++) repo.delegate('large', { name: `l${bin}`, paths: ['*'] })
    const repository = await view(repo, { searchedBytes: 20_000 })
    const found: string[] = []
    const leaveOut = (error: unknown, role: string): boolean => {
      expect(error).toMatchObject({ code: 'ERR_TUF_SEARCH_LIMIT', limit: 20_000 })
      return found.push(`not below ${role}`) > 0
    }
    for await (const { role } of repository.walk({ leaveOut })) found.push(role)
    expect(found).toEqual([
      ...['targets', 'first', 'large', 'not below large', 'last'],
      ...['below-first', 'below-last'],
    ])
  })

  test('gives one delegate all the room where nothing else waits', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a', paths: ['*'] })
    for (let bin = 0; bin < 9; bin++) repo.delegate('a', { name: `b${bin}`, paths: ['*'] })
    repo.publish()
    const room = 2 * repo.file('1.a.json').length
    expect(await names(await view(repo, { searchedBytes: room }))).toHaveLength(11)
  })

  describe('of which many are refused', () => {
    const unsigned = {
      envelope: (envelope: Record<string, unknown>): void => {
        envelope['signatures'] = []
      },
    }

    function harmful(): TestRepository {
      const repo = createRepository()
      repo.delegate('targets', { name: 'evil', paths: ['*'] })
      repo.delegate('targets', { name: 'good', paths: ['good/*'] })
      for (let bin = 0; bin < 60; bin++) repo.delegate('evil', { name: `e${bin}`, paths: ['*'] })
      repo.delegate('good', { name: 'g', paths: ['good/*'] })
      return repo
    }

    async function walked(
      repo: TestRepository,
      mostBytes: number,
    ): Promise<{ repository: Repository; found: string[]; requested: string[] }> {
      repo.publish()
      const fetcher = repo.fetcher()
      const { metadataUrl } = fetcher
      const options = { metadataUrl, fetcher, root: repo.root(), now: () => repo.now }
      const repository = await new Updater(options).refresh()
      for (let bin = 0; bin < 60; bin++) repo.editInPlace(`e${bin}`, unsigned)
      const found: string[] = []
      const leaveOut = (): boolean => true
      for await (const { role } of repository.walk({ leaveOut, mostBytes })) found.push(role)
      return { repository, found, requested: fetcher.requested }
    }

    test('counts their bytes too', async () => {
      const all = await walked(harmful(), 10_000_000)
      const isEvil = (name: string): boolean => /e\d+\.json$/.test(name)
      expect(all.requested.filter(isEvil)).toHaveLength(60)
      const few = await walked(harmful(), 30_000)
      const asked = few.requested.filter(isEvil).length
      expect([asked > 5, asked < 50]).toEqual([true, true])
      expect(few.found).toEqual(['targets', 'evil', 'good'])
    })

    test('keeps the errors of a thousand of them, and asks for no other one again', async () => {
      const repo = createRepository()
      const bins = Array.from({ length: 1_001 }, (_, bin) => `e${bin}`)
      for (const name of bins) repo.delegate('targets', { name, paths: [`${name}/*`] })
      repo.publish()
      const fetcher = repo.fetcher()
      const { metadataUrl } = fetcher
      const options = { metadataUrl, fetcher, root: repo.root(), now: () => repo.now }
      const repository = await new Updater(options).refresh()
      for (const name of bins) repo.editInPlace(name, unsigned)
      const found: string[] = []
      for await (const { role } of repository.walk({ leaveOut: () => true })) found.push(role)
      expect(found).toEqual(['targets'])
      const before = fetcher.requested.length
      // Roles are loaded side by side: which one is the last differs.
      const others: unknown[] = []
      for (const name of bins) {
        const error: unknown = await repository.find(`${name}/x`).catch((why: unknown) => why)
        expect(error).toMatchObject({ role: name })
        if (!(error instanceof ThresholdError)) others.push(error)
      }
      const fields = { code: 'ERR_TUF_SEARCH_LIMIT', step: '5.6.7.1', target: '*', limit: 1_000 }
      expect(others).toMatchObject([fields])
      expect(fetcher.requested.slice(before)).toEqual([])
    })

    test('lets no search ask again for those that it left out', async () => {
      for (const most of [10_000_000, 30_000]) {
        const { repository, requested } = await walked(harmful(), most)
        const before = requested.length
        for (const path of ['a', 'b', 'c']) {
          await expect(repository.find(path)).rejects.toMatchObject({
            role: expect.stringMatching(/^e\d/),
          })
        }
        expect(requested).toHaveLength(before)
      }
    })
  })
})
