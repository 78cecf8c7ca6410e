/**
 * Replaces a file by another that is written beside it, and takes its name at the very end. Only a
 * regular file is replaced: anything else was not made by a download, and may be a device.
 */
import { lstatSync, renameSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sweep, temporaryName } from './temporary-name.js'

/** Folders that this process swept: once is enough, and a folder may be long. */
const swept = new Set<string>()

/**
 * @internal Writes the bytes that `receive` brings to `path`. An existing file keeps its mode.
 * After an error the destination is as it was.
 *
 * @throws the errors of `receive`; TypeError when the destination is not a regular file; the
 *   signal's reason; the errors of the file system
 */
export async function replaceFile(
  path: string,
  receive: (file: FileHandle) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const before = regularFile(path)
  const folder = dirname(path)
  const temporary = join(folder, temporaryName('part'))
  // 'wx' is O_EXCL: a link planted under this name is not followed.
  const file = await open(temporary, 'wx', before?.mode)
  try {
    try {
      if (!swept.has(folder)) sweep(folder, 'part', (await file.stat()).mtimeMs)
      swept.add(folder)
      await receive(file)
      // The mask took bits from the mode. Those of another user's rights are never carried over.
      if (before !== undefined) await file.chmod(before.mode)
      // The name must not outlive a crash that the bytes do not.
      await file.datasync()
    } finally {
      await file.close()
    }
    signal?.throwIfAborted()
    // A download may take hours.
    regularFile(path)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/**
 * @internal The regular file at `path`, undefined where the path does not exist; TypeError for
 * every other kind.
 */
export function regularFile(
  path: string,
): { readonly mode: number; readonly size: number } | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (stat.isFile()) return { mode: stat.mode & 0o777, size: stat.size }
  const what = stat.isDirectory() ? 'a folder' : stat.isSymbolicLink() ? 'a link' : 'special'
  throw new TypeError(`the destination is ${what} and not a regular file: ${path}`)
}
