/**
 * Obtains and judges one delegated role through one edge (5.6.7), like `cycle.ts`: from memory,
 * from the store, or from the repository.
 */
import { isTufError, SnapshotGoneError } from '../../errors.js'
import { encodeHex } from '../bytes.js'
import type { Targets } from '../metadata/model.js'
import { metadataFileName } from '../names.js'
import type { Edge, ListedFile, TargetsTrust, Trusted } from '../trust/phases.js'
import { acceptDelegated, listedFile, readDelegated } from '../trust/roles.js'
import {
  fromStoreOrNetwork,
  listedMaximum,
  readStored,
  requireStored,
  roleEntry,
  trustedDecision,
} from './file.js'
import type { Cycle, CycleOptions } from './request.js'

/** A role believed through one edge, and its file, which another edge may believe too. */
export interface LoadedRole {
  readonly trusted: Trusted<Targets>
  readonly file: ListedFile
  readonly from: 'store' | 'network'
}

/** The input of a role cycle. */
export interface RoleRequest {
  readonly trust: TargetsTrust
  readonly edge: Edge
  /** The role as another edge loaded it: its bytes are not read again. */
  readonly loaded?: LoadedRole
  /**
   * SHA-256 of the bytes signed when this view last loaded the role, where the snapshot lists no
   * hashes.
   */
  readonly before?: string
  readonly options: Omit<CycleOptions, 'anchor' | 'now'>
}

/**
 * Online: memory, then the store, then the repository.
 *
 * @throws the errors of `readDelegated` and `acceptDelegated`; SnapshotGoneError when the
 *   repository serves another signing of the version than `before`
 *
 * @example
 * ```ts
 * import { onlineRole, type Cycle, type LoadedRole, type RoleRequest } from 'tuffet/core'
 *
 * // `drive` answers the requests of a cycle, as in docs/guides/your-own-http-stack.md.
 * async function load(request: RoleRequest, drive: <T>(cycle: Cycle<T>) => Promise<T>) {
 *   const { trusted }: LoadedRole = await drive(onlineRole(request))
 *   return trusted.signed.targets
 * }
 * ```
 */
export function* onlineRole(request: RoleRequest): Cycle<LoadedRole> {
  const { trust, edge, loaded, options } = request
  const role = edge.role.name
  if (loaded) {
    try {
      return believeThrough(request, loaded)
    } catch (error) {
      // The served file was refused. The stored one may be an older signing of the version.
      if (loaded.from === 'network' || !isTufError(error)) throw error
      yield { decided: { verdict: 'not-used', role, error } }
    }
  }
  const listed = listedFile(trust, role)
  const { consistentSnapshot } = trust.root.signed
  return yield* fromStoreOrNetwork<LoadedRole>(
    {
      role,
      stored: loaded ? undefined : yield* readStored(roleEntry(role, options), role, options),
      step: '5.6.1',
      version: listed.version,
      consistentSnapshot,
      maxLength: listedMaximum(role, listed, options.limits),
      accept: (bytes, from) => {
        const file = readDelegated(trust, role, bytes, options)
        const trusted = acceptDelegated(trust, edge, file, options)
        requireSame(request, file)
        return { file, from, trusted }
      },
      trusted: (accepted) => accepted.trusted,
    },
    options,
  )
}

/**
 * Offline: memory, then the store.
 *
 * @throws NotStoredError, and the errors of {@link onlineRole}
 *
 * @example
 * ```ts
 * import { offlineRole, type LoadedRole, type RoleRequest } from 'tuffet/core'
 *
 * // A stored role, from entries in memory.
 * function loadStored(entries: ReadonlyMap<string, Uint8Array>, request: RoleRequest): LoadedRole {
 *   const cycle = offlineRole(request)
 *   let step = cycle.next()
 *   while (step.done !== true) {
 *     step = cycle.next('read' in step.value ? entries.get(step.value.read) : undefined)
 *   }
 *   return step.value
 * }
 * ```
 */
export function* offlineRole(request: RoleRequest): Cycle<LoadedRole> {
  const { trust, edge, loaded, options } = request
  if (loaded) return believeThrough(request, loaded)
  const role = edge.role.name
  const stored = yield* readStored(roleEntry(role, options), role, options)
  const file = readDelegated(trust, role, requireStored(role, stored, options), options)
  const trusted = acceptDelegated(trust, edge, file, options)
  requireSame(request, file)
  yield trustedDecision(trusted, 'store')
  return { trusted, file, from: 'store' }
}

function believeThrough({ trust, edge, options }: RoleRequest, loaded: LoadedRole): LoadedRole {
  return { ...loaded, trusted: acceptDelegated(trust, edge, loaded.file, options) }
}

/**
 * Distinguishes a file from another signing of its version. Undefined where the snapshot lists
 * hashes, which do so already.
 */
export function signedDigest(
  { expected, envelope }: ListedFile,
  { cryptography }: Pick<RoleRequest['options'], 'cryptography'>,
): string | undefined {
  if (expected.hashes !== undefined) return undefined
  return encodeHex(cryptography.hash('sha256', envelope.signedBytes))
}

/** A view stays consistent, even if a role's keys signed two files of one version. */
function requireSame({ before, options }: RoleRequest, file: ListedFile): void {
  const { role, expected } = file
  if (before === undefined || before === signedDigest(file, options)) return
  throw new SnapshotGoneError({ role, step: '5.6.1' }, metadataFileName(role, expected.version))
}
