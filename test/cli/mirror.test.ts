/** `tuffet mirror`, and the commands that read what it wrote from a web server that knows nothing of TUF. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { fetchFetcher, type Fetcher } from '../../src/index.js'
import { takeLongLock } from '../../src/node/long-lock.js'
import { ownIdentity } from '../../src/node/process-identity.js'
import { serveStatic, type StaticServer } from '../support/static-server.js'
import { openDesk, type Desk, type Outcome } from './desk.js'

let desk: Desk
let server: StaticServer

beforeEach(async () => {
  desk = await openDesk()
  server = await serveStatic(join(desk.folder, 'out'))
})
afterEach(async () => {
  await server.close()
  await desk.clear()
})

const nobody: Fetcher = { fetch: () => Promise.reject(new Error('the repository is away')) }

/** Another client, with a store of its own, that only knows the mirror. */
function read(...args: string[]): Promise<Outcome> {
  const urls = [
    '--metadata-url',
    `${server.url}metadata/`,
    '--targets-url',
    `${server.url}targets/`,
  ]
  const own = ['--root', join(desk.folder, 'root.json'), '--store', join(desk.folder, 'reader')]
  return desk.run([...args, ...urls, ...own], { fetcher: fetchFetcher() })
}

function mirror(...args: string[]): Promise<Outcome> {
  return desk.run(['mirror', 'out', ...args])
}

/** Every file of the mirror below `place`, in order. */
function files(place = ''): string[] {
  const folder = join(desk.folder, 'out', place)
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .sort()
}

function inMirror(path: string): string {
  return join(desk.folder, 'out', path)
}

function served(path: string): string {
  return readFileSync(inMirror(path), 'utf8')
}

describe('tuffet mirror', () => {
  test('writes a tree that a client reads through any web server', async () => {
    const { status, stdout, stderr } = await mirror('--all')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe(
      'out: timestamp 1, snapshot 1, good until 2026-01-02T00:00:00Z\n' +
        '1 target, 5 bytes; 6 files written, 0 removed\n',
    )
    expect(await read('refresh')).toMatchObject({ status: 0 })
    expect(await read('download', 'pkgs/a.whl', '--folder', 'got')).toMatchObject({ status: 0 })
    expect(readFileSync(join(desk.folder, 'got', 'a.whl'), 'utf8')).toBe('wheel')
    expect(files()).toEqual([
      'metadata/1.pkgs.json',
      'metadata/1.root.json',
      'metadata/1.snapshot.json',
      'metadata/1.targets.json',
      'metadata/timestamp.json',
      'mirror.json',
      ...desk.repository.targetNames('pkgs/a.whl').map((name) => `targets/${name}`),
    ])
  })

  test('--json gives versions, expiry and numbers', async () => {
    expect(await desk.json('mirror', 'out', '--all')).toEqual({
      ...{ ok: true, folder: 'out', root: 1, timestamp: 1, snapshot: 1 },
      ...{ until: '2026-01-02T00:00:00Z', targets: 1, bytes: 5, written: 6, removed: 0 },
      ...{ gaps: [], gapCount: 0 },
    })
  })

  test('makes two requests and writes nothing when nothing is new', async () => {
    await mirror('--all')
    const before = statSync(inMirror('metadata/timestamp.json')).mtimeMs
    desk.fetcher.requested.length = 0
    expect((await mirror('--all')).stdout).toContain('; 0 files written, 0 removed')
    expect(desk.fetcher.requested).toEqual(['2.root.json', 'timestamp.json'])
    expect(statSync(inMirror('metadata/timestamp.json')).mtimeMs).toBe(before)
  })

  test('without a path or --all it holds the metadata alone, as a place for --from', async () => {
    await mirror()
    expect(existsSync(inMirror('targets'))).toBe(false)
    desk.fetcher.requested.length = 0
    const { status } = await desk.run([
      'find',
      'pkgs/a.whl',
      '--store',
      'new',
      '--root',
      'root.json',
      '--from',
      'out/metadata',
    ])
    expect([status, desk.fetcher.requested]).toEqual([0, ['2.root.json', 'timestamp.json']])
  })

  test('takes paths, patterns as in delegations, and lists of both', async () => {
    for (const path of ['pkgs/b.whl', 'pkgs/c.tar.gz', 'docs/d.txt', 'e.txt']) {
      desk.repository.addTarget(path, path)
    }
    desk.repository.publish()
    await writeFile(join(desk.folder, 'list'), '# of the team\ndocs/d.txt\n\nother/*\n')
    const { status, stdout } = await mirror('pkgs/*.whl', 'e.txt', '--list', 'list')
    expect([status, stdout]).toEqual([0, expect.stringContaining('\n4 targets, ')])
    const wanted = ['docs/d.txt', 'e.txt', 'pkgs/a.whl', 'pkgs/b.whl']
    expect(files('targets')).toEqual(
      wanted.flatMap((one) => desk.repository.targetNames(one)).sort(),
    )
  })

  test('gives a file each name under which it may be asked for, and keeps it once', async () => {
    desk.repository.addTarget('two', 'two', { hashes: ['sha256', 'sha512'] })
    desk.repository.publish()
    await mirror('two')
    const names = desk.repository.targetNames('two')
    const numbers = names.map((name) => statSync(inMirror(`targets/${name}`)).ino)
    expect([names.length, new Set(numbers).size]).toEqual([2, 1])
  })

  test('--partial holds the roles that lead to the files, and no other', async () => {
    desk.repository.delegate('targets', { name: 'docs', paths: ['docs/*'] })
    desk.repository.addTarget('docs/d.txt', 'd', { role: 'docs' })
    desk.repository.publish()
    await mirror('pkgs/a.whl', '--partial')
    expect(files('metadata')).not.toContain('1.docs.json')
    expect(await read('find', 'pkgs/a.whl')).toMatchObject({ status: 0 })
    const { status, stderr } = await read('find', 'docs/d.txt')
    expect([status, stderr]).toEqual([1, expect.stringContaining('ERR_TUF_SNAPSHOT_GONE')])
  })

  test('holds every root since the first, for clients that start from it', async () => {
    for (const role of ['root', 'timestamp', 'targets', 'snapshot']) desk.repository.rotate(role)
    await mirror('--all')
    expect(files('metadata').filter((name) => name.includes('root'))).toHaveLength(5)
    expect(await read('verify', 'pkgs/a.whl', '-')).toMatchObject({ status: 1 })
    expect(await read('find', 'pkgs/a.whl')).toMatchObject({ status: 0 })
  })

  test('names with a slash, a space or another script are where servers look for them', async () => {
    desk.repository.delegate('targets', { name: 'a/b c', paths: ['ä*', 'x/*'] })
    desk.repository.addTarget('äöü 1.txt', 'one', { role: 'a/b c' })
    desk.repository.addTarget('x/%20', 'two', { role: 'a/b c' })
    desk.repository.publish()
    expect(await mirror('--all')).toMatchObject({ status: 0 })
    expect(files('metadata')).toContain('1.a/b c.json')
    for (const path of ['äöü 1.txt', 'x/%20']) {
      expect(await read('download', path, '--output', 'got')).toMatchObject({ status: 0 })
    }
  })
})

