/** Reads files where somebody else may have planted something: links and devices are refused. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { hasCode } from './system-error.js'

/**
 * @internal The bytes of a regular file, or undefined when there is none. Synchronous: for files
 * of this size the way through the thread pool costs more than the reading.
 *
 * @param whenLonger How a file of more than `maxLength` bytes is answered: by an error, as if it
 *   were absent, or by its first `maxLength + 1` bytes, which tell the caller that it is longer.
 */
export function readPlainFile(
  path: string,
  maxLength: number,
  whenLonger: 'error' | 'absent' | 'cut' = 'error',
): Uint8Array | undefined {
  let file
  try {
    file = openSync(path, constants.O_RDONLY | orNothing('O_NOFOLLOW') | orNothing('O_NONBLOCK'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new Error(`not a regular file: ${path}`)
    if (stat.size > maxLength && whenLonger !== 'cut') {
      if (whenLonger === 'absent') return undefined
      throw new Error(`longer than ${maxLength} bytes: ${path}`)
    }
    const bytes = new Uint8Array(Math.min(stat.size, maxLength + 1))
    let length = 0
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, length)
      if (read === 0) break
      length += read
    }
    return length === bytes.length ? bytes : bytes.slice(0, length)
  } finally {
    closeSync(file)
  }
}

/** Windows has neither flag. */
function orNothing(flag: 'O_NOFOLLOW' | 'O_NONBLOCK'): number {
  return constants[flag] || 0
}
