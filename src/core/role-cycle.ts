/**
 * How one delegated role is had and believed through one edge (5.6.7), in the manner of `cycle.ts`:
 * from memory, from the store, or from the repository.
 */
import { isTufError } from '../errors.js'
import type { Cycle, CycleOptions } from './cycle-request.js'
import { fromStoreOrNetwork, requireStored, roleEntry, trustedDecision } from './cycle.js'
import type { Targets } from './metadata.js'
import type { Edge, ListedFile, TargetsTrust, Trusted } from './phases.js'
import { acceptDelegated, listedFile, readDelegated } from './trust.js'

/** A role believed through one edge, and its file, which another edge may believe too. */
export interface LoadedRole {
  readonly trusted: Trusted<Targets>
  readonly file: ListedFile
  readonly from: 'store' | 'network'
}

/** What a role cycle needs to know. */
export interface RoleRequest {
  readonly trust: TargetsTrust
  readonly edge: Edge
  /** The role as another edge loaded it: its bytes are not read again. */
  readonly loaded?: LoadedRole
  readonly options: Omit<CycleOptions, 'anchor' | 'now'>
}

/**
 * Online: memory, then the store, then the repository.
 *
 * @throws what `readDelegated` and `acceptDelegated` throw
 */
export function* onlineRole(request: RoleRequest): Cycle<LoadedRole> {
  const { trust, edge, loaded, options } = request
  const role = edge.role.name
  if (loaded) {
    try {
      return believeThrough(request, loaded)
    } catch (error) {
      // What is served now was refused. What was stored may be an older signing of the version.
      if (loaded.from === 'network' || !isTufError(error)) throw error
      yield { decided: { verdict: 'not-used', role, error } }
    }
  }
  const listed = listedFile(trust, role)
  const { consistentSnapshot } = trust.root.signed
  return yield* fromStoreOrNetwork<LoadedRole>(
    {
      role,
      stored: loaded ? undefined : yield { read: roleEntry(role, options) },
      step: '5.6.1',
      version: listed.version,
      consistentSnapshot,
      maxLength: listed.length ?? options.limits.targetsLength,
      accept: (bytes, from) => {
        const file = readDelegated(trust, role, bytes, options)
        return { file, from, trusted: acceptDelegated(trust, edge, file, options) }
      },
      trusted: (accepted) => accepted.trusted,
    },
    options,
  )
}

/**
 * Offline: memory, then the store.
 *
 * @throws NotStoredError, and what {@link onlineRole} throws
 */
export function* offlineRole(request: RoleRequest): Cycle<LoadedRole> {
  const { trust, edge, loaded, options } = request
  if (loaded) return believeThrough(request, loaded)
  const role = edge.role.name
  const stored = yield { read: roleEntry(role, options) }
  const file = readDelegated(trust, role, requireStored(role, stored, options), options)
  const trusted = acceptDelegated(trust, edge, file, options)
  yield trustedDecision(trusted, 'store')
  return { trusted, file, from: 'store' }
}

function believeThrough({ trust, edge, options }: RoleRequest, loaded: LoadedRole): LoadedRole {
  return { ...loaded, trusted: acceptDelegated(trust, edge, loaded.file, options) }
}
