/** The roles that a client visits for a path (5.6.7), by their delegations alone. */
import type { Delegations } from '../../core/metadata/model.js'
import { edgesFor } from '../../core/search/delegation.js'
import type { Steps } from '../../core/search/path-pattern.js'

/** More than any client visits. */
const mostVisited = 256

/**
 * In order, up to where the search would end without a target.
 *
 * @param ends `without ends`: as if no delegation were terminating
 */
export function visitedRoles(
  delegators: ReadonlyMap<string, Delegations>,
  path: string,
  digest: () => string,
  steps: Steps,
  ends: 'with ends' | 'without ends' = 'with ends',
): ReadonlySet<string> {
  const visited = new Set<string>()
  let pending = ['targets']
  for (let role = pending.pop(); role !== undefined; role = pending.pop()) {
    if (visited.has(role)) continue
    if (visited.size >= mostVisited) break
    visited.add(role)
    const delegations = delegators.get(role)
    if (!delegations) continue
    const found: string[] = []
    let ended = false
    for (const { name, terminating } of edgesFor(delegations, path, digest, steps)) {
      found.push(name)
      if (terminating && ends === 'with ends') {
        ended = true
        break
      }
    }
    if (ended) pending = []
    pending.push(...found.reverse())
  }
  return visited
}
