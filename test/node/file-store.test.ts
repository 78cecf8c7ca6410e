import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Clock } from '../../src/client/clock.js'
import type { Store } from '../../src/client/store.js'
import type { StoreFailedError } from '../../src/errors.js'
import { fileStore, type PlantedPath } from '../../src/node/file-store.js'
import { Updater } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'
import { ownIdentity } from '../../src/node/process-identity.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const script = join(import.meta.dirname, '../support/store-process.ts')
const one = Uint8Array.of(1)
const two = Uint8Array.of(2)

let base: string
let folder: string

beforeEach(() => {
  base = temporaryFolder('store')
  folder = join(base, 'store')
})

function startProcess(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
}

describe('get, set and delete', () => {
  test('return values that were set, and undefined for unset or deleted ones', async () => {
    const store = fileStore(folder)
    expect(await store.get('timestamp.json')).toBeUndefined()
    await store.delete('timestamp.json')
    await store.set('timestamp.json', one)
    await store.set('timestamp.json', two)
    await store.set('root_history/3.root.json', one)
    expect(await store.get('timestamp.json')).toEqual(two)
    expect(await fileStore(pathToFileURL(folder)).get('root_history/3.root.json')).toEqual(one)
    await store.delete('timestamp.json')
    await store.delete('timestamp.json')
    expect(await store.get('timestamp.json')).toBeUndefined()
  })

  test('leave only the set files in the folder', async () => {
    const store = fileStore(folder)
    await store.exclusive?.(() => store.set('timestamp.json', one))
    await store.set('root_history/1.root.json', one)
    expect(await readdir(folder)).toEqual(['root_history', 'timestamp.json'])
    expect(await readdir(join(folder, 'root_history'))).toEqual(['1.root.json'])
  })

  test('keep every entry in one folder where the layout is flat', async () => {
    const store = fileStore(folder, { layout: 'flat' })
    const entries = ['root.json', 'root_history/3.root.json', 'state/clock', 'targets/a%2Fb']
    await store.exclusive?.(async () => {
      for (const entry of entries) await store.set(entry, one)
    })
    const files = await readdir(folder, { withFileTypes: true })
    expect(files.map((file) => [file.name, file.isFile()])).toEqual([
      ['root.json', true],
      ['root_history+3.root.json', true],
      ['state+clock', true],
      ['targets+a%2Fb', true],
    ])
    for (const entry of entries) expect(await store.get(entry)).toEqual(one)
    await store.delete('state/clock')
    expect(await store.get('state/clock')).toBeUndefined()
    expect(() => fileStore(folder, { layout: JSON.parse('"round"') })).toThrow(TypeError)
  })

  test('refuse a name with a + in both layouts', async () => {
    for (const layout of ['nested', 'flat'] as const) {
      const store = fileStore(folder, { layout })
      await expect(store.set('state+clock', one)).rejects.toThrow(RangeError)
      await expect(store.set('a/b/c', one)).rejects.toThrow(RangeError)
      await expect(store.get('../root.json')).rejects.toThrow(RangeError)
    }
  })

  test('give new files the mode of the folder as it is, but no right of others to write', async () => {
    const modes = new Map([
      [0o700, 0o600],
      [0o750, 0o640],
      [0o755, 0o644],
      [0o777, 0o644],
    ])
    for (const [mode, expected] of modes) {
      const made = join(base, mode.toString(8))
      await mkdir(made)
      await chmod(made, mode)
      await fileStore(made, { folderMode: 'inherit' }).set('anchor/root.json', one)
      expect((await stat(join(made, 'anchor/root.json'))).mode & 0o777).toBe(expected)
      expect((await stat(made)).mode & 0o777).toBe(mode)
    }
  })

  test('make an absent folder for the owner alone where its mode is to be inherited', async () => {
    await fileStore(folder, { folderMode: 'inherit' }).set('root.json', one)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'root.json'))).mode & 0o777).toBe(0o600)
  })

  test('reading makes no folder', async () => {
    await fileStore(folder).get('timestamp.json')
    expect(await readdir(base)).toEqual([])
  })

  test('only the owner can read new files', async () => {
    await fileStore(folder).set('root_history/1.root.json', one)
    const mode = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o777
    expect(await mode()).toBe(0o700)
    expect(await mode('root_history')).toBe(0o700)
    expect(await mode('root_history', '1.root.json')).toBe(0o600)
  })

  test.each([
    [0o755, 0o644],
    [0o750, 0o640],
  ])('files in a folder of mode %o get mode %o, whatever the mask', async (folderMode, mode) => {
    const mask = process.umask(0o077)
    try {
      await fileStore(folder, { folderMode }).set('root_history/1.root.json', one)
    } finally {
      process.umask(mask)
    }
    const modeOf = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o777
    expect(await modeOf()).toBe(folderMode)
    expect(await modeOf('root_history')).toBe(folderMode)
    expect(await modeOf('root_history', '1.root.json')).toBe(mode)
  })

  test.each([0o500, 0o777, 0o1755, -1, NaN, Infinity])('a folder mode of %d is refused', (mode) => {
    expect(() => fileStore(folder, { folderMode: mode })).toThrow(RangeError)
  })

  test('empty files and large ones are files', async () => {
    const store = fileStore(folder)
    const large = new Uint8Array(5_000_000).fill(7)
    await store.set('empty.json', new Uint8Array())
    await store.set('large.json', large)
    expect(await store.get('empty.json')).toHaveLength(0)
    expect(Buffer.from((await store.get('large.json')) ?? []).equals(large)).toBe(true)
  })

  test('a file that is longer than any metadata can be is as if it were not there', async () => {
    const store = fileStore(folder)
    await store.set('timestamp.json', one)
    await truncate(join(folder, 'timestamp.json'), 512_000_001)
    expect(await store.get('timestamp.json')).toBeUndefined()
    await store.set('timestamp.json', two)
    expect(await store.get('timestamp.json')).toEqual(two)
  })

  test('a stored value is returned, though it is longer than the default limit of metadata', async () => {
    const store = fileStore(folder)
    await store.set('large.whl', new Uint8Array(70_000_000).fill(1))
    expect(await store.get('large.whl')).toHaveLength(70_000_000)
  })

  test('deleting a deleted or unknown file succeeds', async () => {
    const store = fileStore(folder)
    await store.delete('timestamp.json')
    expect(await readdir(base)).toEqual([])
    await store.set('timestamp.json', one)
    await store.delete('timestamp.json')
    await store.delete('timestamp.json')
    expect(await readdir(folder)).toEqual([])
  })
})

