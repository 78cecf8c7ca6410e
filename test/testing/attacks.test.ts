import { describe, expect, test } from '@jest/globals'
import { Updater, type Limits } from '../../src/index.js'
import { isTufError, RepositoryError } from '../../src/errors.js'
import { createRepository, type Refusal, type TestRepository } from '../../src/testing/index.js'

/** Two publications of a repository with a delegated role and two that share one. */
function makeRepository(listHashes = false): TestRepository {
  const repo = createRepository({
    keys: { targets: { count: 2 } },
    snapshotHashes: listHashes,
    timestampHashes: listHashes,
  })
  repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
  repo.delegate('targets', { name: 'a', paths: ['c/*'] })
  repo.delegate('targets', { name: 'b', paths: ['c/*'] })
  repo.delegate('a', { name: 'c', paths: ['c/1'] })
  repo.delegate('b', { name: 'c', paths: ['c/2'], count: 1 })
  repo.addTarget('x', 'content of x')
  repo.addTarget('y', 'y')
  repo.addTarget('dev/x', 'content of dev/x', { role: 'dev' })
  repo.addTarget('c/2', 'content of c', { role: 'c' })
  repo.publish()
  repo.publish('targets', 'dev')
  return repo
}

interface Client {
  run(): Promise<string[]>
}

function makeClient(repo: TestRepository, limits: Partial<Limits> = {}): Client {
  const fetcher = repo.fetcher()
  const updater = new Updater({
    metadataUrl: fetcher.metadataUrl,
    targetsUrl: fetcher.targetsUrl,
    root: repo.root(),
    fetcher,
    now: () => repo.now,
    limits,
  })
  return {
    async run() {
      const view = await updater.refresh()
      const contents: string[] = []
      for (const path of ['dev/x', 'c/2', 'x']) {
        contents.push(new TextDecoder().decode(await view.read(path)))
      }
      return contents
    },
  }
}

async function refusalOf(client: Client): Promise<Refusal | 'nothing refused'> {
  try {
    await client.run()
    return 'nothing refused'
  } catch (error) {
    if (!isTufError(error)) throw error
    const { code } = error
    if (!(error instanceof RepositoryError)) return { code, role: undefined, step: '' }
    return { code, role: error.role, step: error.step }
  }
}

async function expectRefusal(client: Client, expected: Refusal): Promise<void> {
  const actual = await refusalOf(client)
  if (actual === 'nothing refused') throw new Error(actual)
  const network = actual.step === ''
  const atTarget = expected.step === '5.7.3'
  expect(actual).toEqual({
    code: expected.code,
    // For a target file it is the path, one of those that the client reads.
    role: network ? undefined : atTarget ? expect.stringMatching(/^(dev\/x|c|x)$/) : expected.role,
    step: network ? '' : expected.step,
  })
}

const contents = ['content of dev/x', 'content of c', 'content of x']

type Begin = (repo: TestRepository) => Refusal

const againstAnybody: [string, Begin][] = [
  ['arbitrary installation', (repo) => repo.attack.arbitraryInstallation('x')],
  ['arbitrary installation, delegated', (repo) => repo.attack.arbitraryInstallation('dev/x')],
  ['wrong software, shorter', (repo) => repo.attack.wrongSoftware('x', 'y')],
  ['wrong software, longer', (repo) => repo.attack.wrongSoftware('x', 'dev/x')],
  ['wrong software, same length', (repo) => repo.attack.wrongSoftware('x', 'c/2')],
  ['endless root', (repo) => repo.attack.endlessMetadata('root')],
  ['endless timestamp', (repo) => repo.attack.endlessMetadata()],
  ['endless target', (repo) => repo.attack.endlessTarget('x')],
  ['nothing served', (repo) => repo.attack.unavailable()],
  ['errors served', (repo) => repo.attack.unavailable(500)],
  ['role confusion', (repo) => repo.attack.roleConfusion()],
  ['a truncated timestamp', (repo) => repo.attack.truncated()],
  ['a repeated root', (repo) => repo.attack.repeatedRoot()],
  ['a skipped root', (repo) => repo.attack.skippedRoot()],
  ['a root without the old keys', (repo) => repo.attack.rootWithoutOldKeys()],
  ['a root without the new keys', (repo) => repo.attack.rootWithoutNewKeys()],
  ['an unsigned intermediate root', (repo) => repo.attack.unsignedIntermediateRoot()],
  ['extraneous dependencies', (repo) => repo.attack.extraneousDependencies('x', 'evil')],
  ['one key twice', (repo) => repo.attack.sameKeyTwice()],
  ['one key twice, targets', (repo) => repo.attack.sameKeyTwice('targets')],
  ['one key twice, delegated', (repo) => repo.attack.sameKeyTwice('dev')],
  ['one signature twice', (repo) => repo.attack.repeatedSignature('dev')],
  ['a flood of signatures', (repo) => repo.attack.signatureFlood()],
  ['revoked timestamp keys', (repo) => repo.attack.revokedKeys()],
  ['revoked developer keys', (repo) => repo.attack.revokedKeys('dev')],
  ['the keys of another delegator', (repo) => repo.attack.foreignDelegator('c', 'a')],
  ...['root', 'timestamp', 'snapshot', 'targets', 'dev'].flatMap((role): [string, Begin][] => [
    [`forged ${role}`, (repo) => repo.attack.forged(role)],
    [`unsigned ${role}`, (repo) => repo.attack.unsigned(role)],
    [`${role} below its threshold`, (repo) => repo.attack.belowThreshold(role)],
    [`expired ${role}`, (repo) => repo.attack.expired(role)],
  ]),
]

