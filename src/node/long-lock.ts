/**
 * A lock for work of hours, beside `lock.ts`, whose holders are done in a moment. A second process does
 * not wait for it. Rules:
 * - a holder that certainly died is replaced;
 * - a holder whose state is unknown (another machine, container or boot) is replaced when its lock was
 *   not touched for a while by the clock of the file system; a living holder touches it all the time;
 * - a holder checks before it publishes that it still holds the lock.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Clock, systemClock } from '../client/clock.js'
import { createLockFile, readLockFile, removeLockFile, type Lock } from './lock.js'
import { identityFrom, isDead, ownIdentity } from './process-identity.js'
import { temporaryName } from './temporary-name.js'

/** Milliseconds between two touches, and without one until a lock counts as left behind. */
const touching = 20_000
const longestPause = 300_000

/** @internal The lock at `path`, or undefined while another process holds it. Its folder exists. */
export function takeLongLock(path: string, clock: Clock = systemClock): Lock | undefined {
  const text = JSON.stringify({ ...ownIdentity(), token: randomBytes(16).toString('hex') })
  // The second time after a lock that was left behind is gone.
  for (let attempts = 0; attempts < 2; attempts++) {
    if (createLockFile(path, text)) return held(path, text, clock)
    const found = readLockFile(path)
    if (found === undefined) continue
    if (!isLeft(path, found)) return undefined
    removeLockFile(path, found)
  }
  return undefined
}

function held(path: string, text: string, clock: Clock): Lock {
  const isHeld = (): boolean => readLockFile(path) === text
  let stop: () => void
  const touch = (): void => {
    if (isHeld()) touchFile(path)
    stop = clock.setTimer(touching, touch)
  }
  stop = clock.setTimer(touching, touch)
  return {
    isHeld,
    release() {
      stop()
      if (isHeld()) rmSync(path, { force: true })
    },
  }
}

function touchFile(path: string): void {
  try {
    const now = fileSystemTime(dirname(path)) / 1_000
    utimesSync(path, now, now)
  } catch {
    // The disk may be full for a moment. Before anything is published the lock is looked at again.
  }
}

function isLeft(path: string, found: string): boolean {
  const holder = identityFrom(found)
  if (holder !== undefined && isDead(holder)) return true
  const stat = lstatSync(path, { throwIfNoEntry: false })
  // A folder or a link in its place is not a lock.
  if (stat?.isFile() !== true) return true
  if (holder?.host === ownIdentity().host) return false
  return fileSystemTime(dirname(path)) - stat.mtimeMs >= longestPause
}

/** As the file system sees it, so that the clocks of two machines need not agree. */
function fileSystemTime(folder: string): number {
  const file = join(folder, temporaryName('part'))
  writeFileSync(file, '')
  try {
    return lstatSync(file).mtimeMs
  } finally {
    rmSync(file, { force: true })
  }
}
