/**
 * Runs any executable with the command line of tuf-conformance as a client of workflow vectors: one
 * process for each command, against a server on loopback.
 */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkInteger } from '../../core/number-option.js'
import { hasCode } from '../../node/system-error.js'
import {
  VectorSkip,
  type VectorClient,
  type WorkflowActual,
  type WorkflowSession,
} from '../client.js'
import type { WorkflowStep, WorkflowVector } from '../format.js'
import { fileBytes, ServedFiles } from '../served-files.js'
import { storedVersion } from '../stored-version.js'
import { serveVector, type Loopback } from './loopback.js'
import { findProgram, runCommand, type CommandEnd } from './run-command.js'

/** All optional. */
export interface ProcessClientOptions {
  /** For each command, in milliseconds. Default 30 seconds. */
  readonly timeLimit?: number | undefined
  /**
   * Path of the `faketime` program. Default: looked up in PATH. `false`: not available, and vectors
   * that need another time than the clock's are skipped.
   */
  readonly faketime?: string | false | undefined
  /** Where the command is run. Default: where this process is. */
  readonly folder?: string | undefined
  /** Ends a running command; its vector fails. */
  readonly signal?: AbortSignal | undefined
}

/** How far a vector's time may be from the clock's where it cannot be faked. Milliseconds. */
const nearEnough = 60_000

/**
 * A client that is run as `COMMAND --metadata-dir … init|refresh|download …`; status 0 is yes, 1 is
 * no, and every other ending is a failure. It cannot answer `absent`, or function vectors. Needs a
 * POSIX shell.
 *
 * @param command For the shell: a program with its arguments.
 *
 * @example
 * ```ts
 * import { processClient } from 'tuffet/vectors/node'
 *
 * const client = processClient('./my-client')
 * ```
 */
export function processClient(command: string, options: ProcessClientOptions = {}): VectorClient {
  const { faketime = findProgram('faketime') } = options
  const { timeLimit = 30_000, folder, signal } = options
  checkInteger('timeLimit', timeLimit, 1, 2 ** 31 - 1)
  const runAt = (time: number, args: readonly string[]): Promise<CommandEnd> => {
    if (faketime !== false && faketime !== undefined) {
      return runCommand(command, args, { time, faketime, timeLimit, folder, signal })
    }
    if (Math.abs(Date.now() - time) > nearEnough) throw new VectorSkip('faketime is not installed')
    return runCommand(command, args, { timeLimit, folder, signal })
  }
  return { name: command, startWorkflow: (vector) => ProcessSession.start(vector, runAt) }
}

type RunAt = (time: number, args: readonly string[]) => Promise<CommandEnd>

class ProcessSession implements WorkflowSession {
  readonly #folder: string
  readonly #metadata: string
  readonly #runAt: RunAt
  readonly #served: ServedFiles
  readonly #server: Loopback
  #initialized: Promise<CommandEnd> | undefined
  #downloads = 0

  private constructor(folder: string, runAt: RunAt, served: ServedFiles, server: Loopback) {
    this.#folder = folder
    this.#metadata = join(folder, 'metadata')
    this.#runAt = runAt
    this.#served = served
    this.#server = server
  }

  static async start({ anchor }: WorkflowVector, runAt: RunAt): Promise<ProcessSession> {
    const folder = await mkdtemp(join(tmpdir(), 'tuf-vector-'))
    const served = new ServedFiles()
    const session = new ProcessSession(folder, runAt, served, await serveVector(served))
    await mkdir(session.#metadata)
    await writeFile(session.#anchor, fileBytes(anchor))
    return session
  }

  get #anchor(): string {
    return join(this.#folder, 'anchor.json')
  }

  async run(step: WorkflowStep): Promise<WorkflowActual> {
    const time = Date.parse(step.time)
    const base = ['--metadata-dir', this.#metadata]
    this.#initialized ??= this.#runAt(time, [...base, 'init', this.#anchor])
    const initialized = await this.#initialized
    await this.#change(step)
    const { requests } = this.#server
    requests.length = 0
    const downloads = join(this.#folder, `downloads-${this.#downloads++}`)
    await mkdir(downloads)
    // A root that init refuses is refused for good: refresh is not run.
    const end =
      initialized.status === 0
        ? await this.#runAt(time, [...base, ...this.#arguments(step, downloads)])
        : initialized
    const sha256 = await onlyDigest(downloads)
    return {
      result: resultOf(step, end),
      ...(sha256 !== undefined && { sha256 }),
      trusted: await this.#trusted(step),
      requests: [...requests],
      message: end.said,
    }
  }

  async close(): Promise<void> {
    await this.#server.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #arguments({ command }: WorkflowStep, downloads: string): string[] {
    const { metadataUrl, targetsUrl } = this.#server
    const common = ['--metadata-url', metadataUrl]
    if (command === 'refresh') return [...common, 'refresh']
    const path = command.download
    if (/[\0\p{Cs}]/u.test(path)) {
      throw new VectorSkip('the target path cannot stand on a command line')
    }
    const target = ['--target-name', path, '--target-dir', downloads]
    return [...common, ...target, '--target-base-url', targetsUrl, 'download']
  }

  async #change({ serve, store = {} }: WorkflowStep): Promise<void> {
    this.#served.change(serve)
    for (const [name, body] of Object.entries(store)) {
      const file = join(this.#metadata, name)
      // It may be a link to something that must stay.
      await rm(file, { force: true })
      if (body !== null) await writeFile(file, fileBytes(body))
    }
  }

  async #trusted({ expect }: WorkflowStep): Promise<Record<string, number | null>> {
    const versions: Record<string, number | null> = {}
    for (const role of Object.keys(expect.trusted ?? {})) {
      versions[role] = await versionIn(join(this.#metadata, `${quoted(role)}.json`))
    }
    return versions
  }
}

function resultOf(step: WorkflowStep, { status, said }: CommandEnd): WorkflowActual['result'] {
  if (status === 0) return 'accepted'
  if (status !== 1) throw new Error(`ended with status ${status}: ${said}`)
  return step.command === 'refresh' ? 'refused' : 'refused-or-absent'
}

async function versionIn(file: string): Promise<number | null> {
  try {
    return storedVersion(await readFile(file))
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENAMETOOLONG')) return null
    throw error
  }
}

/** The SHA-256 of the one file that a download left. */
async function onlyDigest(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const [file, ...others] = entries.filter((entry) => !entry.isDirectory())
  if (!file) return undefined
  if (others.length > 0) throw new Error(`a download left ${others.length + 1} files`)
  const bytes = await readFile(join(file.parentPath, file.name))
  return createHash('sha256').update(bytes).digest('hex')
}

/** Python's `quote(name, safe="")`. */
function quoted(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
