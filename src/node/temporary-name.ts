/**
 * Names of files that are being written, and the removal of those that killed processes left. A
 * name says which process writes the file.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { isDead, ownIdentity } from './process-identity.js'

/** `tmp` in a store, `part` for a download. */
type Extension = 'tmp' | 'part'

/** Of this copy of the module; a process may load several. */
const origin = randomBytes(8).toString('hex')
let temporaries = 0

/** Milliseconds without a change, for files of processes whose state is unknown. */
const longestPause = 86_400_000

/** @internal A name that no other process, no other copy and no store uses. */
export function temporaryName(extension: Extension): string {
  const { pid, start, host } = ownIdentity()
  temporaries += 1
  return `.+${pid}-${start}-${host}-${origin}${temporaries.toString(16)}.${extension}`
}

/**
 * @internal Removes the temporary files of dead processes from `folder`. A process of another
 * machine, or from before this boot, counts as dead when its file did not change for a day. A file
 * that cannot be removed stays: it does no harm.
 *
 * @param now the time at which the file system made a new file: no clock of this process is asked
 */
export function sweep(folder: string, extension: Extension, now: number): void {
  for (const name of namesIn(folder)) {
    const [, pid, start, host] = pattern.exec(name) ?? []
    if (host === undefined || !name.endsWith(extension)) continue
    const path = join(folder, name)
    try {
      const stat = lstatSync(path)
      const dead = isDead({ pid: Number(pid), start: Number(start), host })
      const forgotten = host !== ownIdentity().host && stat.mtimeMs < now - longestPause
      if (stat.isFile() && (dead || forgotten)) unlinkSync(path)
    } catch {
      // Another process swept it, or it belongs to another user.
    }
  }
}

const pattern = /^\.\+(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]+\.(?:tmp|part)$/

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // It may be written and not listed.
    return []
  }
}
