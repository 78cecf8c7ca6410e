/** 5.7.3: how a whole target file is read into memory, from a store of target files or the server. */
import { describe, expect, test } from '@jest/globals'
import type { Cryptography } from '../../src/core/keys/cryptography.js'
import type { SetOptions } from '../../src/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { clientOf, notedStore } from '../support/client.js'

const path = 'pkgs/a.whl'
const content = new TextEncoder().encode('a wheel')

function published(...paths: readonly string[]): TestRepository {
  const repo = createRepository()
  for (const one of paths) repo.addTarget(one, content, { hashes: ['blake2b-256'] })
  repo.publish()
  return repo
}

test('a file for which there is no memory is refused before any request', async () => {
  const { updater, requested } = clientOf(published(path), { limits: { readLength: 6 } })
  const view = await updater.refresh()
  requested()
  await expect(view.read(path)).rejects.toMatchObject({
    code: 'ERR_TUF_LIMIT',
    message: expect.stringContaining('is listed with 7 bytes, memory is for at most 6'),
    ...{ role: path, step: '5.7.3', limit: 'readLength', most: 6 },
  })
  expect(requested()).toEqual([])
})

describe('a store of target files', () => {
  test('is told that a file may be lost in a power failure', async () => {
    const store = notedStore()
    const asked: [string, SetOptions | undefined][] = []
    const { updater } = clientOf(published(path), {
      targetStore: {
        ...store,
        set(name, bytes, options) {
          asked.push([name, options])
          return store.set(name, bytes)
        },
      },
    })
    await (await updater.refresh()).read(path)
    expect(asked).toEqual([['targets/pkgs%2Fa.whl', { lasting: false }]])
  })

  test('that lacks a file is not called wrong', async () => {
    const { updater, events } = clientOf(published(path), { targetStore: notedStore() })
    await (await updater.refresh()).read(path)
    expect(events).not.toContainEqual(expect.objectContaining({ verdict: 'not-used' }))
  })

  test('keeps files apart whose names are too long for it', async () => {
    const long = ['b', 'c'].map((end) => `pkgs/${'a'.repeat(300)}${end}`)
    const targetStore = notedStore()
    const { updater, requested } = clientOf(published(...long), { targetStore })
    const view = await updater.refresh()
    for (const one of long) await view.read(one)
    requested()
    for (const one of long) expect(await view.read(one)).toEqual(content)
    expect(requested()).toEqual([])
    expect(targetStore.entries.size).toBe(2)
  })

  test('is not to blame for a defect of the cryptography, which is thrown as it is', async () => {
    const broken = { is: false }
    const cryptography: Cryptography = {
      ...nodeCryptography,
      hash(name, bytes) {
        if (broken.is) throw new RangeError('broken')
        return nodeCryptography.hash(name, bytes)
      },
    }
    const client = clientOf(published(path), { targetStore: notedStore(), cryptography })
    const view = await client.updater.refresh()
    await view.read(path)
    client.requested()
    broken.is = true
    await expect(view.read(path)).rejects.toThrow(new RangeError('broken'))
    expect(client.requested()).toEqual([])
  })
})

test.each([
  [{ md5: 'aa', sha256: 'bb', sha512: 'bb' }, ['bb']],
  [{ md5: 'aa', crc: 'cc', sum: 'aa' }, ['aa', 'cc']],
])('a file with the hashes %j is asked for by %j', async (hashes, digests) => {
  const { updater } = clientOf(published(path))
  const view = await updater.refresh()
  const target = { path, length: 7, hashes: new Map(Object.entries(hashes)) }
  const names = view.downloadSource(target).urls.map((url) => url.replace(/^.*\//, ''))
  expect(names).toEqual(digests.map((digest) => `${digest}.a.whl`))
})