describe('names as paths (CVE-2021-41131, CVE-2026-24686)', () => {
  test.each([
    '',
    '.',
    '..',
    '../x.json',
    '/x.json',
    'a/../x.json',
    'a/./x.json',
    'a//x.json',
    'a/b/x.json',
    'a/',
    'a\\x.json',
    'C:x.json',
    'x\0.json',
    'x.json\n',
    'ä.json',
    ' x.json',
    '.+lock',
    '.+1-1-aa-bb.tmp',
  ])('%j is refused', async (name) => {
    const store = fileStore(folder)
    await expect(store.get(name)).rejects.toThrow(RangeError)
    await expect(store.set(name, one)).rejects.toThrow(RangeError)
    await expect(store.delete(name)).rejects.toThrow(RangeError)
    expect(await readdir(base)).toEqual([])
  })

  test.each([
    'a.json',
    '..%2Fx.json',
    '~a_b-c.json',
    '%2E%2E',
    '.hidden.json',
    '.lock',
    'a.tmp',
    '...',
  ])('%j is a name like any other', async (name) => {
    const store = fileStore(folder)
    await store.set(name, one)
    expect(await store.get(name)).toEqual(one)
    expect(await readdir(folder)).toEqual([name])
  })
})

describe('planted links, folders and pipes', () => {
  let planted: PlantedPath[]

  function watched(): Store {
    return fileStore(folder, { onPlanted: (one) => planted.push(one) })
  }

  beforeEach(async () => {
    planted = []
    await mkdir(folder)
    await writeFile(join(base, 'victim'), 'victim')
  })

  test('a link in place of a file is not read, and is replaced, not written through', async () => {
    await symlink(join(base, 'victim'), join(folder, 'timestamp.json'))
    const store = fileStore(folder, { onPlanted: (one) => planted.push(one) })
    expect(await store.get('timestamp.json')).toBeUndefined()
    expect(planted).toEqual([{ path: join(folder, 'timestamp.json'), kind: 'link' }])
    await store.set('timestamp.json', one)
    expect((await lstat(join(folder, 'timestamp.json'))).isFile()).toBe(true)
    expect(await readFile(join(base, 'victim'), 'utf8')).toBe('victim')
  })

  test('deleting removes the link alone', async () => {
    await symlink(join(base, 'victim'), join(folder, 'timestamp.json'))
    await watched().delete('timestamp.json')
    expect(await readdir(folder)).toEqual([])
    expect(await readFile(join(base, 'victim'), 'utf8')).toBe('victim')
  })

  test('a link in place of the sub-folder is not followed, and is replaced', async () => {
    const outside = join(base, 'outside')
    await mkdir(outside)
    await writeFile(join(outside, '1.root.json'), 'victim')
    await symlink(outside, join(folder, 'root_history'))
    const store = watched()
    expect(await store.get('root_history/1.root.json')).toBeUndefined()
    await store.delete('root_history/1.root.json')
    expect(planted).toEqual([{ path: join(folder, 'root_history'), kind: 'link' }])
    await store.set('root_history/1.root.json', one)
    expect(await store.get('root_history/1.root.json')).toEqual(one)
    expect((await lstat(join(folder, 'root_history'))).isDirectory()).toBe(true)
    expect(await readFile(join(outside, '1.root.json'), 'utf8')).toBe('victim')
    expect(await readdir(outside)).toEqual(['1.root.json'])
  })

  test.each<[string, (path: string) => Promise<unknown>]>([
    ['link', (path) => symlink(join(base, 'victim'), path)],
    ['folder', (path) => mkdir(path)],
    ['folder', (path) => mkdir(join(path, 'inner'), { recursive: true })],
    ['special', (path) => promisify(execFile)('mkfifo', [path])],
  ])('a %s in place of the lock or its claim holds nobody up', async (kind, plant) => {
    const lock = join(folder, '.+lock')
    await plant(lock)
    const digest = createHash('sha256').update('planted').digest('hex').slice(0, 32)
    await plant(`${lock}-${digest}.tmp`)
    const store = watched()
    expect(await store.exclusive?.(() => Promise.resolve('mine'))).toBe('mine')
    expect(planted).toEqual([expect.objectContaining({ path: lock, kind })])
    expect((await readdir(folder)).filter((name) => !name.startsWith('.+aside-'))).toEqual([])
    expect(await readFile(join(base, 'victim'), 'utf8')).toBe('victim')
  })

  test('a folder in place of a file counts as absent, is moved aside and keeps its files', async () => {
    const entry = join(folder, 'timestamp.json')
    for (const change of ['set', 'delete'] as const) {
      await mkdir(entry)
      await writeFile(join(entry, 'work'), change)
      const store = watched()
      expect(await store.get('timestamp.json')).toBeUndefined()
      expect(planted.splice(0)).toEqual([{ path: entry, kind: 'folder' }])
      if (change === 'set') await store.set('timestamp.json', one)
      else await store.delete('timestamp.json')
      expect(await store.get('timestamp.json')).toEqual(change === 'set' ? one : undefined)
      const [{ movedTo = '' } = {}] = planted.splice(0)
      expect(await readFile(join(movedTo, 'work'), 'utf8')).toBe(change)
      await store.delete('timestamp.json')
    }
  })

  test('a file in place of the sub-folder is moved aside', async () => {
    await writeFile(join(folder, 'root_history'), 'work')
    const store = watched()
    expect(await store.get('root_history/1.root.json')).toBeUndefined()
    await store.set('root_history/1.root.json', one)
    expect(await store.get('root_history/1.root.json')).toEqual(one)
    expect(await readFile(planted.at(-1)?.movedTo ?? '', 'utf8')).toBe('work')
  })

  test('a sub-folder that becomes a link while a file is written leads nowhere', async () => {
    const [outside, inside, kept] = ['outside', 'store/root_history', 'kept'].map((name) =>
      join(base, name),
    ) as [string, string, string]
    await mkdir(outside)
    const store = watched()
    for (let turns = 0; turns < 40; turns++) {
      await rm(inside, { recursive: true, force: true })
      await rm(kept, { recursive: true, force: true })
      await mkdir(inside)
      const written = store.set('root_history/1.root.json', one).catch((error: unknown) => error)
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      await rename(inside, kept)
      // The store may have made the folder again.
      await symlink(outside, inside).catch(() => undefined)
      const error = await written
      if (error !== undefined) expect(error).toMatchObject({ code: 'ERR_TUF_STORE_FAILED' })
      expect(await readdir(outside)).toEqual([])
    }
  })

  test("the caller's own folder may be a link", async () => {
    const link = join(base, 'link')
    await symlink(folder, link)
    await fileStore(link).set('root_history/1.root.json', one)
    expect(await fileStore(folder).get('root_history/1.root.json')).toEqual(one)
  })
})

