import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import * as theirErrors from 'tuf-js/dist/error.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { serve, type ServedRepository } from '../../src/testing/node/index.js'
import * as ours from '../../src/tuf-js/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let repo: TestRepository
let served: ServedRepository
let metadataDir: string

beforeEach(async () => {
  repo = createRepository({ now: Date.now() })
  repo.addTarget('a.whl', 'a wheel')
  repo.publish()
  served = await serve(repo)
  metadataDir = temporaryFolder('tuf-js')
  writeFileSync(join(metadataDir, 'root.json'), repo.root())
})
afterEach(() => served.close())

function updaterWith(config: Partial<ours.Config> = {}): ours.Updater {
  return new ours.Updater({
    metadataDir,
    metadataBaseUrl: served.metadataUrl,
    targetBaseUrl: served.targetsUrl,
    config: { fetchRetry: 0, ...config },
  })
}

async function refusal(config?: Partial<ours.Config>): Promise<unknown> {
  try {
    await updaterWith(config).refresh()
  } catch (error) {
    return error
  }
  throw new Error('it was not refused')
}

test("every class of tuf-js's errors has the same name and the same parents", () => {
  const theirs = Object.entries(theirErrors).filter(([, value]) => typeof value === 'function')
  expect(theirs.length).toBeGreaterThan(9)
  const parentsOf = (type: unknown): string[] => {
    const names: string[] = []
    let at: unknown = type
    while (typeof at === 'function' && at.name !== '') {
      if (at.name !== 'NamedError') names.push(at.name)
      at = Object.getPrototypeOf(at)
    }
    return names
  }
  const own = new Map(Object.entries(ours))
  for (const [name, type] of theirs) {
    expect([name, parentsOf(own.get(name))]).toEqual([name, parentsOf(type)])
  }
})

describe('a refused repository is an error of the class that tuf-js throws', () => {
  test.each<[string, (repo: TestRepository) => unknown, string, string]>([
    [
      'forged timestamp',
      (r) => r.attack.forged('timestamp'),
      'UnsignedMetadataError',
      'ERR_TUF_THRESHOLD_NOT_MET',
    ],
    ['expired timestamp', (r) => r.expire('timestamp'), 'ExpiredMetadataError', 'ERR_TUF_EXPIRED'],
    [
      'no timestamp',
      (r) => r.serve('timestamp.json', 'missing'),
      'DownloadHTTPError',
      'ERR_TUF_FETCH_NOT_FOUND',
    ],
    [
      'a timestamp that is not metadata',
      (r) => r.serve('timestamp.json', Buffer.from('{}')),
      'TypeError',
      'ERR_TUF_METADATA_INVALID',
    ],
    [
      'a long timestamp',
      (r) => r.serve('timestamp.json', Buffer.alloc(70_000)),
      'DownloadLengthMismatchError',
      'ERR_TUF_FETCH_TOO_LONG',
    ],
  ])('%s', async (_, attack, name, code) => {
    attack(repo)
    expect(await refusal()).toMatchObject({ name, cause: { code } })
  })

  test.each<[string, (repo: TestRepository) => unknown, string]>([
    ['forged snapshot', (r) => r.attack.forged('snapshot'), 'UnsignedMetadataError'],
    ['expired snapshot', (r) => r.expire('snapshot'), 'ExpiredMetadataError'],
    ['expired targets', (r) => r.expire('targets'), 'ExpiredMetadataError'],
    ['no snapshot', (r) => r.serve('1.snapshot.json', 'missing'), 'DownloadHTTPError'],
    ['no targets', (r) => r.serve('1.targets.json', 'missing'), 'DownloadHTTPError'],
  ])('%s is a RuntimeError that says why', async (_, attack, name) => {
    attack(repo)
    const error = await refusal()
    expect(error).toBeInstanceOf(ours.RuntimeError)
    expect(error).toMatchObject({
      message: expect.stringMatching(/^Unable to load (snapshot metadata|targets): /),
      cause: { name },
    })
  })

  test('a silent server is a DownloadError, and a time-out the reason of its signal', async () => {
    repo.serve('timestamp.json', silence)
    expect(await refusal({ fetchTimeout: 200 })).toMatchObject({
      name: 'TimeoutError',
      message: 'The operation was aborted due to timeout',
    })
    await served.close()
    expect(await refusal()).toBeInstanceOf(ours.DownloadError)
    served = await serve(repo)
  })

  test('a limit that is set holds', async () => {
    expect(await refusal({ timestampMaxLength: 100 })).toBeInstanceOf(
      ours.DownloadLengthMismatchError,
    )
    expect(() => updaterWith({ rootMaxLength: -1 })).toThrow(RangeError)
  })
})

test('a file that cannot be written is a PersistError', async () => {
  const updater = updaterWith()
  const info = await updater.getTargetInfo('a.whl')
  if (info === undefined) throw new Error('not listed')
  const absent = join(metadataDir, 'absent', 'a.whl')
  await expect(updater.downloadTarget(info, absent)).rejects.toBeInstanceOf(ours.PersistError)
  mkdirSync(join(metadataDir, 'a.whl'))
  await expect(updater.downloadTarget(info, join(metadataDir, 'a.whl'))).rejects.toMatchObject({
    name: 'PersistError',
    cause: { code: 'ERR_TUF_DESTINATION' },
  })
})

async function* silence(): AsyncGenerator<Uint8Array> {
  await new Promise<never>(() => undefined)
  yield new Uint8Array()
}
