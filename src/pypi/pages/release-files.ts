/** The files of a project as its verified page lists them. */
import { type DistributionKind, filenameKey, parseFilename } from '../names/file-name.js'
import { versionMatcher } from '../names/version.js'
import type { IndexFile } from './index-page.js'
import type { VerifiedPage } from './project-pages.js'

/** A file on a verified page. Whether it is a target too is not yet known. */
export interface ReleaseFile {
  readonly kind: DistributionKind
  readonly filename: string
  /** Normalised; the project is the page's. */
  readonly version: string
  readonly entry: IndexFile
}

/**
 * @internal The distributions of a page that are of its project, of one version or of all, in the
 * order of the page. Files under another project's name are left out; {@link otherFiles} returns
 * them.
 */
export function releaseFiles({ page }: VerifiedPage, version?: string): ReleaseFile[] {
  const isWanted = version === undefined ? () => true : versionMatcher(version)
  return page.files.flatMap((entry) => {
    const name = parseFilename(entry.filename, page.project)
    if (name?.project !== page.project || !isWanted(name.version)) return []
    return [{ kind: name.kind, filename: entry.filename, version: name.version, entry }]
  })
}

/** @internal Files of a page whose names do not tell of which release they are. */
export function otherFiles({ page }: VerifiedPage): readonly IndexFile[] {
  return page.files.filter(({ filename }) => parseFilename(filename, page.project) === undefined)
}

/** Name in parts → the files with it, made at the first name that is not on the page. */
const keys = new WeakMap<VerifiedPage, ReadonlyMap<string, readonly IndexFile[]>>()

/**
 * @internal The file of exactly this name; without one, all files whose names consist of the same
 * parts.
 */
export function entriesNamed(verified: VerifiedPage, filename: string): readonly IndexFile[] {
  const exact = verified.files.get(filename)
  if (exact) return [exact]
  const key = filenameKey(filename, verified.page.project)
  if (key === undefined) return []
  const known = keys.get(verified) ?? keysOf(verified)
  keys.set(verified, known)
  return known.get(key) ?? []
}

function keysOf({ page }: VerifiedPage): Map<string, IndexFile[]> {
  const found = new Map<string, IndexFile[]>()
  for (const entry of page.files) {
    const key = filenameKey(entry.filename, page.project)
    if (key === undefined) continue
    const others = found.get(key)
    if (others) others.push(entry)
    else found.set(key, [entry])
  }
  return found
}
