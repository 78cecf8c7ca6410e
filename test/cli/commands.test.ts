import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createRepository } from '../../src/testing/index.js'
import { nameOnDisk } from '../../src/cli/download.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

const sha256 = createHash('sha256').update('wheel').digest('hex')
const target = { path: 'pkgs/a.whl', length: 5, hashes: { sha256 } }

describe('init', () => {
  test('keeps the root, says which digest to compare, and asks no server', async () => {
    const { status, stdout } = await desk.run(['init'])
    const digest = createHash('sha256').update(desk.repository.root()).digest('hex')
    expect(status).toBe(0)
    expect(stdout).toContain('root 1, expires in 365 days (2027-01-01T00:00:00Z)\n')
    expect(stdout).toContain('needs 2 of 3 keys')
    expect(stdout).toContain(`sha256 ${digest}\n`)
    expect(await readFile(join(desk.folder, 'store/anchor/root.json'))).toEqual(
      Buffer.from(desk.repository.root()),
    )
    expect(desk.fetcher.requested).toEqual([])
  })

  test('the same root again is accepted; another one needs an option', async () => {
    await desk.run(['init'])
    expect((await desk.run(['init'])).status).toBe(0)
    const other = createRepository({ seed: 'other' })
    other.publish()
    await writeFile(join(desk.folder, 'other.json'), other.root())
    const refused = await desk.run(['init', '--root', 'other.json'])
    expect(refused.status).toBe(1)
    expect(refused.stderr).toMatch(/starts from another root already; --replace/)
    expect((await desk.run(['init', 'other.json', '--replace'])).status).toBe(0)
    expect(await readFile(join(desk.folder, 'store/anchor/root.json'))).toEqual(
      Buffer.from(other.root()),
    )
  })

  test('--replace empties the store of another repository, which no other command does', async () => {
    await desk.run(['refresh'])
    const other = createRepository({ seed: 'other' })
    other.publish()
    await writeFile(join(desk.folder, 'other.json'), other.root())
    const before = await readFile(join(desk.folder, 'store/timestamp.json'))
    for (const command of [['refresh'], ['refresh', '--offline'], ['find', 'a.txt']]) {
      const { status, stderr } = await desk.run([...command, '--root', 'other.json'])
      expect(status).toBe(1)
      expect(stderr).toMatch(/ERR_TUF_STORE_FOREIGN\]/)
      expect(stderr).toMatch(/tuffet init --replace/)
    }
    expect(await readFile(join(desk.folder, 'store/timestamp.json'))).toEqual(before)
    expect((await desk.run(['init', '--root', 'other.json', '--replace'])).status).toBe(0)
    const left = await readdir(join(desk.folder, 'store'))
    expect(left).not.toContain('timestamp.json')
    expect(left).not.toContain('snapshot.json')
    const { stderr } = await desk.run(['refresh', '--root', 'root.json'])
    expect(stderr).toMatch(/ERR_TUF_STORE_FOREIGN\]/)
  })

  test('a file that is not a root is refused, and the store stays as it was', async () => {
    await writeFile(join(desk.folder, 'root.json'), desk.repository.file('timestamp.json'))
    const { status, stderr } = await desk.run(['init'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^tuffet: root: signed\._type.*\[ERR_TUF_METADATA_INVALID\]\n$/)
    expect(await readdir(desk.folder)).not.toContain('store')
  })
})