describe('a snapshot that changes', () => {
  test('keeps the files of the last one until the grace is over, and roots for ever', async () => {
    await mirror('--all')
    const first = desk.repository.targetNames('pkgs/a.whl').map((name) => `targets/${name}`)
    desk.repository.addTarget('pkgs/a.whl', 'a newer wheel', { role: 'pkgs' })
    desk.repository.rotate('root')
    expect((await mirror('--all')).stdout).toContain('0 removed')
    expect(files()).toEqual(expect.arrayContaining(first))
    // It may be years old: what counts is when it left the snapshot.
    const next = (hours: number): Promise<Outcome> => {
      desk.repository.advance(hours / 24)
      desk.repository.publish()
      return mirror('--all', '--grace', '12')
    }
    expect((await next(11)).stdout).toContain('0 removed')
    expect((await next(2)).stdout).toContain('3 removed')
    expect(files()).not.toEqual(expect.arrayContaining(first))
    expect(files('metadata').filter((name) => name.endsWith('.root.json'))).toEqual([
      '1.root.json',
      '2.root.json',
    ])
    expect(await read('download', 'pkgs/a.whl', '--output', 'got')).toMatchObject({ status: 0 })
  })

  test('a file that is needed again gets a new grace', async () => {
    const grace = ['--grace', '12'] as const
    const [name = ''] = desk.repository.targetNames('pkgs/a.whl')
    const next = async (hours: number, content: string): Promise<void> => {
      desk.repository.advance(hours / 24)
      desk.repository.addTarget('pkgs/a.whl', content, { role: 'pkgs' })
      desk.repository.publish()
      await mirror('--all', ...grace)
    }
    await next(0, 'wheel')
    await next(0, 'other')
    await next(11, 'wheel')
    await next(11, 'other')
    expect(files('targets')).toContain(name)
    await next(13, 'third')
    expect(files('targets')).not.toContain(name)
  })

  test('with plain names a changed file gets its name with the timestamp', async () => {
    const plain = ['--all', '--no-hash-prefix'] as const
    const repository = desk.repository
    const fetcher = repository.fetcher()
    repository.intercept((kind, name) => {
      if (kind !== 'target' || repository.has(name, 'target')) return undefined
      const [prefixed = ''] = repository.targetNames(name)
      return repository.answer('target', prefixed)
    })
    expect(await desk.run(['mirror', 'out', ...plain], { fetcher })).toMatchObject({ status: 0 })
    expect(served('targets/pkgs/a.whl')).toBe('wheel')
    repository.addTarget('pkgs/a.whl', 'again', { role: 'pkgs' })
    repository.publish()
    const { stdout } = await desk.run(['mirror', 'out', ...plain], { fetcher })
    expect(stdout).toContain('; 4 files written')
    expect(served('targets/pkgs/a.whl')).toBe('again')
    expect(files().filter((one) => one.includes('.+'))).toEqual([])
  })

  test('leftovers of a process that was killed are gone, wherever it wrote', async () => {
    await desk.run(['mirror', 'out', '--all'])
    const dead = spawnSync(process.execPath, ['--eval', ''])
    for (const folder of ['', 'metadata', 'targets']) {
      for (const extension of ['part', ...(folder === '' ? ['tmp'] : [])]) {
        const name = `.+${dead.pid}-1-${ownIdentity().host}-00.${extension}`
        writeFileSync(inMirror(join(folder, name)), 'half')
      }
    }
    expect(await desk.run(['mirror', 'out', '--all'])).toMatchObject({ status: 0 })
    expect(files().filter((one) => one.includes('.+'))).toEqual([])
  })
})

