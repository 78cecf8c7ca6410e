/**
 * The cost of the proxy: pip under `tuffet pypi run` beside pip from a plain static index, and
 * `tuffet pypi serve` with many clients beside its upstream, each pair in one run. `npm run
 * bench:proxy -- [--large BYTES] [--runs N] [--write]`; `--write` renews
 * `docs/performance-proxy.md`. Needs pip (`TUFFET_PIP`), and Linux for peak memory.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { makeWheel, type Wheel } from '../../test/support/wheel.js'
import type { Load } from './load.js'
import { type Loads, proxyPage, type ProxyFigures } from './page.js'
import { projectOf, startUpstream, type Upstream } from './upstream.js'

const { values } = parseArgs({
  options: {
    large: { type: 'string', default: '1000000000' },
    runs: { type: 'string', default: '5' },
    clients: { type: 'string', default: '200' },
    files: { type: 'string', default: '2000' },
    write: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const cli = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tuffet-bench-'))

/** A new store each time: no file is left from the previous run. */
function tuffet(upstream: Upstream, ...command: readonly string[]): string[] {
  const root = join(folder, 'root.json')
  writeFileSync(root, upstream.root)
  const urls = ['--metadata-url', `${upstream.origin}/metadata/`]
  urls.push('--targets-url', `${upstream.origin}/targets/`)
  const store = ['--root', root, '--store', mkdtempSync(join(folder, 'store-'))]
  const [pypi = '', name = '', ...rest] = command
  const given = [...urls, ...store, '--layout', 'pages', '--hash-prefix']
  return [process.execPath, cli, pypi, name, ...given, ...rest]
}

function pip(projects: readonly string[]): string[] {
  const command = process.env['TUFFET_PIP']?.split(' ') ?? ['python3', '-m', 'pip']
  const options = ['--quiet', '--no-cache-dir', '--no-compile', '--disable-pip-version-check']
  const target = mkdtempSync(join(folder, 'site-'))
  return [...command, 'install', ...options, '--target', target, ...projects]
}

interface Took {
  /** Milliseconds. */
  readonly wall: number
  /** MiB, of the process itself, without its children. */
  readonly peak: number
}

async function time(
  [program = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Took> {
  const env = { ...environment, TMPDIR: folder }
  const began = performance.now()
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child))
  }, 50)
  const [status] = await once(child, 'close')
  clearInterval(watch)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  return { wall: performance.now() - began, peak }
}

function peakOf({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return 0
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) / 1_024
}

interface Compared {
  readonly title: string
  readonly plain: number
  readonly run: number
  readonly ratio: number
  readonly peak: number
  readonly runs: number
}

async function compare(title: string, wheels: readonly Wheel[], times: number): Promise<Compared> {
  const upstream = await startUpstream(wheels)
  const projects = [...new Set(wheels.map(({ filename }) => projectOf(filename)))]
  const { PIP_FIND_LINKS: _, ...environment } = process.env
  const plain = { ...environment, PIP_INDEX_URL: `${upstream.origin}/simple/` }
  const took: { readonly plain: Took; readonly run: Took }[] = []
  for (let at = 0; at < times; at++) {
    took.push({
      plain: await time(pip(projects), plain),
      run: await time(tuffet(upstream, 'pypi', 'run', '--', ...pip(projects)), environment),
    })
  }
  upstream.close()
  return {
    title,
    plain: median(took.map((one) => one.plain.wall)),
    run: median(took.map((one) => one.run.wall)),
    ratio: median(took.map((one) => one.run.wall / one.plain.wall)),
    peak: Math.max(...took.map((one) => one.run.peak)),
    runs: times,
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN
}

async function load(origin: string, path: string): Promise<Load> {
  const script = fileURLToPath(new URL('load.ts', import.meta.url))
  const args = ['--import', 'tsx', script, origin, values.clients, path, values.files]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (text) => {
    output += String(text)
  })
  await once(child, 'close')
  const parse: (text: string) => Load = JSON.parse
  return parse(output)
}

/** An empty proxy in front of `upstream`. */
function throughProxy<T>(upstream: Upstream, measure: (origin: string) => Promise<T>): Promise<T> {
  return through(tuffet(upstream, 'pypi', 'serve'), measure)
}

/** A relay that verifies nothing. */
function throughRelay<T>(upstream: Upstream, measure: (origin: string) => Promise<T>): Promise<T> {
  const relay = fileURLToPath(new URL('relay.ts', import.meta.url))
  const tsx = ['--import', import.meta.resolve('tsx')]
  return through([process.execPath, ...tsx, relay, upstream.origin], measure)
}

/** A server of its own process, which prints its URL. */
async function through<T>(
  [program = '', ...args]: readonly string[],
  measure: (origin: string) => Promise<T>,
): Promise<T> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(child.stdout, 'data')
    return await measure(new URL(String(line).trim()).origin)
  } finally {
    child.kill()
  }
}

/** Without the proxy, through a relay, through an empty proxy, and the same files once more. */
async function compareLoad(): Promise<ProxyFigures['loads']> {
  const wheels = Array.from({ length: Number(values.files) }, (_, at) =>
    makeWheel({ name: `load_${at}`, version: '1.0', padding: 20_000 }),
  )
  const upstream = await startUpstream(wheels)
  const file = 'load_{}-1.0-py3-none-any.whl'
  const [page, plain, verified] = ['/simple/load-{}/', `/files/${file}`, `/files/load-{}/${file}`]
  const measure = async (before: string): Promise<Loads> => ({
    bare: await load(upstream.origin, before + plain),
    relay: await throughRelay(upstream, (origin) => load(origin, before + verified)),
    ...(await throughProxy(upstream, async (origin) => ({
      first: await load(origin, before + verified),
      again: await load(origin, before + verified),
    }))),
  })
  try {
    return { files: await measure(''), installs: await measure(`${page} `) }
  } finally {
    upstream.close()
  }
}

try {
  const small = Array.from({ length: 40 }, (_, at) =>
    makeWheel({ name: `small_${at}`, version: '1.0', padding: 20_000 }),
  )
  const installs = [await compare('40 small projects', small, runs)]
  const loads = await compareLoad()
  const large = makeWheel({ name: 'large_pkg', version: '1.0', padding: Number(values.large) })
  installs.push(await compare(`a wheel of ${values.large} bytes`, [large], 1))
  const text = proxyPage({
    date: new Date().toISOString().slice(0, 10),
    machine: `Node ${process.version}, ${cpus()[0]?.model ?? '?'}, cores ${cpus().length}`,
    clients: Number(values.clients),
    files: Number(values.files),
    installs,
    loads,
  })
  console.log(text)
  if (values.write) writeFileSync(new URL('../../docs/performance-proxy.md', import.meta.url), text)
} finally {
  rmSync(folder, { recursive: true })
}
