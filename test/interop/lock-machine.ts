/** How this machine reaches an index, for tools that do not read pip's settings; and child processes. */
import { spawn, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { findProgram } from '../../src/vectors/node/run-command.js'

/** The interpreter that everything is made with: PYTHON, or `python3`. */
export function basePython(): string {
  const named = process.env['PYTHON'] ?? 'python3'
  return named.includes('/') ? resolve(named) : (findProgram(named) ?? named)
}

/** Variables by which a tool would ask elsewhere, or in another way, than the test says. */
const foreign = /^(?:UV|PDM|POETRY|PIPENV|PIP_TOOLS)_|^PIP_(?:FIND_LINKS|NO_INDEX|CONSTRAINT)$/
const python = /^(?:PYTHON(?:PATH|HOME)|VIRTUAL_ENV|__PYVENV_LAUNCHER__)$/

let known: Readonly<Record<string, string>> | undefined

/** The environment of every tool; `PIP_INDEX_URL` is in it. */
export function toolEnvironment(): Readonly<Record<string, string>> {
  known ??= { ...inherited(), ...ofPip(), ...ofVirtualenv() }
  return known
}

/**
 * virtualenv renews the wheels that it seeds an environment with, in the background and for the whole
 * machine. The tools of a test get those that their own virtualenv came with: the oldest pipenv needs
 * a setuptools of its time.
 */
function ofVirtualenv(): Record<string, string> {
  return {
    VIRTUALENV_NO_PERIODIC_UPDATE: '1',
    VIRTUALENV_OVERRIDE_APP_DATA: join(toolFolder(), 'virtualenv'),
  }
}

/** Where the tools of these tests are installed: TUFFET_TOOLS, or a folder of this checkout. */
export function toolFolder(): string {
  return resolve(process.env['TUFFET_TOOLS'] ?? 'node_modules/.cache/tools')
}

/** The index that pip is set to; it may be one of this machine's own, and is never shown. */
export function indexUrl(): string {
  return toolEnvironment()['PIP_INDEX_URL'] ?? ''
}

function inherited(): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value = ''] of Object.entries(process.env)) {
    if (!foreign.test(name) && !python.test(name)) env[name] = value
  }
  return env
}

/** Its index, and the certificates that it is reached with, under the names that others know. */
function ofPip(): Record<string, string> {
  const args = ['-m', 'pip', 'config', 'list']
  const { status, stdout } = spawnSync(basePython(), args, { encoding: 'utf8', env: inherited() })
  const settings = status === 0 ? stdout : ''
  const value = (name: string): string | undefined =>
    [':env:', 'global']
      .map((section) => new RegExp(`^${section}\\.${name}='(.*)'$`, 'm').exec(settings)?.[1])
      .find((found) => found !== undefined)
  const cert = value('cert')
  return {
    PIP_INDEX_URL: value('index-url') ?? 'https://pypi.org/simple',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    ...(cert !== undefined && { SSL_CERT_FILE: cert, REQUESTS_CA_BUNDLE: cert }),
  }
}

/** Runs a program to its end; `output` is both streams. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, folder }: { readonly env: NodeJS.ProcessEnv; readonly folder?: string },
): Promise<{ readonly status: number | null; readonly output: string }> {
  return new Promise((settle) => {
    const cwd = folder === undefined ? {} : { cwd: folder }
    const child = spawn(program, [...args], { ...cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk)
      })
    }
    child.once('error', (error) => settle({ status: null, output: error.message }))
    child.once('close', (status) => settle({ status, output }))
  })
}

/** The last line that says something, in one line and without the names of hosts. */
export function lastWords(output: string): string {
  const lines = output.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  const error = lines.findLast((line) => /error|cannot|could not/i.test(line)) ?? lines.at(-1)
  return (error ?? 'it says nothing')
    .trim()
    .replaceAll(/[a-z]+:\/\/[^\s'",]+|host='[^']*'/gi, '…')
    .slice(0, 300)
}
