/**
 * Private folders (0700) in the system's temporary one. A process that is killed leaves its folder; a later one
 * sweeps it: the name says which process made it, and the system whose it is.
 */
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from './system-error.js'

/** The uses of such folders, which are a part of their names. */
type Use = 'asc' | 'download' | 'spool'

/** Milliseconds. A process of another container may seem dead, and its folder must stay. */
const longestUse = 6 * 3_600_000

/** @internal Makes a folder below `parent`. The caller removes it. */
export function makeTemporaryFolder(parent: string, use: Use): Promise<string> {
  return mkdtemp(join(parent, `tuffet-${use}-${process.pid}-`))
}

/**
 * @internal Removes the folders of this user's killed processes below `parent`. A folder stays while the
 * process in its name runs, or is another user's; a link is not a folder.
 *
 * @param age Milliseconds since the last change of it and its entries. Default: six hours.
 */
export async function sweepTemporaryFolders(
  parent: string,
  use: Use,
  age: number = longestUse,
): Promise<void> {
  const pattern = new RegExp(`^tuffet-${use}-([1-9]\\d{0,9})-[A-Za-z0-9]{6}$`)
  for (const name of await listFolder(parent)) {
    const [, pid] = pattern.exec(name) ?? []
    if (pid === undefined || isRunning(Number(pid))) continue
    const path = join(parent, name)
    try {
      const stat = await lstat(path)
      const isOwn = stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid)
      if (isOwn && (await isUnchanged(path, stat.mtimeMs, age))) await rm(path, { recursive: true })
    } catch (error) {
      // Another process may sweep the same. A folder that cannot be removed does no harm.
      if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EACCES', 'EPERM', 'EBUSY')) throw error
    }
  }
}

/** A file that grows does not change the time of its folder. */
async function isUnchanged(folder: string, changed: number, age: number): Promise<boolean> {
  // Times of files are finer than that of the clock.
  const isOld = (time: number): boolean => Date.now() - Math.floor(time) >= age
  if (!isOld(changed)) return false
  for (const name of await readdir(folder)) {
    if (!isOld((await lstat(join(folder, name))).mtimeMs)) return false
  }
  return true
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists, and is another user's.
    return !hasCode(error, 'ESRCH')
  }
}
