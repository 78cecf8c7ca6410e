import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Desk } from './desk.js'
import { contents, openPypiDesk, sdist, sha256, wheel } from './pypi-desk.js'

let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
})
afterEach(() => desk.clear())

const right = [wheel, sdist].map((name) => `--hash=sha256:${sha256(contents[name]!)}`).join(' ')

describe('tuffet pypi check', () => {
  test("ends with 0 when every hash is the repository's", async () => {
    await writeFile(join(desk.folder, 'r.txt'), `# pinned\ndemo-pkg==1.0 ${right}\n`)
    const { status, stdout, stderr } = await desk.run(['pypi', 'check', 'r.txt'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^match {2}demo-pkg 1\.0 {2}r\.txt:2: .*\n1 entry: 1 match\n$/)
  })

  test('does not accept a hash in a URL before its fragment', async () => {
    const [good, evil] = [sha256('a wheel'), 'e'.repeat(64)]
    const url = `https://files.test/${wheel}?a&sha256=${evil}&x=#sha256=${good}`
    await writeFile(join(desk.folder, 'r.txt'), `\ndemo-pkg @ ${url}\n`)
    const { status, stderr } = await desk.run(['pypi', 'check', 'r.txt'])
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^tuffet: r\.txt:2: .* installers would .*ERR_TUF_LOCK_INVALID\]\n$/),
    ])
  })

  test('finds one altered hash, in whatever file', async () => {
    const altered = right.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    await writeFile(join(desk.folder, 'base.txt'), `demo-pkg==1.0 ${altered}\n`)
    await writeFile(
      join(desk.folder, 'r.txt'),
      '-r base.txt\nunknown==1 --hash=sha256:' + 'a'.repeat(64),
    )
    await writeFile(join(desk.folder, 'SHA256SUMS'), `${sha256('a wheel')}  ${wheel}\n`)
    const { status, stdout, stderr } = await desk.run(['pypi', 'check', 'r.txt', 'SHA256SUMS'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^mismatch {2}demo-pkg 1\.0 {2}base\.txt:1: /m)
    expect(stdout).toMatch(/^unknown {3}unknown 1 {5}r\.txt:2: /m)
    expect(stdout).toMatch(/^3 entries: 1 mismatch, 1 unknown, 1 match$/m)
    expect(stderr).toBe('tuffet: the repository does not vouch for 2 of 3 entries\n')
  })

  test.each(['file:/tmp/r.txt', 'FILE:r.txt', 'https://a.test/r.txt'])(
    'reads no URL, %s, as a path',
    async (url) => {
      expect(await desk.run(['pypi', 'check', url])).toEqual({
        status: 2,
        stdout: '',
        stderr: `tuffet: ${url} is a URL, not the path of a file\n`,
      })
      await writeFile(join(desk.folder, 'r.txt'), `-r ${url}\n`)
      const { status, stderr } = await desk.run(['pypi', 'check', 'r.txt'])
      expect([status, stderr]).toEqual([1, expect.stringContaining(`"${url}" is a URL`)])
    },
  )

  test('refuses a requirements file that is a script', async () => {
    const block = '# /// script\n# dependencies = ["other"]\n# ///\n'
    await writeFile(join(desk.folder, 'requirements'), `${block}demo-pkg==1.0 ${right}\n`)
    const { status, stdout, stderr } = await desk.run(['pypi', 'check', 'requirements'])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^tuffet: requirements:1: a script block \(PEP 723\) begins/)
  })

  test('lists each file for programs', async () => {
    await writeFile(join(desk.folder, 'r.txt'), `demo-pkg==1.0 ${right}\n`)
    expect(await desk.json('pypi', 'check', 'r.txt')).toMatchObject({
      ok: true,
      counts: { match: 1 },
      entries: [
        {
          name: 'demo-pkg',
          version: '1.0',
          verdict: 'match',
          source: 'r.txt',
          line: 1,
          files: [{ verdict: 'match' }, { verdict: 'match' }],
        },
      ],
    })
  })

  test.each([
    ['r.txt', '# nothing\n', /^tuffet: r\.txt locks nothing: nothing was verified\n$/],
    ['r.txt', 'demo-pkg==1.0 --what\n', /^tuffet: r\.txt:1: .*ERR_TUF_LOCK_INVALID\]\n$/],
    ['poetry.lock', '[[package]\n', /^tuffet: poetry\.lock.*ERR_TUF_LOCK_INVALID\]\n$/],
  ])('a lock file without entries is not valid: %s %j', async (name, text, message) => {
    await writeFile(join(desk.folder, name), text)
    const { status, stderr } = await desk.run(['pypi', 'check', name])
    expect(status).toBe(1)
    expect(stderr).toMatch(message)
  })
})

