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

/** How a walk goes on. */
export interface WalkOptions {
  readonly signal?: AbortSignal | undefined
  /**
   * Called with an edge that failed, or was not followed because of a limit. True: the walk goes on
   * without it. Default: the error ends the walk.
   */
  readonly leaveOut?: ((error: unknown, role: string, delegator: string) => boolean) | undefined
  /** Bytes of all roles, those that came and were refused too. Default: no limit. */
  readonly mostBytes?: number | undefined
}

/**
 * @internal `targets` first, then each role once, when the first edge believes it. Roles near `targets` come first,
 * and nothing else protects the room of one delegate from another. Searches afterwards go no further than the walk.
 *
 * @param most bytes of roles that delegate and wait for their turn
 * @throws as `Repository.find`
 */
export async function* walkRoles(
  trust: TargetsTrust,
  roles: RoleLoader,
  most: number,
  { signal, leaveOut, mostBytes = Infinity }: WalkOptions = {},
): AsyncGenerator<Trusted<Targets>, void, undefined> {
  yield trust.targets
  const seen = new Set<string>()
  const waiting: WeighedRole[] = [{ role: trust.targets, weight: 0 }]
  let [held, all] = [0, 0]
  const refuse = (error: unknown, edge: Edge): void => {
    if (leaveOut?.(error, edge.role.name, edge.delegator.role) !== true) throw error
  }
  const load = async (edge: Edge, either: AbortSignal): Promise<Step | undefined> => {
    let received = 0
    try {
      const loaded = await roles.load(edge, either, (bytes) => (received += bytes))
      return { edge, loaded, received }
    } catch (error) {
      if (either.aborted) throw error
      refuse(error, edge)
      if (error instanceof Error) roles.leaveOut(edge, error)
      all += received
      return undefined
    }
  }
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const delegator = next.role
    held -= next.weight
    const followed = function* (): Generator<Edge, void, undefined> {
      for (const edge of edgesOf(delegator, trust.snapshot.signed.meta)) {
        if (all < mostBytes) {
          yield edge
          continue
        }
        const error = limitError(edge.role.name, mostBytes)
        refuse(error, edge)
        // The others of the same delegator would each say the same.
        roles.stopBelow(delegator.role, { roles: seen, error })
        return
      }
    }
    for await (const step of inParallel(followed(), atOnce, load, signal)) {
      if (step === undefined) continue
      const { role, weight } = step.loaded
      const isNew = !seen.has(role.role)
      all += Math.max(isNew ? weight : 0, step.received)
      // Another edge leads to the same file, and so to the same delegations.
      if (!isNew) continue
      seen.add(role.role)
      yield role
      if (!delegatesAny(role.signed.delegations)) continue
      if (held + weight > most) {
        const error = limitError(role.role, most)
        refuse(error, step.edge)
        roles.stopBelow(role.role, { roles: seen, error })
        continue
      }
      held += weight
      waiting.push({ role, weight })
    }
  }
}

interface Step {
  readonly edge: Edge
  readonly loaded: WeighedRole
  /** Bytes that came for it: none where it was stored. */
  readonly received: number
}

function limitError(role: string, most: number): SearchLimitError {
  return new SearchLimitError({ role, step: '5.6.7.1' }, '*', most, 'bytes')
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
