/**
 * Obtains one file of the cycle, of a top-level or a delegated role: from the store if it passes
 * every check, else from the repository, and then it is stored.
 */
import { isTufError, LimitError, NotStoredError } from '../../errors.js'
import { digestText } from '../keys/hash.js'
import type { MetaFile, Signed } from '../metadata/model.js'
import { metadataFileName, storedRoleName } from '../names.js'
import type { Trusted } from '../trust/phases.js'
import type { TrustOptions } from '../trust/verify.js'
import { bytesIn } from './commit.js'
import { judged } from './judged.js'
import type {
  Cycle,
  CycleAnswer,
  CycleLimits,
  CycleRequest,
  ExpectedEntry,
  RootOptions,
} from './request.js'

/** A file that is used from the store if it passes every check, and fetched if it does not. */
export interface FileRequest<T> {
  readonly role: string
  readonly step: string
  readonly stored: Uint8Array | undefined
  /** The version the file is listed with. */
  readonly version: number
  /** Whether file names contain the version (6.2). */
  readonly consistentSnapshot: boolean
  readonly maxLength: number
  /** Every check, and nothing else. */
  readonly accept: (bytes: Uint8Array, options: TrustOptions, from: 'store' | 'network') => T
  readonly trusted: (accepted: T) => Trusted<Signed>
  /** Keeps a file accepted from the network. Default: it replaces the stored file. */
  readonly keep?: (accepted: T, bytes: Uint8Array) => Cycle<T>
}

/** @internal Shared by the top level and the delegated roles. */
export function* fromStoreOrNetwork<T>(request: FileRequest<T>, options: TrustOptions): Cycle<T> {
  const { role, stored, accept, keep } = request
  const reused =
    stored && (yield* tryStored(role, options, (asked) => accept(stored, asked, 'store')))
  if (reused) {
    yield trustedDecision(request.trusted(reused), 'store')
    return reused
  }
  const bytes = answered(yield networkRequest(request))
  const accepted = yield* judged(options, (asked) => accept(bytes, asked, 'network'))
  yield trustedDecision(request.trusted(accepted), 'network')
  if (keep) return yield* keep(accepted, bytes)
  yield { persist: roleEntry(role, options), bytes, replaceable: true }
  return accepted
}

function networkRequest<T>(request: FileRequest<T>): CycleRequest {
  const { role, step, version, maxLength, consistentSnapshot } = request
  return consistentSnapshot
    ? { fetch: metadataFileName(role, version), role, step, maxLength, ofSnapshot: true }
    : { fetch: metadataFileName(role), role, step, maxLength }
}

/**
 * @internal The stored bytes of a role's file. A file over the role's limit is an event and not
 * used: the client never stored it after a check.
 */
export function* readStored(
  entry: string,
  role: string,
  { limits, kept }: Pick<RootOptions, 'limits' | 'kept'>,
): Cycle<Uint8Array | undefined> {
  const limit = lengthLimitOf(role)
  const maxLength = limits[limit]
  const known = role === 'root' ? undefined : kept?.bytesOf(role)
  const bytes = bytesIn(yield { read: entry, maxLength, ...(known && { known }) })
  if (bytes === undefined || bytes.length <= maxLength) return bytes
  const place = { role, step: fetchSteps[limit] }
  const error = new LimitError(
    place,
    limit,
    maxLength,
    `is stored with more than ${maxLength} bytes`,
  )
  yield { decided: { verdict: 'not-used', role, error } }
  return undefined
}

/** @internal The expectation of a change on an entry that {@link readStored} read. */
export function expectedFile(
  role: string,
  bytes: Uint8Array | undefined,
  options: TrustOptions & { readonly limits: CycleLimits },
): ExpectedEntry {
  const maxLength = options.limits[lengthLimitOf(role)]
  return { entry: roleEntry(role, options), bytes, maxLength }
}

type LengthLimit = Exclude<keyof CycleLimits, 'rootRotations'>

/** The step that bounds the length of each kind of file. */
const fetchSteps: Readonly<Record<LengthLimit, string>> = {
  rootLength: '5.3.3',
  timestampLength: '5.4.1',
  snapshotLength: '5.5.1',
  targetsLength: '5.6.1',
}

function lengthLimitOf(role: string): LengthLimit {
  if (role === 'root') return 'rootLength'
  if (role === 'timestamp') return 'timestampLength'
  return role === 'snapshot' ? 'snapshotLength' : 'targetsLength'
}

/**
 * @internal The most bytes to fetch of a file that a voucher lists: as many as it says. A voucher
 * that says more than the client takes is refused before a request is made.
 *
 * @throws LimitError
 */
export function listedMaximum(role: string, listed: MetaFile, limits: CycleLimits): number {
  const limit = lengthLimitOf(role)
  const most = limits[limit]
  const { length = most } = listed
  if (length <= most) return length
  throw new LimitError(
    { role, step: fetchSteps[limit] },
    limit,
    most,
    `is listed with ${length} bytes, the client takes at most ${most}`,
  )
}

/** @internal A stored file that is refused is an event, not an error: the network is asked next. */
export function* tryStored<T>(
  role: string,
  options: TrustOptions,
  accept: (options: TrustOptions) => T,
): Cycle<T | undefined> {
  try {
    return yield* judged(options, accept)
  } catch (error) {
    if (!isTufError(error)) throw error
    yield { decided: { verdict: 'not-used', role, error } }
    return undefined
  }
}

/** @internal */
export function requireStored(
  role: string,
  bytes: Uint8Array | undefined,
  options: TrustOptions,
): Uint8Array {
  if (bytes === undefined) throw new NotStoredError(roleEntry(role, options))
  return bytes
}

/** @internal */
export function trustedDecision(
  trust: Trusted<Signed>,
  from: 'anchor' | 'store' | 'network',
): CycleRequest {
  const { role, report } = trust
  const { version, expires } = trust.signed
  return { decided: { verdict: 'trusted', role, version, expires, from, report } }
}

/** @internal */
export function answered(answer: CycleAnswer): Uint8Array {
  const bytes = bytesIn(answer)
  if (bytes === undefined) throw new TypeError('the driver must answer with bytes, or throw')
  return bytes
}

/** @internal The store entry of a role other than root. */
export function roleEntry(role: string, { cryptography }: TrustOptions): string {
  return storedRoleName(role, (text) => digestText(text, cryptography))
}
