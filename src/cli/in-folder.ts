/** Paths as the file system follows them, not as text: `link/..` is not the folder of the link. */
import { isAbsolute, resolve, sep } from 'node:path'

/** `path` as seen from `folder`, with its `..` in place. */
export function inFolder(folder: string, path: string): string {
  // Windows resolves it by text itself.
  if (sep === '\\') return resolve(folder, path)
  return isAbsolute(path) ? path : `${folder}/${path}`
}
