/**
 * What somebody put where a store has a file or a folder of its own. It is cleared away, so that it
 * stops nobody; what may be somebody's work is moved aside and not deleted.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** What a path names, when no link is followed. */
export type PathKind = 'file' | 'folder' | 'link' | 'special'

/** @internal Undefined where there is nothing. */
export function kindAt(path: string): PathKind | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (stat.isFile()) return 'file'
  if (stat.isDirectory()) return 'folder'
  return stat.isSymbolicLink() ? 'link' : 'special'
}

/**
 * @internal Clears `path`: a link is removed, and all else moved aside within `folder`, which is on
 * the same disk. Returns where it is now.
 */
export function clearAway(path: string, folder: string): string | undefined {
  const kind = kindAt(path)
  if (kind === undefined) return undefined
  if (kind === 'link') {
    unlinkSync(path)
    return undefined
  }
  const aside = join(folder, `.+aside-${randomBytes(8).toString('hex')}`)
  if (kind !== 'folder') {
    renameSync(path, aside)
    return aside
  }
  // Onto a folder only a folder can be renamed: a file that took the name meanwhile stays.
  mkdirSync(aside, { mode: 0o700 })
  try {
    renameSync(path, aside)
  } catch (error) {
    rmdirSync(aside)
    throw error
  }
  return aside
}
