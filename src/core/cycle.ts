/**
 * The order of the update cycle (5.1 to 5.6) as a generator: it says what to read, fetch, write and
 * delete, and is resumed with bytes or undefined for "there is none". It does no I/O itself.
 * What is accepted is written at once, before anything else is asked for; what is refused, never.
 */
import { isTufError, NotStoredError } from '../errors.js'
import type { Cycle, CycleOptions, CycleRequest } from './cycle-request.js'
import { digestText } from './hash.js'
import type { Signed } from './metadata.js'
import {
  anchorEntry,
  metadataFileName,
  rootEntry,
  storedRoleName,
  storedRootName,
} from './names.js'
import type {
  RecalledTrust,
  RootTrust,
  SnapshotTrust,
  TargetsTrust,
  TimestampTrust,
  Trusted,
} from './phases.js'
import { rotateRoot, settleRoot, trustAnchor } from './trust-root.js'
import {
  acceptSnapshot,
  acceptTargets,
  acceptTimestamp,
  isNewerFloor,
  listedFile,
  recall,
} from './trust.js'
import type { TrustOptions } from './verify.js'

/** One update cycle against the repository (5.2 to 5.6.6). */
export function* onlineCycle(options: CycleOptions): Cycle<TargetsTrust> {
  const { limits } = options
  const root = yield* currentRoot(options, 'online')
  const stored = yield* readFloors(options)
  const recalled = recall(settleRoot(root, options.now), stored, options)
  yield* forgetRotated(recalled, options)
  const timestamp = yield* fetchTimestamp(recalled, options)

  // Whether another process stored a newer snapshot meanwhile. Else newer targets in the store are
  // what a fast-forward attack left, and must not stay (5.6.6).
  let overtaken = false
  const { consistentSnapshot } = root.root.signed
  const expected = timestamp.timestamp.signed.snapshot
  const snapshot = yield* fromStoreOrNetwork<SnapshotTrust>(
    {
      role: 'snapshot',
      stored: recalled.rotated ? undefined : stored.snapshot,
      step: '5.5.1',
      version: expected.version,
      consistentSnapshot,
      maxLength: expected.length ?? limits.snapshotLength,
      accept: (bytes) => acceptSnapshot(timestamp, bytes, options),
      trusted: (trust) => trust.snapshot,
      yieldsTo(bytes) {
        overtaken =
          !(stored.snapshot && sameBytes(stored.snapshot, bytes)) &&
          isNewerFloor(timestamp, 'snapshot', bytes, expected.version, options)
        return overtaken
      },
    },
    options,
  )

  const listed = listedFile(snapshot, 'targets')
  return yield* fromStoreOrNetwork<TargetsTrust>(
    {
      role: 'targets',
      stored: yield { read: roleEntry('targets', options) },
      step: '5.6.1',
      version: listed.version,
      consistentSnapshot,
      maxLength: listed.length ?? limits.targetsLength,
      accept: (bytes) => acceptTargets(snapshot, bytes, options),
      trusted: (trust) => trust.targets,
      yieldsTo: (bytes) =>
        overtaken && isNewerFloor(snapshot, 'targets', bytes, listed.version, options),
    },
    options,
  )
}

/**
 * The same checks on stored bytes alone: no request, nothing written.
 *
 * @throws NotStoredError, and what the transitions throw
 */
export function* offlineCycle(options: CycleOptions): Cycle<TargetsTrust> {
  const root = yield* currentRoot(options, 'offline')
  const stored = yield* readFloors(options)
  const recalled = recall(settleRoot(root, options.now), stored, options)
  const bytes = requireStored('timestamp', stored.timestamp, options)
  const timestamp = acceptTimestamp(recalled, bytes, options)
  yield trustedDecision(timestamp.timestamp, 'store')
  const snapshot = acceptSnapshot(
    timestamp,
    requireStored('snapshot', stored.snapshot, options),
    options,
  )
  yield trustedDecision(snapshot.snapshot, 'store')
  const targetsBytes = yield { read: roleEntry('targets', options) }
  const targets = acceptTargets(snapshot, requireStored('targets', targetsBytes, options), options)
  yield trustedDecision(targets.targets, 'store')
  return targets
}

/**
 * 5.2 and 5.3.1 to 5.3.9. Stored roots are replayed from the anchor; one that is missing or not
 * believed is asked of the network, so a planted or damaged file in the store costs one request.
 */
