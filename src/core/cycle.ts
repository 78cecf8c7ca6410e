/**
 * The order of the update cycle (5.1 to 5.6) as a generator: it says what to read, fetch, write and
 * delete, and is resumed with bytes or undefined for "there is none". It does no I/O itself.
 * What is accepted is written at once, before anything else is asked for; what is refused, never.
 */
import { NotStoredError } from '../errors.js'
import { answered, fromStoreOrNetwork, listedMaximum, readStored } from './cycle-file.js'
import { requireStored, roleEntry, trustedDecision, tryStored } from './cycle-file.js'
import type { Cycle, CycleOptions, CycleRequest, Yielding } from './cycle-request.js'
import { anchorEntry, metadataFileName, rootEntry, storedRootName } from './names.js'
import type {
  RecalledTrust,
  RootTrust,
  SnapshotTrust,
  TargetsTrust,
  TimestampTrust,
} from './phases.js'
import { sameBytes } from './same-bytes.js'
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
  yield* forgetRotated(recalled, stored, options)
  const timestamp = yield* fetchTimestamp(recalled, options)

  const { consistentSnapshot } = root.root.signed
  const expected = timestamp.timestamp.signed.snapshot
  const snapshot = yield* fromStoreOrNetwork<SnapshotTrust>(
    {
      role: 'snapshot',
      stored: recalled.rotated ? undefined : stored.snapshot,
      step: '5.5.1',
      version: expected.version,
      consistentSnapshot,
      maxLength: listedMaximum('snapshot', expected, limits),
      accept: (bytes) => acceptSnapshot(timestamp, bytes, options),
      trusted: (trust) => trust.snapshot,
      // Another process's, and not the one that was there before and is not the newest any more.
      yieldsTo: {
        entry: roleEntry('snapshot', options),
        to: (bytes) =>
          bytes !== undefined &&
          !(stored.snapshot && sameBytes(stored.snapshot, bytes)) &&
          isNewerFloor(timestamp, 'snapshot', bytes, expected.version, options),
      },
    },
    options,
  )

  const listed = listedFile(snapshot, 'targets')
  return yield* fromStoreOrNetwork<TargetsTrust>(
    {
      role: 'targets',
      stored: yield* readStored(roleEntry('targets', options), 'targets', limits),
      step: '5.6.1',
      version: listed.version,
      consistentSnapshot,
      maxLength: listedMaximum('targets', listed, limits),
      accept: (bytes) => acceptTargets(snapshot, bytes, options),
      trusted: (trust) => trust.targets,
      // Who stored a newer timestamp has, or will have, the targets that belong to it. Newer targets
      // alone are what a fast-forward attack left, and must not stay (5.6.6).
      yieldsTo: newerTimestamp(timestamp, options),
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
  const targetsBytes = yield* readStored(roleEntry('targets', options), 'targets', options.limits)
  const targets = acceptTargets(snapshot, requireStored('targets', targetsBytes, options), options)
  yield trustedDecision(targets.targets, 'store')
  return targets
}

/**
 * 5.2 and 5.3.1 to 5.3.9. Stored roots are replayed from the anchor; one that is missing or not
 * believed is asked of the network, so a planted or damaged file in the store costs one request.
 */
function* currentRoot(options: CycleOptions, mode: 'online' | 'offline'): Cycle<RootTrust> {
  const anchor = options.anchor ?? (yield* readStored(anchorEntry, 'root', options.limits))
  if (anchor === undefined) throw new NotStoredError(anchorEntry)
  let trust = trustAnchor(anchor, options)
  yield trustedDecision(trust.root, 'anchor')
  let copied = mode === 'online' && (yield* keepAnchor(trust, anchor, options))

  let fetched = 0
  for (;;) {
    const version = trust.root.signed.version + 1
    const stored = yield* readStored(storedRootName(version), 'root', options.limits)
    const replayed = stored && (yield* tryStored('root', () => rotateRoot(trust, stored, options)))
    if (replayed) {
      trust = replayed
      yield trustedDecision(trust.root, 'store')
      if (copied) yield { persist: rootEntry, bytes: stored, replaceable: false }
      continue
    }
    if (mode === 'offline') return trust
    if (fetched === options.limits.rootRotations) {
      yield limitReached(trust, fetched)
      return trust
    }
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

function limitReached(trust: RootTrust, limit: number): CycleRequest {
  const { version } = trust.root.signed
  return { decided: { verdict: 'limit-reached', role: 'root', version, limit } }
}

/**
 * The anchor opens the stored history. Whether it was written: then it is the copy for readers, and
 * newer roots that the store has already must become the copy again.
 */
function* keepAnchor(
  trust: RootTrust,
  bytes: Uint8Array,
  { limits }: CycleOptions,
): Cycle<boolean> {
  const entry = storedRootName(trust.root.signed.version)
  const stored = yield* readStored(entry, 'root', limits)
  if (stored !== undefined && sameBytes(stored, bytes)) return false
  yield* persistRoot(trust, bytes)
  return true
}

/**
 * 5.3.8: the copy for readers first, which is never read back; after a crash in between, the root is
 * fetched again and both are written.
 */
function* persistRoot(trust: RootTrust, bytes: Uint8Array): Cycle<void> {
  yield { persist: rootEntry, bytes, replaceable: false }
  yield { persist: storedRootName(trust.root.signed.version), bytes, replaceable: false }
}

interface StoredFloors {
  readonly timestamp?: Uint8Array
  readonly snapshot?: Uint8Array
}

function* readFloors(options: CycleOptions): Cycle<StoredFloors> {
  const { limits } = options
  const timestamp = yield* readStored(roleEntry('timestamp', options), 'timestamp', limits)
  const snapshot = yield* readStored(roleEntry('snapshot', options), 'snapshot', limits)
  return { ...(timestamp && { timestamp }), ...(snapshot && { snapshot }) }
}

/**
 * 5.3.11. A file that today's keys still vouch for is deleted before the one that shows the
 * rotation, so that a crash in between does not leave it behind as a floor.
 */
function* forgetRotated(
  trust: RecalledTrust,
  stored: StoredFloors,
  options: TrustOptions,
): Cycle<void> {
  for (const { role, error } of trust.refusals) {
    yield { decided: { verdict: 'not-used', role, error } }
  }
  if (!trust.rotated) return
  const refused = new Set<string>(trust.refusals.map(({ role }) => role))
  const roles = ['snapshot', 'timestamp'] as const
  const inOrder = [
    ...roles.filter((role) => !refused.has(role)),
    ...roles.filter((role) => refused.has(role)),
  ]
  // Where the last of them is gone, another process has deleted both, and perhaps stored floors.
  const witness = inOrder.at(-1) ?? 'timestamp'
  const judged = stored[witness]
  const yieldsTo: Yielding = {
    entry: roleEntry(witness, options),
    to: (bytes) => !(bytes && judged && sameBytes(judged, bytes)),
  }
  for (const role of inOrder) {
    if (stored[role] !== undefined) yield { delete: roleEntry(role, options), yieldsTo }
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
    const yieldsTo = newerTimestamp(trust, options)
    yield { persist: yieldsTo.entry, bytes, replaceable: false, yieldsTo }
  }
  return trust
}

function newerTimestamp(trust: TimestampTrust, options: TrustOptions): Yielding {
  const { version } = trust.timestamp.signed
  return {
    entry: roleEntry('timestamp', options),
    to: (bytes) => bytes !== undefined && isNewerFloor(trust, 'timestamp', bytes, version, options),
  }
}
