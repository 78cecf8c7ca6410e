/** The files of a project as its verified page lists them. */
import { parseFilename } from './file-name.js'
import type { IndexFile } from './index-page.js'
import type { VerifiedPage } from './project-pages.js'
import { satisfiesVersion } from './version.js'

/** A file on a verified page. Whether it is a target too is not yet known. */
export interface ReleaseFile {
  readonly kind: 'wheel' | 'sdist'
  readonly filename: string
  /** Normalised; the project is the page's. */
  readonly version: string
  readonly entry: IndexFile
}

/**
 * @internal The wheels and source distributions of a page that are of its project, of one version
 * or of all, in the order of the page. Files under another project's name are left out.
 */
export function releaseFiles({ page }: VerifiedPage, version?: string): ReleaseFile[] {
  return page.files.flatMap((entry) => {
    const name = parseFilename(entry.filename, page.project)
    if (name?.project !== page.project) return []
    if (version !== undefined && !satisfiesVersion(name.version, version)) return []
    return [{ kind: name.kind, filename: entry.filename, version: name.version, entry }]
  })
}
