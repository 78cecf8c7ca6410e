import { expect, test } from '@jest/globals'
import { IndexRepository } from './index-repository.js'
import { gate } from '../support/client.js'

test('a limited number of index pages are fetched at once, and the others afterwards', async () => {
  const index = new IndexRepository({ bins: 2 })
  const projects = Array.from({ length: 40 }, (_, at) => `project-${at}`)
  for (const project of projects) index.add(`${project.replace('-', '_')}-1.0-py3-none-any.whl`)
  index.publish()
  const inner = index.fetcher()
  const full = gate()
  let running = 0
  let most = 0
  index.fetcher = () => ({
    async fetch(request) {
      if (request.kind !== 'target') return inner.fetch(request)
      most = Math.max(most, ++running)
      if (running === 16) full.open()
      await full.opened
      // More than that would be here by now.
      await new Promise((resolve) => setTimeout(resolve, 20))
      running--
      return inner.fetch(request)
    },
  })
  const view = await index.view()
  const pages = await Promise.all(projects.map((project) => view.project(project)))
  expect(pages.map((page) => page?.project)).toEqual(projects)
  expect(most).toBe(16)
})
