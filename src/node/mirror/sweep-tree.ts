/**
 * Removes the files of a mirror that no reader needs any more, and the leftovers of killed runs. Files that the
 * mirror did not write stay.
 */
import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
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
  // Of the lock and of the list of files.
  for (const extension of ['tmp', 'part'] as const) sweep(folder, extension, now)
  for (const path of [...filesIn(folder, 'metadata', now), ...filesIn(folder, 'targets', now)]) {
    const content = needed.get(path) ?? manifest.files.get(path)
    if (content === undefined && !manifest.left.has(path)) continue
    if (!needed.has(path) && !isRoot(path)) {
      // A clock that was turned back must not keep a file for ever.
      const since = Math.min(manifest.left.get(path) ?? now, now)
      if (now - since >= grace && remove(join(folder, path))) {
        removed += 1
        continue
      }
      left.set(path, since)
    }
    if (content !== undefined) files.set(path, content)
  }
  return { manifest: { ...manifest, files, left }, removed }
}

/** A reader may begin with any of them. */
function isRoot(path: string): boolean {
  return /^metadata\/\d+\.root\.json$/.test(path)
}

/** The regular files below `folder/name`; folders that are empty are removed. */
function filesIn(folder: string, name: string, now: number): string[] {
  const found: string[] = []
  const place = join(folder, name)
  // A file in its place, or a link, is not of the mirror.
  if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  let entries
  try {
    entries = readdirSync(place, { withFileTypes: true })
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
  if (entries.some((entry) => entry.name.startsWith('.+'))) sweep(place, 'part', now)
  for (const entry of entries) {
    const path = `${name}/${entry.name}`
    if (entry.name.startsWith('.+')) continue
    if (entry.isDirectory()) found.push(...belowOf(folder, path, now))
    else if (entry.isFile()) found.push(path)
  }
  return found
}

function belowOf(folder: string, path: string, now: number): string[] {
  const found = filesIn(folder, path, now)
  if (found.length === 0) {
    try {
      rmdirSync(join(folder, path))
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY')) throw error
    }
  }
  return found
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
