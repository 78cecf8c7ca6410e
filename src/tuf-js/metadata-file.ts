/** The files of a metadata folder of which no target may take the place. */
import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const topLevelFiles = ['root.json', 'timestamp.json', 'snapshot.json', 'targets.json']

/** Entries of the flat store besides the roles; no encoded name of a target has a `+`. */
const entryOfStore = /^(?:\.|anchor|root_history|state)\+/

/**
 * @internal Whether `path` leads to the trusted root or to a floor, by whatever name: disks may
 * ignore case, and have second names.
 */
export function isMetadataFile(path: string, metadataDir: string): boolean {
  const name = basename(path).toLowerCase()
  if (topLevelFiles.includes(name) || entryOfStore.test(name)) {
    if (isSame(dirname(path), metadataDir)) return true
  }
  if (!existsSync(path)) return false
  return topLevelFiles.some((file) => isSame(path, join(metadataDir, file)))
}

function isSame(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return resolve(one) === resolve(other)
  const [first, second] = [one, other].map((path) => statSync(path, { bigint: true }))
  // Some network disks number no files.
  if (!first?.ino) return realpathSync.native(one) === realpathSync.native(other)
  return first.dev === second?.dev && first.ino === second.ino
}
