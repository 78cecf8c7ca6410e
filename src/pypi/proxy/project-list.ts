/**
 * The list of projects (`/simple/`), where it can be known: a layout says where the page of a
 * project is, not whose page a target is, and delegated roles are not read for a list.
 */
import type { Repository } from '../../client/repository.js'
import type { Layout } from '../layouts.js'
import { tryNormalizeName } from '../names/names.js'
import type { PageForm } from './negotiate.js'

/** The projects whose pages are targets, sorted; undefined when other roles may list more. */
export function listProjects(
  repository: Partial<Pick<Repository, 'targets'>>,
  layout: Layout,
): readonly string[] | undefined {
  if (repository.targets === undefined || repository.targets.delegations) return undefined
  const { targets } = repository.targets
  const projects = new Set<string>()
  for (const path of targets.keys()) {
    for (const segment of path.split('/')) {
      const name = tryNormalizeName(segment.replace(/\.(?:html|json)$/, ''))
      if (name === undefined) continue
      if (layout.pages(name).some((page) => page.path === path)) projects.add(name)
    }
  }
  return [...projects].sort()
}

/** The list as a page (PEP 503, 691). The names are normalised and need no escapes. */
export function writeProjectList(projects: readonly string[], { form }: PageForm): string {
  if (form === 'json') {
    const names = projects.map((name) => ({ name }))
    return `${JSON.stringify({ meta: { 'api-version': '1.0' }, projects: names })}\n`
  }
  return [
    '<!DOCTYPE html>',
    '<html>',
    '<head>',
    '<meta name="pypi:repository-version" content="1.0">',
    '<title>Simple index</title>',
    '</head>',
    '<body>',
    ...projects.map((name) => `<a href="${name}/">${name}</a><br>`),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}
