import { describe, expect, test } from '@jest/globals'
import {
  createRepository,
  ed25519Signer,
  withKeyid,
  type Signer,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { expectRefused, serveFork } from '../support/under-attack.js'

const topLevel = ['root', 'timestamp', 'snapshot', 'targets']

function finding(path: string): { ask: (client: TestClient) => Promise<unknown> } {
  return { ask: async ({ updater }) => (await updater.refresh()).find(path) }
}

/** targets → a → b → c, and a target in c; length and digest of every file are listed. */
function deep(): TestRepository {
  const repo = createRepository({ snapshotHashes: true })
  repo.delegate('targets', { name: 'a', count: 2 })
  repo.delegate('a', { name: 'b', count: 2 })
  repo.delegate('b', { name: 'c', count: 2 })
  repo.addTarget('file', 'by c', { role: 'c' })
  repo.publish()
  return repo
}

async function foundIn(repo: TestRepository, path: string): Promise<string | undefined> {
  const view = await clientOf(repo).updater.refresh()
  const { chain, target } = await view.explain(path)
  return target && chain.at(-1)?.role
}

describe('row 9: delegated roles get every check that targets gets', () => {
  const role = 'c'

  test('CVE-2026-6967: another length, at depth 3', async () => {
    await expectRefused(deep(), (repo) => repo.attack.truncated(role), finding('file'))
  })

  test('CVE-2026-6967: another digest, at depth 3', async () => {
    await expectRefused(
      deep(),
      (repo) => {
        const other = repo.file('1.c.json').map((byte) => byte ^ 1)
        repo.serve('1.c.json', other)
        const end = (): void => repo.serve('1.c.json', undefined)
        return { code: 'ERR_TUF_HASH_MISMATCH', role, step: '5.6.2', end }
      },
      finding('file'),
    )
  })

  test('CVE-2026-6967: too few signatures, at depth 3', async () => {
    await expectRefused(deep(), (repo) => repo.attack.belowThreshold(role), finding('file'))
  })

  test('CVE-2026-6967: another version, at depth 3', async () => {
    await expectRefused(
      deep(),
      (repo) => {
        const end = serveFork(repo, (fork) =>
          fork.edit(role, (signed) => {
            signed['version'] = 9
          }),
        )
        return { code: 'ERR_TUF_VERSION_MISMATCH', role, step: '5.6.4', end }
      },
      finding('file'),
    )
  })

  test('CVE-2026-6967: expired, at depth 3', async () => {
    await expectRefused(deep(), (repo) => repo.attack.expired(role), finding('file'))
  })

  test('CVE-2026-6967: not listed by the snapshot, at depth 3', async () => {
    const repo = deep()
    repo.edit('snapshot', (signed) => {
      const meta = Object.entries(Object(signed['meta']) as Record<string, never>)
      signed['meta'] = Object.fromEntries(meta.filter(([name]) => name !== 'c.json'))
    })
    const client = clientOf(repo)
    expect(await refusalOfTask(finding('file').ask(client))).toEqual({
      code: 'ERR_TUF_ROLE_NOT_LISTED',
      role,
      step: '5.6.1',
    })
  })

  test.each(topLevel)('4.5: a delegation to the name %s is refused', async (name) => {
    await expectRefused(
      deep(),
      (repo) => {
        const end = serveFork(repo, (fork) => {
          fork.delegate('a', { name, signers: [ed25519Signer('mallory')] })
          fork.publish()
        })
        return { code: 'ERR_TUF_METADATA_INVALID', role: 'a', step: '4.5', end }
      },
      finding('file'),
    )
  })
})

describe('row 10: the search', () => {
  function sisters(first: 'terminating' | 'open', ...lists: string[]): TestRepository {
    const repo = createRepository()
    repo.delegate('targets', { name: 'z', terminating: first === 'terminating' })
    repo.delegate('targets', { name: 'a' })
    for (const role of lists) repo.addTarget('file', `by ${role}`, { role })
    repo.publish()
    return repo
  }

  test('CVE-2024-47534: the first role of the list wins, whatever it is called', async () => {
    expect(await foundIn(sisters('open', 'z', 'a'), 'file')).toBe('z')
    expect(await foundIn(sisters('open', 'a'), 'file')).toBe('a')
  })

  test('CVE-2024-47534: delegations of the first role come before the second role', async () => {
    const repo = sisters('open', 'a')
    repo.delegate('z', { name: 'y' })
    repo.addTarget('file', 'by y', { role: 'y' })
    repo.publish()
    expect(await foundIn(repo, 'file')).toBe('y')
  })

  test('CVE-2025-2886: roles after a terminating delegation are not asked', async () => {
    expect(await foundIn(sisters('terminating', 'a'), 'file')).toBeUndefined()
    expect(await foundIn(sisters('terminating', 'z', 'a'), 'file')).toBe('z')
  })

  test('CVE-2025-2886: roles of the levels above are not asked either', async () => {
    const repo = sisters('open', 'a')
    repo.delegate('z', { name: 'y', terminating: true })
    repo.publish()
    expect(await foundIn(repo, 'file')).toBeUndefined()
  })

  test('GHSA-j8x2-777p-23fc: cycles and diamonds end, each role asked once', async () => {
    const repo = createRepository()
    for (const [from, to] of ['targets a', 'targets b', 'a c', 'b c', 'c a', 'c c'].map((edge) =>
      edge.split(' '),
    )) {
      repo.delegate(from ?? '', { name: to ?? '' })
    }
    repo.publish()
    const { updater, requested } = clientOf(repo)
    const view = await updater.refresh()
    requested()
    expect(await view.find('file')).toBeUndefined()
    expect(requested()).toEqual(['1.a.json', '1.c.json', '1.b.json'])
  })

  test('GHSA-j8x2-777p-23fc: more roles than the cap is an error, not "not found"', async () => {
    const repo = createRepository()
    for (let i = 0; i < 70; i++) repo.delegate('targets', { name: `r${i}` })
    repo.addTarget('file', 'far away', { role: 'r69' })
    repo.publish()
    const client = clientOf(repo)
    expect(await refusalOfTask(finding('file').ask(client))).toEqual({
      code: 'ERR_TUF_SEARCH_LIMIT',
      role: 'r63',
      step: '5.6.7.1',
    })
    const patient = clientOf(repo, { limits: { searchedRoles: 71 } })
    expect(await finding('file').ask(patient)).toBeDefined()
  })

  test('GHSA-j8x2-777p-23fc: a role that is refused ends the search', async () => {
    const repo = sisters('open', 'a')
    const { updater, requested } = clientOf(repo)
    repo.attack.forged('z')
    const view = await updater.refresh()
    requested()
    expect(await refusalOfTask(view.find('file'))).toMatchObject({ role: 'z', step: '5.6.3' })
    expect(requested()).toEqual(['2.z.json'])
  })

  test('1.5.2: wrong software: a role lists a path outside its delegation', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
    repo.publish()
    const { updater } = clientOf(repo)
    const refusal = repo.attack.foreignPath('dev', 'other/file')
    const view = await updater.refresh()
    expect(await refusalOfTask(view.verify('other/file', new Uint8Array()))).toEqual(refusal)
    expect(await view.find('dev/other/file')).toBeUndefined()
  })
})

