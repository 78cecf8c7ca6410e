/** Folders that last, with the mode that was asked for. */
import { closeSync, constants, fchmodSync, fsync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { hasCode } from './system-error.js'

const flush = promisify(fsync)

/**
 * @internal A folder that was made lasts only when the one above it has been flushed.
 *
 * @param mode Default 0o700, less what the mask of the process takes.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  const made = mkdirSync(folder, { recursive: true, mode: mode ?? 0o700 })
  if (made === undefined) return
  for (let parent = folder; parent !== dirname(made);) {
    if (mode !== undefined) setMode(parent, mode)
    parent = dirname(parent)
    await flushFolder(parent)
  }
}

/** @internal What was renamed into a folder, or deleted from it, stays so. */
export async function flushFolder(folder: string): Promise<void> {
  try {
    const file = openSync(folder, 'r')
    try {
      await flush(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    // Not every system can open or flush a folder; there the rename is as lasting as it gets. And
    // where there is no folder, nothing was deleted from it.
    if (!hasCode(error, 'EACCES', 'EINVAL', 'EISDIR', 'ENOENT', 'ENOTSUP', 'EPERM')) throw error
  }
}

/** Of the folder itself, and not of what a link in its place leads to. */
function setMode(folder: string, mode: number): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    fchmodSync(file, mode)
  } finally {
    closeSync(file)
  }
}
