/** The repository that the examples ask: two targets, and index pages of two projects. */
import { createHash } from 'node:crypto'
import { writePageJson } from '../../src/pypi/index.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'

/** Of the private one. */
export const token = 'open sesame'

/** What the pages list, and what is in the folder `wheels`: the second was changed on its way. */
export const wheels: readonly Wheel[] = [
  wheelOf('requests', '2.32.3', 'the wheel of requests'),
  wheelOf('colorama', '0.4.6', 'the wheel of colorama', 'the wheel of an attacker'),
]

interface Wheel {
  readonly project: string
  readonly filename: string
  readonly listed: string
  readonly found: string
}

function wheelOf(project: string, version: string, listed: string, found = listed): Wheel {
  return { project, filename: `${project}-${version}-py3-none-any.whl`, listed, found }
}

export function world(): TestRepository {
  const repo = createRepository({ now: Date.now() })
  repo.addTarget('pkgs/a.whl', 'a wheel')
  repo.addTarget('pkgs/b.whl', 'another wheel')
  for (const { project, filename, listed } of wheels) {
    const hashes = new Map([['sha256', createHash('sha256').update(listed).digest('hex')]])
    const file = { filename, url: `https://files.example.com/${filename}`, hashes }
    repo.addTarget(project, writePageJson({ apiVersion: '1.0', project, files: [file] }))
  }
  repo.publish()
  repo.rotate('root') // The first root is still a good one to start from.
  return repo
}
