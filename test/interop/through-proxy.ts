/** pip and uv, in any version, with a proxy as their only index. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proxy } from '../../src/pypi/proxy/proxy.js'
import { childEnvironment } from '../../src/pypi/run/child-environment.js'
import { findPython } from './find-python.js'
import { runProgram } from './lock-machine.js'
import { markVariable } from './sdist.js'
import type { ReadyTool } from './tools.js'

/** The job of a tool. */
export type Action = 'install' | 'dry-run' | 'compile'

export interface Outcome {
  readonly status: number | null
  /** Both streams. */
  readonly output: string
  /** The message of the installed module, if it is installed. */
  readonly message: string | undefined
  /** Whether a build backend ran. */
  readonly built: boolean
}

/** Runs it in a new folder, and removes that afterwards. */
export async function runThrough(
  tool: ReadyTool,
  action: Action,
  proxy: Proxy,
  requirement: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'tuffet-through-'))
  const mark = join(folder, 'built')
  const site = join(folder, 'site')
  try {
    // uv and pip count packages in a working folder as installed.
    await mkdir(join(folder, 'work'))
    await writeFile(join(folder, 'requirements.in'), `${requirement}\n`)
    const [program, ...args] = commandOf(tool, action, site, requirement)
    const given = { ...process.env, ...environment, [markVariable]: mark }
    const env = childEnvironment(given, proxy, true)
    const { status, output } = await runProgram(program, args, {
      env,
      folder: join(folder, 'work'),
    })
    const script = 'import demo_pkg; print(demo_pkg.message)'
    const ran = spawnSync(tool.python, ['-c', script], {
      env: { ...process.env, PYTHONPATH: site },
      encoding: 'utf8',
    })
    const message = ran.status === 0 ? ran.stdout.trim() : undefined
    return { status, output, message, built: existsSync(mark) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function commandOf(
  { name, python, programs }: ReadyTool,
  action: Action,
  site: string,
  requirement: string,
): readonly [string, ...string[]] {
  if (name === 'pip') {
    const dry = action === 'dry-run' ? ['--dry-run'] : []
    return [python, '-m', 'pip', 'install', ...dry, '--target', site, requirement]
  }
  const uv = join(programs, 'uv')
  const interpreter = ['--python', findPython() ?? 'python3']
  if (action === 'compile') return [uv, 'pip', 'compile', ...interpreter, '../requirements.in']
  const dry = action === 'dry-run' ? ['--dry-run'] : []
  return [uv, 'pip', 'install', ...dry, ...interpreter, '--target', site, requirement]
}
