/** Where a path leads, also before all of it exists, and whether one folder is inside another. */
import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path'
import { hasCode } from './system-error.js'

/** As many as Linux follows. */
const mostLinks = 40

/**
 * @internal The absolute path, without links and `..`, of the place where the system would make `path`.
 *
 * @param path absolute; its `..` are followed as the system follows them
 * @throws the errors of the file system; ELOOP for links in a circle, and for more than Linux follows
 */
export function realPlace(path: string): string {
  return follow(path, { path, links: 0 })
}

/** One count for the whole path: a link that names another one twice doubles the work. */
interface Followed {
  readonly path: string
  links: number
}

function follow(given: string, followed: Followed): string {
  // Windows resolves `..` by text itself.
  const path = sep === '\\' ? resolve(given) : given
  const { root } = parse(path)
  let at = root
  for (const part of path.slice(root.length).split(sep)) {
    if (part === '..') at = dirname(at)
    else if (part !== '' && part !== '.') at = entryAt(join(at, part), followed)
  }
  return at
}

function entryAt(path: string, followed: Followed): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path
  // A link to nowhere: a folder that is made through it is made at its end.
  followed.links += 1
  if (followed.links > mostLinks) throw tooManyLinks(followed.path)
  const to = readlinkSync(path)
  return follow(isAbsolute(to) ? to : `${dirname(path)}${sep}${to}`, followed)
}

/** As the file system says it. */
function tooManyLinks(path: string): Error {
  const message = `ELOOP: too many symbolic links encountered, '${path}'`
  return Object.assign(new Error(message), { code: 'ELOOP', syscall: 'realpath', path })
}

/** @internal Whether `inner` is `outer` or below it; both are results of {@link realPlace}. */
export function isInside(inner: string, outer: string): boolean {
  const wanted = statSync(outer, { throwIfNoEntry: false })
  for (let at = inner; ; at = dirname(at)) {
    // The second: another name of the same folder, by a mount or where case does not count.
    if (at === outer || (wanted && isSame(wanted, at))) return true
    if (at === dirname(at)) return false
  }
}

function isSame(wanted: { readonly ino: number; readonly dev: number }, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.ino === wanted.ino && found.dev === wanted.dev
}
