/**
 * 5.6.7: the pre-order depth-first search for a target path, as a generator that asks for roles.
 * It never fetches: it yields the edge it needs and is resumed with the role believed through it.
 */
import { SearchLimitError } from '../../errors.js'
import type { TargetFile, Targets } from '../metadata/model.js'
import { checkInteger } from '../number-option.js'
import type { Edge, Trusted } from '../trust/phases.js'
import { edgesFor, type MatchedRole } from './delegation.js'
import type { Steps } from './path-pattern.js'

/** The result of a search. */
export interface SearchResult {
  /** Undefined when no role that may list the path does so (5.7.2). */
  readonly target?: TargetFile
  /** The roles from top-level targets to the one that lists the target; empty when none does. */
  readonly chain: readonly Trusted<Targets>[]
  /** Names of all roles visited, in order. */
  readonly visited: readonly string[]
}

/** The input of a search. */
export interface SearchQuery {
  readonly path: string
  /** The SHA-256 of the path's UTF-8 bytes, lower-case hexadecimal. Asked for at most once. */
  readonly pathDigest: () => string
  /** Most roles to visit, the top-level one included (5.6.7.1). */
  readonly searchedRoles: number
  /** Most steps of comparing patterns and prefixes, over all roles. Default 10,000,000. */
  readonly searchSteps?: number | undefined
}

/** The default of {@link SearchQuery.searchSteps}. */
export const searchStepsByDefault = 10_000_000

interface Visit {
  readonly edge: Edge
  readonly chain: readonly Trusted<Targets>[]
}

/**
 * Searches from the top-level targets role. Yields each edge once, in the order of the
 * specification; expects the role in return. A role that cannot be obtained ends the search: the
 * caller throws, and does not resume.
 *
 * @throws SearchLimitError, for roles and for steps. Off-spec: the text says to give up silently,
 *   but then a repository could hide a target by delegating to many roles. RangeError for
 *   `searchedRoles`, `searchSteps`
 *
 * @example
 * ```ts
 * import { createHash } from 'node:crypto'
 * import { searchTarget, type Edge, type TargetsTrust } from 'tuffet/core'
 * import type { Targets, Trusted } from 'tuffet/core'
 *
 * // `load` returns the role as believed through the edge, or throws.
 * function find(trust: TargetsTrust, path: string, load: (edge: Edge) => Trusted<Targets>) {
 *   const pathDigest = () => createHash('sha256').update(path).digest('hex')
 *   const search = searchTarget(trust.targets, { path, pathDigest, searchedRoles: 64 })
 *   let step = search.next()
 *   while (step.done !== true) step = search.next(load(step.value))
 *   return step.value.target // undefined: no role that may list the path does so
 * }
 * ```
 */
export function* searchTarget(
  top: Trusted<Targets>,
  query: SearchQuery,
): Generator<Edge, SearchResult, Trusted<Targets>> {
  checkInteger('searchedRoles', query.searchedRoles, 1)
  const visited = new Set<string>([top.role])
  let pending: Visit[] = []
  let role = top
  let chain: readonly Trusted<Targets>[] = [top]
  const { searchSteps = searchStepsByDefault } = query
  const steps: Steps = { left: checkInteger('searchSteps', searchSteps, 0) }
  for (;;) {
    const target = role.signed.targets.get(query.path)
    if (target) return { target, chain, visited: [...visited] }

    const found = matchingEdges(role, query, steps)
    if (steps.left < 0) {
      const place = { role: role.role, step: '5.6.7.1' }
      throw new SearchLimitError(place, query.path, searchSteps, 'steps')
    }
    // 5.6.7.2.1: later delegations than a terminating one are not considered, at any level.
    if (found.at(-1)?.terminating === true) pending = []
    const delegator = role
    for (const matched of found.reverse()) {
      pending.push({ edge: { delegator, role: matched }, chain })
    }

    let next = pending.pop()
    while (next && visited.has(next.edge.role.name)) next = pending.pop()
    if (!next) return { chain: [], visited: [...visited] }
    const { name } = next.edge.role
    if (visited.size >= query.searchedRoles) {
      throw new SearchLimitError({ role: name, step: '5.6.7.1' }, query.path, query.searchedRoles)
    }
    visited.add(name)
    role = yield next.edge
    chain = [...next.chain, role]
  }
}

/**
 * The delegations that match the path, up to the first terminating one and including it; no more
 * than can be visited, counting the visited ones.
 */
function matchingEdges(role: Trusted<Targets>, query: SearchQuery, steps: Steps): MatchedRole[] {
  const { delegations } = role.signed
  const matched: MatchedRole[] = []
  if (!delegations) return matched
  for (const edge of edgesFor(delegations, query.path, query.pathDigest, steps)) {
    matched.push(edge)
    if (edge.terminating) break
    if (matched.length > 2 * query.searchedRoles) break
  }
  return matched
}
