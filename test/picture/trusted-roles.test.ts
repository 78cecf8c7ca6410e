import { expect, test } from '@jest/globals'
import { isTufError, memoryStore, Updater } from '../../src/index.js'
import { TrustedRoles, type ChainPicture } from '../../src/picture/index.js'
import {
  createPep458Repository,
  createRepository,
  defaultMetadataUrl,
  defaultTargetsUrl,
  type TestRepository,
} from '../../src/testing/index.js'

const path = 'pkgs/a.whl'

/** The chain until the refusal of one refresh and one question. */
async function refused(repo: TestRepository, asked = path): Promise<ChainPicture> {
  const trusted = new TrustedRoles()
  const updater = new Updater({
    metadataUrl: defaultMetadataUrl,
    targetsUrl: defaultTargetsUrl,
    root: repo.root(),
    store: memoryStore(),
    fetcher: repo.fetcher(),
    now: () => repo.now,
    retries: 0,
    onEvent: (event) => trusted.note(event),
  })
  try {
    await (await updater.refresh()).read(asked)
  } catch (error) {
    if (isTufError(error)) return trusted.until(error, asked, repo.now)
    throw error
  }
  throw new Error('nothing was refused')
}

function roles({ chain }: ChainPicture): string[] {
  return chain.map(({ role }) => role)
}

test('a refused top-level role leaves the roles above it', async () => {
  const repo = createPep458Repository({ bins: 4 })
  repo.addTarget(path, 'wheel')
  repo.publish()
  repo.attack.unsigned('snapshot')
  expect(roles(await refused(repo))).toEqual(['root', 'timestamp'])
})

test('a refused root leaves the root that did not vouch for it', async () => {
  const repo = createRepository()
  repo.publish()
  repo.attack.rootWithoutOldKeys()
  expect(await refused(repo)).toMatchObject({ chain: [{ role: 'root', version: 1 }] })
})

test('a refused bin leaves the chain down to its delegator', async () => {
  const repo = createPep458Repository({ bins: 4 })
  repo.addTarget(path, 'wheel')
  repo.publish()
  repo.publish(...repo.roles())
  const bin = repo.roles().find((name) => JSON.stringify(repo.signed(name)).includes(path))
  repo.attack.mixAndMatch(bin)
  const picture = await refused(repo)
  expect(roles(picture)).toEqual(['root', 'timestamp', 'snapshot', 'targets', 'bins'])
  expect(picture.error).toMatchObject({ role: bin, delegator: 'bins' })
})

test('a role that another branch of the search trusted is not in the chain', async () => {
  const repo = createRepository()
  for (const name of ['first', 'second']) repo.delegate('targets', { name, paths: ['pkgs/*'] })
  repo.addTarget(path, 'wheel', { role: 'second' })
  repo.publish()
  repo.publish('second')
  repo.attack.mixAndMatch('second')
  const picture = await refused(repo)
  expect(roles(picture)).toEqual(['root', 'timestamp', 'snapshot', 'targets'])
  expect(picture.error).toMatchObject({ role: 'second', delegator: 'targets' })
})

test('a bin that does not end hangs below the role that was trusted last', async () => {
  const repo = createPep458Repository({ bins: 4, layout: 'succinct' })
  repo.addTarget(path, 'wheel')
  repo.publish()
  for (const name of repo.roles()) if (name !== 'targets') repo.attack.endlessMetadata(name)
  const picture = await refused(repo)
  expect(picture.error).toMatchObject({ code: 'ERR_TUF_FETCH_TOO_LONG' })
  expect(roles(picture)).toEqual(['root', 'timestamp', 'snapshot', 'targets'])
})

test('a refused file leaves the whole chain', async () => {
  const repo = createPep458Repository({ bins: 4 })
  repo.addTarget(path, 'wheel')
  repo.publish()
  repo.attack.arbitraryInstallation(path)
  const chain = roles(await refused(repo))
  expect(chain.slice(0, 5)).toEqual(['root', 'timestamp', 'snapshot', 'targets', 'bins'])
  expect(chain).toHaveLength(6)
})
