import { describe, expect, test } from '@jest/globals'
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
})
