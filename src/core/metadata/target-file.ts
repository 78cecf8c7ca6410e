/**
 * Target files that a program hands in. One that cannot be verified is refused before it is used.
 */
import type { TargetFile } from './model.js'

/**
 * A copy, so that the verified file is the checked one. Throws TypeError for a target without a
 * path, a length or hashes: its bytes would be accepted without a check.
 */
export function checkedTarget(target: TargetFile): TargetFile {
  const { path, length, hashes } = target
  if (typeof path !== 'string') throw new TypeError('the target file lacks a path')
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new TypeError(`the target file ${JSON.stringify(path)} lacks a length in bytes`)
  }
  return { ...target, hashes: checkedHashes(hashes, path) }
}

/** A copy of the hashes of one file. Throws TypeError for anything but names with digests. */
export function checkedHashes(
  hashes: ReadonlyMap<string, string>,
  path: string,
): ReadonlyMap<string, string> {
  const entries: unknown[] = Symbol.iterator in Object(hashes) ? [...hashes] : [undefined]
  const copy = new Map<string, string>()
  for (const entry of entries) {
    const pair: readonly unknown[] = Array.isArray(entry) ? entry : []
    const [name, digest] = pair
    if (typeof name !== 'string' || typeof digest !== 'string') {
      throw new TypeError(`the target file ${JSON.stringify(path)} lacks a map of hashes`)
    }
    copy.set(name, digest)
  }
  return copy
}
