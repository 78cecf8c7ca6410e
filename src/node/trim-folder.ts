/** Keeps a folder of copies within bounds: those that were written first go first. */
import { lstatSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { withFolder } from './held-folder.js'
import { kindAt } from './planted.js'
import { hasCode } from './system-error.js'

/** @internal The most that a folder may hold. */
export interface FolderBounds {
  readonly bytes: number
  readonly files: number
}

/**
 * @internal Removes the oldest files of `folder` until it is within `bounds`. A link in the place of
 * the folder is not followed, and only regular files are counted and removed. A file that another
 * process or user does not let go stays.
 */
export function trimFolder(folder: string, bounds: FolderBounds): void {
  if (kindAt(folder) !== 'folder') return
  withFolder(folder, (held) => {
    const files = filesIn(held)
    let bytes = files.reduce((sum, { size }) => sum + size, 0)
    let count = files.length
    for (const { name, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= bounds.bytes && count <= bounds.files) return
      unlessDenied(() => unlinkSync(join(held, name)))
      bytes -= size
      count -= 1
    }
  })
}

interface Copy {
  readonly name: string
  readonly size: number
  readonly mtimeMs: number
}

function filesIn(folder: string): Copy[] {
  const names = unlessDenied(() => readdirSync(folder)) ?? []
  return names.flatMap((name) => {
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false })
    return stat?.isFile() === true ? [{ name, size: stat.size, mtimeMs: stat.mtimeMs }] : []
  })
}

/** Undefined where the system does not let this process do it, or another one did it before. */
function unlessDenied<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EBUSY')) throw error
    return undefined
  }
}
