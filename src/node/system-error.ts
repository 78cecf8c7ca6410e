/** Tells the errors of the operating system, and of the runtime in its place, apart. */
import { permissionRefusal } from '../errors/permission.js'

/** @internal Whether the code of `error` is one of these, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  return typeof error.code === 'string' && codes.includes(error.code)
}

/** @internal Whether this user, or this program, may read here and not write. */
export function mayNotWrite(error: unknown): boolean {
  if (hasCode(error, 'EROFS', 'EACCES', 'EPERM')) return true
  return /\bwrite access\b|\bFileSystemWrite\b/.test(permissionRefusal(error) ?? '')
}
