import {
  createRepository,
  type RepositoryOptions,
  type TestRepository,
} from '../../src/testing/index.js'

/**
 * A published repository with these targets, path → content. Those below `dev/` are of the role `dev`, to
 * which `targets` delegates that folder; the others are of `targets` itself.
 */
export function publishedWith(
  targets: Readonly<Record<string, string | Uint8Array>>,
  settings?: RepositoryOptions,
): TestRepository {
  const repo = createRepository(settings)
  const paths = Object.keys(targets)
  if (paths.some(isOfDev)) repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
  for (const [path, content] of Object.entries(targets)) {
    repo.addTarget(path, content, isOfDev(path) ? { role: 'dev' } : {})
  }
  repo.publish()
  return repo
}

function isOfDev(path: string): boolean {
  return path.startsWith('dev/')
}