describe('row 11: trust is in the edge, not in the role', () => {
  const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]

  /** Two delegators of one role, by different keys, for different paths. */
  function diamond(a: Signer = forA, b: Signer = forB): TestRepository {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a', paths: ['a/*'] })
    repo.delegate('targets', { name: 'b', paths: ['b/*'] })
    repo.delegate('a', { name: 'shared', paths: ['a/*'], signers: [a] })
    repo.delegate('b', { name: 'shared', paths: ['b/*'], signers: [b] })
    for (const path of ['a/file', 'b/file']) repo.addTarget(path, path, { role: 'shared' })
    repo.publish()
    return repo
  }

  test('python-tuf#2977: signed for one delegator, not believed through the other', async () => {
    const repo = diamond()
    repo.attack.foreignDelegator('shared', 'a')
    const { updater, store } = clientOf(repo)
    const view = await updater.refresh()
    expect(await view.find('a/file')).toBeDefined()
    const refused = { code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'shared', step: '5.6.3' }
    expect(await refusalOfTask(view.find('b/file'))).toEqual(refused)
    // Nor by the next process, from the store.
    const next = clientOf(repo, { store })
    expect(await refusalOfTask(finding('b/file').ask(next))).toEqual(refused)
    expect(await finding('a/file').ask(next)).toBeDefined()
  })

  test('python-tuf#2977: the same in the other order', async () => {
    const repo = diamond()
    repo.attack.foreignDelegator('shared', 'b')
    const view = await clientOf(repo).updater.refresh()
    expect(await refusalOfTask(view.find('a/file'))).toMatchObject({ role: 'shared' })
    expect(await view.find('b/file')).toBeDefined()
  })

  test('TOB-SIGSTORE-14: a stored role that its new delegator does not vouch for is fetched', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'dev', signers: [forA] })
    repo.addTarget('file', 'x', { role: 'dev' })
    repo.publish()
    const client = clientOf(repo)
    await finding('file').ask(client)
    const old = client.store.entries.get('dev.json')
    repo.rotate('dev', { add: [forB], remove: 1 })
    // An attacker still serves and stores the old file.
    repo.setNextVersion('dev', 2)
    client.store.entries.set('dev.json', old ?? new Uint8Array())
    client.requested()
    expect(await finding('file').ask(client)).toBeDefined()
    expect(client.requested().at(-1)).toBe('2.dev.json')
  })

  test('rust-tuf#279: one keyid, another key in each delegator’s table', async () => {
    const repo = diamond(withKeyid(forA, 'same'), withKeyid(forB, 'same'))
    // A file carries one signature by each keyid: that of the last delegator.
    repo.edit('shared', { signers: [withKeyid(forB, 'same')] })
    const view = await clientOf(repo).updater.refresh()
    await expect(view.find('a/file')).rejects.toMatchObject({
      delegator: 'a',
      keys: [{ keyid: 'same', verdict: 'wrong-signature' }],
    })
    expect(await view.find('b/file')).toBeDefined()
  })

  test('rust-tuf#279: a key of root does not sign for a role that names its keyid', async () => {
    const repo = createRepository()
    const [timestamp] = repo.signers('timestamp')
    const keyid = timestamp?.keyid ?? ''
    repo.delegate('targets', { name: 'dev', signers: [withKeyid(forA, keyid)] })
    repo.addTarget('file', 'x', { role: 'dev' })
    repo.publish()
    expect(await foundIn(repo, 'file')).toBe('dev')
    repo.edit('dev', { signers: repo.signers('timestamp') })
    expect(await refusalOfTask(finding('file').ask(clientOf(repo)))).toMatchObject({ role: 'dev' })
  })
})
