/**
 * Obtains and judges one delegated role through one edge (5.6.7), like `cycle.ts`: from memory,
 * from the store, or from the repository.
 */
import { isTufError, SnapshotGoneError } from '../../errors.js'
import { encodeHex } from '../bytes.js'
import { digestOf, type Digesting } from '../keys/hash.js'
import type { Targets } from '../metadata/model.js'
import { metadataFileName } from '../names.js'
import type { Edge, ListedFile, TargetsTrust, Trusted } from '../trust/phases.js'
import { acceptDelegated, listedFile, readDelegated } from '../trust/roles.js'
import type { TrustOptions } from '../trust/verify.js'
import {
  fromStoreOrNetwork,
  listedMaximum,
  readStored,
  requireStored,
  roleEntry,
  trustedDecision,
} from './file.js'
import { judged } from './judged.js'
import type { Cycle, CycleOptions } from './request.js'

/** A role believed through one edge, and its file, which another edge may believe too. */
export interface LoadedRole {
  readonly trusted: Trusted<Targets>
  readonly file: ListedFile
  readonly from: 'store' | 'network'
  /**
   * For `RoleRequest.before`, where the snapshot lists no hashes and the signed bytes are not a part
   * of the file: they need not be kept for it.
   */
  readonly digest?: string
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
  readonly before?: string | undefined
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
      return yield* believeThrough(request, loaded)
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
      accept: (bytes, asked, from) => roleFrom(request, bytes, asked, from),
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
  const { edge, loaded, options } = request
  if (loaded) return yield* believeThrough(request, loaded)
  const role = edge.role.name
  const read = yield* readStored(roleEntry(role, options), role, options)
  const bytes = requireStored(role, read, options)
  const found = yield* judged(options, (asked) => roleFrom(request, bytes, asked, 'store'))
  yield trustedDecision(found.trusted, 'store')
  return found
}

function* believeThrough(
  { trust, edge, options }: RoleRequest,
  loaded: LoadedRole,
): Cycle<LoadedRole> {
  const { file } = loaded
  const trusted = yield* judged(options, (asked) => acceptDelegated(trust, edge, file, asked))
  return { ...loaded, trusted }
}

function roleFrom(
  request: RoleRequest,
  bytes: Uint8Array,
  options: TrustOptions,
  from: 'store' | 'network',
): LoadedRole {
  const { trust, edge } = request
  const file = readDelegated(trust, edge.role.name, bytes, options)
  const trusted = acceptDelegated(trust, edge, file, options)
  requireSame(request.before, file, options)
  const digest = isPart(file.envelope.signedBytes) ? undefined : signedDigest(file, options)
  return { file, from, trusted, ...(digest !== undefined && { digest }) }
}

function isPart({ buffer, byteLength }: Uint8Array): boolean {
  return byteLength < buffer.byteLength
}

/**
 * Distinguishes a file from another signing of its version. Undefined where the snapshot lists
 * hashes, which do so already.
 */
export function signedDigest(
  { expected, envelope }: ListedFile,
  by: Digesting,
): string | undefined {
  if (expected.hashes !== undefined) return undefined
  return encodeHex(digestOf('sha256', envelope.signedBytes, by))
}

/** A view stays consistent, even if a role's keys signed two files of one version. */
function requireSame(before: string | undefined, file: ListedFile, by: Digesting): void {
  const { role, expected } = file
  if (before === undefined || before === signedDigest(file, by)) return
  throw new SnapshotGoneError({ role, step: '5.6.1' }, metadataFileName(role, expected.version))
}
