/** Makes folders that last, with the given mode. */
import { closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { permissionRefusal } from '../errors/permission.js'
import { flush, setMode } from './open-file.js'
import { hasCode } from './system-error.js'

/**
 * @internal A new folder lasts only after the one above it is flushed.
 *
 * @param mode Default 0o700, less the mask of the process.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  const made = mkdirSync(folder, { recursive: true, mode: mode ?? 0o700 })
  if (made === undefined) return
  for (let parent = folder; parent !== dirname(made);) {
    if (mode !== undefined) setFolderMode(parent, mode)
    parent = dirname(parent)
    await flushFolder(parent)
  }
}

/** @internal Makes renames into a folder and deletions from it last. */
export async function flushFolder(folder: string): Promise<void> {
  try {
    const file = openSync(folder, 'r')
    try {
      await flush(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    // Not every system can open or flush a folder, and a runtime may forbid it for the folder above
    // a store; there the rename is as lasting as it gets. A missing folder needs no flush.
    if (permissionRefusal(error) !== undefined) return
    if (!hasCode(error, 'EACCES', 'EINVAL', 'EISDIR', 'ENOENT', 'ENOTSUP', 'EPERM')) throw error
  }
}

/** Of the folder itself, not of the end of a link in its place. */
function setFolderMode(folder: string, mode: number): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    setMode(file, mode)
  } finally {
    closeSync(file)
  }
}
