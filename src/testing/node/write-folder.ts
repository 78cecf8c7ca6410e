/** A test repository as a folder that any static file server can serve. */

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileKind } from '../file-history.js'
import type { TestRepository } from '../repository.js'

/** Where the two kinds of files are, in a folder and below a server's address. */
export const folderOf: Readonly<Record<FileKind, string>> = {
  metadata: 'metadata',
  target: 'targets',
}

/**
 * Writes every published file below `metadata/` and `targets/`, under its name as a server would
 * look it up (a role `a/b` is `1.a/b.json`). Existing files are written again; 16,384 bins take
 * some seconds. The timestamp comes last, so that a client that asks meanwhile sees the old state
 * or the new one. Attacks are not written.
 *
 * @throws RangeError for a name that would leave the folder
 *
 * @example
 * ```ts
 * import { createRepository } from 'tuffet/testing'
 * import { writeFolder } from 'tuffet/testing/node'
 *
 * const repository = createRepository()
 * repository.publish()
 * await writeFolder(repository, 'repository') // metadata/, targets/ and root.json
 * ```
 */
export async function writeFolder(repository: TestRepository, folder: string): Promise<void> {
  for (const kind of ['target', 'metadata'] as const) {
    const base = join(folder, folderOf[kind])
    await mkdir(base, { recursive: true })
    const made = new Set([base])
    const names = repository.fileNames(kind)
    const last = names.filter((name) => name === 'timestamp.json')
    for (const name of [...names.filter((name) => name !== 'timestamp.json'), ...last]) {
      const path = pathBelow(base, name)
      const parent = dirname(path)
      if (!made.has(parent)) await mkdir(parent, { recursive: true })
      made.add(parent)
      await writeFile(path, repository.file(name, kind))
    }
  }
}

/** The path of a served name; throws a RangeError when it is not below the base. */
export function pathBelow(base: string, name: string): string {
  const segments = name.split('/')
  const outside = segments.some((segment) => segment === '' || segment === '.' || segment === '..')
  if (outside || name.includes('\0') || name.includes('\\')) {
    throw new RangeError(`${JSON.stringify(name)} is not a path below a folder`)
  }
  return join(base, ...segments)
}
