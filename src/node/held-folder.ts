/** Folders below a store, some of which another user may be able to replace by links. */
import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { kindAt } from './planted.js'

/**
 * @internal Runs `work` with a path for `folder`. On Linux the path leads to the folder that was
 * opened, whatever takes its name meanwhile. Elsewhere a link is noticed when `work` begins: between
 * that and its last call someone with write access to the folder above could still put one there.
 *
 * @throws Error when `folder` is not a folder, a link to one included
 */
export function withFolder<T>(folder: string, work: (path: string) => T): T {
  if (kindAt(folder) !== 'folder') throw new Error(`not a folder: ${folder}`)
  if (process.platform !== 'linux') return work(folder)
  const file = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    const held = `/proc/self/fd/${file}`
    return work(isSame(file, held) ? held : folder)
  } finally {
    closeSync(file)
  }
}

/**
 * False without /proc, in a runtime that numbers open files in its own way, and in Deno, which lets
 * a program look at /proc/self only with every permission.
 */
function isSame(file: number, path: string): boolean {
  const opened = fstatSync(file)
  try {
    const named = statSync(path, { throwIfNoEntry: false })
    return named !== undefined && opened.dev === named.dev && opened.ino === named.ino
  } catch {
    return false
  }
}
