/** A repository whose delegations cross. */
import { createRepository, type RepositoryOptions, type TestRepository } from 'tuffet/testing'

/** Alice and Bob both delegate to `shared`, each with a key of their own. */
export function crossedDelegations(
  wheel: Uint8Array,
  options: RepositoryOptions = {},
): TestRepository {
  const repo = createRepository(options)
  for (const name of ['alice', 'bob']) {
    repo.delegate('targets', { name, paths: [`${name}/*`] })
    repo.delegate(name, { name: 'shared', paths: [`${name}/*`], count: 1 })
    repo.addTarget(`${name}/tool.whl`, wheel, { role: 'shared' })
  }
  repo.publish()
  repo.publish('targets')
  return repo
}
