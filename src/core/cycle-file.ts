/**
 * How one file of the cycle is had, the top level and delegated roles alike: from the store if it
 * passes every check, else from the repository, and then it is kept.
 */
import { isTufError, NotStoredError } from '../errors.js'
import type { Cycle, CycleRequest, Yielding } from './cycle-request.js'
import { digestText } from './hash.js'
import type { Signed } from './metadata.js'
import { metadataFileName, storedRoleName } from './names.js'
import type { Trusted } from './phases.js'
import type { TrustOptions } from './verify.js'

/** A file that is used from the store if it passes every check, and fetched if it does not. */
export interface FileRequest<T> {
  readonly role: string
  readonly step: string
  readonly stored: Uint8Array | undefined
  /** The version the file is listed with. */
  readonly version: number
  /** Whether files have their version in their name (6.2). */
  readonly consistentSnapshot: boolean
  readonly maxLength: number
  /** Every check. */
  readonly accept: (bytes: Uint8Array, from: 'store' | 'network') => T
  readonly trusted: (accepted: T) => Trusted<Signed>
  readonly yieldsTo?: Yielding
}

/** @internal Shared by the top level and the delegated roles. */
export function* fromStoreOrNetwork<T>(request: FileRequest<T>, options: TrustOptions): Cycle<T> {
  const { role, stored, accept, yieldsTo } = request
  const reused = stored && (yield* tryStored(role, () => accept(stored, 'store')))
  if (reused) {
    yield trustedDecision(request.trusted(reused), 'store')
    return reused
  }
  const bytes = answered(yield networkRequest(request))
  const accepted = accept(bytes, 'network')
  yield trustedDecision(request.trusted(accepted), 'network')
  const entry = roleEntry(role, options)
  const replaceable = role !== 'snapshot'
  yield { persist: entry, bytes, replaceable, ...(yieldsTo && { yieldsTo }) }
  return accepted
}

function networkRequest<T>(request: FileRequest<T>): CycleRequest {
  const { role, step, version, maxLength, consistentSnapshot } = request
  return consistentSnapshot
    ? { fetch: metadataFileName(role, version), role, step, maxLength, ofSnapshot: true }
    : { fetch: metadataFileName(role), role, step, maxLength }
}

/** @internal A stored file that is refused is an event, not an error: the network is asked next. */
export function* tryStored<T>(role: string, accept: () => T): Cycle<T | undefined> {
  try {
    return accept()
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
export function answered(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new TypeError('the driver must answer with bytes, or throw')
  return bytes
}

/** @internal The store entry of a role other than root. */
export function roleEntry(role: string, { cryptography }: TrustOptions): string {
  return storedRoleName(role, (text) => digestText(text, cryptography))
}
