/**
 * Where an example runs: a folder of its own, with the files that it reads, beside a repository on
 * loopback. The program is copied with the repository's address in place of tuf.example.com; tuffet
 * is imported from its sources, so that nothing has to be built.
 */
import { spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve, type ServedRequest } from '../../src/testing/node/index.js'
import type { Example } from './examples.js'
import { token, wheels, world } from './world.js'

export interface Ended {
  readonly status: number | null
  /** Of both streams, where they are not inherited. */
  readonly output: string
  /** Files that were not there before. */
  readonly made: readonly string[]
}

export interface Playground {
  /** Where the program and the files that it reads are. */
  readonly folder: string
  /** Of the repository, without a slash at the end. */
  readonly origin: string
  run(options?: { readonly stdio?: StdioOptions }): Promise<Ended>
  close(): Promise<void>
}

const loader = import.meta.resolve('tsx')
/** For an example that traces. */
const printSpans = new URL('print-spans.ts', import.meta.url).href
const project = fileURLToPath(new URL('../../', import.meta.url))

export async function playground(example: Example): Promise<Playground> {
  const repo = world()
  const isPrivate = example.text.includes('token.txt')
  const served = await serve(repo, { ...(isPrivate && { behave: guard() }) })
  const { origin } = new URL(served.metadataUrl)
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-example-'))
  const program = join(folder, `${example.name}.ts`)
  writeFileSync(program, example.text.replaceAll('https://tuf.example.com', origin))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(folder, 'root.json'), repo.root(1))
  writeFileSync(join(folder, 'b.whl'), 'another wheel')
  writeFileSync(join(folder, 'token.txt'), `${token}\n`)
  mkdirSync(join(folder, 'wheels'))
  for (const { filename, found } of wheels) writeFileSync(join(folder, 'wheels', filename), found)
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction')

  return {
    folder,
    origin,
    async run({ stdio = 'pipe' } = {}) {
      const before = filesIn(folder)
      const tracing = example.text.includes('@opentelemetry') ? ['--import', printSpans] : []
      const child = spawn(process.execPath, ['--import', loader, ...tracing, program], {
        cwd: folder,
        env: {
          ...process.env,
          TSX_TSCONFIG_PATH: `${project}tsconfig/test.json`,
          NO_PROXY: '127.0.0.1',
        },
        stdio,
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      }
      const [status] = (await once(child, 'close')) as [number | null]
      return { status, output, made: filesIn(folder).filter((file) => !before.includes(file)) }
    },
    async close() {
      await served.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A private repository on a bad day: requests need the token, and the first one fails. */
function guard(): (request: ServedRequest) => { status: number } | undefined {
  let first = true
  return ({ headers }) => {
    if (headers['authorization'] !== `Bearer ${token}`) return { status: 401 }
    if (!first) return undefined
    first = false
    return { status: 503 }
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort()
}
