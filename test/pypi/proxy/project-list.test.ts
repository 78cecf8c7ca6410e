import { describe, expect, test } from '@jest/globals'
import { Updater, type Repository } from '../../../src/index.js'
import { pagesAndFilesLayout, pagesLayout, rstufLayout } from '../../../src/pypi/index.js'
import { negotiatePage } from '../../../src/pypi/proxy/negotiate.js'
import { listProjects, writeProjectList } from '../../../src/pypi/proxy/project-list.js'
import { createRepository } from '../../../src/testing/index.js'

async function repositoryOf(paths: readonly string[], delegates = false): Promise<Repository> {
  const repo = createRepository()
  for (const path of paths) repo.addTarget(path, path)
  if (delegates) repo.delegate('targets', { name: 'more', paths: ['*'] })
  repo.publish()
  const fetcher = repo.fetcher()
  const { metadataUrl, targetsUrl } = fetcher
  const options = { metadataUrl, targetsUrl, fetcher, root: repo.root(), now: () => repo.now }
  return new Updater(options).refresh()
}

describe('the projects of a repository', () => {
  test.each([
    [pagesLayout(), ['b-c', 'a', 'Not_Normal', 'x/y'], ['a', 'b-c']],
    [pagesAndFilesLayout(), ['b/index.html', 'a/index.html', 'ab/cd/ef/a-1.whl'], ['a', 'b']],
    [rstufLayout({ page: 'simple/{project}.html' }), ['simple/a.html', 'simple/a'], ['a']],
    [rstufLayout({ file: '{filename}' }), ['a-1.whl'], []],
  ])('are those whose pages are targets: %#', async (layout, paths, projects) => {
    expect(listProjects(await repositoryOf(paths), layout)).toEqual(projects)
  })

  test('are unknown where other roles may list more', async () => {
    expect(listProjects(await repositoryOf(['a'], true), pagesLayout())).toBeUndefined()
  })
})

test('a list is JSON or HTML', () => {
  const form = (accept: string): NonNullable<ReturnType<typeof negotiatePage>> =>
    negotiatePage(accept)!
  const json = writeProjectList(['a', 'b-c'], form('application/*'))
  expect(JSON.parse(json)).toEqual({
    meta: { 'api-version': '1.0' },
    projects: [{ name: 'a' }, { name: 'b-c' }],
  })
  const html = writeProjectList(['a', 'b-c'], form('text/html'))
  expect(html).toContain('<a href="b-c/">b-c</a>')
})
