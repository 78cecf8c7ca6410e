/** A second name for a file, so that it is on the disk once. */
import { linkSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hasCode } from '../system-error.js'
import { temporaryName } from '../temporary-name.js'

/** The answers of file systems that lack hard links, or allow no more of them. */
const noLinks = ['EPERM', 'EACCES', 'EISDIR', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/**
 * @internal Gives the file at `path` a second name, in place of another file.
 *
 * @returns false where that cannot be done
 */
export function linkAs(path: string, other: string): boolean {
  const [one, two] = [lstatSync(path), lstatSync(other, { throwIfNoEntry: false })]
  if (one.ino === two?.ino && one.dev === two.dev) return true
  const temporary = join(dirname(other), temporaryName('part'))
  try {
    linkSync(path, temporary)
    renameSync(temporary, other)
    return true
  } catch (error) {
    if (hasCode(error, ...noLinks)) return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}
