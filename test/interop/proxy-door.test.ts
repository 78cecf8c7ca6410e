/** The clients of the proxy of `tuffet pypi run`, and the places of its address and token. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { childEnvironment } from '../../src/pypi/run/child-environment.js'
import { IndexRepository } from '../pypi/index-repository.js'
import { startAsking, type Asking } from '../pypi/proxy/asking.js'
import { makeWheel, type Wheel } from '../support/wheel.js'
import { buildCommand } from './built-command.js'
import { runProgram, toolEnvironment } from './lock-machine.js'
import { installCommand, openRunWorld, type RunWorld } from './run-world.js'
import { makeSdist, markVariable } from './sdist.js'
import { installTools, isReady, nameMissing } from './tools.js'

const tools = await installTools({ pip: ['oldest', 'newest'], uv: ['oldest', 'newest'] })
const missing = nameMissing(tools, 'the door of the proxy')
const ready = tools.filter(isReady)

/** The backend's view: the index URL, and the answer to a client without a token. */
const says = `__import__('json').dumps([
  os.environ.get('PIP_INDEX_URL'),
  __import__('backend_needs').message,
  __import__('subprocess').run([__import__('sys').executable, '-c', '''
import os, urllib.request, urllib.error, urllib.parse
origin = urllib.parse.urljoin(os.environ['PIP_INDEX_URL'], '/')
statuses = []
for path in ('', 'simple/', 'simple/demo-pkg/', 'files/demo-pkg/demo_pkg-1.0-py3-none-any.whl'):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try: statuses.append(opener.open(origin + path).status)
    except urllib.error.HTTPError as error: statuses.append(error.code)
print(statuses)
'''], stdout=-1).stdout.decode().strip(),
])`

const wheel = makeWheel({ name: 'demo_pkg', version: '1.0' })
const needed = makeWheel({ name: 'backend_needs', version: '1.0' })
const built = makeSdist({
  name: 'built_pkg',
  version: '1.0',
  buildRequires: ['backend-needs'],
  says,
})

/** Files below a folder whose bytes contain a text. */
function filesWith(folder: string, text: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(text))
}

if (missing.length > 0) {
  test.skip.each(missing)('$label cannot be installed: $reason', () => {})
}

beforeAll(buildCommand, 600_000)

function filled({ filename, bytes }: Wheel): IndexRepository {
  const index = new IndexRepository()
  index.add(filename, bytes)
  index.publish()
  return index
}

let running: Asking | undefined
async function start(index: IndexRepository): Promise<Asking> {
  running = await startAsking(index)
  return running
}

let world: RunWorld
beforeEach(async () => {
  world = await openRunWorld([wheel, needed, built])
})
afterEach(async () => {
  await running?.proxy.close(0)
  running = undefined
  await world.close()
})

const there = ready.length === 0 ? describe.skip : describe
// A table without any row is an error.
there.each(ready.length === 0 ? [{ label: 'nothing' } as never] : ready)(
  'tuffet pypi run with $label',
  (tool) => {
    test('installs, builds in isolation, answers no other client, and leaves no address', async () => {
      const [mark, started] = [join(world.folder, 'mark'), join(world.folder, 'started')]
      // Other users see the arguments of a process.
      const spy = `import os
if os.path.exists('/proc/self/cmdline'):
    open(${JSON.stringify(started)}, 'a').write(open('/proc/self/cmdline').read())
`
      await mkdir(join(world.folder, 'spy'))
      await writeFile(join(world.folder, 'spy/sitecustomize.py'), spy)
      const command = installCommand(tool, world.site, 'demo-pkg', 'built-pkg')
      const { status, output } = await world.tuffet(['run', '--', ...command], {
        [markVariable]: mark,
        PYTHONPATH: join(world.folder, 'spy'),
      })
      expect([output, status]).toEqual([expect.not.stringContaining('refused'), 0])
      expect(existsSync(join(world.site, 'demo_pkg/__init__.py'))).toBe(true)
      expect(existsSync(join(world.site, 'built_pkg/__init__.py'))).toBe(true)
      const [index, needs, strangers] = JSON.parse(await readFile(mark, 'utf8')) as string[]
      expect([needs, strangers]).toEqual(['hello', '[404, 404, 404, 404]'])
      const { port, pathname } = new URL(index ?? '')
      const [, token = ''] = pathname.split('/')
      expect(token).toMatch(/^[\w-]{32}$/)
      // The mark exists, so the search would find one. pip starts itself with the URL.
      const shown = tool.name === 'pip' && process.platform === 'linux' ? [started] : []
      expect(filesWith(world.folder, token).sort()).toEqual([mark, ...shown].sort())
      expect(filesWith(world.folder, `127.0.0.1:${port}`).sort()).toEqual([mark, ...shown].sort())
    })

    test('asks for its index with whole URLs, as a proxy of every host is asked', async () => {
      const asked: string[] = []
      const server = createServer((request, response) => {
        asked.push(request.url ?? '')
        response.writeHead(404).end()
      })
      const origin = await listen(server)
      const env = childEnvironment(
        toolEnvironment(),
        { origin, indexUrl: `${origin}/a_token/simple/` },
        true,
      )
      const [program, ...args] = installCommand(tool, world.site, 'demo-pkg')
      await runProgram(program, args, { env, folder: world.work })
      server.close()
      expect(new Set(asked)).toEqual(new Set([`${origin}/a_token/simple/demo-pkg/`]))
    })

    test('does not run a module of the current folder in the place of the tool', async () => {
      const ran = join(world.work, 'RAN')
      await mkdir(join(world.work, tool.name))
      for (const file of ['__init__.py', '__main__.py']) {
        await writeFile(
          join(world.work, tool.name, file),
          `open(${JSON.stringify(ran)}, 'w').close()`,
        )
      }
      const [, ...rest] = installCommand(tool, world.site, 'demo-pkg')
      const args = tool.name === 'pip' ? rest : ['-m', 'uv', ...rest]
      const { status, output } = await world.tuffet(['run', '--', tool.python, ...args])
      expect([status, existsSync(ran), output]).toEqual([0, false, expect.any(String)])
      expect(existsSync(join(world.site, 'demo_pkg/__init__.py'))).toBe(true)
      const env = toolEnvironment()
      await runProgram(tool.python, ['-m', tool.name, '--version'], { env, folder: world.work })
      expect(existsSync(ran)).toBe(true)
    })
  },
)

