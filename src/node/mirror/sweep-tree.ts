/**
 * Removes the files of a mirror that no reader needs any more, and the leftovers of killed runs. Files that the
 * mirror did not write stay.
 */
import { readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { withFolder } from '../held-folder.js'
import { kindAt } from '../planted.js'
import { hasCode } from '../system-error.js'
import { sweep } from '../temporary-name.js'
import type { Manifest } from './manifest.js'

/** The files that stay. */
export interface SweepOptions {
  /** The files of the served snapshot. */
  readonly needed: ReadonlyMap<string, string>
  /** Milliseconds since 1970. */
  readonly now: number
  /** Milliseconds that a file stays after it left the served snapshot. */
  readonly grace: number
}

/** @internal Only leftovers are removed outside the two folders of the mirror, and no link is followed. */
export function sweepTree(
  folder: string,
  manifest: Manifest,
  { needed, now, grace }: SweepOptions,
): { readonly manifest: Manifest; readonly removed: number } {
  const files = new Map<string, string>()
  const left = new Map<string, number>()
  let removed = 0
  const visit = (path: string, place: string): void => {
    const content = needed.get(path) ?? manifest.files.get(path)
    if (content === undefined && !manifest.left.has(path)) return
    if (!needed.has(path) && !isRoot(path)) {
      // A clock that was turned back must not keep a file for ever.
      const since = Math.min(manifest.left.get(path) ?? now, now)
      if (now - since >= grace && remove(place)) {
        removed += 1
        return
      }
      left.set(path, since)
    }
    if (content !== undefined) files.set(path, content)
  }
  // Of the lock and of the list of files.
  for (const extension of ['tmp', 'part'] as const) sweep(folder, extension, now)
  for (const name of ['metadata', 'targets']) {
    const place = join(folder, name)
    // A file in its place, or a link, is not of the mirror.
    if (kindAt(place) === 'folder') sweepFolder(place, name, { visit, now })
  }
  return { manifest: { ...manifest, files, left }, removed }
}

/** A reader may begin with any of them. */
function isRoot(path: string): boolean {
  return /^metadata\/\d+\.root\.json$/.test(path)
}

interface Visit {
  /** Called for each regular file: its name in the mirror, and a path that leads to it and to no other. */
  readonly visit: (path: string, place: string) => void
  readonly now: number
}

/** Visits the files of a folder and those below it; folders that are empty are removed. */
function sweepFolder(folder: string, name: string, how: Visit): void {
  withFolder(folder, (held) => {
    const entries = readdirSync(held, { withFileTypes: true })
    if (entries.some((entry) => entry.name.startsWith('.+'))) sweep(held, 'part', how.now)
    for (const entry of entries) {
      if (entry.name.startsWith('.+')) continue
      const [place, path] = [join(held, entry.name), `${name}/${entry.name}`]
      if (entry.isFile()) how.visit(path, place)
      // Another entry may have its name by now, and a name that is not UTF-8 leads nowhere.
      else if (entry.isDirectory() && kindAt(place) === 'folder') {
        sweepFolder(place, path, how)
        removeEmpty(place)
      }
    }
  })
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    const codes = ['ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY', 'ENOENT', 'EROFS'] as const
    if (!hasCode(error, ...codes)) throw error
  }
}

function remove(path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch (error) {
    // Another process may hold it, or own it: the next run tries again.
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'EBUSY', 'EROFS')) return false
    throw error
  }
}
