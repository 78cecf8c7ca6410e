/** The steps of section 5 that no attack shows: a client's behaviour when all is well. */
import { describe, expect, test } from '@jest/globals'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'
import { publishedWith } from '../support/published.js'

function published(): TestRepository {
  return publishedWith({ 'a.txt': 'hello' })
}

describe('5.3: the root', () => {
  test('5.3.1, 5.3.9: every root between the trusted and the newest is fetched, one after another', async () => {
    const repo = published()
    repo.rotate('root', { add: 1 })
    repo.rotate('root', { add: 1 })
    const client = clientOf(repo)
    const { root } = await client.updater.refresh()
    expect(root.version).toBe(3)
    expect(client.requested().slice(0, 3)).toEqual(['2.root.json', '3.root.json', '4.root.json'])
  })

  test('5.3.2: N is the version of the root that is trusted, not of the anchor', async () => {
    const repo = published()
    repo.rotate('root', { add: 1 })
    const client = clientOf(repo)
    await client.updater.refresh()
    client.requested()
    await client.updater.refresh()
    expect(client.requested()[0]).toBe('3.root.json')
  })

  test('5.3.6: an expired root leads to the next', async () => {
    const repo = published()
    repo.expire('root')
    repo.rotate('root', { add: 1 })
    const { root } = await clientOf(repo).updater.refresh()
    expect(root.version).toBe(3)
  })

  test('5.3.7: the keys of the new root are those that count', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    repo.rotate('timestamp', { add: 1, remove: 1 })
    const repository = await client.updater.refresh()
    expect(repository.root.version).toBe(2)
    expect(repository.timestamp.version).toBe(repo.version('timestamp'))
  })

  test('5.3.12: the newest root decides whether names contain versions', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    client.requested()
    repo.setConsistentSnapshot(false)
    await client.updater.refresh()
    expect(client.requested()).toContain('snapshot.json')
  })
})

describe('accepted files are kept', () => {
  test.each([
    ['5.4.5', 'timestamp'],
    ['5.5.7', 'snapshot'],
    ['5.6.6', 'targets'],
  ])('%s: the %s is stored, byte for byte as it came', async (_, role) => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    const stored = client.store.entries.get(`${role}.json`)
    expect(stored).toEqual(repo.file(repo.fileName(role)))
  })

  test('5.4.5, 5.5.7: the next process starts from the stored files', async () => {
    const repo = published()
    const client = clientOf(repo)
    await client.updater.refresh()
    const { updater, requested } = clientOf(repo, { store: client.store })
    await updater.refresh()
    expect(requested()).toEqual(['2.root.json', 'timestamp.json'])
  })
})

describe('5.6.7, 5.7: the target', () => {
  function delegated(terminating: boolean): TestRepository {
    const repo = published()
    repo.delegate('targets', { name: 'first', paths: ['*'], terminating })
    repo.delegate('targets', { name: 'second', paths: ['*'] })
    repo.addTarget('b.txt', 'from the second', { role: 'second' })
    repo.publish()
    return repo
  }

  test('5.6.7.2.2: after a delegation that does not terminate, the next one is searched', async () => {
    const repository = await clientOf(delegated(false)).updater.refresh()
    expect((await repository.find('b.txt'))?.length).toBe(15)
  })

  test('5.6.7.2.1: after a delegation that terminates, the next one is not searched', async () => {
    const repository = await clientOf(delegated(true)).updater.refresh()
    expect(await repository.find('b.txt')).toBeUndefined()
  })

  test('5.7.1, 5.7.3: bytes are the target when length and hashes match its metadata', async () => {
    const repository = await clientOf(published()).updater.refresh()
    const target = await repository.verify('a.txt', new TextEncoder().encode('hello'))
    expect(target.length).toBe(5)
    await expect(
      repository.verify('a.txt', new TextEncoder().encode('hullo')),
    ).rejects.toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH', step: '5.7.3', role: 'a.txt' })
  })

  test('5.7.2: a target that nobody lists is reported as such', async () => {
    const repository = await clientOf(published()).updater.refresh()
    await expect(repository.read('absent.txt')).rejects.toMatchObject({
      code: 'ERR_TUF_TARGET_NOT_FOUND',
      target: 'absent.txt',
    })
  })
})
