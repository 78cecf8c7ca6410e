/** Why the installing tool does not compare the hashes that a lock file lists for an entry. */
import { isArchiveName } from '../names/file-name.js'
import type { LockEntry } from './entry.js'
import { show } from './place.js'

/** Undefined when there is something that an installer compares. */
export function reasonWithoutHash(entry: LockEntry): string | undefined {
  const { files, origin, location = '', subdirectory, buildOptions } = entry
  if (origin === 'vcs') return 'it comes from a version control system, which hashes do not cover'
  if (origin === 'path' && !isArchiveName(location)) {
    return 'it comes from a folder of its own, which hashes do not cover'
  }
  if (subdirectory !== undefined) {
    return `the folder ${show(subdirectory)} of it is installed, and no hash is of that alone`
  }
  if (buildOptions === true) {
    return 'it gives options to its build, which can name files that no hash covers'
  }
  if (files.length > 0) {
    if (
      entry.name === '' ||
      entry.anyFile !== true ||
      origin !== undefined ||
      entry.version !== undefined
    )
      return undefined
    return 'it lists hashes, and no version with == or ===: pip refuses it'
  }
  if (origin === undefined) return 'the lock file lists no hash for it'
  const where = origin === 'url' ? 'a URL' : 'a file of its own'
  return `it comes from ${where}, and the lock file lists no hash for it that its installer compares`
}
