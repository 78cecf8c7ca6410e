/** Whether a file on disk is a target: its length and every known hash. */
import type { FileHandle } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createChecker } from '../core/keys/hash.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import type { TargetFile } from '../core/metadata/model.js'
import { checkedTarget } from '../core/metadata/target-file.js'
import { HashMismatchError, LengthMismatchError } from '../errors.js'
import { nodeCryptography } from './cryptography.js'
import { openPlainFile, PlainFileError } from './plain-file.js'
import { hasCode } from './system-error.js'

/** Options of {@link isTargetFile}. */
export interface IsTargetFileOptions {
  /** Default: `nodeCryptography`. */
  readonly cryptography?: Cryptography | undefined
  readonly signal?: AbortSignal | undefined
}

/** Bytes to read at once. */
const readLength = 1_048_576

/**
 * Whether the file at `path` is `target` (5.7.3), for files that an earlier download or another
 * client left. It makes no request. False for an absent file, for one with another content, for
 * anything that is not a regular file, and where no listed hash is known; a symbolic link is
 * followed. Another process may change the file right after: to use verified bytes and no others,
 * read them into memory and ask `Repository.verify`.
 *
 * @throws TypeError for a target without a length or hashes; the signal's reason; the errors of the
 *   file system
 *
 * @example
 * ```ts
 * import type { Repository } from 'tuffet'
 * import { isTargetFile } from 'tuffet/node'
 *
 * async function isCurrent(repository: Repository, path: string): Promise<boolean> {
 *   const target = await repository.find('pkgs/a.whl')
 *   return target !== undefined && isTargetFile(path, target)
 * }
 * ```
 */
export async function isTargetFile(
  path: string | URL,
  target: TargetFile,
  options: IsTargetFileOptions = {},
): Promise<boolean> {
  const { cryptography = nodeCryptography, signal } = options
  const wanted = checkedTarget(target)
  signal?.throwIfAborted()
  let opened
  try {
    opened = await openPlainFile(path instanceof URL ? fileURLToPath(path) : path)
  } catch (error) {
    if (error instanceof PlainFileError || hasCode(error, ...noFile)) return false
    throw error
  }
  try {
    if (opened.stat.size !== wanted.length) return false
    return await hasContent(opened.file, wanted, cryptography, signal)
  } finally {
    await opened.file.close()
  }
}

/** The system's answers where no file can be, or a special one that cannot be opened. */
const noFile = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EISDIR', 'ENXIO']

/** @internal Whether an open file is the target. */
export async function hasContent(
  file: FileHandle,
  target: TargetFile,
  cryptography: Cryptography,
  signal?: AbortSignal,
): Promise<boolean> {
  const buffer = new Uint8Array(Math.min(readLength, target.length + 1))
  try {
    const checker = createChecker(target, { role: target.path, step: '5.7.3' }, cryptography)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) break
      checker.update(buffer.subarray(0, bytesRead))
    }
    checker.end()
    return true
  } catch (error) {
    if (error instanceof LengthMismatchError || error instanceof HashMismatchError) return false
    throw error
  }
}
