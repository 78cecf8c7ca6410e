/**
 * A file without a name: it is unlinked while it is open, so the system removes it however this
 * process ends. A process that is killed in between leaves its file; the next one sweeps it.
 */
import { constants } from 'node:fs'
import { lstat, mkdtemp, open, readdir, rm, rmdir, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../node/system-error.js'

const prefix = 'tuffet-spool-'

/** Opens a private file in a folder of its own (0700) below `parent`, and removes both names. */
export async function openTemporary(parent: string): Promise<FileHandle> {
  const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-`))
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

/**
 * Removes the folders of this user's killed processes below `parent`. A folder stays while the
 * process in its name runs, or is another user's; a link is not a folder.
 */
export async function sweepTemporary(parent: string): Promise<void> {
  for (const name of await listFolder(parent)) {
    const [, pid] = /^tuffet-spool-([1-9]\d{0,9})-[A-Za-z0-9]{6}$/.exec(name) ?? []
    if (pid === undefined || isRunning(Number(pid))) continue
    const path = join(parent, name)
    try {
      const stat = await lstat(path)
      if (stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid)) {
        await rm(path, { recursive: true })
      }
    } catch (error) {
      // Another process may sweep the same.
      if (!hasCode(error, 'ENOENT')) throw error
    }
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    // Files can be made where names cannot be listed (mode 1733).
    if (hasCode(error, 'EACCES')) return []
    throw error
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch (error) {
    // Some file systems keep the name of an open file: the next sweep takes it.
    if (!hasCode(error, 'ENOTEMPTY', 'EBUSY', 'EPERM', 'ENOENT')) throw error
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists, and is another user's.
    return !hasCode(error, 'ESRCH')
  }
}