describe('a run that fails', () => {
  test('because the repository is away leaves what is served', async () => {
    await mirror('--all')
    const before = served('metadata/timestamp.json')
    desk.repository.addTarget('pkgs/b.whl', 'wheel b', { role: 'pkgs' })
    desk.repository.publish()
    const [name = ''] = desk.repository.targetNames('pkgs/b.whl')
    const fetcher: Fetcher = {
      fetch: (request) => (request.url.endsWith(name) ? nobody : desk.fetcher).fetch(request),
    }
    const { status, stderr } = await desk.run(['mirror', 'out', '--all'], { fetcher })
    expect([status, stderr]).toEqual([1, expect.stringContaining('the repository is away')])
    expect(served('metadata/timestamp.json')).toBe(before)
  })

  test('continues with what is there, and fetches it no second time', async () => {
    for (const name of ['pkgs/b.whl', 'pkgs/c.whl'])
      desk.repository.addTarget(name, name, { role: 'pkgs' })
    desk.repository.publish()
    const [missing = ''] = desk.repository.targetNames('pkgs/c.whl')
    desk.repository.serve(missing, 'missing', 'target')
    expect(await mirror('--all')).toMatchObject({ status: 3 })
    expect(files('targets').filter((one) => one.endsWith('.whl'))).toHaveLength(2)
    desk.repository.serve(missing, undefined, 'target')
    desk.fetcher.requested.length = 0
    expect(await mirror('--all')).toMatchObject({ status: 0 })
    expect(desk.fetcher.requested.filter((name) => name.endsWith('.whl'))).toEqual([missing])
  })

  test('does not believe a file that an interrupted run may have left', async () => {
    const [name = ''] = desk.repository.targetNames('pkgs/a.whl')
    await mirror()
    await mkdir(inMirror('targets/pkgs'), { recursive: true })
    await writeFile(inMirror(`targets/${name}`), 'harm!')
    expect(await mirror('--all')).toMatchObject({ status: 0 })
    expect(served(`targets/${name}`)).toBe('wheel')
  })

  test('between the last renames is finished from the store, while the repository is away', async () => {
    await mirror('--all')
    const before = served('metadata/timestamp.json')
    desk.repository.rotate('timestamp')
    await mirror('--all')
    // As a process leaves it that was killed before its last rename.
    const manifest = JSON.parse(served('mirror.json')) as object
    await writeFile(inMirror('mirror.json'), JSON.stringify({ ...manifest, ready: true }))
    await writeFile(inMirror('metadata/timestamp.json'), before)
    expect(await read('refresh')).toMatchObject({ status: 1 })
    const away = await desk.run(['mirror', 'out', '--all'], { fetcher: nobody })
    expect([away.status, away.stderr]).toEqual([
      1,
      expect.stringContaining('the repository is away'),
    ])
    expect(await read('find', 'pkgs/a.whl')).toMatchObject({ status: 0 })
    expect(served('metadata/timestamp.json')).not.toBe(before)
  })
})