describe('a process that died while writing', () => {
  test('leaves the old bytes, and a file that the next writer removes', async () => {
    const { host } = ownIdentity()
    const store = fileStore(folder)
    await store.set('timestamp.json', one)
    const dead = startProcess('count', folder, '0')
    await once(dead, 'exit')
    const leftover = `.+${dead.pid}-1-${host}-00.tmp`
    const living = `.+${ownIdentity().pid}-${ownIdentity().start}-${host}-00.tmp`
    const elsewhere = '.+1-1-ffffffffffffffff-00.tmp'
    const forgotten = '.+1-1-eeeeeeeeeeeeeeee-00.tmp'
    const leftovers = [leftover, living, elsewhere, forgotten]
    for (const name of leftovers) await writeFile(join(folder, name), 'part')
    const longAgo = new Date(Date.now() - 2 * 86_400_000)
    await utimes(join(folder, forgotten), longAgo, longAgo)
    const notAFile = `.+${dead.pid}-1-${host}-01.tmp`
    await mkdir(join(folder, notAFile))

    const next = fileStore(folder)
    expect(await next.get('timestamp.json')).toEqual(one)
    await next.set('timestamp.json', two)
    expect((await readdir(folder)).sort()).toEqual(
      [elsewhere, living, notAFile, 'timestamp.json'].sort(),
    )
  })
})

