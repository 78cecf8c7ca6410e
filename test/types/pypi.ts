/** A view of projects is made only from a verified view of a repository. */
import type { Repository } from '../../src/index.js'
import { pagesLayout, pypiView, type Layout, type PypiView } from '../../src/pypi/index.js'
import { holds, type Equals } from './equals.js'

holds<Equals<ReturnType<typeof pypiView>, PypiView>>()

export function aViewNeedsARepository(repository: Repository, layout: Layout): unknown[] {
  return [
    pypiView(repository, layout),
    pypiView(repository, pagesLayout(), { maxPageLength: 1 }),
    // @ts-expect-error: a number is not a repository
    pypiView(42, layout),
    // @ts-expect-error: nor is an object that only looks like one from afar
    pypiView({}, layout),
    // @ts-expect-error: a layout is not its name
    pypiView(repository, 'pages'),
    // @ts-expect-error: lengths are numbers
    pypiView(repository, layout, { maxPageLength: '1' }),
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
