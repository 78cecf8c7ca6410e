/** A page as the proxy offers it: without anything that it would refuse to send. */
import { resolveHash } from '../../core/keys/hash.js'
import { kindOf, parseFilename } from '../names/file-name.js'
import type { IndexFile, IndexPage } from '../pages/index-page.js'

/** The page, and the names of files that a reader of the repository's own page would see too. */
export interface OfferedPage {
  readonly page: IndexPage
  readonly leftOut: readonly string[]
}

/** Leaves out files that would be refused by their names, and core metadata without a hash. */
export function offeredPage(page: IndexPage): OfferedPage {
  const isSent = ({ filename }: IndexFile): boolean =>
    parseFilename(filename, page.project)?.project === page.project
  const odd = (page.leftOut ?? []).filter(
    ({ name, part }) => part === 'file' && kindOf(name.replace(/^.*\//s, '')) !== undefined,
  )
  return {
    page: { ...page, files: page.files.filter(isSent).map(withoutUnhashedMetadata) },
    leftOut: [
      ...page.files.filter((file) => !isSent(file)).map(({ filename }) => filename),
      ...odd.map(({ name }) => name),
    ],
  }
}

/** Core metadata without a hash on the page cannot be verified. */
function withoutUnhashedMetadata(file: IndexFile): IndexFile {
  const { coreMetadata, ...rest } = file
  if (typeof coreMetadata !== 'object') return rest
  const known = [...coreMetadata].some(([name, digest]) => resolveHash(name, digest) !== undefined)
  return known ? file : rest
}