describe('exclusive', () => {
  test('returns the result of the commit, and its error', async () => {
    const store = fileStore(folder)
    expect(await store.exclusive?.(() => Promise.resolve(7))).toBe(7)
    const error = new Error('commit')
    await expect(store.exclusive?.(() => Promise.reject(error))).rejects.toBe(error)
    expect(await readdir(folder)).toEqual([])
  })

  test('runs commits of one process one after the other, of one store and of two', async () => {
    let running = 0
    let most = 0
    const commit = async (): Promise<void> => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 2))
      running--
    }
    const [a, b] = [fileStore(folder), fileStore(folder)]
    await Promise.all([a, a, b, b].map(async (store) => store.exclusive?.(commit)))
    expect(most).toBe(1)
  })

  test('runs commits of several processes one after the other', async () => {
    const processes = [1, 2, 3].map(() => startProcess('count', folder, '15'))
    const codes = await Promise.all(processes.map((child) => once(child, 'exit')))
    expect(codes).toEqual([1, 2, 3].map(() => [0, null]))
    expect(await readFile(join(folder, 'count.json'), 'utf8')).toBe('45')
    expect(await readdir(folder)).toEqual(['count.json'])
  })

  /** Timers fire at once, and each lets `step` pass. */
  function fastClock(step: number): Clock {
    let time = 0
    return {
      now: () => time,
      setTimer(_delay, callback) {
        time += step
        const immediate = setImmediate(callback)
        return () => clearImmediate(immediate)
      },
    }
  }

  test('a holder that was killed is replaced without waiting', async () => {
    const holder = startProcess('hold', folder)
    if (holder.stdout !== null) await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await readdir(folder)).toEqual(['.+lock'])
    const store = fileStore(folder, { clock: fastClock(0) })
    expect(await store.exclusive?.(() => Promise.resolve('mine'))).toBe('mine')
    expect(await readdir(folder)).toEqual([])
  })

  test.each([
    ['of another machine', JSON.stringify({ pid: 1, start: 1, host: 'elsewhere', token: 'x' })],
    ['that is empty', ''],
    ['that is garbage', '{"pid":"1"}'],
    ['of a process that still runs', JSON.stringify({ ...ownIdentity(), token: 'x' })],
  ])('a lock %s is replaced when it was watched for 10 seconds', async (_what, text) => {
    await mkdir(folder)
    await writeFile(join(folder, '.+lock'), text)
    const clock = fastClock(1_000)
    const store = fileStore(folder, { clock })
    await store.exclusive?.(() => Promise.resolve())
    expect(clock.now()).toBeGreaterThanOrEqual(10_000)
    expect(clock.now()).toBeLessThan(15_000)
    expect(await readdir(folder)).toEqual([])
  })

  test('a claim that a dead process left on a lock does not hold the others up', async () => {
    const holder = startProcess('hold', folder)
    if (holder.stdout !== null) await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const text = await readFile(join(folder, '.+lock'), 'utf8')
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 32)
    await writeFile(join(folder, `.+lock-${digest}.tmp`), text)
    await fileStore(folder, { clock: fastClock(0) }).exclusive?.(() => Promise.resolve())
    expect(await readdir(folder)).toEqual([])
  })

  test('the next write removes a claim that a dead process left without a lock', async () => {
    const holder = startProcess('hold', folder)
    if (holder.stdout !== null) await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const left = await readFile(join(folder, '.+lock'), 'utf8')
    await rm(join(folder, '.+lock'))
    const [dead, alive] = ['a', 'b'].map((digit) => `.+lock-${digit.repeat(32)}.tmp`)
    await writeFile(join(folder, dead ?? ''), left)
    await writeFile(join(folder, alive ?? ''), JSON.stringify(ownIdentity()))
    await fileStore(folder).set('timestamp.json', one)
    expect((await readdir(folder)).sort()).toEqual([alive, 'timestamp.json'])
  })

  test('a planted claim of any length takes little memory', async () => {
    const claim = join(folder, `.+lock-${'a'.repeat(32)}.tmp`)
    await mkdir(folder)
    await writeFile(claim, '')
    await truncate(claim, 500_000_000)
    const before = process.resourceUsage().maxRSS
    await fileStore(folder).set('timestamp.json', one)
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000)
    expect(await readdir(folder)).toHaveLength(2)
  })

  test('a process that lost the lock writes no more', async () => {
    const slow = fileStore(folder)
    const fast = fileStore(folder, { clock: fastClock(1_000) })
    await fast.set('timestamp.json', one)
    const result = slow.exclusive?.(async () => {
      await fast.exclusive?.(() => fast.set('timestamp.json', two))
      await slow.set('timestamp.json', one)
    })
    await expect(result).rejects.toMatchObject({ code: 'ERR_TUF_STORE_FAILED', operation: 'set' })
    expect(await slow.get('timestamp.json')).toEqual(two)
    expect(await readdir(folder)).toEqual(['timestamp.json'])
    await slow.set('timestamp.json', one)
  })
})

