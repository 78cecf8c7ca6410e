/**
 * What is done to an open file, also under Node's permission model, which forbids `fsync` and `fchmod`
 * whatever a program is permitted.
 */
import { constants, fchmodSync, fdatasync, fstatSync, fsync, openSync } from 'node:fs'
import { promisify } from 'node:util'

const flushAll = promisify(fsync)
const flushData = promisify(fdatasync)

/**
 * @internal Opens a file that is not there yet; no link is followed.
 *
 * @param lasting whether it will be flushed
 */
export function openNew(path: string, mode: number | undefined, lasting: boolean): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_SYNC } = constants
  // Where a flush is forbidden, each write waits for the disk.
  const flags = lasting && isRestricted() ? O_WRONLY | O_CREAT | O_EXCL | O_SYNC : 'wx'
  return openSync(path, flags, mode)
}

/** @internal Makes the bytes of a file outlast a crash. */
export async function flush(file: number, what: 'all' | 'data' = 'all'): Promise<void> {
  if (isRestricted()) return
  await (what === 'all' ? flushAll(file) : flushData(file))
}

/** @internal */
export function setMode(file: number, mode: number): void {
  if ((fstatSync(file).mode & 0o777) !== mode) fchmodSync(file, mode)
}

/** Only Node defines `process.permission`, and only where the model is in force. */
function isRestricted(): boolean {
  return 'permission' in process
}
