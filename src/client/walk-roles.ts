/**
 * Every delegated role that the snapshot lists, through every edge that leads to it: a copy of a
 * repository needs them all, a search only a few. Roles that do not delegate are handed out and forgotten.
 */
import type { MetaFile, Targets } from '../core/metadata/model.js'
import { delegatesAny, isSuccinctBin } from '../core/search/delegation.js'
import type { Edge, TargetsTrust, Trusted } from '../core/trust/phases.js'
import { SearchLimitError } from '../errors.js'
import { inParallel } from './in-parallel.js'
import type { WeighedRole } from './kept-roles.js'
import type { RoleLoader } from './role-loader.js'

/** How many roles are loaded at once: each listens to the same signal, which takes ten without a warning. */
const atOnce = 8

/**
 * @internal `targets` first, then each role once, after every edge of one delegator was followed.
 *
 * @param most bytes of roles that delegate and wait for their turn
 * @throws as `Repository.find`
 */
export async function* walkRoles(
  trust: TargetsTrust,
  roles: RoleLoader,
  most: number,
  signal?: AbortSignal,
): AsyncGenerator<Trusted<Targets>, void, undefined> {
  yield trust.targets
  const seen = new Set<string>()
  const waiting: WeighedRole[] = [{ role: trust.targets, weight: 0 }]
  let held = 0
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    held -= next.weight
    const edges = edgesOf(next.role, trust.snapshot.signed.meta)
    const load = (edge: Edge, either: AbortSignal): Promise<WeighedRole> => roles.load(edge, either)
    for await (const loaded of inParallel(edges, atOnce, load, signal)) {
      const { role, weight } = loaded
      // Another edge leads to the same file, and so to the same delegations.
      if (seen.has(role.role)) continue
      seen.add(role.role)
      yield role
      if (!delegatesAny(role.signed.delegations)) continue
      waiting.push(loaded)
      held += weight
      if (held > most) {
        const place = { role: role.role, step: '5.6.7.1' }
        throw new SearchLimitError(place, '*', most, 'bytes')
      }
    }
  }
}

/** Without roles that the snapshot does not list: nobody can fetch them. */
function* edgesOf(
  delegator: Trusted<Targets>,
  listed: ReadonlyMap<string, MetaFile>,
): Generator<Edge, void, undefined> {
  const { delegations } = delegator.signed
  if (delegations === undefined) return
  const { succinct, roles = [] } = delegations
  if (succinct !== undefined) {
    const { keyids, threshold } = succinct
    // There may be 2^32 bins, and the snapshot lists those with a file.
    for (const file of listed.keys()) {
      const name = file.replace(/\.json$/, '')
      if (isSuccinctBin(succinct, name)) yield { delegator, role: { name, keyids, threshold } }
    }
    return
  }
  for (const role of roles) {
    if (listed.has(`${role.name}.json`)) yield { delegator, role }
  }
}
