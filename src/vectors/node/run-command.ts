/**
 * Runs one command line to its end, at a time of its own; a process that hangs is ended with its
 * children.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { hasCode } from '../../node/system-error.js'

/** How a command is run. */
export interface CommandOptions {
  /** The process's clock stands still at this time, in milliseconds since 1970. */
  readonly time?: number | undefined
  /** Path of the `faketime` program; needed for a time. */
  readonly faketime?: string | undefined
  /** Milliseconds. */
  readonly timeLimit: number
  /** Default: where this process is. */
  readonly folder?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** How a command ended. */
export interface CommandEnd {
  readonly status: number
  /** The end of its output on standard error. */
  readonly said: string
}

/** Characters of standard error that are kept. */
const mostSaid = 2000

/** How often faketime is started where it does not come to starting the command. */
const mostStarts = 5

/**
 * Runs `command`, a line for the POSIX shell, with further arguments, which are not interpreted.
 *
 * @throws Error when it cannot be started, is ended by a signal, or takes too long
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandEnd> {
  for (let starts = 1; ; starts++) {
    const end = await runOnce(command, args, options)
    if (options.time === undefined || !isOfFaketime(end)) return end
    // The next process gets another id, and with it other names.
    if (starts === mostStarts) throw withWords(new Error('faketime does not start'), end.said)
  }
}

/**
 * Whether faketime itself gave up, with a status that would be the command's `no`: it names shared
 * memory after its own id, and an earlier one, killed under the same id, left the names in place.
 */
function isOfFaketime({ status, said }: CommandEnd): boolean {
  return status === 1 && /^faketime: (?:sem|shm)_open: /.test(said)
}

function runOnce(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandEnd> {
  const { timeLimit, folder, signal } = options
  const [program, ...rest] = commandLine(command, args, options)
  return new Promise((resolve, reject) => {
    // A group of its own, so that children of the command end with it.
    const child = spawn(program, rest, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TZ: 'UTC' },
      ...(folder !== undefined && { cwd: folder }),
    })
    let said = ''
    let ended: Error | undefined
    const end = (reason: Error): void => {
      ended ??= reason
      if (child.pid !== undefined && child.exitCode === null) killGroup(child.pid)
    }
    const abort = (): void => end(new Error('interrupted'))
    const timer = setTimeout(() => end(new Error(`ran longer than ${timeLimit} ms`)), timeLimit)
    signal?.addEventListener('abort', abort, { once: true })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-mostSaid)
    })
    const settle = (settled: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      settled()
    }
    child.once('error', (error) => settle(() => reject(error)))
    child.once('close', (status, name) =>
      settle(() => {
        if (ended && options.time !== undefined) removeShared(child.pid)
        if (ended) reject(withWords(ended, said))
        else if (status === null)
          reject(withWords(new Error(`ended by ${name ?? 'a signal'}`), said))
        else resolve({ status, said: said.trim() })
      }),
    )
    if (signal?.aborted === true) abort()
  })
}

function commandLine(
  command: string,
  args: readonly string[],
  { time, faketime }: CommandOptions,
): [string, ...string[]] {
  const shell = ['-c', `exec ${command} "$@"`, 'sh', ...args]
  if (time === undefined) return ['/bin/sh', ...shell]
  if (faketime === undefined) throw new TypeError('faketime is needed for a time')
  // Without `@` the clock stands still, so that a second before the end of a file is enough.
  const date = new Date(time).toISOString().slice(0, 19).replace('T', ' ')
  return [faketime, '--exclude-monotonic', '-f', date, '/bin/sh', ...shell]
}

function withWords(error: Error, said: string): Error {
  const words = said.trim()
  return words === '' ? error : new Error(`${error.message}; it said: ${words}`)
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It may end by itself meanwhile.
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

/** Where Linux keeps the objects that a killed faketime could not remove. */
function removeShared(pid: number | undefined): void {
  for (const name of ['sem.faketime_sem', 'faketime_shm']) {
    rmSync(`/dev/shm/${name}_${pid}`, { force: true })
  }
}

/** The path of a program, looked for as the shell does. */
export function findProgram(
  name: string,
  path: string = process.env['PATH'] ?? '',
): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
