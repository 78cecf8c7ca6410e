/** A mirror's attacks on an index, and their visible results for an installer. */
import { expect } from '@jest/globals'
import type { IndexRepository } from '../pypi/index-repository.js'
import type { Installed } from './installers.js'

/** From now on `bytes` are served as the file, and all else stays. */
export function swap(index: IndexRepository, filename: string, bytes: Uint8Array): void {
  index.served.set(index.distributions.get(filename)!.url, bytes)
  index.repo.intercept((kind, name) =>
    kind === 'target' && name.endsWith(filename) ? bytes : undefined,
  )
}

/** The name under which the newest page of a project is served. */
export function pageName(index: IndexRepository, project: string): string {
  const path = index.pagePath(project)
  return index.repo.targetNames(path)[0]!
}

/** From now on the page of a project is served as `change` returns it. */
export function swapPage(
  index: IndexRepository,
  project: string,
  change: (text: string) => string | Uint8Array,
): void {
  const name = pageName(index, project)
  const changed = change(Buffer.from(index.repo.file(name, 'target')).toString())
  index.repo.intercept((kind, asked) =>
    kind === 'target' && asked === name ? Buffer.from(changed) : undefined,
  )
}

/** The tool installs no project, and prints the reason. */
export function expectRefused(installed: Installed, why: string | RegExp): void {
  expect(installed.status).not.toBe(0)
  expect(installed.message).toBeUndefined()
  expect(installed.releases).toEqual([])
  // Long lines are broken where there are spaces.
  expect(installed.output.replaceAll(/\s+/g, ' ')).toMatch(why)
}