describe('refuses', () => {
  test.each<[string, () => void | Promise<void>, readonly string[], string]>([
    [
      'a folder with other files',
      async () => {
        await mkdir(inMirror(''))
        await writeFile(inMirror('index.html'), '')
      },
      ['--all'],
      'neither empty nor a mirror',
    ],
    [
      'a repository without consistent snapshots',
      () => void desk.repository.setConsistentSnapshot(false),
      ['--all'],
      'no consistent snapshots',
    ],
    ['--all with a path', () => undefined, ['--all', 'x'], 'give no PATH with it'],
    ['--partial without files', () => undefined, ['--partial'], 'give PATH or --lock'],
    ['--partial with a pattern', () => undefined, ['--partial', 'x*'], '--partial needs paths'],
    [
      'a grace that is no number',
      () => undefined,
      ['--grace', 'soon'],
      '--grace must be a number of hours',
    ],
  ])('%s', async (_, prepare, args, message) => {
    await prepare()
    const { status, stderr } = await mirror(...args)
    expect([status > 0, stderr]).toEqual([true, expect.stringContaining(message)])
    expect(existsSync(inMirror('metadata/timestamp.json'))).toBe(false)
  })

  test('to write beside another process', async () => {
    await mirror('--all')
    const lock = takeLongLock(inMirror('.+lock'))
    expect(await mirror('--all')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('another process writes this mirror'),
    })
    lock?.release()
    expect(await mirror('--all')).toMatchObject({ status: 0 })
  })

  test('to go back to an older timestamp with another store', async () => {
    const old = desk.repository.fork()
    desk.repository.publish()
    await mirror('--all')
    const args = ['mirror', 'out', '--all', '--store', 'new', '--root', 'root.json']
    const { status, stderr } = await desk.run(args, { fetcher: old.fetcher() })
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('it serves timestamp 2, newer than 1'),
    ])
    expect(await read('refresh')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('timestamp 2'),
    })
  })

  test('the mirror of another repository', async () => {
    await mirror('--all')
    const other = await openDesk()
    await other.run(['refresh'])
    other.repository.rotate('root')
    const before = files()
    await rename(join(desk.folder, 'out'), join(other.folder, 'out'))
    await mkdir(join(desk.folder, 'out'))
    await rm(join(other.folder, 'out/metadata/1.root.json'))
    await writeFile(join(other.folder, 'out/metadata/1.root.json'), 'another')
    const { status, stderr } = await other.run(['mirror', 'out', '--all'])
    expect([status, stderr, before.length]).toEqual([
      1,
      expect.stringContaining('another root of this version'),
      7,
    ])
    await other.clear()
  })
})

describe('mirror.json', () => {
  test.each(['', '{', 'null', '{"format":2}', '{"upstream":"https://deb.example.com/"}'])(
    'as %j is of something else, and the folder is left alone',
    async (text) => {
      await mkdir(inMirror('targets'), { recursive: true })
      await writeFile(inMirror('targets/thesis.tex'), 'words')
      await writeFile(inMirror('mirror.json'), text)
      const { status, stderr } = await mirror('--all', '--grace', '0')
      expect([status, stderr]).toEqual([1, expect.stringContaining('not the state of a mirror')])
      expect(served('mirror.json')).toBe(text)
      expect(files()).toEqual(['mirror.json', 'targets/thesis.tex'])
    },
  )

  test('leads to no file outside of the two folders', async () => {
    await mirror('--all')
    const manifest = JSON.parse(served('mirror.json')) as object
    const left = { '../root.json': 0, 'mirror.json': 0, 'metadata/../../root.json': 0 }
    await writeFile(inMirror('mirror.json'), JSON.stringify({ ...manifest, left }))
    expect((await mirror('--all', '--grace', '0')).stdout).toContain('0 removed')
    expect(existsSync(join(desk.folder, 'root.json'))).toBe(true)
  })
})

