import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { serve, type ServedRepository } from '../../src/testing/node/index.js'
import { TargetFile, Updater, type UpdaterOptions } from '../../src/tuf-js/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let repo: TestRepository
let served: ServedRepository
let metadataDir: string
let targetDir: string

beforeEach(async () => {
  repo = createRepository({ now: Date.now() })
  repo.addTarget('a.whl', 'a wheel')
  repo.delegate('targets', { name: 'team/b', paths: ['b/*'] })
  repo.addTarget('b/c d.whl', 'another wheel', { role: 'team/b' })
  repo.publish()
  served = await serve(repo)
  const folder = temporaryFolder('tuf-js')
  metadataDir = join(folder, 'metadata')
  targetDir = join(folder, 'targets')
  for (const made of [metadataDir, targetDir]) mkdirSync(made)
  writeFileSync(join(metadataDir, 'root.json'), repo.root())
})
afterEach(() => served.close())

function updaterWith(options: Partial<UpdaterOptions> = {}): Updater {
  return new Updater({
    metadataDir,
    targetDir,
    metadataBaseUrl: served.metadataUrl,
    targetBaseUrl: served.targetsUrl,
    ...options,
    config: { fetchRetry: 0, ...options.config },
  })
}

async function infoOf(updater: Updater, path: string): Promise<TargetFile> {
  const info = await updater.getTargetInfo(path)
  if (info === undefined) throw new Error(`${path} is not listed`)
  return info
}

describe('metadata', () => {
  test('is refreshed by the first question, and is kept in files of one flat folder', async () => {
    const updater = updaterWith()
    const info = await infoOf(updater, 'b/c d.whl')
    expect(info).toBeInstanceOf(TargetFile)
    expect(info).toMatchObject({ path: 'b/c d.whl', length: 13 })
    expect(Object.keys(info.hashes)).toContain('sha256')
    expect(await updater.getTargetInfo('absent')).toBeUndefined()
    const files = readdirSync(metadataDir, { withFileTypes: true })
    expect(files.every((file) => file.isFile())).toBe(true)
    expect(files.map(({ name }) => name).filter((name) => !name.includes('+'))).toEqual([
      'root.json',
      'snapshot.json',
      'targets.json',
      'team%2Fb.json',
      'timestamp.json',
    ])
  })

  test('comes newer with each refresh, and root.json becomes the newest root', async () => {
    const updater = updaterWith()
    await updater.refresh()
    repo.rotate('root')
    repo.addTarget('new', 'new')
    repo.publish()
    expect(await updater.getTargetInfo('new')).toBeUndefined()
    await updater.refresh()
    expect(await updater.getTargetInfo('new')).toBeDefined()
    expect(updater.loadLocalMetadata('root')).toEqual(Buffer.from(repo.root(2)))
    await infoOf(updater, 'b/c d.whl')
    expect(updater.loadLocalMetadata('team/b')).toEqual(
      readFileSync(join(metadataDir, 'team%2Fb.json')),
    )
    expect(() => updater.loadLocalMetadata('../absent')).toThrow(/ENOENT.*%2Fabsent/)
  })

  test('is used without a request where the cache is forced and fresh', async () => {
    await infoOf(updaterWith(), 'b/c d.whl')
    served.requests.length = 0
    const updater = updaterWith({ forceCache: true })
    await infoOf(updater, 'a.whl')
    expect(served.requests).toEqual([])
  })

  test('is fetched where the forced cache lacks a file', async () => {
    const updater = updaterWith({ forceCache: true })
    await infoOf(updater, 'a.whl')
    expect(served.requests.length).toBeGreaterThan(0)
  })

  test('does not go back to an older timestamp after a restart', async () => {
    repo.publish()
    await updaterWith().refresh()
    repo.attack.rollbackTimestamp()
    await expect(updaterWith().refresh()).rejects.toMatchObject({ name: 'BadVersionError' })
  })

  test("of another repository is refused where the folder has the first one's", async () => {
    await updaterWith().refresh()
    const other = createRepository({ now: Date.now(), seed: 'other' })
    other.publish()
    writeFileSync(join(metadataDir, 'root.json'), other.root())
    await expect(updaterWith().refresh()).rejects.toMatchObject({
      name: 'RuntimeError',
      cause: { code: 'ERR_TUF_STORE_FOREIGN' },
    })
  })

  test('needs a root in its folder that its own keys signed', () => {
    expect(() => updaterWith({ metadataDir: join(metadataDir, 'absent') })).toThrow(/^ENOENT/)
    writeFileSync(join(metadataDir, 'root.json'), '{}')
    expect(() => updaterWith()).toThrow(TypeError)
  })

  test('of a repository at another URL than a URL is not asked for', async () => {
    const updater = updaterWith({ metadataBaseUrl: 'nowhere' })
    await expect(updater.refresh()).rejects.toThrow('Invalid URL')
  })
})

