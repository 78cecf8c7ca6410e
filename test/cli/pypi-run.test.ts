import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { makePipe } from '../support/pipe.js'
import type { Fetcher } from '../../src/index.js'
import type { Desk } from './desk.js'
import { fakePip, openPypiDesk, wheel } from './pypi-desk.js'

const before = { ...process.env }
let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
})
afterEach(async () => {
  process.env = { ...before }
  await desk.clear()
})

function read(name: string): Promise<string> {
  return readFile(join(desk.folder, name), 'utf8')
}

async function json(...command: string[]): Promise<unknown> {
  const { stdout, stderr } = await desk.run(['pypi', 'run', '--json', '--', ...command])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as unknown
}

describe('tuffet pypi run', () => {
  test('gives its child an index of verified files, and its arguments', async () => {
    const pip = await fakePip(
      desk,
      `const file = await get('../files/demo-pkg/${wheel}')
       writeFileSync('got', await file.text())
       writeFileSync('args', JSON.stringify(args))`,
    )
    const args = ['pypi', 'run', '--', pip, 'install', '--target', '-x', 'demo-pkg']
    expect(await desk.run(args)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await read('got')).toBe('a wheel')
    expect(JSON.parse(await read('args'))).toEqual(['install', '--target', '-x', 'demo-pkg'])
  })

  test.each([0, 1, 7, 255])('ends with the status of its child, %d', async (status) => {
    const pip = await fakePip(desk, `process.exitCode = ${status}`)
    expect(await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])).toMatchObject({
      status,
    })
    expect(await json(pip, 'install', 'demo-pkg')).toMatchObject({
      ok: status === 0,
      status,
    })
  })

  test('ends as shells do when a signal ended its child', async () => {
    const pip = await fakePip(desk, `process.kill(process.pid, 'SIGKILL')`)
    const { status } = await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
    expect(status).toBe(137)
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on', async (signal) => {
    const pip = await fakePip(
      desk,
      `process.on('${signal}', () => { writeFileSync('signal', ''); process.exit(9) })
       writeFileSync('ready', '')
       setTimeout(() => {}, 60_000)`,
    )
    const others = process.listeners(signal)
    const running = desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
    while (!existsSync(join(desk.folder, 'ready'))) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    for (const listener of process.listeners(signal)) {
      if (!others.includes(listener)) listener(signal)
    }
    expect(await running).toMatchObject({ status: 9 })
    expect(existsSync(join(desk.folder, 'signal'))).toBe(true)
    expect(process.listeners(signal)).toEqual(others)
  })

  test('reports each refusal once', async () => {
    desk.repository.attack.arbitraryInstallation(`files/${wheel}`)
    const pip = await fakePip(
      desk,
      `const answers = [await get('../files/demo-pkg/${wheel}'), await get('../files/demo-pkg/${wheel}')]
       process.exitCode = answers.every(({ status }) => status === 403) ? 3 : 0`,
    )
    const { status, stderr } = await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
    expect(status).toBe(3)
    expect(stderr).toMatch(/^tuffet: refused \/files\/demo-pkg\/.*\[ERR_TUF_HASH_MISMATCH\]\n$/)
    expect(await json(pip, 'install', 'demo-pkg')).toMatchObject({
      ok: false,
      status: 3,
      error: { code: 'NOT_VERIFIED' },
      refusals: [{ asked: `/files/demo-pkg/${wheel}` }, {}],
    })
  })

  test('reports a refusal also when its child left early and ended well', async () => {
    desk.repository.attack.arbitraryInstallation(`files/${wheel}`)
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const slow: Fetcher = {
      ...desk.fetcher,
      async fetch(request) {
        if (!request.url.includes(wheel)) return desk.fetcher.fetch(request)
        writeFileSync(join(desk.folder, 'asked'), '')
        await ended
        return desk.fetcher.fetch(request)
      },
    }
    const pip = await fakePip(
      desk,
      `const { existsSync } = require('node:fs')
       void get('../files/demo-pkg/${wheel}').catch(() => {})
       while (!existsSync('asked')) await new Promise((next) => setTimeout(next, 20))
       writeFileSync('left', '')
       process.exit(0)`,
    )
    const running = desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'], { fetcher: slow })
    while (!existsSync(join(desk.folder, 'left'))) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    end()
    const { status, stderr } = await running
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/^tuffet: refused .*HASH_MISMATCH\]\n$/),
    ])
  })

  test('says that a file was not judged when an interrupt came first', async () => {
    const interruption = new AbortController()
    let reached = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      reached = resolve
    })
    const stuck: Fetcher = {
      ...desk.fetcher,
      async fetch(request) {
        if (!request.url.includes(wheel)) return desk.fetcher.fetch(request)
        reached()
        await once(request.signal, 'abort')
        throw request.signal.reason
      },
    }
    const pip = await fakePip(
      desk,
      `const { existsSync } = require('node:fs')
       void get('../files/demo-pkg/${wheel}').catch(() => {})
       while (!existsSync('interrupted')) await new Promise((next) => setTimeout(next, 20))
       process.exit(0)`,
    )
    const running = desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'], {
      fetcher: stuck,
      signal: interruption.signal,
    })
    await asked
    interruption.abort()
    writeFileSync(join(desk.folder, 'interrupted'), '')
    const { stderr } = await running
    expect(stderr).toMatch(/the proxy closed before the file was verified/)
  })

  test('leaves its child no other way to an index', async () => {
    Object.assign(process.env, {
      PIP_EXTRA_INDEX_URL: 'https://other.test/simple/',
      PIP_FIND_LINKS: '/srv/wheels',
      UV_INDEX: 'https://other.test/simple/',
      HTTPS_PROXY: 'http://other.test',
    })
    const pip = await fakePip(desk, `writeFileSync('env', JSON.stringify(env))`)
    await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
    const environment = JSON.parse(await read('env')) as Record<string, string>
    expect(JSON.stringify(environment)).not.toContain('other.test')
    expect(environment).not.toHaveProperty('PIP_FIND_LINKS')
    const { PIP_INDEX_URL = '', UV_DEFAULT_INDEX, HTTPS_PROXY } = environment
    expect(PIP_INDEX_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/simple\/$/)
    expect([UV_DEFAULT_INDEX, HTTPS_PROXY]).toEqual([PIP_INDEX_URL, new URL(PIP_INDEX_URL).origin])
  })

  test('refuses a client without its token, and each run makes a new token', async () => {
    const pip = await fakePip(
      desk,
      `const paths = ['/simple/demo-pkg/', '/files/demo-pkg/${wheel}']
       const answers = await Promise.all(paths.map((path) => get(path)))
       writeFileSync('got', JSON.stringify([env.PIP_INDEX_URL, answers.map((one) => one.status)]))`,
    )
    const indexes = new Set<string>()
    for (let run = 0; run < 2; run++) {
      const { status, stderr } = await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
      const [index, statuses] = JSON.parse(await read('got')) as [string, number[]]
      expect([status, stderr, statuses]).toEqual([0, '', [404, 404]])
      indexes.add(new URL(index).pathname)
    }
    expect(indexes.size).toBe(2)
  })

  test('names a refused file without its token', async () => {
    const pip = await fakePip(desk, `await get('none/'); process.exitCode = 1`)
    const { stderr } = await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
    expect(stderr).toBe(
      'tuffet: refused /simple/none/: the repository has no page of none (no target simple/none)\n',
    )
  })

  test.each([
    [['lock', 'demo-pkg'], 'pip lock: writes the address of a proxy that ends with the command'],
    [['install', '--report', 'r.json', 'demo-pkg'], '--report: writes the address of a proxy'],
  ])('does not run pip %j', async (args, message) => {
    const pip = await fakePip(desk, `writeFileSync('ran', '')`)
    const { status, stderr } = await desk.run(['pypi', 'run', '--', pip, ...args])
    expect([status, stderr]).toEqual([2, expect.stringContaining(`tuffet: ${message}`)])
    expect(existsSync(join(desk.folder, 'ran'))).toBe(false)
  })

  test('refuses to run when there is another way, and names each', async () => {
    await writeFile(join(desk.folder, 'r.txt'), 'demo-pkg\n-i https://other.test/simple/\n')
    const pip = await fakePip(desk, `writeFileSync('ran', '')`)
    const args = [
      'pypi',
      'run',
      '--',
      pip,
      'install',
      '-r',
      'r.txt',
      '--extra-i=https://other.test',
    ]
    const { status, stdout, stderr } = await desk.run(args)
    expect([status, stdout, stderr]).toEqual([
      2,
      'r.txt:2: --index-url: names another index\n' +
        '--extra-i (--extra-index-url): names another index\n',
      'tuffet: r.txt:2: --index-url: names another index; nothing was run\n',
    ])
    expect(existsSync(join(desk.folder, 'ran'))).toBe(false)
    expect(desk.fetcher.requested).toEqual([])
  })

  test('looks at the file that `..` behind a link leads to', async () => {
    await mkdir(join(desk.folder, 'other/deep'), { recursive: true })
    await symlink('other/deep', join(desk.folder, 'sub'))
    await writeFile(join(desk.folder, 'r.txt'), 'demo-pkg\n')
    await writeFile(join(desk.folder, 'in.txt'), '-r sub/../r.txt\n')
    await writeFile(join(desk.folder, 'other/r.txt'), '-i https://other.test/simple/\n')
    const pip = await fakePip(desk, `writeFileSync('ran', '')`)
    for (const [file, stderr] of [
      ['sub/../r.txt', 'sub/../r.txt:1: --index-url: names another index'],
      [
        'in.txt',
        '-r in.txt: cannot be looked at: in.txt:1: "sub/../r.txt" is another file than "r.txt"',
      ],
    ] as const) {
      const ran = await desk.run(['pypi', 'run', '--', pip, 'install', '-r', file])
      expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining(`tuffet: ${stderr}`)])
    }
    expect(existsSync(join(desk.folder, 'ran'))).toBe(false)
  })

  test('lets one project come from elsewhere when an option names it', async () => {
    process.env['HTTPS_PROXY'] = 'http://proxy.test'
    const pip = await fakePip(desk, `writeFileSync('env', JSON.stringify(env))`)
    const command = ['--', pip, 'install', 'demo-pkg', 'mine @ https://other.test/mine-1.zip']
    expect(await desk.run(['pypi', 'run', ...command])).toMatchObject({ status: 2 })
    const allowed = ['pypi', 'run', '--allow-unverified', 'mine', ...command]
    expect(await desk.run(allowed)).toMatchObject({ status: 0 })
    expect(JSON.parse(await read('env'))).toMatchObject({ HTTPS_PROXY: 'http://proxy.test' })
  })

  test('does not read a pipe that can be read only once', async () => {
    makePipe(join(desk.folder, 'pipe'))
    const pip = await fakePip(desk, '')
    const { status, stderr } = await desk.run(['pypi', 'run', '--', pip, 'install', '-r', 'pipe'])
    expect([status, stderr]).toEqual([
      2,
      `tuffet: -r pipe: cannot be looked at: ${desk.folder}/pipe is not a regular file; nothing was run\n`,
    ])
  })

  test('refuses to run when the repository is refused', async () => {
    const pip = await fakePip(desk, `writeFileSync('ran', '')`)
    desk.repository.advance(400)
    const { status, stderr } = await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
    expect([status, stderr]).toEqual([1, expect.stringContaining('ERR_TUF_EXPIRED')])
    expect(existsSync(join(desk.folder, 'ran'))).toBe(false)
  })

  test('a missing program is named', async () => {
    const pip = join(desk.folder, 'none', 'pip')
    const { status, stderr } = await desk.run(['pypi', 'run', '--', pip, 'install', 'demo-pkg'])
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^tuffet: .*none\/pip: the file or folder does not exist \(ENOENT\)/),
    ])
  })

  test.each([
    ['sh -c pip', 'sh -c pip: tuffet can run pip install'],
    ['poetry install', 'poetry install: tuffet can run pip install'],
  ])('%s is wrong usage', async (command, message) => {
    const { status, stderr } = await desk.run(['pypi', 'run', '--', ...command.split(' ')])
    expect([status, stderr.startsWith(`tuffet: ${message}`)]).toEqual([2, true])
  })
})
