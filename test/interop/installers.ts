/** Real installers as child processes, with a proxy as their only index. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proxy } from '../../src/pypi/proxy/proxy.js'
import { childEnvironment } from '../../src/pypi/run/child-environment.js'

export interface Installed {
  readonly status: number | null
  /** Both streams. */
  readonly output: string
  /** The output of `python -c 'import demo_pkg; print(demo_pkg.message)'`, if it is installed. */
  readonly message: string | undefined
  /** `six-1.16.0`, …: the installed projects, in order, named after their metadata folders. */
  readonly releases: readonly string[]
}

export interface Installer {
  readonly name: string
  readonly command: readonly string[]
}

/** The words before `install`. */
export function pipCommand(): readonly string[] {
  return process.env['TUFFET_PIP']?.split(' ') ?? ['python3', '-m', 'pip']
}

/**
 * `TUFFET_PIP` and `TUFFET_UV` name others than those that are found. A missing one is reported on
 * standard error.
 *
 * @throws where `PYTHON` is set, without pip: a user who names an interpreter wants the tests to
 * run
 */
export function findInstallers(): Installer[] {
  const uv = process.env['TUFFET_UV']?.split(' ') ?? ['uv']
  const all: Installer[] = [
    { name: 'pip', command: pipCommand() },
    { name: 'uv', command: [...uv, 'pip'] },
  ]
  return all.filter(({ name, command: [program = '', ...args] }) => {
    const { status } = spawnSync(program, [...args, '--help'], { stdio: 'ignore' })
    if (status === 0) return true
    const problem = `${[program, ...args].join(' ')} --help does not run`
    if (name === 'pip' && process.env['PYTHON'] !== undefined) throw new Error(problem)
    process.stderr.write(`skipped, all tests with ${name}: ${problem}\n`)
    return false
  })
}

/** Installs into a new folder, and removes the files in `TMPDIR` afterwards. */
export async function install(
  { name, command }: Installer,
  proxy: Proxy,
  ...requirements: readonly string[]
): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'tuffet-interop-'))
  const own = name === 'uv' ? ['--python', 'python3'] : []
  const [program = '', ...args] = command
  try {
    const { status, output } = await runToEnd(
      program,
      [...args, 'install', ...own, '--target', join(folder, 'site'), ...requirements],
      childEnvironment(process.env, proxy, true),
    )
    const script = 'import demo_pkg; print(demo_pkg.message)'
    const ran = spawnSync('python3', ['-c', script], {
      env: { ...process.env, PYTHONPATH: join(folder, 'site') },
      encoding: 'utf8',
    })
    const releases = await releasesIn(join(folder, 'site'))
    return { status, output, message: ran.status === 0 ? ran.stdout.trim() : undefined, releases }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function releasesIn(site: string): Promise<string[]> {
  const names = await readdir(join(site, '..'), { recursive: true })
  return names.flatMap((name) => /^site\/([^/]+)\.dist-info$/.exec(name)?.[1] ?? []).sort()
}

function runToEnd(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk)
      })
    }
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output }))
  })
}
