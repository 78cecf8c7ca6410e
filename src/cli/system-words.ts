/** The file system's errors, in plain words and with the path. */

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

/** The error, with the path where the system gives none, as for a write. */
export function withPath(error: unknown, path: string): unknown {
  if (error instanceof Error && 'syscall' in error && !('path' in error)) {
    return Object.assign(error, { path })
  }
  return error
}
