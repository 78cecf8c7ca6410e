/**
 * pip through the proxy beside pip from a plain static index, in one run: `npm run bench:proxy`.
 * 40 small projects, and one large wheel (`--large BYTES`, default 1,000,000,000). Needs pip
 * (`TUFFET_PIP`), and Linux for the proxy's peak memory.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { childEnvironment } from '../../src/pypi/run/child-environment.js'
import { makeWheel, type Wheel } from '../../test/support/wheel.js'

const { values } = parseArgs({
  options: {
    large: { type: 'string', default: '1000000000' },
    runs: { type: 'string', default: '3' },
  },
})

/** Wheels by file name, as plain pages and files. */
function serve(wheels: readonly Wheel[]): ReturnType<typeof createServer> {
  const files = new Map(wheels.map((wheel) => [wheel.filename, wheel]))
  const projects = new Map(
    wheels.map(({ filename }) => [filename.split('-')[0]!.replaceAll('_', '-'), filename]),
  )
  return createServer((request, response) => {
    const [, area, name = ''] = (request.url ?? '').split('/')
    const filename = area === 'simple' ? projects.get(name) : undefined
    const wheel = area === 'files' ? files.get(name) : undefined
    if (filename !== undefined) {
      response.setHeader('content-type', 'text/html')
      response.end(`<!DOCTYPE html><a href="/files/${filename}">${filename}</a>`)
    } else if (wheel) {
      response.setHeader('content-length', wheel.bytes.length)
      response.end(wheel.bytes)
    } else response.writeHead(404).end()
  })
}

/** Milliseconds that pip takes. */
async function install(
  origin: string,
  environment: NodeJS.ProcessEnv,
  projects: readonly string[],
): Promise<number> {
  const target = mkdtempSync(join(tmpdir(), 'tuffet-bench-'))
  const [program = 'python3', ...args] = process.env['TUFFET_PIP']?.split(' ') ?? [
    'python3',
    '-m',
    'pip',
  ]
  const options = ['--quiet', '--no-cache-dir', '--no-compile', '--disable-pip-version-check']
  const index = ['--index-url', `${origin}/simple/`]
  const all = [...args, 'install', ...options, ...index, '--target', target, ...projects]
  const began = performance.now()
  const child = spawn(program, all, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
  const [status] = await once(child, 'close')
  const taken = performance.now() - began
  rmSync(target, { recursive: true })
  if (status !== 0) throw new Error(`pip ended with ${status}`)
  return taken
}

async function compare(title: string, wheels: readonly Wheel[], runs: number): Promise<void> {
  const server = serve(wheels)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const plain = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const served = wheels.map(({ filename, bytes }) => ({
    filename,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    url: `${plain}/files/${filename}`,
  }))
  const projects = wheels.map(({ filename }) => filename.split('-')[0]!.replaceAll('_', '-'))
  const script = fileURLToPath(new URL('child.ts', import.meta.url))
  const times: { plain: number[]; proxy: number[] } = { plain: [], proxy: [] }
  let peak = 0
  for (let run = 0; run < runs; run++) {
    // A new one each time: nothing is kept from the run before.
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(served)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = await once(child.stdout, 'data')
      const origin = String(line).trim()
      const proxy = { origin, indexUrl: `${origin}/simple/` }
      const { PIP_FIND_LINKS: _, ...environment } = process.env
      times.plain.push(await install(plain, environment, projects))
      times.proxy.push(await install(origin, childEnvironment(process.env, proxy, true), projects))
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024)
    } finally {
      child.kill()
    }
  }
  server.close()
  server.closeAllConnections()
  const [before, through] = [median(times.plain), median(times.proxy)]
  const seconds = (time: number): string => `${(time / 1_000).toFixed(2)} s`
  console.log(
    `${title}: plain ${seconds(before)}, proxy ${seconds(through)}, ` +
      `ratio ${(through / before).toFixed(2)}, peak memory of the proxy ${peak.toFixed(0)} MiB`,
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

const small = Array.from({ length: 40 }, (_, at) =>
  makeWheel({ name: `small_${at}`, version: '1.0', padding: 20_000 }),
)
await compare('40 small projects', small, Number(values.runs))
const large = makeWheel({ name: 'large_pkg', version: '1.0', padding: Number(values.large) })
await compare(`one wheel of ${values.large} bytes`, [large], 1)
