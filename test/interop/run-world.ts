/** `tuffet pypi run`, as it is built, over a repository that is served on loopback. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseFilename, writePageJson, type IndexFile } from '../../src/pypi/index.js'
import { createPep458Repository } from '../../src/testing/index.js'
import { nodeEd25519Signer, serve } from '../../src/testing/node/index.js'
import { digestsOf } from '../pypi/index-repository.js'
import { builtCommand } from './built-command.js'
import { findPython } from './find-python.js'
import { runProgram, toolEnvironment } from './lock-machine.js'
import type { ReadyTool } from './tools.js'

/** The end of a program; `output` is both streams. */
export type Ended = Awaited<ReturnType<typeof runProgram>>

export interface RunWorld {
  /** Everything is below it. */
  readonly folder: string
  /** Where commands run; empty at first. */
  readonly work: string
  /** Where they install. */
  readonly site: string
  /** Runs `tuffet pypi ARGS`. */
  tuffet(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended>
  close(): Promise<void>
}

/** A repository in which pages and files are targets. */
export async function openRunWorld(
  distributions: readonly { readonly filename: string; readonly bytes: Buffer }[],
): Promise<RunWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'tuffet-run-'))
  const [work, site] = [join(folder, 'work'), join(folder, 'site')]
  await mkdir(work)
  const repository = createPep458Repository({
    bins: 4,
    makeSigner: nodeEd25519Signer,
    now: Date.now(),
  })
  const pages = new Map<string, IndexFile[]>()
  for (const { filename, bytes } of distributions) {
    const project = parseFilename(filename)?.project ?? ''
    const hashes = new Map([['sha256', digestsOf(bytes).sha256]])
    const file = { filename, url: `https://files.test/${filename}`, hashes, size: bytes.length }
    pages.set(project, [...(pages.get(project) ?? []), file])
    repository.addTarget(`files/${filename}`, bytes)
  }
  for (const [project, files] of pages) {
    const page = { apiVersion: '1.1', project, files, versions: ['1.0'] }
    repository.addTarget(`simple/${project}`, writePageJson(page))
  }
  repository.publish()
  const server = await serve(repository)
  const { metadataUrl, targetsUrl } = server
  const layout = { name: 'pages-and-files', page: 'simple/{project}', file: 'files/{filename}' }
  const settings = { metadataUrl, targetsUrl, root: 'root.json', store: 'tuf', layout }
  await writeFile(join(folder, 'tuffet.json'), JSON.stringify(settings))
  await writeFile(join(folder, 'root.json'), repository.root())
  return {
    folder,
    work,
    site,
    tuffet: ([command = '', ...args], environment = {}) => {
      const config = ['--config', join(folder, 'tuffet.json')]
      const words = [builtCommand, 'pypi', command, ...config, ...args]
      // Whatever a tool keeps is below the folder.
      const own = {
        HOME: join(folder, 'home'),
        TMPDIR: folder,
        XDG_CACHE_HOME: join(folder, 'cache'),
        UV_CACHE_DIR: join(folder, 'cache'),
        PIP_CACHE_DIR: join(folder, 'cache'),
      }
      const env = { ...toolEnvironment(), ...own, ...environment }
      return runProgram(process.execPath, words, { env, folder: work })
    },
    async close() {
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** `pip install --target SITE …`, or that of uv. */
export function installCommand(
  { name, python, programs }: ReadyTool,
  site: string,
  ...requirements: readonly string[]
): readonly [string, ...string[]] {
  const target = ['--target', site, ...requirements]
  if (name === 'pip') return [python, '-m', 'pip', 'install', ...target]
  const uv = join(programs, 'uv')
  return [uv, 'pip', 'install', '--python', findPython() ?? 'python3', ...target]
}
