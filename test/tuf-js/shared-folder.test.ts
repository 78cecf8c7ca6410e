/** tuf-js itself runs here: both clients use one folder, one after the other. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Updater as TheirUpdater } from 'tuf-js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { serve, type ServedRepository } from '../../src/testing/node/index.js'
import { Updater as OurUpdater } from '../../src/tuf-js/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let repo: TestRepository
let served: ServedRepository
let folder: string

beforeEach(async () => {
  repo = createRepository({ now: Date.now() })
  repo.delegate('targets', { name: 'team', paths: ['pkgs/*'] })
  repo.addTarget('pkgs/a.whl', 'a wheel', { role: 'team' })
  repo.publish()
  served = await serve(repo)
  folder = temporaryFolder('shared')
  mkdirSync(join(folder, 'targets'))
  writeFileSync(join(folder, 'root.json'), repo.root())
})
afterEach(() => served.close())

const options = (forceCache = false) => ({
  metadataDir: folder,
  targetDir: join(folder, 'targets'),
  metadataBaseUrl: served.metadataUrl,
  targetBaseUrl: served.targetsUrl,
  forceCache,
  config: { fetchRetry: 0 },
})

/** The calls that both have. */
interface Calls<T> {
  refresh(): Promise<void>
  getTargetInfo(path: string): Promise<T | undefined>
  findCachedTarget(info: T): Promise<string | undefined>
  downloadTarget(info: T): Promise<string>
}

async function fetchOnce<T>(updater: Calls<T>): Promise<string | undefined> {
  const info = await updater.getTargetInfo('pkgs/a.whl')
  if (info === undefined) throw new Error('not listed')
  const cached = await updater.findCachedTarget(info)
  if (cached === undefined) await updater.downloadTarget(info)
  return cached
}

const clients = {
  'tuf-js': (forceCache?: boolean) => new TheirUpdater(options(forceCache)),
  tuffet: (forceCache?: boolean) => new OurUpdater(options(forceCache)),
}

describe.each([
  ['tuf-js', 'tuffet'],
  ['tuffet', 'tuf-js'],
] as const)('a folder that %s wrote', (one, other) => {
  test(`is enough for ${other}: it makes no request`, async () => {
    await fetchOnce(clients[one]())
    served.requests.length = 0
    expect(await fetchOnce(clients[other](true))).toBe(join(folder, 'targets', 'pkgs%2Fa.whl'))
    expect(served.requests).toEqual([])
  })

  test(`has the newest root for ${other}, and back again`, async () => {
    for (const client of [clients[one], clients[other], clients[one], clients[other]]) {
      repo.rotate('root')
      repo.rotate('timestamp')
      repo.publish()
      await client().refresh()
      const root: unknown = JSON.parse(readFileSync(join(folder, 'root.json'), 'utf8'))
      expect(root).toMatchObject({ signed: { version: repo.version('root') } })
    }
  })

  test(`holds ${other} to the versions in it`, async () => {
    repo.publish()
    await clients[one]().refresh()
    repo.attack.rollbackTimestamp()
    const error: unknown = await clients[other]()
      .refresh()
      .catch((reason: unknown) => reason)
    expect(error?.constructor.name).toBe('BadVersionError')
  })
})
