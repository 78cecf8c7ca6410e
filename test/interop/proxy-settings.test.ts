/**
 * The same settings of a proxy, given to curl, pip and tuffet: whom each asks. Where tuffet differs
 * on purpose the row says why, and docs/compatibility.md too.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { createRepository } from '../../src/testing/index.js'
import { buildCommand, builtCommand } from './built-command.js'
import { runProgram } from './lock-machine.js'
import { proxySettings, type Asked, type ProxySetting } from './proxy-settings-rows.js'
import { installTools, isReady, nameMissing } from './tools.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const tools = await installTools({ pip: ['oldest', 'newest'] })
nameMissing(tools, 'settings of a proxy, as pip takes them')
const curl = spawnSync('curl', ['--version'], { encoding: 'utf8' })
const [major = 0, minor = 0] = (/^curl (\d+)\.(\d+)/.exec(curl.stdout) ?? []).slice(1).map(Number)
// The first one that reads blocks of addresses.
const hasCurl = major * 1_000 + minor >= 7_086
if (!hasCurl) process.stderr.write('skipped, settings of a proxy: no curl, or one before 7.86\n')

interface Program {
  readonly kind: 'curl' | 'pip' | 'tuffet'
  readonly label: string
  command(url: string): readonly [string, ...string[]]
}

let folder: string

const programs: readonly Program[] = [
  {
    kind: 'tuffet',
    label: 'tuffet',
    command: (url) => {
      const where = ['--metadata-url', url, '--store', join(folder, `store-${Math.random()}`)]
      const root = ['--root', join(folder, 'root.json'), '--retries', '0']
      return [process.execPath, builtCommand, 'refresh', ...where, ...root]
    },
  },
  ...(hasCurl
    ? [
        {
          kind: 'curl' as const,
          label: 'curl',
          command: (url: string) => ['curl', '-q', '-sS', '--max-time', '20', url] as const,
        },
      ]
    : []),
  ...tools.filter(isReady).map(({ label, python }) => ({
    kind: 'pip' as const,
    label,
    command: (url: string) => {
      const host = ['--trusted-host', new URL(url).host]
      const settings = ['--isolated', '--retries', '0', '--disable-pip-version-check', ...host]
      const ask = ['--no-deps', '--index-url', url, '--dest', folder, 'demo-pkg']
      return [python, '-m', 'pip', 'download', '-vv', ...settings, ...ask] as const
    },
  })),
]

/** A server, the proxy, and what they were asked. */
interface Place {
  readonly port: number
  readonly proxy: string
  readonly dead: string
  readonly asked: Asked[]
  close(): Promise<void>
}

async function openPlace(): Promise<Place> {
  const asked: Asked[] = []
  const [server, server6] = [0, 1].map(() =>
    createServer((_request, response) => {
      asked.push('server')
      response.writeHead(404).end()
    }),
  ) as [Server, Server]
  const note = (authorization = ''): void => {
    const [, base64] = /^Basic (.+)$/.exec(authorization) ?? []
    const user = base64 === undefined ? '' : Buffer.from(base64, 'base64').toString()
    asked.push(base64 === undefined ? 'proxy' : `proxy as ${user}`)
  }
  const proxy = createServer((request, response) => {
    note(request.headers['proxy-authorization'])
    response.writeHead(404).end()
  })
  proxy.on('connect', (request, socket) => {
    note(request.headers['proxy-authorization'])
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  const gone = createServer()
  const [port, proxyPort, deadPort] = [
    await listen(server),
    await listen(proxy),
    await listen(gone),
  ]
  if (hasIpv6) server6.listen(port, '::1')
  await close(gone)
  return {
    port,
    proxy: `127.0.0.1:${proxyPort}`,
    dead: `127.0.0.1:${deadPort}`,
    asked,
    close: async () => {
      await Promise.all([close(server), close(server6), close(proxy)])
    },
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

const ofProxies = /^(?:https?|all|no)_proxy$/i

async function ask(program: Program, { env, url }: ProxySetting): Promise<[Asked, string]> {
  const place = await openPlace()
  try {
    const fill = (text: string): string =>
      text
        .replaceAll('PROXY', place.proxy)
        .replaceAll('DEAD', place.dead)
        .replaceAll('PORT', String(place.port))
    const kept = Object.entries(process.env).filter(([name]) => !ofProxies.test(name))
    const given = Object.entries(env).map(([name, value]) => [name, fill(value)])
    const [file, ...args] = program.command(fill(url))
    const { output } = await runProgram(file, args, {
      env: Object.fromEntries([...kept, ...given]) as NodeJS.ProcessEnv,
    })
    const reached = place.asked.at(-1) ?? (wasUnknown(output) ? 'server' : 'nobody')
    return [reached, output]
  } finally {
    await place.close()
  }
}

/** Names below `invalid` exist nowhere, so a program that asks for the server itself says that. */
function wasUnknown(output: string): boolean {
  return /resolve host|not known|ENOTFOUND|name resolution/i.test(output)
}

beforeAll(() => {
  buildCommand()
  folder = temporaryFolder('proxies')
  const repository = createRepository()
  repository.publish()
  writeFileSync(join(folder, 'root.json'), repository.root())
}, 600_000)

/** What a program does by the table. */
function expected({ kind, label }: Program, row: ProxySetting): Asked {
  const { tuffet, curl = tuffet, pip = tuffet, oldPip = pip } = row
  return { tuffet, curl, pip: label === 'pip 20.3.4' ? oldPip : pip }[kind]
}

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1')
const rows = proxySettings
  .flatMap(({ rows: some }) => some)
  .filter(({ url }) => hasIpv6 || !url.includes('[::1]'))

test.each(rows)('$env, $url: tuffet asks the $tuffet', async (row) => {
  const asked = await Promise.all(
    programs.map(async (program) => {
      const [whom, output] = await ask(program, row)
      return { program: program.label, whom, output }
    }),
  )
  expect(asked).toEqual(
    programs.map((program) => ({
      program: program.label,
      whom: expected(program, row),
      output: expect.any(String),
    })),
  )
})

test('the message about a proxy that is down names its variable, and no password', async () => {
  const tuffet = programs[0]!
  for (const [variable, value] of [
    ['http_proxy', 'DEAD'],
    ['HTTP_PROXY', 'http://user:hunter2@DEAD'],
    ['ALL_PROXY', 'user:hunter2@DEAD'],
  ] as const) {
    const row: ProxySetting = {
      env: { [variable]: value },
      url: 'http://127.0.0.1:PORT/',
      tuffet: 'nobody',
    }
    const [, output] = await ask(tuffet, row)
    expect(output).toContain(`the proxy that ${variable} names`)
    expect(output).not.toContain('hunter2')
  }
})

test('the documentation names each setting that another program takes differently', () => {
  const page = readFileSync('docs/compatibility.md', 'utf8')
  const differing = proxySettings.filter(({ rows: some }) =>
    some.some((row) => 'curl' in row || 'pip' in row || 'oldPip' in row),
  )
  expect(differing.length).toBeGreaterThan(5)
  for (const { topic } of differing) expect(page).toContain(`| ${topic} |`)
})