describe('refresh', () => {
  test('says which versions are trusted, for people and for programs', async () => {
    const { status, stdout } = await desk.run(['refresh'])
    expect(status).toBe(0)
    expect(stdout).toContain('timestamp 1, expires in 24 hours (2026-01-02T00:00:00Z)\n')
    expect(stdout).toContain('4 requests\n')
    expect(await desk.json('refresh')).toEqual({
      ok: true,
      now: '2026-01-01T00:00:00Z',
      requests: 2,
      roles: {
        root: { version: 1, expires: '2027-01-01T00:00:00Z' },
        timestamp: { version: 1, expires: '2026-01-02T00:00:00Z' },
        snapshot: { version: 1, expires: '2026-01-08T00:00:00Z' },
        targets: { version: 1, expires: '2027-01-01T00:00:00Z' },
      },
    })
  })

  test('an error is one line: the failure, the place, the step, the remedy', async () => {
    desk.repository.expire('timestamp')
    const { status, stdout, stderr } = await desk.run(['refresh'])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^tuffet: timestamp: expired 2025-12-31.* \(step 5\.4\.4\), from https?:/,
    )
    expect(stderr).toMatch(
      /timestamp\.json\. The repository, .*2\.root\.json was answered with status 404\. \[ERR_TUF_EXPIRED\]\n$/,
    )
    expect(await desk.json('refresh')).toMatchObject({
      ok: false,
      error: {
        code: 'ERR_TUF_EXPIRED',
        role: 'timestamp',
        step: '5.4.4',
        url: `${desk.fetcher.metadataUrl}timestamp.json`,
        expires: '2025-12-31T00:00:00Z',
        now: '2026-01-01T00:00:00Z',
      },
    })
  })

  test('no name from the repository reaches the terminal unescaped', async () => {
    const evil = '\u001b]0;owned\u0007'
    desk.repository.delegate('targets', { name: evil, paths: ['x'] })
    desk.repository.publish()
    desk.repository.attack.forged(evil)
    const { status, stdout, stderr } = await desk.run(['explain', 'x'])
    expect(status).toBe(1)
    expect(`${stdout}${stderr}`).toContain('\\u001b]0;owned\\u0007')
    expect(`${stdout}${stderr}`).not.toContain('\u001b')
  })

  test('--cached sends no request while the metadata are current, --offline never does', async () => {
    await desk.run(['refresh'])
    expect(await desk.json('refresh', '--cached')).toMatchObject({ ok: true, requests: 0 })
    desk.repository.advance(2)
    desk.repository.publish()
    expect(await desk.json('refresh', '--offline')).toMatchObject({
      ok: false,
      error: { code: 'ERR_TUF_EXPIRED', role: 'timestamp' },
    })
    const before = ['--offline', '--now', '2026-01-01T12:00:00Z']
    expect(await desk.json('refresh', ...before)).toMatchObject({ ok: true, requests: 0 })
    expect(await desk.json('refresh', '--cached')).toMatchObject({
      ok: true,
      roles: { timestamp: { version: 2 } },
    })
  })

  test('download names files after their targets, and encodes characters that file names cannot contain', async () => {
    const names = ['demo-1.0+cpu.whl', 'Foo Bar.exe', 'größe.txt', 'a:b.txt']
    for (const name of names) desk.repository.addTarget(`files/${name}`, name)
    desk.repository.publish()
    const paths = names.map((name) => `files/${name}`)
    expect((await desk.run(['download', ...paths, '--folder', 'out'])).status).toBe(0)
    expect((await readdir(join(desk.folder, 'out'))).toSorted()).toEqual(
      ['demo-1.0+cpu.whl', 'Foo Bar.exe', 'größe.txt', 'a%3Ab.txt'].toSorted(),
    )
  })

  test('names that a disk may confuse are not downloaded together', () => {
    for (const platform of ['darwin', 'win32']) {
      expect(nameOnDisk('GRÖSSE', platform)).toBe(nameOnDisk('gro\u0308sse', platform))
    }
    expect(nameOnDisk('A', 'linux')).not.toBe(nameOnDisk('a', 'linux'))
  })

  test('--verbose reports each repetition, and --retries 0 makes none', async () => {
    let failures = 1
    desk.repository.intercept((_kind, name) =>
      name === 'timestamp.json' && failures-- > 0 ? { status: 503 } : undefined,
    )
    const { status, stderr } = await desk.run(['refresh', '--verbose'])
    expect(status).toBe(0)
    expect(stderr).toMatch(/^ {2}attempt 2 in \d+ ms: .*timestamp\.json: status 503$/m)
    failures = 1
    const { status: first, stderr: refused } = await desk.run(['refresh', '--retries', '0'])
    expect([first, refused]).toEqual([1, expect.stringContaining('status 503')])
  })

  test('--verbose reports each request, decision and write on standard error', async () => {
    const { stdout, stderr } = await desk.run(['refresh', '--verbose', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true })
    const url = desk.fetcher.metadataUrl
    expect(stderr).toContain(`> ${url}2.root.json\n< not there\n> ${url}timestamp.json\n`)
    expect(stderr).toContain(
      '  timestamp 1 is trusted (network), signed by 1 of 1 key, expires 2026',
    )
    expect(stderr).toContain('  wrote timestamp.json\n')
  })
})