describe('files of the user in a mirror', () => {
  test('stay, whatever their age, and the mirror goes on', async () => {
    await mirror('--all')
    const own = ['metadata/notes.txt', 'targets/.htaccess', 'targets/deep/robots.txt']
    await mkdir(inMirror('targets/deep'))
    for (const path of own) await writeFile(inMirror(path), 'mine')
    await mirror('--all', '--grace', '0')
    desk.repository.addTarget('pkgs/a.whl', 'again', { role: 'pkgs' })
    desk.repository.publish()
    const { status, stdout } = await mirror('--all', '--grace', '0')
    expect([status, stdout]).toEqual([0, expect.not.stringContaining(' 0 removed')])
    expect(own.map(served)).toEqual(own.map(() => 'mine'))
  })

  test.each(['targets', 'metadata', 'targets/pkgs'])(
    'behind a link at %s are neither removed nor written beside',
    async (place) => {
      await mirror('--all')
      const elsewhere = join(desk.folder, 'elsewhere')
      await mkdir(elsewhere)
      await writeFile(join(elsewhere, 'diary.txt'), 'mine')
      await rm(inMirror(place), { recursive: true })
      await symlink(elsewhere, inMirror(place), 'junction')
      const { status, stderr } = await mirror('--all', '--grace', '0')
      expect([status, stderr]).toEqual([1, expect.stringContaining('it is a link')])
      expect(readdirSync(elsewhere)).toEqual(['diary.txt'])
    },
  )
})

test('a file of a run that was killed is removed when no snapshot lists it', async () => {
  await mirror('--all')
  const left = 'targets/pkgs/never.whl'
  await writeFile(inMirror(left), 'wheel')
  await writeFile(inMirror('.+journal'), `${left}\ntargets/pkgs/half-a-na`)
  expect((await mirror('--all', '--grace', '24')).status).toBe(0)
  expect(files('targets')).toContain('pkgs/never.whl')
  expect(files()).not.toContain('.+journal')
  expect((await mirror('--all', '--grace', '0')).stdout).toContain('1 removed')
  expect(files('targets')).not.toContain('pkgs/never.whl')
})

describe('many files', () => {
  test('are written without a warning about listeners', async () => {
    const warnings: Error[] = []
    const note = (warning: Error): number => warnings.push(warning)
    process.on('warning', note)
    desk.repository.delegateHashBins('targets', { bins: 32 })
    for (let number = 0; number < 40; number++)
      desk.repository.addTarget(`n/${number}`, `${number}`)
    desk.repository.publish()
    expect(await mirror('--all')).toMatchObject({ status: 0 })
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', note)
    expect(warnings).toEqual([])
    expect(files('targets')).toHaveLength(41)
  })
})

describe('--rehash', () => {
  test('finds and replaces a file that the disk changed', async () => {
    await mirror('--all')
    const [name = ''] = desk.repository.targetNames('pkgs/a.whl')
    await writeFile(inMirror(`targets/${name}`), 'harm!')
    expect((await mirror('--all')).stdout).toContain('0 files written')
    expect(await read('download', 'pkgs/a.whl', '--output', 'got')).toMatchObject({ status: 1 })
    expect((await mirror('--all', '--rehash')).stdout).toContain('1 file written')
    expect(await read('download', 'pkgs/a.whl', '--output', 'got')).toMatchObject({ status: 0 })
  })
})

describe('a mirror that lies', () => {
  test.each<[string, string, (bytes: Uint8Array) => Uint8Array, readonly string[]]>([
    [
      'about the timestamp',
      '/metadata/timestamp.json',
      (bytes) => edited(bytes, '"version":1', '"version":2'),
      ['refresh'],
    ],
    [
      'about a role',
      '/metadata/1.pkgs.json',
      (bytes) => edited(bytes, 'a.whl', 'b.whl'),
      ['find', 'pkgs/a.whl'],
    ],
    [
      'about a file',
      'a.whl',
      () => Buffer.from('harm!'),
      ['download', 'pkgs/a.whl', '--output', 'got'],
    ],
  ])('%s is refused, and nothing is written', async (_, place, lie, args) => {
    await mirror('--all')
    server.lie = (path, bytes) => (path.endsWith(place) ? lie(bytes) : undefined)
    const { status, stderr } = await read(...args)
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/ERR_TUF_(THRESHOLD|HASH|LENGTH|VERSION)/),
    ])
    expect(existsSync(join(desk.folder, 'got'))).toBe(false)
  })

  test('by an older state is refused by a client that saw the newer one', async () => {
    await mirror('--all')
    const old = readFileSync(inMirror('metadata/timestamp.json'))
    desk.repository.publish()
    await mirror('--all')
    await read('refresh')
    server.lie = (path) => (path.endsWith('timestamp.json') ? old : undefined)
    expect(await read('refresh')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('ERR_TUF_ROLLBACK'),
    })
  })

  function edited(bytes: Uint8Array, from: string, to: string): Uint8Array {
    const text = Buffer.from(bytes).toString()
    expect(text).toContain(from)
    return Buffer.from(text.replace(from, to))
  }
})