function* currentRoot(options: CycleOptions, mode: 'online' | 'offline'): Cycle<RootTrust> {
  const anchor = options.anchor ?? (yield { read: anchorEntry })
  if (anchor === undefined) throw new NotStoredError(anchorEntry)
  let trust = trustAnchor(anchor, options)
  yield trustedDecision(trust.root, 'anchor')
  let copied = mode === 'online' && (yield* keepAnchor(trust, anchor))

  let fetched = 0
  for (;;) {
    const version = trust.root.signed.version + 1
    const stored = yield { read: storedRootName(version) }
    const replayed = stored && (yield* tryStored('root', () => rotateRoot(trust, stored, options)))
    if (replayed) {
      trust = replayed
      yield trustedDecision(trust.root, 'store')
      if (copied) yield { persist: rootEntry, bytes: stored, replaceable: false }
      continue
    }
    if (mode === 'offline' || fetched === options.limits.rootRotations) return trust
    const name = metadataFileName('root', version)
    const maxLength = options.limits.rootLength
    const bytes = yield { fetch: name, role: 'root', step: '5.3.3', maxLength, mayBeAbsent: true }
    if (bytes === undefined) return trust
    fetched += 1
    trust = rotateRoot(trust, bytes, options)
    yield trustedDecision(trust.root, 'network')
    yield* persistRoot(trust, bytes)
    copied = true
  }
}

/**
 * The anchor opens the stored history. Whether it was written: then it is the copy for readers, and
 * newer roots that the store has already must become the copy again.
 */
function* keepAnchor(trust: RootTrust, bytes: Uint8Array): Cycle<boolean> {
  const stored = yield { read: storedRootName(trust.root.signed.version) }
  if (stored !== undefined && sameBytes(stored, bytes)) return false
  yield* persistRoot(trust, bytes)
  return true
}

/** 5.3.8: the history first; `root.json` is a copy for readers and is never read back. */
function* persistRoot(trust: RootTrust, bytes: Uint8Array): Cycle<void> {
  yield { persist: storedRootName(trust.root.signed.version), bytes, replaceable: false }
  yield { persist: rootEntry, bytes, replaceable: false }
}

interface StoredFloors {
  readonly timestamp?: Uint8Array
  readonly snapshot?: Uint8Array
}

function* readFloors(options: TrustOptions): Cycle<StoredFloors> {
  const timestamp = yield { read: roleEntry('timestamp', options) }
  const snapshot = yield { read: roleEntry('snapshot', options) }
  return { ...(timestamp && { timestamp }), ...(snapshot && { snapshot }) }
}

/**
 * 5.3.11. A file that today's keys still vouch for is deleted before the one that shows the
 * rotation, so that a crash in between does not leave it behind as a floor.
 */
function* forgetRotated(trust: RecalledTrust, options: TrustOptions): Cycle<void> {
  for (const { role, error } of trust.refusals) {
    yield { decided: { verdict: 'not-used', role, error } }
  }
  if (!trust.rotated) return
  const refused = new Set<string>(trust.refusals.map(({ role }) => role))
  const roles = ['snapshot', 'timestamp']
  for (const role of roles.filter((name) => !refused.has(name))) {
    yield { delete: roleEntry(role, options) }
  }
  for (const role of roles.filter((name) => refused.has(name))) {
    yield { delete: roleEntry(role, options) }
  }
}

/** 5.4 */
function* fetchTimestamp(recalled: RecalledTrust, options: CycleOptions): Cycle<TimestampTrust> {
  const role = 'timestamp'
  const maxLength = options.limits.timestampLength
  const bytes = answered(yield { fetch: metadataFileName(role), role, step: '5.4.1', maxLength })
  const trust = acceptTimestamp(recalled, bytes, options)
  yield trustedDecision(trust.timestamp, trust.kept ? 'store' : 'network')
  if (!trust.kept) {
    const { version } = trust.timestamp.signed
    yield {
      persist: roleEntry(role, options),
      bytes,
      replaceable: false,
      yieldsTo: (stored) => isNewerFloor(trust, role, stored, version, options),
    }
  }
  return trust
}

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
  readonly yieldsTo?: (stored: Uint8Array) => boolean
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

/** A stored file that is refused is an event, not an error: the network is asked next. */
function* tryStored<T>(role: string, accept: () => T): Cycle<T | undefined> {
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

function answered(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new TypeError('the driver must answer with bytes, or throw')
  return bytes
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

/** @internal The store entry of a role other than root. */
export function roleEntry(role: string, { cryptography }: TrustOptions): string {
  return storedRoleName(role, (text) => digestText(text, cryptography))
}
