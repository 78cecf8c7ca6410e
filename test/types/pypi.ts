/** A view of projects is made only from a verified view of a repository. */
import type { Repository } from '../../src/index.js'
import { pagesLayout, PypiView, type Layout } from '../../src/pypi/index.js'

export function aViewNeedsARepository(repository: Repository, layout: Layout): unknown[] {
  return [
    new PypiView(repository, layout),
    new PypiView(repository, pagesLayout(), { maxPageLength: 1 }),
    // @ts-expect-error: a number is not a repository
    new PypiView(42, layout),
    // @ts-expect-error: nor is an object that only looks like one from afar
    new PypiView({}, layout),
    // @ts-expect-error: a layout is not its name
    new PypiView(repository, 'pages'),
    // @ts-expect-error: lengths are numbers
    new PypiView(repository, layout, { maxPageLength: '1' }),
  ]
}

export async function aFindingIsLookedAt(view: PypiView): Promise<unknown[]> {
  const finding = await view.find('a-1.0.tar.gz')
  return [
    finding.vouched?.length,
    // @ts-expect-error: there may be no file that anyone vouches for
    finding.vouched.length,
  ]
}
