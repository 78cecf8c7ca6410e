/**
 * Real distributions, as `pip download` brings them from wherever this machine's pip is set up to
 * ask. They are kept in `node_modules/.cache`, so that a second run needs nobody.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pipCommand } from '../installers.js'

export interface RealDistribution {
  readonly filename: string
  readonly path: string
  readonly bytes: Buffer
  /** The fields of METADATA or PKG-INFO. */
  readonly metadata: Buffer
  readonly requiresPython: string | undefined
  /** The reason, as pip gave it. */
  readonly yanked: string | undefined
}

/** Why they are missing. */
export interface NoDistributions {
  readonly reason: string
}

type Wanted = readonly [kind: 'wheel' | 'sdist', requirement: string]

/** Small, and of each kind of name; some need others that are here too. */
const wanted: readonly Wanted[] = [
  ['wheel', 'typing_extensions==4.11.0'],
  ['wheel', 'typing_extensions==4.12.2'],
  ['wheel', 'zope.event==5.0'],
  ['wheel', 'jaraco.functools==4.0.2'],
  ['wheel', 'jaraco.classes==3.4.0'],
  ['wheel', 'more-itertools==10.5.0'],
  ['wheel', 'importlib-metadata==7.1.0'],
  ['wheel', 'zipp==3.19.2'],
  ['wheel', 'python-dateutil==2.9.0.post0'],
  ['wheel', 'six==1.16.0'],
  ['wheel', 'six==1.17.0'],
  ['wheel', 'attrs==21.1.0'],
  ['wheel', 'attrs==21.2.0'],
  ['wheel', 'Jinja2==3.1.2'],
  ['wheel', 'PyJWT==2.8.0'],
  ['wheel', 'flit_core==3.9.0'],
  ['sdist', 'tomli==2.0.1'],
  ['sdist', 'idna==3.7'],
  ['sdist', 'typing_extensions==4.12.2'],
  ['sdist', 'MarkupSafe==2.1.5'],
]

const cache = fileURLToPath(
  new URL('../../../node_modules/.cache/tuffet-distributions/', import.meta.url),
)
const readMetadata = fileURLToPath(new URL('core_metadata.py', import.meta.url))

/**
 * All of them, or pip's message when one is not available; standard error gets the message too.
 *
 * @throws instead where `PYTHON` is set: a user who names an interpreter wants the tests to run
 */
export function findDistributions(): readonly RealDistribution[] | NoDistributions {
  try {
    return wanted.map((one) => kept(one) ?? download(one))
  } catch (error) {
    if (!(error instanceof DownloadError) || process.env['PYTHON'] !== undefined) throw error
    process.stderr.write(`skipped, all tests of real distributions: ${error.message}\n`)
    return { reason: error.message }
  }
}

class DownloadError extends Error {}

function folderOf([kind, requirement]: Wanted): string {
  return join(cache, `${kind}-${requirement}`)
}

function kept(one: Wanted): RealDistribution | undefined {
  const folder = folderOf(one)
  if (!existsSync(folder)) return undefined
  const [filename = ''] = readdirSync(join(folder, 'file'))
  const path = join(folder, 'file', filename)
  const metadata = readFileSync(join(folder, 'METADATA'))
  const yanked = readFileSync(join(folder, 'yanked'), 'utf8')
  return {
    filename,
    path,
    bytes: readFileSync(path),
    metadata,
    requiresPython: /^Requires-Python: *(.+)$/m.exec(metadata.toString())?.[1],
    yanked: yanked === '' ? undefined : yanked,
  }
}

/** Into a folder that gets its name only when it is complete: other processes may do the same. */
function download(one: Wanted): RealDistribution {
  const [kind, requirement] = one
  mkdirSync(cache, { recursive: true })
  const temporary = mkdtempSync(join(cache, 'part-'))
  try {
    const file = join(temporary, 'file')
    const form = kind === 'wheel' ? '--only-binary' : '--no-binary'
    const [project = ''] = requirement.split('==')
    const [program = '', ...args] = pipCommand()
    const { stdout, stderr } = run(program, [
      ...[...args, 'download', '--disable-pip-version-check', '--no-deps', form, project],
      ...['--dest', file, requirement],
    ])
    const [filename = ''] = readdirSync(file)
    const metadata = run('python3', [readMetadata, join(file, filename)])
    writeFileSync(join(temporary, 'METADATA'), metadata.stdout)
    const said = `${stdout.toString()}\n${stderr}`
    const [, yanked = ''] = /^Reason for being yanked: (.+)$/m.exec(said) ?? []
    writeFileSync(join(temporary, 'yanked'), yanked)
    try {
      renameSync(temporary, folderOf(one))
    } catch (error) {
      // Another process was faster.
      if (kept(one) === undefined) throw error
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  const found = kept(one)
  if (found === undefined) throw new DownloadError(`pip brought no file for ${requirement}`)
  return found
}

function run(program: string, args: readonly string[]): { stdout: Buffer; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args)
  if (status === 0) return { stdout, stderr: stderr.toString() }
  const said = error?.message ?? stderr.toString().trim().split('\n').at(-1) ?? ''
  throw new DownloadError(`${program} … ${args.at(-1)}: ${said}`)
}