describe('a folder that cannot be written', () => {
  test('is an error by default', async () => {
    await writeFile(join(base, 'file'), '')
    const store = fileStore(join(base, 'file', 'store'))
    const failed = { code: 'ERR_TUF_STORE_FAILED', operation: 'set' }
    await expect(store.set('timestamp.json', one)).rejects.toMatchObject(failed)
  })

  test('an error that is not about writing is not hidden by the memory', async () => {
    await writeFile(join(base, 'file'), '')
    const store = fileStore(join(base, 'file', 'store'), {
      onReadOnly: () => {
        throw new Error('not read-only')
      },
    })
    const failed = { code: 'ERR_TUF_STORE_FAILED', operation: 'set' }
    await expect(store.set('timestamp.json', one)).rejects.toMatchObject(failed)
  })

  // Modes do not bind root, so root becomes nobody for a while.
  const root = process.getuid?.() === 0
  const nobody = 65_534

  test('does not fail an update cycle without changes', async () => {
    const repository = createRepository()
    repository.publish()
    const fetcher = repository.fetcher()
    const { metadataUrl } = fetcher
    const root = repository.root()
    const store = fileStore(folder, { folderMode: 0o755 })
    await new Updater({ metadataUrl, root, fetcher, store, now: () => repository.now }).refresh()
    await chmod(base, 0o755)
    await chmod(folder, 0o555)
    const later = repository.now + 60_000
    const updater = new Updater({
      metadataUrl,
      root,
      fetcher,
      store: fileStore(folder),
      now: () => later,
    })
    try {
      if (process.getuid?.() === 0) process.seteuid?.(nobody)
      const view = await updater.refresh()
      expect(view.timestamp.version).toBe(1)
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0)
      await chmod(folder, 0o700)
    }
  })

  test('is read, and values are kept in memory, when the caller asks for that', async () => {
    await fileStore(folder).set('timestamp.json', one)
    await fileStore(folder).set('snapshot.json', one)
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o444)
    await chmod(base, 0o755)
    await chmod(folder, 0o555)
    const errors: StoreFailedError[] = []
    const store = fileStore(folder, { onReadOnly: (error) => errors.push(error) })
    try {
      if (root) process.seteuid?.(nobody)
      await store.exclusive?.(async () => {
        await store.set('timestamp.json', two)
        await store.delete('snapshot.json')
      })
      expect(await store.get('timestamp.json')).toEqual(two)
      expect(await store.get('snapshot.json')).toBeUndefined()
      expect(await fileStore(folder).get('timestamp.json')).toEqual(one)
    } finally {
      if (root) process.seteuid?.(0)
      await chmod(folder, 0o700)
    }
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code: 'ERR_TUF_STORE_FAILED', operation: 'lock' })
  })
})
