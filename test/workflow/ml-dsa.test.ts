/** Repositories that sign with ML-DSA (TAP 21), alone and beside a classical key. */
import { describe, expect, test } from '@jest/globals'
import { resolveLimits } from '../../src/client/limits.js'
import { withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { createRepository, ed25519Signer } from '../../src/testing/index.js'
import { mlDsaSigner } from '../../src/testing/ml-dsa.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { clientOf } from '../support/client.js'

const cryptography = withMlDsa(nodeCryptography)
const classical = ed25519Signer('classical')
const quantum = mlDsaSigner('quantum')

function hybrid(): ReturnType<typeof createRepository> {
  const keys = { signers: [classical, quantum], threshold: 2 }
  const repo = createRepository({ keys: { root: keys, targets: keys } })
  repo.addTarget('a.txt', 'hello')
  repo.publish()
  return repo
}

describe('a role with a classical and an ML-DSA key, and a threshold of two', () => {
  test('is believed when both signed', async () => {
    const view = await clientOf(hybrid(), { cryptography }).updater.refresh()
    expect(new TextDecoder().decode(await view.read('a.txt'))).toBe('hello')
  })

  test.each([
    ['the classical key', classical, quantum],
    ['the ML-DSA key', quantum, classical],
  ])('is refused when %s alone signed', async (_, one, other) => {
    const repo = hybrid()
    repo.signWith('targets', [one])
    repo.edit('targets', {})
    await expect(clientOf(repo, { cryptography }).updater.refresh()).rejects.toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'targets',
      signed: 1,
      keys: expect.arrayContaining([
        { keyid: one.keyid, verdict: 'signed' },
        { keyid: other.keyid, verdict: 'no-signature' },
      ]),
    })
  })

  test('is refused by a client without ML-DSA, which says why', async () => {
    const refusal = clientOf(hybrid(), { cryptography: nobleCryptography }).updater.refresh()
    await expect(refusal).rejects.toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      keys: expect.arrayContaining([{ keyid: quantum.keyid, verdict: 'unsupported-key' }]),
    })
  })
})

test('a client without ML-DSA believes a role whose other keys are enough', async () => {
  const keys = { signers: [classical, quantum], threshold: 1 }
  const repo = createRepository({ keys: { root: keys, targets: keys } })
  repo.publish()
  const client = clientOf(repo, { cryptography: nobleCryptography })
  expect((await client.updater.refresh()).root.version).toBe(1)
})

test('a repository changes from classical keys to hybrid ones, by its root', async () => {
  const repo = createRepository({ keys: { root: { signers: [classical] } } })
  repo.publish()
  const client = clientOf(repo, { cryptography })
  await client.updater.refresh()
  repo.rotate('root', { add: [quantum], threshold: 2 })
  expect((await client.updater.refresh()).root.version).toBe(2)
  // From now on the classical key is not enough.
  repo.signWith('root', [classical])
  repo.rotate('timestamp')
  await expect(client.updater.refresh()).rejects.toMatchObject({
    code: 'ERR_TUF_THRESHOLD_NOT_MET',
    role: 'root',
  })
})

test('root and targets of five ML-DSA-87 keys, as large as they get, are inside the default limits', async () => {
  const make = (name: string): ReturnType<typeof mlDsaSigner> => mlDsaSigner(name, 'ML-DSA-87')
  const offline = { signers: ['a', 'b', 'c', 'd', 'e'].map(make), threshold: 3 }
  const online = { signers: [make('online')] }
  const repo = createRepository({
    keys: { root: offline, targets: offline, snapshot: online, timestamp: online },
    indent: 1,
  })
  repo.publish()
  const { length } = repo.root()
  // TAP 21 counts 72,001 bytes for such a root.
  expect(length).toBeGreaterThan(64_000)
  expect(length).toBeLessThan(resolveLimits().rootLength / 5)
  expect(repo.file('timestamp.json').length).toBeLessThan(resolveLimits().timestampLength / 5)
  const view = await clientOf(repo, { cryptography }).updater.refresh()
  expect(view.root.version).toBe(1)
})
