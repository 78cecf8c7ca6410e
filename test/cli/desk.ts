/** A folder, a repository and a terminal: everything a command line meets in one test. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fetcher } from '../../src/client/fetcher.js'
import type { ExitStatus, Io } from '../../src/cli/io.js'
import { run } from '../../src/cli/run.js'
import {
  createRepository,
  defaultMetadataUrl,
  defaultTargetsUrl,
  type MemoryFetcher,
  type TestRepository,
} from '../../src/testing/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

export interface Outcome {
  readonly status: ExitStatus
  readonly stdout: string
  /** Without the line that `Desk.notes` gives. */
  readonly stderr: string
}

/** A test's changes to the world. */
export interface World {
  readonly isTerminal?: boolean
  readonly columns?: number
  readonly hasColours?: boolean
  /** In place of parts of standard output. */
  readonly stdout?: Partial<Io['stdout']>
  readonly stdin?: string | AsyncIterable<Uint8Array>
  readonly signal?: AbortSignal
  readonly fetcher?: Fetcher
  /** Below the folder of the desk. */
  readonly folder?: string
  /** Default: the repository's time. */
  readonly now?: () => number
  /** Default: the one who runs the tests. */
  readonly user?: number | undefined
}

export interface Desk {
  readonly folder: string
  readonly repository: TestRepository
  readonly fetcher: MemoryFetcher
  io(world?: World): Io
  run(args: readonly string[], world?: World): Promise<Outcome>
  /** The first message of the last run: the files that named the root and the store. */
  notes(): string
  /** The JSON that `args` print with `--json`. */
  json(...args: string[]): Promise<unknown>
  clear(): Promise<void>
}

/** One target, `pkgs/a.whl` (`wheel`), in a delegated role; `tuffet.json` and `root.json`. */
export async function openDesk(settings: object = {}): Promise<Desk> {
  const folder = temporaryFolder('cli')
  const repository = createRepository({ keys: { root: { count: 3, threshold: 2 } } })
  repository.delegate('targets', { name: 'pkgs', paths: ['pkgs/*'] })
  repository.addTarget('pkgs/a.whl', 'wheel', { role: 'pkgs' })
  repository.publish()
  const fetcher = repository.fetcher()
  await writeFile(join(folder, 'root.json'), repository.root())
  const given = {
    metadataUrl: defaultMetadataUrl,
    targetsUrl: defaultTargetsUrl,
    root: 'root.json',
    store: 'store',
    ...settings,
  }
  await writeFile(join(folder, 'tuffet.json'), JSON.stringify(given))

  let notes = ''

  function ioHere(world: World = {}, written = { stdout: '', stderr: '' }): Io {
    const { isTerminal = false, columns = 80, hasColours = false } = world
    const outputTo = (name: 'stdout' | 'stderr'): Io['stdout'] => ({
      isTerminal,
      columns,
      hasColours,
      write(text) {
        written[name] += text
      },
      writeBytes(bytes) {
        written[name] += Buffer.from(bytes).toString('latin1')
        return Promise.resolve()
      },
      flush: () => Promise.resolve(),
      ...(name === 'stdout' ? world.stdout : {}),
    })
    return {
      stdout: outputTo('stdout'),
      stderr: outputTo('stderr'),
      stdin: () => {
        const { stdin = '' } = world
        return typeof stdin === 'string' ? pieces(stdin) : stdin
      },
      folder: join(folder, world.folder ?? ''),
      user: 'user' in world ? world.user : process.geteuid?.(),
      signal: world.signal ?? new AbortController().signal,
      now: world.now ?? (() => repository.now),
      fetcher: world.fetcher ?? fetcher,
    }
  }

  async function runHere(args: readonly string[], world: World = {}): Promise<Outcome> {
    const written = { stdout: '', stderr: '' }
    const status = await run(args, ioHere(world, written))
    const said = /^tuffet: (?:root|store|root and store) from .*\n/.exec(written.stderr)
    notes = said?.[0] ?? ''
    return { status, ...written, stderr: written.stderr.slice(notes.length) }
  }

  return {
    folder,
    repository,
    fetcher,
    io: (world) => ioHere(world),
    run: runHere,
    notes: () => notes,
    async json(...args) {
      const { stdout, stderr } = await runHere([...args, '--json'])
      if (stderr !== '') throw new Error(`standard error: ${stderr}`)
      return JSON.parse(stdout) as unknown
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  }
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  for (const character of text) yield new TextEncoder().encode(character)
}
