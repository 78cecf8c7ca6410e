/** The program that `bin` names, as `npm run build` makes it. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, copyFileSync, existsSync, openSync, readFileSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { version } from '../../src/cli/version.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const program = resolve('dist/cli/main.cjs')
let folder: string

beforeEach(() => {
  folder = temporaryFolder('front')
})

function run(file: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('the program', () => {
  test.each(['--version', '-V'])('answers %s by itself', (option) => {
    expect(run(program, option)).toEqual({ status: 0, stdout: `${version()}\n`, stderr: '' })
    // Nothing else is needed: a copy without the package knows it too.
    const alone = join(folder, 'alone.cjs')
    symlinkSync(program, alone)
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--preserve-symlinks-main', alone, option],
      { encoding: 'utf8' },
    )
    expect([status, stdout]).toEqual([0, `${version()}\n`])
  })

  test.each([
    [['--version', '--json'], 0, `{"ok":true,"version":"${version()}"}\n`],
    [['version'], 0, `${version()}\n`],
    [['--version', '--no-such-option'], 2, ''],
    [['--', '--version'], 2, ''],
    [['frobnicate'], 2, ''],
  ])('leaves %j to the command', (args, status, stdout) => {
    expect(run(program, ...args)).toMatchObject({ status, stdout })
  })

  test('runs commands through a link in another folder', () => {
    const link = join(folder, 'tuffet')
    symlinkSync(program, link)
    expect(run(link, 'help', 'refresh')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^usage: tuffet refresh/),
    })
  })

  test('says that the version cannot be written', () => {
    if (!existsSync('/dev/full')) return
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [program, '--version'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect([status, stderr]).toEqual([1, expect.stringContaining('standard output')])
  })

  test('is done when nobody reads the version', async () => {
    const child = spawn(process.execPath, [program, '--version'])
    child.stdout.destroy()
    expect((await once(child, 'close'))[0]).toBe(0)
  })

  test('is small, and loads no module but one that Node has loaded already', () => {
    const code = readFileSync(program, 'utf8')
    expect(code.length).toBeLessThan(1_100)
    expect(code.match(/(?:require|import)\(.*?\)/g)).toEqual([
      "require('node:fs')",
      "import('./main.js')",
    ])
  })

  test.each([[[]], [['--json']]])(
    'reports in its own way that files cannot be opened %j',
    (format) => {
      if (process.platform === 'win32') return
      // Node ends by itself where it cannot read the program.
      const empty = join(folder, 'empty.cjs')
      writeFileSync(empty, '')
      let least = 3
      while (least < 64 && limited(least, empty).status !== 0) least += 1
      const reported: unknown[] = []
      for (let files = least; files < least + 16; files += 1) {
        const words = ['refresh', '--store', 'store', '--metadata-url', 'https://localhost:1/']
        const { status, stdout, stderr } = limited(files, program, ...words, ...format)
        expect(stderr).not.toMatch(/^ +at /m)
        expect(status).toBe(1)
        const [full = '', code] =
          format.length === 0
            ? (/^tuffet: .*?(?:\((EMFILE)\)|(?:open files).*|\[(\w+)\])$/m.exec(stderr) ?? [])
            : [stdout, String(JSON.parse(stdout).error.code)]
        expect(full).not.toBe('')
        reported.push(code)
      }
      expect(new Set(reported).size).toBeGreaterThan(1)
    },
  )

  test('reports a missing part of itself', () => {
    const alone = join(folder, 'main.cjs')
    copyFileSync(program, alone)
    const main = join(folder, 'main.js')
    expect(run(alone, 'refresh')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^tuffet: the program cannot be loaded: .*install it again\n$/),
    })
    const { status, stdout, stderr } = run(alone, 'refresh', '--json')
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: { code: 'ERR_MODULE_NOT_FOUND', message: expect.stringContaining(main) },
    })
    // It belongs to another command here.
    expect(run(alone, 'pypi', 'run', '--', 'pip', '--json').stdout).toBe('')
  })
})

/** Runs a file while this many files may be open. */
function limited(files: number, file: string, ...args: readonly string[]) {
  const script = `ulimit -n ${files} && exec "$@"`
  return spawnSync('sh', ['-c', script, 'sh', process.execPath, file, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
}
