/**
 * A file without a name: it is unlinked while it is open, so the system removes it however this
 * process ends. A process that is killed in between leaves its file; the next one sweeps it.
 */
import { constants } from 'node:fs'
import { open, rmdir, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../node/system-error.js'
import { makeTemporaryFolder, sweepTemporaryFolders } from '../../node/temporary-folder.js'

/** Opens a private file in a folder of its own (0700) below `parent`, and removes both names. */
export async function openTemporary(parent: string): Promise<FileHandle> {
  const folder = await makeTemporaryFolder(parent, 'spool')
  const path = join(folder, 'file')
  try {
    // O_EXCL: a planted link is not followed.
    const { O_RDWR, O_CREAT, O_EXCL } = constants
    const file = await open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    try {
      await unlink(path)
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  } finally {
    await removeFolder(folder)
  }
}

/** Removes the folders of this user's killed processes below `parent`, at once: no byte in them was used. */
export function sweepTemporary(parent: string): Promise<void> {
  return sweepTemporaryFolders(parent, 'spool', 0)
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch (error) {
    // Some file systems keep the name of an open file: the next sweep takes it.
    if (!hasCode(error, 'ENOTEMPTY', 'EBUSY', 'EPERM', 'ENOENT')) throw error
  }
}
