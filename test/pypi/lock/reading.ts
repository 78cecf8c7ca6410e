/** Lock files for tests: read from text, and shown in a form that is easy to compare. */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { LockFileError } from '../../../src/errors.js'
import type { LockEntry } from '../../../src/pypi/lock/entry.js'
import type { LockFile } from '../../../src/pypi/lock/read-lock.js'
import { readLock, type ReadLockOptions } from '../../../src/pypi/lock/read-lock.js'

export const sha256 = { a: 'a'.repeat(64), b: 'b'.repeat(64) }

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export async function read(
  name: string,
  content: string | Uint8Array,
  options?: ReadLockOptions,
): Promise<LockFile> {
  return readLock(name, typeof content === 'string' ? bytesOf(content) : content, options)
}

/** The error that reading ends with. */
export async function refusal(
  name: string,
  content: string | Uint8Array,
  options?: ReadLockOptions,
): Promise<LockFileError> {
  try {
    await read(name, content, options)
  } catch (error) {
    if (error instanceof LockFileError) return error
    throw error
  }
  throw new Error(`${name} was read`)
}

/** A file that a tool wrote. */
export async function readFixture(path: string): Promise<LockFile> {
  const bytes = readFileSync(new URL(`fixtures/${path}`, import.meta.url))
  return readLock(path.replace(/^.*\//, ''), bytes)
}

/** Files under their names, hashes in full. */
export function filesOf({ files }: LockEntry): Record<string, unknown>[] {
  return files.map(({ hashes, ...file }) => ({ ...file, ...Object.fromEntries(hashes) }))
}

/** A reader of included files in folders without links: `a/../b` is `b`. */
export function folder(files: Readonly<Record<string, string>>): ReadLockOptions {
  return {
    read: async (path) => {
      const text = files[path] ?? files[posix.normalize(path)]
      if (text === undefined) throw new Error(`no file ${path}`)
      return bytesOf(text)
    },
  }
}