const againstNewcomers: [string, Begin][] = [
  ['mix and match of targets', (repo) => repo.attack.mixAndMatch()],
  ['mix and match of a delegated role', (repo) => repo.attack.mixAndMatch('dev')],
  ['mix and match of snapshot', (repo) => repo.attack.mixAndMatch('snapshot')],
  ['a truncated delegated role', (repo) => repo.attack.truncated('dev')],
  ['an endless snapshot', (repo) => repo.attack.endlessMetadata('snapshot')],
  ['an endless delegated role', (repo) => repo.attack.endlessMetadata('dev')],
]

const againstOldCustomers: [string, Begin][] = [
  ['rollback of timestamp', (repo) => repo.attack.rollbackTimestamp()],
  ['rollback of snapshot', (repo) => repo.attack.rollbackSnapshot()],
  ['rollback of targets', (repo) => repo.attack.rollbackRole()],
  ['rollback of a delegated role', (repo) => repo.attack.rollbackRole('dev')],
  ['a role that vanished', (repo) => repo.attack.droppedRole('dev')],
]

describe.each([false, true])('with lengths and hashes listed: %p', (listHashes) => {
  test.each([...againstAnybody, ...againstOldCustomers])(
    'a client that was here before refuses %s, and all is well once it stops',
    async (_name, begin) => {
      const repo = makeRepository(listHashes)
      const client = makeClient(repo)
      expect(await client.run()).toEqual(contents)
      const expected = begin(repo)
      await expectRefusal(client, expected)
      repo.attack.stop()
      const newcomer = makeClient(repo)
      expect(await newcomer.run()).toEqual(contents)
    },
  )

  test.each([...againstAnybody, ...againstNewcomers])(
    'a newcomer refuses %s',
    async (_name, begin) => {
      const repo = makeRepository(listHashes)
      const expected = begin(repo)
      await expectRefusal(makeClient(repo), expected)
      repo.attack.stop()
      expect(await makeClient(repo).run()).toEqual(contents)
    },
  )
})

describe('attacks over time', () => {
  test.each(['metadata', 'target'])('slow retrieval of %s is given up', async (slow) => {
    const repo = makeRepository()
    const expected = repo.attack.slowRetrieval(pause, (kind) => kind === slow)
    await expectRefusal(makeClient(repo, { minimumRate: 1_000_000, rateWindow: 20 }), expected)
  })

  test('an indefinite freeze ends when the timestamp expires', async () => {
    const repo = makeRepository()
    const client = makeClient(repo)
    const expected = repo.attack.indefiniteFreeze()
    repo.advance(0.5)
    repo.publish()
    expect(await client.run()).toEqual(contents)
    repo.advance(1)
    repo.publish()
    await expectRefusal(client, expected)
    repo.attack.stop()
    expect(await client.run()).toEqual(contents)
  })

  test('a fast-forward ends with new keys for timestamp and snapshot', async () => {
    const repo = makeRepository()
    const client = makeClient(repo)
    const { code } = repo.attack.fastForward()
    expect(code).toBeUndefined()
    expect(await client.run()).toEqual(contents)
    repo.attack.stop()
    expect(await refusalOf(client)).toMatchObject({ code: 'ERR_TUF_ROLLBACK', step: '5.4.3.1' })
    repo.rotate('timestamp')
    repo.rotate('snapshot')
    expect(await client.run()).toEqual(contents)
  })

  test('a file that vanished under a snapshot is reported as missing', async () => {
    const repo = makeRepository()
    const { code } = repo.attack.vanished('dev')
    expect(await refusalOf(makeClient(repo))).toMatchObject({ code, role: 'dev' })
  })

  test("a path outside a role's delegation is not found there", async () => {
    const repo = makeRepository()
    repo.attack.foreignPath('dev', 'z')
    const fetcher = repo.fetcher()
    const { metadataUrl } = fetcher
    const updater = new Updater({ metadataUrl, root: repo.root(), fetcher, now: () => repo.now })
    const view = await updater.refresh()
    expect(await view.find('z')).toBeUndefined()
    expect(await view.find('dev/x')).toBeDefined()
    expect(view.snapshot.meta.get('dev.json')?.version).toBe(3)
  })

  test('replays need something to replay', () => {
    const repo = createRepository()
    repo.publish()
    expect(() => repo.attack.rollbackTimestamp()).toThrow(RangeError)
    expect(() => repo.attack.mixAndMatch()).toThrow(RangeError)
  })
})

/** Long enough that the shortest file takes several windows of the rate. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 10)
  })
}