const uvs = ready.filter(({ name }) => name === 'uv')
const uvsThere = uvs.length === 0 || process.platform === 'win32' ? test.skip : test
// The threat model says so.
uvsThere.each(uvs.length === 0 ? [{ label: 'nothing' } as never] : uvs)(
  '$label runs the interpreter of ./.venv unless --python is a path',
  async (tool) => {
    const ran = join(world.folder, 'RAN')
    const bin = join(world.work, '.venv/bin')
    await mkdir(bin, { recursive: true })
    await writeFile(join(world.work, '.venv/pyvenv.cfg'), 'home = /usr/bin\n')
    await writeFile(join(bin, 'python'), `#!/bin/sh\n: > '${ran}'\nexec python3 "$@"\n`)
    await chmod(join(bin, 'python'), 0o755)
    const [uv, pip, install, , python, ...rest] = installCommand(tool, world.site, 'demo-pkg')
    const command = [uv, pip, install].map(String)
    await world.tuffet(['run', '--', ...command, '--python', String(python), ...rest])
    expect(existsSync(ran)).toBe(false)
    expect(existsSync(join(world.site, 'demo_pkg'))).toBe(true)
    for (const named of [[], ['--python', '3']]) {
      await world.tuffet(['run', '--', ...command, ...named, ...rest])
      expect(existsSync(ran)).toBe(true)
      await rm(ran)
    }
  },
)

const pips = ready.filter(({ name }) => name === 'pip')
const pipsThere = pips.length === 0 ? describe.skip : describe
pipsThere.each(pips.length === 0 ? [{ label: 'nothing' } as never] : pips)('$label', (tool) => {
  let hostile: Server
  let connections: number
  let port: string
  beforeEach(async () => {
    connections = 0
    hostile = createServer((_, response) => response.writeHead(404).end())
    hostile.on('connection', () => {
      connections++
    })
    port = new URL(await listen(hostile)).port
    // The host's name leads to this machine, as its owner could arrange.
    const patch = `import socket
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **named: real('127.0.0.1' if host.endswith('127.0.0.1') else host, *more, **named)
`
    await writeFile(join(world.folder, 'sitecustomize.py'), patch)
  })
  afterEach(async () => {
    hostile.close()
  })

  function run(
    asking: Asking,
    requirement: string,
    more: Readonly<Record<string, string>>,
  ): ReturnType<typeof runProgram> {
    const env = { ...childEnvironment(process.env, asking.proxy, true), ...more }
    const [program, ...args] = installCommand(tool, world.site, requirement)
    return runProgram(program, args, { env, folder: world.work })
  }

  test.each([
    ['x.127.0.0.1', true],
    // Newer pips compare whole labels.
    ['x127.0.0.1', tool.version.startsWith('20.')],
  ])('does not connect to %s, whose name ends as the address of the proxy', async (host, past) => {
    const requires = [`foreign-pkg @ http://${host}:${port}/foreign_pkg-1.0-py3-none-any.whl`]
    const dependent = makeWheel({ name: 'dependent', version: '1.0', requires })
    const asking = await start(filled(dependent))
    const patched = { PYTHONPATH: world.folder }
    const { status } = await run(asking, 'dependent', patched)
    expect([status === 0, connections]).toEqual([false, 0])
    expect(asking.refusals).toContainEqual(
      expect.objectContaining({ asked: expect.stringContaining(host), status: 403 }),
    )
    // The result if NO_PROXY applied.
    await run(asking, 'dependent', { ...patched, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' })
    expect(connections > 0).toBe(past)
  })

  test('does not ask for a newer pip, which would be refused', async () => {
    const asking = await start(filled(wheel))
    expect((await run(asking, 'demo-pkg', {})).status).toBe(0)
    expect(asking.refusals).toEqual([])
    await run(asking, 'demo-pkg', { PIP_DISABLE_PIP_VERSION_CHECK: '0' })
    expect(asking.refusals).toContainEqual(expect.objectContaining({ asked: '/simple/pip/' }))
  })
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  return `http://127.0.0.1:${address.port}`
}