describe('entries of a lock file that no index lists', () => {
  const files = `files = [{ file = "${wheel}", hash = "sha256:${sha256(contents[wheel]!)}" }]`
  const good = `[[package]]\nname = "demo-pkg"\nversion = "1.0"\n${files}\n`

  test.each([
    ['-e mydir', 'mydir', 'folder'],
    ['-e .', '.', 'folder'],
    ['./other', './other', 'folder'],
    ['git+https://git.test/other#egg=other', 'other', 'version control system'],
    ['other @ https://files.test/other-1.0.zip', 'other', 'URL'],
  ])('%s does not match, and says why', async (line, subject, reason) => {
    await writeFile(join(desk.folder, 'r.txt'), `demo-pkg==1.0 ${right}\n${line}\n`)
    const { status, stdout } = await desk.run(['pypi', 'check', 'r.txt'])
    expect(status).toBe(1)
    const row = stdout.split('\n').find((one) => one.startsWith('no-hash'))
    expect(row).toContain(subject)
    expect(row).toMatch(new RegExp(`r\\.txt:2: it comes from a.*${reason}`))
  })

  test('is set aside when the user allows it by name, or by place where it lacks a name', async () => {
    const lines = ['-e mydir', 'git+https://git.test/other#egg=Other_One', `demo-pkg==1.0 ${right}`]
    await writeFile(join(desk.folder, 'r.txt'), lines.join('\n'))
    const allow = ['--allow-unverified', 'other.one', '--allow-unverified', 'mydir']
    const { status, stdout } = await desk.run(['pypi', 'check', 'r.txt', ...allow])
    expect(status).toBe(0)
    expect(stdout).toContain('1 entry: 1 match\n')
    expect(stdout).toContain('not compared: mydir: r.txt:1: --allow-unverified lets it\n')
    expect(stdout).toContain('not compared: other-one: r.txt:2: --allow-unverified lets it\n')
    expect(await desk.run(['pypi', 'check', 'r.txt', ...allow.slice(2)])).toMatchObject({
      status: 1,
    })
  })

  test('is refused as the only entry, or when it comes from an index', async () => {
    await writeFile(join(desk.folder, 'r.txt'), '-e mydir\n')
    const only = await desk.run(['pypi', 'check', 'r.txt', '--allow-unverified', 'mydir'])
    expect([only.status, only.stderr]).toEqual([1, 'tuffet: nothing is left to compare\n'])
    await writeFile(join(desk.folder, 'r.txt'), 'demo-pkg==1.0\n')
    const index = await desk.run(['pypi', 'check', 'r.txt', '--allow-unverified', 'demo-pkg'])
    expect(index).toMatchObject({ status: 1, stdout: expect.stringMatching(/^no-hash/) })
  })

  test('may be the project itself, which is named and not compared', async () => {
    const source = 'source = { registry = "https://index.test/simple" }'
    const sdistHash = `sha256:${sha256(contents[sdist]!)}`
    const text = [
      'version = 1',
      '[[package]]\nname = "app"\nversion = "0.1"\nsource = { editable = "." }',
      `[[package]]\nname = "demo-pkg"\nversion = "1.0"\n${source}`,
      `sdist = { url = "https://files.test/${sdist}", hash = "${sdistHash}" }`,
    ]
    await writeFile(join(desk.folder, 'uv.lock'), text.join('\n'))
    const { status, stdout } = await desk.run(['pypi', 'check', 'uv.lock'])
    expect(status).toBe(0)
    expect(stdout).toContain(
      '1 entry: 1 match\nnot compared: app 0.1: uv.lock:2: it is the project',
    )
    expect(await desk.json('pypi', 'check', 'uv.lock')).toMatchObject({
      ok: true,
      entries: [{ name: 'demo-pkg' }],
      notCompared: [{ name: 'app', source: 'uv.lock', line: 2, origin: 'path', location: '.' }],
    })
  })

  test('does not become a match by hashes that no installer compares', async () => {
    const git = '[package.source]\ntype = "git"\nurl = "https://git.test/x"\n'
    const meta = '[metadata]\nlock-version = "2.1"\n'
    await writeFile(join(desk.folder, 'poetry.lock'), good + meta)
    expect(await desk.run(['pypi', 'check', 'poetry.lock'])).toMatchObject({ status: 0 })
    await writeFile(join(desk.folder, 'poetry.lock'), good + git + meta)
    expect(await desk.run(['pypi', 'check', 'poetry.lock'])).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^no-hash {2}demo-pkg 1\.0 .*version control system/),
    })
  })
})

