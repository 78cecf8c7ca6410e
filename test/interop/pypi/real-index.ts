/** An index of real distributions over a repository of PyPI's shape, as a mirror would serve it. */
import { createHash } from 'node:crypto'
import { parseFilename, type IndexPage } from '../../../src/pypi/index.js'
import { IndexRepository, type IndexOptions } from '../../pypi/index-repository.js'
import type { RealDistribution } from './distributions.js'

/** Published, with 16,384 bins unless `options` say otherwise. */
export function realIndex(
  distributions: readonly RealDistribution[],
  options: IndexOptions,
): IndexRepository {
  const index = new IndexRepository({ bins: 16_384, ...options })
  for (const one of distributions) list(index, one)
  publish(index)
  return index
}

/** With all that PyPI says of a file (PEP 592, 700, 714). */
export function list(
  index: IndexRepository,
  { filename, bytes, metadata, requiresPython, yanked }: RealDistribution,
  more: { readonly covered?: boolean; readonly page?: string } = {},
): void {
  const isWheel = filename.endsWith('.whl')
  const sha256 = createHash('sha256').update(metadata).digest('hex')
  const { url } = index.add(filename, bytes, {
    ...more,
    uploadTime: '2026-01-02T03:04:05.678901Z',
    ...(requiresPython !== undefined && { requiresPython }),
    ...(yanked !== undefined && { yanked }),
    ...(isWheel && { coreMetadata: new Map([['sha256', sha256]]) }),
  })
  if (isWheel) index.served.set(`${url}.metadata`, metadata)
}

export function publish(index: IndexRepository): void {
  index.publish((page: IndexPage) => ({ ...page, versions: versionsOf(page) }))
}

function versionsOf({ files, project }: IndexPage): string[] {
  const versions = files.map(({ filename }) => parseFilename(filename, project)!.version)
  return [...new Set(versions)]
}