describe('find', () => {
  test('prints length and hashes', async () => {
    const { status, stdout } = await desk.run(['find', 'pkgs/a.whl'])
    expect([status, stdout]).toEqual([0, `pkgs/a.whl: 5 bytes\n  sha256 ${sha256}\n`])
    expect(await desk.json('find', 'pkgs/a.whl')).toEqual({ ok: true, target })
  })

  test('custom data keeps its large integers, as text', async () => {
    const custom = { size: 2n ** 60n, note: 'n' }
    desk.repository.addTarget('pkgs/b', 'b', { role: 'pkgs', custom })
    desk.repository.publish()
    expect(await desk.json('find', 'pkgs/b')).toMatchObject({
      target: { custom: { size: '1152921504606846976', note: 'n' } },
    })
  })

  test('a target that no role lists is refused', async () => {
    const { status, stdout, stderr } = await desk.run(['find', 'pkgs/b.whl'])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/there is no target "pkgs\/b\.whl" .* \[ERR_TUF_TARGET_NOT_FOUND\]\n$/)
  })

  test('a snapshot that vanishes during the command is replaced once', async () => {
    desk.repository.intercept((_, name) => {
      if (name !== '1.pkgs.json') return undefined
      if (desk.repository.publication === 1) desk.repository.edit('pkgs', () => undefined)
      return 'missing'
    })
    expect(await desk.json('find', 'pkgs/a.whl')).toMatchObject({ ok: true, target })
  })
})

describe('verify', () => {
  test('a file is the target, whatever its source', async () => {
    await writeFile(join(desk.folder, 'mine.whl'), 'wheel')
    const { status, stdout } = await desk.run(['verify', 'pkgs/a.whl', 'mine.whl'])
    expect([status, stdout]).toEqual([0, `mine.whl: is pkgs/a.whl\n  sha256 ${sha256}\n`])
    expect(desk.fetcher.requests.every(({ kind }) => kind === 'metadata')).toBe(true)
  })

  test('standard input is a file too', async () => {
    const args = ['verify', 'pkgs/a.whl', '-']
    expect((await desk.run(args, { stdin: 'wheel' })).status).toBe(0)
    expect((await desk.run(args, { stdin: 'wheeL' })).status).toBe(1)
  })

  test.each([
    ['wheeL', 'ERR_TUF_HASH_MISMATCH'],
    ['whee', 'ERR_TUF_LENGTH_MISMATCH'],
    ['wheels', 'ERR_TUF_LENGTH_MISMATCH'],
  ])('%s is refused', async (content, code) => {
    await writeFile(join(desk.folder, 'mine.whl'), content)
    const { status, stdout, stderr } = await desk.run(['verify', 'pkgs/a.whl', 'mine.whl'])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`Do not use the file`)
    expect(stderr).toContain(`[${code}]`)
  })

  test('a missing target and a missing file are told apart', async () => {
    expect(await desk.json('verify', 'pkgs/b', 'mine.whl')).toMatchObject({
      error: { code: 'ERR_TUF_TARGET_NOT_FOUND', target: 'pkgs/b' },
    })
    expect(await desk.json('verify', 'pkgs/a.whl', 'mine.whl')).toMatchObject({
      error: { code: 'ENOENT' },
    })
  })
})