describe('constraints', () => {
  const check = async (requirements: string, constraints: string): Promise<unknown> => {
    await writeFile(join(desk.folder, 'r.txt'), `-c c.txt\n${requirements}\n`)
    await writeFile(join(desk.folder, 'c.txt'), `${constraints}\n`)
    return desk.run(['pypi', 'check', 'r.txt'])
  }

  test('with versions alone are not files', async () => {
    expect(await check(`demo-pkg==1.0 ${right}`, 'demo-pkg==1.0\nother<2')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^1 entry: 1 match$/m),
    })
  })

  test('with a hash or a place of their own are compared like requirements', async () => {
    const zeros = `--hash=sha256:${'0'.repeat(64)}`
    expect(await check(`demo-pkg==1.0 ${right}`, `demo-pkg==1.0 ${zeros}`)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^mismatch {2}demo-pkg 1\.0 {2}c\.txt:1: /m),
    })
    const url = 'demo-pkg @ https://evil.test/demo-pkg-1.0.zip'
    expect(await check(`demo-pkg==1.0 ${right}`, url)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^no-hash {2}demo-pkg 1\.0 {2}c\.txt:1: it comes from a URL/m),
    })
  })

  test('lock nothing by themselves, and add no hash to their requirement', async () => {
    expect(await check('', `demo-pkg==1.0 ${right}`)).toMatchObject({
      status: 1,
      stderr: 'tuffet: r.txt locks nothing: nothing was verified\n',
    })
    expect(await check('demo-pkg==1.0', `demo-pkg==1.0 ${right}`)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^no-hash {2}demo-pkg 1\.0 {2}r\.txt:2: /),
    })
  })
})

test('a checksum of another kind of file is unknown, by its file name', async () => {
  const lines = [`${sha256('a wheel')}  ${wheel}`, `${'0'.repeat(64)}  NEWS.txt`]
  await writeFile(join(desk.folder, 'SHA256SUMS'), lines.join('\n'))
  const { status, stdout } = await desk.run(['pypi', 'check', 'SHA256SUMS'])
  expect(status).toBe(1)
  expect(stdout).toMatch(/^match {4}demo-pkg 1\.0 {2}SHA256SUMS:1: /)
  expect(stdout).toMatch(/^unknown {2}NEWS\.txt {6}SHA256SUMS:2: it is not the name of a wheel/m)
})

test('an entry counts whatever its marker says of this machine', async () => {
  const altered = `--hash=sha256:${'0'.repeat(64)}`
  const text = `demo-pkg==1.0 ; sys_platform == "nowhere" ${altered}\n`
  await writeFile(join(desk.folder, 'r.txt'), text)
  expect(await desk.run(['pypi', 'check', 'r.txt'])).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^mismatch/),
  })
})
