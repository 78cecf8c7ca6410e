/** The repository that a real RSTUF wrote, as the command line meets it, at a time when it was fresh. */
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Io } from '../../src/cli/io.js'
import { run } from '../../src/cli/run.js'
import { FetchNotFoundError } from '../../src/errors.js'
import type { Fetcher } from '../../src/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

export const metadataUrl = 'https://tuf.example.com/metadata/'
export const targetsUrl = 'https://index.example.com/'
/** The timestamp expires a day later. */
export const fresh = Date.parse('2026-11-28T19:40:00Z')

export interface RstufDesk {
  readonly folder: string
  /** URL of each request. */
  readonly asked: string[]
  run(args: readonly string[], signal?: AbortSignal): Promise<RstufOutcome>
  settings(settings: object): Promise<void>
  clear(): Promise<void>
}

export interface RstufOutcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** @param path of the folder with `metadata/` and `index/` */
export async function openRstufDesk(path: string): Promise<RstufDesk> {
  const folder = temporaryFolder('rstuf')
  const asked: string[] = []
  const fetcher = fetcherOf(path, asked)
  await writeFile(join(folder, '1.root.json'), readFileSync(`${path}/metadata/1.root.json`))
  return {
    folder,
    asked,
    async run(args, signal = new AbortController().signal) {
      const written = { stdout: '', stderr: '' }
      const output = (name: 'stdout' | 'stderr'): Io['stdout'] => ({
        isTerminal: false,
        columns: 80,
        hasColours: false,
        write(text) {
          written[name] += text
        },
        flush: () => Promise.resolve(),
        writeBytes(bytes) {
          written[name] += Buffer.from(bytes).toString('latin1')
          return Promise.resolve()
        },
      })
      const status = await run(args, {
        stdout: output('stdout'),
        stderr: output('stderr'),
        stdin: () => noInput(),
        folder,
        user: process.geteuid?.(),
        signal,
        now: () => fresh,
        fetcher,
      })
      return { status, ...written }
    },
    settings: (settings) => writeFile(join(folder, 'tuffet.json'), JSON.stringify(settings)),
    clear: () => rm(folder, { recursive: true }),
  }
}

/** A static web server: it serves the files of the folders, under plain names. */
export function fetcherOf(path: string, asked: string[] = []): Fetcher {
  const places = [
    [metadataUrl, `${path}/metadata/`],
    [targetsUrl, `${path}/index/`],
  ] as const
  return {
    fetch({ url }) {
      asked.push(url)
      const place = places.find(([base]) => url.startsWith(base))
      const file = place && `${place[1]}${decodeURIComponent(url.slice(place[0].length))}`
      if (file === undefined || file.endsWith('/') || !existsSync(file)) {
        return Promise.reject(new FetchNotFoundError(url, 404))
      }
      const bytes = new Uint8Array(readFileSync(file))
      return Promise.resolve({ offset: 0, body: one(bytes) })
    },
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

async function* noInput(): AsyncGenerator<Uint8Array> {
  // No user types.
}
