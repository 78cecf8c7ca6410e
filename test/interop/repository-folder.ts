/** Repositories in folders, written by one implementation and served to another. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, type ServedRepository } from '../../src/testing/node/index.js'

/** A repository on loopback, and a folder for its client. */
export interface FolderRepository extends ServedRepository {
  readonly folder: string
  /** `1.root.json`. */
  readonly root: Buffer
}

/** Serves the files that `write` writes below `metadata/` and `targets/`. */
export async function serveFolder(
  write: (folder: string) => Promise<void>,
): Promise<FolderRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'tuffet-interop-'))
  await write(folder)
  const served = await serve(folder)
  return {
    ...served,
    folder,
    root: await readFile(join(folder, 'metadata/1.root.json')),
    async close() {
      await served.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Changes the first byte of the files of a target, under whatever digests they are served. */
export async function tamper({ folder }: FolderRepository, name: string): Promise<number> {
  const base = join(folder, 'targets')
  const entries = await readdir(base, { recursive: true, withFileTypes: true })
  const files = entries.filter((one) => one.isFile() && one.name.endsWith(name))
  for (const { parentPath, name: file } of files) {
    const bytes = await readFile(join(parentPath, file))
    bytes[0] = (bytes[0] ?? 0) ^ 1
    await writeFile(join(parentPath, file), bytes)
  }
  return files.length
}

/** Its status; the error contains its output when it could not run. */
export function runProgram(program: string, args: readonly string[]): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, said }))
  })
}

export interface ProgramEnd {
  readonly status: number | null
  /** Its text on standard error. */
  readonly said: string
}
