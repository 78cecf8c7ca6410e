/** What a mirror refuses to write, and where. */
import { dirname, join } from 'node:path'
import { DestinationError } from '../../errors.js'
import { makeFolder } from '../make-folder.js'
import { readPlainFile } from '../plain-file.js'
import { hasCode } from '../system-error.js'
import type { Manifest } from './manifest.js'
import type { TopLevel } from './top-level.js'

/** @internal Of folders; files follow the mask of the process. */
export const folderMode = 0o755

/**
 * @internal Makes the folder of a file.
 *
 * @throws DestinationError where a part of its path is a file; the errors of the file system
 */
export async function makeFolderFor(path: string): Promise<void> {
  try {
    await makeFolder(dirname(path), folderMode)
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP')) throw cause
    throw new DestinationError(path, 'a part of the path is not a folder', { cause })
  }
}

/** @internal Refuses the files of another repository, and older ones than those that are served. */
export function refuseOther(
  folder: string,
  served: Manifest,
  { roots, root, timestamp }: TopLevel,
): void {
  for (const [version, bytes] of roots) {
    const path = join(folder, 'metadata', `${version}.root.json`)
    const there = readPlainFile(path, bytes.length, 'cut', bytes)
    if (there === undefined || there === bytes) continue
    throw new DestinationError(path, 'the mirror has another root of this version')
  }
  // After a rotation versions may begin anew.
  if (root > served.root || timestamp.version >= served.timestamp) return
  const reason = `it serves timestamp ${served.timestamp}, newer than ${timestamp.version}: is the store another one?`
  throw new DestinationError(folder, reason)
}
