/**
 * Names of files that are being written, and the removal of those that killed processes left. A
 * name says which process writes the file.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { readPlainFile } from './plain-file.js'
import { identityFrom, isDead, ownIdentity, type ProcessIdentity } from './process-identity.js'

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
    if (!name.endsWith(extension)) continue
    const path = join(folder, name)
    try {
      if (!lstatSync(path).isFile()) continue
      const writer = writerOf(name) ?? claimant(name, path)
      if (writer === undefined) continue
      const elsewhere = writer.host !== ownIdentity().host
      const forgotten = elsewhere && lstatSync(path).mtimeMs < now - longestPause
      if (isDead(writer) || forgotten) unlinkSync(path)
    } catch {
      // Another process swept it, or it belongs to another user.
    }
  }
}

function writerOf(name: string): ProcessIdentity | undefined {
  const [, pid, start, host] = pattern.exec(name) ?? []
  return host === undefined ? undefined : { pid: Number(pid), start: Number(start), host }
}

const pattern = /^\.\+(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]+\.(?:tmp|part)$/

/** The process that claimed the removal of a lock (`lock.ts`) and may have died before its own. */
function claimant(name: string, path: string): ProcessIdentity | undefined {
  const bytes = claim.test(name) ? readPlainFile(path, longestClaim, 'cut') : undefined
  return bytes && identityFrom(Buffer.from(bytes).toString())
}

/** Bytes; others may plant longer files. */
const longestClaim = 4_096

const claim = /^\.\+lock-[0-9a-f]{32}\.tmp$/

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // It may be written and not listed.
    return []
  }
}
