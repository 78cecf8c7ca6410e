/**
 * Runs the machine's gpgv, or gpg, for one detached signature: in a private home that is removed,
 * without its user's settings and keys, bounded in time and output. It never judges (`status.ts`).
 */
import { spawn } from 'node:child_process'
import { access, constants, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Writable } from 'node:stream'
import { makeTemporaryFolder } from '../../node/temporary-folder.js'
import type { GpgAnswer } from './status.js'

/** A program that verifies signatures. */
export interface GpgProgram {
  readonly name: 'gpgv' | 'gpg'
  /** Absolute. */
  readonly path: string
}

/** What it is asked about. */
export interface GpgQuestion {
  readonly keyring: Uint8Array
  readonly signature: Uint8Array
  /** The signed bytes. Its errors are thrown. */
  readonly content: AsyncIterable<Uint8Array>
}

/** Bounds of one run. */
export interface GpgLimits {
  /** Milliseconds without progress. Default 30,000. */
  readonly patience?: number
  readonly signal?: AbortSignal | undefined
}

/** The program did not answer. */
export interface GpgFailure {
  readonly failed: string
}

/** Bytes of status lines: one signature takes 500. */
const mostOutput = 65_536

/** Of gpg: gpgv knows no such settings. */
const gpgOptions =
  `--no-options --batch --no-tty --no-default-keyring --trust-model always --no-auto-check-trustdb
   --no-auto-key-retrieve --no-auto-key-locate --disable-dirmngr`.split(/\s+/)

/** The first one on the path: gpgv needs no settings to be safe. A relative entry does not count. */
export async function findGpg(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<GpgProgram | undefined> {
  const isWindows = process.platform === 'win32'
  const path = environment['PATH'] ?? (isWindows ? environment['Path'] : undefined) ?? ''
  for (const name of ['gpgv', 'gpg'] as const) {
    for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
      const program = join(folder, isWindows ? `${name}.exe` : name)
      if (await isProgram(program)) return { name, path: program }
    }
  }
  return undefined
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** @throws the errors of `content` and of the temporary folder; the signal's reason */
export async function askGpg(
  program: GpgProgram,
  { keyring, signature, content }: GpgQuestion,
  limits: GpgLimits = {},
): Promise<GpgAnswer | GpgFailure> {
  limits.signal?.throwIfAborted()
  // Only this user can enter it (0700).
  const home = await makeTemporaryFolder(tmpdir(), 'asc')
  try {
    const files = { keyring: join(home, 'keyring.gpg'), signature: join(home, 'signature') }
    await writeFile(files.keyring, keyring, { mode: 0o600, flag: 'wx' })
    await writeFile(files.signature, signature, { mode: 0o600, flag: 'wx' })
    const args = ['--homedir', home, '--status-fd', '1', '--keyring', files.keyring]
    const asked =
      program.name === 'gpgv'
        ? [...args, files.signature, '-']
        : [...gpgOptions, ...args, '--verify', files.signature, '-']
    return await runProgram(program, asked, home, content, limits)
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }
}

function runProgram(
  { name, path }: GpgProgram,
  args: readonly string[],
  home: string,
  content: AsyncIterable<Uint8Array>,
  { patience = 30_000, signal }: GpgLimits,
): Promise<GpgAnswer | GpgFailure> {
  const { SystemRoot } = process.env
  const env = { LC_ALL: 'C', HOME: home, GNUPGHOME: home, ...(SystemRoot && { SystemRoot }) }
  const child = spawn(path, args, { cwd: home, env, stdio: ['pipe', 'pipe', 'ignore'] })
  return new Promise((resolve, reject) => {
    const output: Uint8Array[] = []
    let length = 0
    let failed: string | undefined
    let thrown: { readonly error: unknown } | undefined
    const end = (): void => {
      child.kill('SIGKILL')
      // A grandchild may hold the pipes open.
      child.stdout.destroy()
      child.stdin.destroy()
    }
    const fail = (reason: string): void => {
      failed ??= reason
      end()
    }
    const stop = (error: unknown): void => {
      thrown ??= { error }
      end()
    }
    const timer = setTimeout(() => {
      fail(`${name} did not answer within ${patience / 1000} seconds, and was ended`)
    }, patience)
    const abort = (): void => stop(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    child.stdout.on('data', (chunk: Uint8Array) => {
      length += chunk.length
      output.push(chunk)
      if (length > mostOutput) fail(`${name} wrote more than ${mostOutput} bytes, and was ended`)
    })
    // It may end before it has read everything: its answer says why.
    child.stdin.on('error', () => undefined)
    const fed = feed(content, child.stdin, () => timer.refresh()).catch((error: unknown) => {
      stop(error)
      return false
    })
    const settle = async (status: number | null): Promise<void> => {
      clearTimeout(timer)
      child.stdin.destroy()
      const readAll = await fed
      signal?.removeEventListener('abort', abort)
      if (thrown) reject(thrown.error)
      else if (failed !== undefined) resolve({ failed })
      else resolve({ output: Buffer.concat(output).toString(), status, readAll })
    }
    child.once('error', (error) => {
      fail(`${path} could not be started: ${error.message}`)
      void settle(null)
    })
    child.once('close', (status) => void settle(status))
  })
}

/** Whether the pipe took all of it. */
async function feed(
  content: AsyncIterable<Uint8Array>,
  pipe: Writable,
  onProgress: () => void,
): Promise<boolean> {
  for await (const chunk of content) {
    // Its memory is used again when the next one is asked for.
    const error = await new Promise<unknown>((resolve) => pipe.write(chunk, resolve))
    if (error) return false
    onProgress()
  }
  pipe.end()
  return true
}
