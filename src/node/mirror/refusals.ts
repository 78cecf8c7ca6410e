/** What a mirror refuses to write, and where. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Lock } from '../lock.js'
import { takeLongLock } from '../long-lock.js'
import { makeFolder } from '../make-folder.js'
import { hasCode } from '../system-error.js'
import type { Manifest } from './manifest.js'
import { MirrorError } from './mirror-error.js'
import { readMirrorFile } from './planted-entries.js'
import type { TopLevel } from './top-level.js'

/** Of folders; files follow the mask of the process. */
const folderMode = 0o755

const another = 'name a new or an empty folder, or one that tuffet mirror wrote'

/**
 * @internal Makes the folder of a mirror.
 *
 * @throws MirrorError for a folder with other files, and for something that is not a folder
 */
export async function openFolder(folder: string, manifest: string): Promise<void> {
  try {
    await makeFolder(folder, folderMode)
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST', 'ENOTDIR')) throw cause
    throw new MirrorError(folder, 'it is not a folder', another, { cause })
  }
  const others = readdirSync(folder).filter((name) => !name.startsWith('.+'))
  if (others.length === 0 || others.includes(manifest)) return
  const reason = `it is neither empty nor a mirror, which has ${manifest}`
  throw new MirrorError(folder, reason, another)
}

/** @internal Throws MirrorError while another process writes the mirror. */
export function lockFolder(folder: string): Lock {
  const lock = takeLongLock(join(folder, '.+lock'))
  if (lock !== undefined) return lock
  const hint = 'wait until it ends; the lock of a process that died is taken over by itself'
  throw new MirrorError(folder, 'another process writes this mirror (.+lock names it)', hint)
}

/**
 * @internal Makes the folder of a file.
 *
 * @throws MirrorError where a part of its path is a file; the errors of the file system
 */
export async function makeFolderFor(path: string): Promise<void> {
  try {
    await makeFolder(dirname(path), folderMode)
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP')) throw cause
    const hint = 'move that part away, and run tuffet mirror again'
    throw new MirrorError(path, 'a part of the path is not a folder', hint, { cause })
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
    const there = readMirrorFile(path, bytes.length, 'cut', bytes)
    if (there === undefined || there === bytes) continue
    const hint = 'give each repository a folder of its own'
    throw new MirrorError(path, 'the mirror has another root of this version', hint)
  }
  // After a rotation versions may begin anew.
  if (root > served.root || timestamp.version >= served.timestamp) return
  const reason = `it serves timestamp ${served.timestamp}, newer than ${timestamp.version}`
  const hint = 'use the --store that the mirror was written with, or begin anew in another folder'
  throw new MirrorError(folder, reason, hint)
}