describe('download', () => {
  test('files are named after the last part of their path', async () => {
    desk.repository.addTarget('pkgs/b c.whl', 'b', { role: 'pkgs' })
    desk.repository.publish()
    const { status, stdout } = await desk.run([
      ...['download', 'pkgs/a.whl', 'pkgs/b c.whl', '--folder', 'out/deep'],
    ])
    const out = join(desk.folder, 'out/deep')
    expect(status).toBe(0)
    expect(stdout).toBe(`${out}/a.whl: 5 bytes, verified\n${out}/b c.whl: 1 byte, verified\n`)
    expect((await readdir(out)).sort()).toEqual(['a.whl', 'b c.whl'])
    expect(await readFile(join(out, 'a.whl'), 'utf8')).toBe('wheel')
  })

  test('one update cycle finds all targets, and correct files are kept', async () => {
    const file = join(desk.folder, 'mine')
    expect(await desk.json('download', 'pkgs/a.whl', '-o', 'mine')).toEqual({
      ok: true,
      files: [{ file, fetched: true, target }],
    })
    desk.repository.addTarget('pkgs/b', 'b', { role: 'pkgs' })
    desk.repository.publish()
    desk.fetcher.requested.length = 0
    expect(await desk.json('download', 'pkgs/a.whl', '-o', 'mine')).toMatchObject({
      files: [{ fetched: false }],
    })
    expect(desk.fetcher.requested.filter((name) => name.endsWith('timestamp.json'))).toHaveLength(1)
  })

  test('bytes that are not the target are refused and removed', async () => {
    const [name = ''] = desk.repository.targetNames('pkgs/a.whl')
    desk.repository.serve(name, new TextEncoder().encode('wheeL'), 'target')
    await mkdir(join(desk.folder, 'out'))
    const { status, stderr } = await desk.run(['download', 'pkgs/a.whl', '--folder', 'out'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/\[ERR_TUF_HASH_MISMATCH\]\n$/)
    expect(await readdir(join(desk.folder, 'out'))).toEqual([])
  })

  test('the first failure ends the command', async () => {
    const { status } = await desk.run(['download', 'pkgs/a.whl', 'pkgs/none', 'pkgs/c'])
    expect(status).toBe(1)
    expect(await readdir(desk.folder)).toContain('a.whl')
  })

  test('with --output - standard output is the verified bytes alone', async () => {
    const { status, stdout, stderr } = await desk.run(['download', 'pkgs/a.whl', '-o', '-'])
    expect([status, stdout, stderr]).toEqual([0, 'wheel', 'pkgs/a.whl: 5 bytes, verified\n'])
    expect(await readdir(desk.folder)).not.toContain('-')
  })

  test('with --output - no byte of an unverified target is written', async () => {
    const [name = ''] = desk.repository.targetNames('pkgs/a.whl')
    desk.repository.serve(name, new TextEncoder().encode('wheeL'), 'target')
    const { status, stdout } = await desk.run(['download', 'pkgs/a.whl', '--output', '-'])
    expect([status, stdout]).toEqual([1, ''])
  })

  test.each([
    ['pkgs/a.whl', '-o', '-', '--json'],
    ['pkgs/a.whl', 'pkgs/b', '-o', '-'],
    ['pkgs/a.whl', '-o', '-', '--folder', 'out'],
  ])('--output - accepts one target: download %s %s %s %s', async (...args) => {
    expect((await desk.run(['download', ...args])).status).toBe(2)
  })

  test('a destination that is not a regular file is refused and stays', async () => {
    const pipe = join(desk.folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const { status, stderr } = await desk.run(['download', 'pkgs/a.whl', '-o', 'pipe'])
    expect(status).toBe(1)
    expect(stderr).toContain('not a regular file')
    expect((await lstat(pipe)).isFIFO()).toBe(true)
  })

  test.each([
    ['out', 'it is a folder and not a regular file'],
    ['root.json/a.whl', 'a part of the path is not a folder (ENOTDIR)'],
    ['missing/a.whl', 'its folder does not exist (ENOENT)'],
    ['a'.repeat(300), 'the name is too long (ENAMETOOLONG)'],
  ])('a destination at which no file can be is named, with advice: %s', async (output, reason) => {
    await mkdir(join(desk.folder, 'out'))
    const path = join(desk.folder, output)
    const hint = 'ame a file in an existing folder; tuffet download --folder DIR makes one'
    const plain = await desk.run(['download', 'pkgs/a.whl', '-o', output])
    expect([plain.status, plain.stderr]).toEqual([
      1,
      `tuffet: cannot write ${path}: ${reason}. N${hint}. [ERR_TUF_DESTINATION]\n`,
    ])
    const { stdout } = await desk.run(['download', 'pkgs/a.whl', '-o', output, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: {
        code: 'ERR_TUF_DESTINATION',
        message: `cannot write ${path}: ${reason}`,
        path,
        reason,
        hint: `n${hint}`,
      },
    })
    expect(await readdir(join(desk.folder, 'out'))).toEqual([])
  })

  test('a bar is drawn on a terminal only', async () => {
    const drawn = await desk.run(['download', 'pkgs/a.whl'], { isTerminal: true })
    expect(drawn.stderr).toMatch(/^\rpkgs\/a\.whl \[#{24}\] 100% {2}5 B of 5 B\r +\r$/)
    const again = await desk.run(['download', 'pkgs/a.whl', '-o', 'other'])
    expect(again.stderr).toBe('')
  })

  test('--hash-prefix decides under which name a file is requested', async () => {
    await desk.run(['download', 'pkgs/a.whl', '--no-hash-prefix'])
    expect(desk.fetcher.requests.at(-1)?.url).toBe(`${desk.fetcher.targetsUrl}pkgs/a.whl`)
    await desk.run(['download', 'pkgs/a.whl', '--hash-prefix', '-o', 'b'])
    expect(desk.fetcher.requests.at(-1)?.url).toBe(`${desk.fetcher.targetsUrl}pkgs/${sha256}.a.whl`)
  })
})

describe('reset', () => {
  test('forgets all metadata of the repository except the root of init', async () => {
    await desk.run(['init'])
    desk.repository.rotate('timestamp')
    await desk.run(['find', 'pkgs/a.whl'])
    const { status, stdout } = await desk.run(['reset'])
    expect(status).toBe(0)
    expect(stdout.split('\n').slice(0, -2).sort()).toEqual([
      'deleted root.json',
      'deleted root_history/1.root.json',
      'deleted root_history/2.root.json',
      'deleted snapshot.json',
      'deleted state/anchor',
      'deleted state/clock',
      'deleted targets.json',
      'deleted timestamp.json',
    ])
    expect(await readdir(join(desk.folder, 'store/anchor'))).toEqual(['root.json'])
    expect(await desk.json('reset')).toMatchObject({ ok: true, deleted: [] })
    expect(await desk.json('refresh')).toMatchObject({ roles: { root: { version: 2 } } })
  })

  test('recovers from a clock that was ahead', async () => {
    await desk.run(['refresh'])
    desk.repository.advance(-0.5)
    const { stderr } = await desk.run(['refresh'])
    expect(stderr).toMatch(/tuffet reset forgets it\. \[ERR_TUF_CLOCK_BEHIND\]\n$/)
    await desk.run(['reset'])
    expect((await desk.run(['refresh'])).status).toBe(0)
  })

  test('touches no folder that is not a store', async () => {
    const folder = join(desk.folder, 'other')
    await mkdir(folder)
    await writeFile(join(folder, 'root.json'), 'mine')
    await writeFile(join(desk.folder, 'none.json'), '{}')
    const { status, stderr } = await desk.run(['reset', '--config', 'none.json', '--store', folder])
    expect(status).toBe(1)
    expect(stderr).toMatch(/\[ERR_TUF_NOT_STORED\]/)
    expect(await readFile(join(folder, 'root.json'), 'utf8')).toBe('mine')
  })
})
