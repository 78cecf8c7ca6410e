/**
 * Entries that others planted where a store keeps a file or a folder of its own. The store clears
 * them away, so that they never stop it; it moves files and folders aside, because they may be
 * someone's work.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** The kind of entry at a path, without following links. */
export type PathKind = 'file' | 'folder' | 'link' | 'special'

/** @internal Undefined where the path does not exist. */
export function kindAt(path: string): PathKind | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (stat.isFile()) return 'file'
  if (stat.isDirectory()) return 'folder'
  return stat.isSymbolicLink() ? 'link' : 'special'
}

/**
 * @internal Clears `path`: removes a link, and moves any other entry aside within `folder`, which
 * is on the same disk. Returns its new path.
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