describe('a target', () => {
  test('is downloaded under its encoded name, and found there again', async () => {
    const updater = updaterWith()
    const info = await infoOf(updater, 'b/c d.whl')
    expect(await updater.findCachedTarget(info)).toBeUndefined()
    const path = await updater.downloadTarget(info)
    expect(path).toBe(join(targetDir, 'b%2Fc%20d.whl'))
    expect(readFileSync(path, 'utf8')).toBe('another wheel')
    expect(await updater.findCachedTarget(info)).toBe(path)
    writeFileSync(path, 'another whale')
    expect(await updater.findCachedTarget(info)).toBeUndefined()
  })

  test('goes where the call says, from where the call says', async () => {
    const updater = updaterWith({ targetDir: undefined, targetBaseUrl: undefined })
    const info = await infoOf(updater, 'a.whl')
    const path = join(targetDir, 'named')
    await expect(updater.downloadTarget(info)).rejects.toMatchObject({ name: 'ValueError' })
    await expect(updater.downloadTarget(info, path)).rejects.toThrow('Target base URL not set')
    await expect(updater.findCachedTarget(info)).rejects.toThrow('Target directory not set')
    expect(await updater.downloadTarget(info, path, served.targetsUrl)).toBe(path)
    expect(await updater.findCachedTarget(info, path)).toBe(path)
  })

  test('is downloaded before a refresh too, by the names that the trusted root asks for', async () => {
    const { path, length, hashes } = await infoOf(updaterWith(), 'a.whl')
    served.requests.length = 0
    await updaterWith().downloadTarget(new TargetFile({ path, length, hashes }))
    expect(served.requests.map(({ url }) => url)).toEqual([
      expect.stringMatching(/\/[0-9a-f]{64}\.a\.whl$/),
    ])
  })

  test('has a plain name where the setting says so', async () => {
    const updater = updaterWith({ config: { prefixTargetsWithHash: false } })
    const info = await infoOf(updater, 'a.whl')
    await expect(updater.downloadTarget(info)).rejects.toMatchObject({
      name: 'DownloadHTTPError',
      statusCode: 404,
    })
  })

  test('that is another file leaves nothing behind', async () => {
    const updater = updaterWith()
    const info = await infoOf(updater, 'a.whl')
    for (const name of repo.targetNames('a.whl')) repo.serve(name, Buffer.from('a whale'), 'target')
    await expect(updater.downloadTarget(info)).rejects.toMatchObject({
      name: 'LengthOrHashMismatchError',
      cause: { code: 'ERR_TUF_HASH_MISMATCH' },
    })
    expect(readdirSync(targetDir)).toEqual([])
  })

  test.each(['root.json', 'Timestamp.json', 'snapshot.json', 'targets.json'])(
    'named %s does not become metadata, whatever leads to the folder',
    async (name) => {
      repo.addTarget(name, repo.root())
      repo.publish()
      symlinkSync(metadataDir, join(targetDir, 'link'))
      const before = readFileSync(join(metadataDir, 'root.json'))
      for (const folder of [metadataDir, join(targetDir, 'link')]) {
        const updater = updaterWith({ targetDir: folder })
        const info = await infoOf(updater, name)
        await expect(updater.downloadTarget(info)).rejects.toMatchObject({ name: 'ValueError' })
      }
      expect(readFileSync(join(metadataDir, 'root.json'))).toEqual(before)
      const path = await updaterWith().downloadTarget(await infoOf(updaterWith(), name))
      expect(path).toBe(join(targetDir, name))
    },
  )

  test('does not become metadata by a second name of the file', async () => {
    // As a disk with short names has it.
    const second = join(metadataDir, 'ROOT~1.JSO')
    linkSync(join(metadataDir, 'root.json'), second)
    const updater = updaterWith()
    const info = await infoOf(updater, 'a.whl')
    await expect(updater.downloadTarget(info, second)).rejects.toMatchObject({ name: 'ValueError' })
  })

  test.each(['state+clock', 'anchor+root.json', 'Root_History+1.root.json', '.+lock'])(
    'does not become %s of the store',
    async (name) => {
      const updater = updaterWith()
      const info = await infoOf(updater, 'a.whl')
      const path = join(metadataDir, name)
      await expect(updater.downloadTarget(info, path)).rejects.toMatchObject({ name: 'ValueError' })
      expect(await updater.downloadTarget(info, join(targetDir, name))).toBe(join(targetDir, name))
    },
  )
})
