/** The system's errors in plain words; those of files with the path. */
import { dirname } from 'node:path'
import { types } from 'node:util'

const words: Readonly<Record<string, string>> = {
  ENOENT: 'the file or folder does not exist',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'your share of the disk is used up',
  EACCES: 'you may not do that here',
  EPERM: 'you may not do that here',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EMFILE: 'too many files are open',
}

/** Undefined for other errors. */
export function systemWords(error: Error): string | undefined {
  if (!('syscall' in error) || !('code' in error) || typeof error.code !== 'string')
    return undefined
  const said = Object.hasOwn(words, error.code) ? words[error.code] : undefined
  if (said === undefined) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : ''
  return `${path}${said} (${error.code})`
}

/**
 * The error of writing `path`, with that path: the system names a temporary file beside it, or
 * nothing. When something is missing, it is the folder.
 */
export function withPath(error: unknown, path: string): unknown {
  if (!types.isNativeError(error) || !('syscall' in error)) return error
  const missing = 'code' in error && error.code === 'ENOENT'
  return Object.assign(error, { path: missing ? dirname(path) : path })
}

/** OpenSSL's messages are a table's row: number, library, function, reason, file, line. */
const opensslRow =
  /(?:\bwrite EPROTO )?\b[0-9A-F]{8,}:error:[0-9A-F]+:[^:\n]*:[^:\n]*:([^:\n]+):[^\n]*\n?/

/** A message with its reason alone where OpenSSL wrote it. */
export function plainReason(message: string): string {
  return message.replace(opensslRow, '$1')
}
