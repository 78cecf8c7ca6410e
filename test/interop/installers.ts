/** Real installers as child processes, with nothing but a proxy to ask. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proxy } from '../../src/pypi/proxy/proxy.js'
import { childEnvironment } from '../../src/pypi/run/child-environment.js'

export interface Installed {
  readonly status: number | null
  /** Both streams. */
  readonly output: string
  /** What `python -c 'import demo_pkg; print(demo_pkg.message)'` prints, if it is there. */
  readonly message: string | undefined
}

export interface Installer {
  readonly name: string
  readonly command: readonly string[]
}

/** `TUFFET_PIP` and `TUFFET_UV` name others than those that are found. */
export function findInstallers(): Installer[] {
  const pip = process.env['TUFFET_PIP']?.split(' ') ?? ['python3', '-m', 'pip']
  const uv = process.env['TUFFET_UV']?.split(' ') ?? ['uv']
  return [
    { name: 'pip', command: pip },
    { name: 'uv', command: [...uv, 'pip'] },
  ].filter(({ command: [program = '', ...args] }) => {
    const { status } = spawnSync(program, [...args, '--help'], { stdio: 'ignore' })
    return status === 0
  })
}

/** Installs into a new folder, with what is in `TMPDIR` gone afterwards. */
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
    return { status, output, message: ran.status === 0 ? ran.stdout.trim() : undefined }
  } finally {
    await rm(folder, { recursive: true })
  }
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
