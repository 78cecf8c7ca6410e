/**
 * The transitions 5.4 to 5.6, one pure function each (5.2 to 5.3.10: `root.ts`; 5.3.11:
 * `recall.ts`). The rules:
 *
 * 1. Only these functions make a value of a phase, so a wrong order does not compile.
 * 2. Every check of a file comes before the value that says it is trusted. Values are never
 *    mutated.
 * 3. A file trusted earlier serves as a floor against rollback even after it expired.
 * 4. Time is fixed when the root is settled, and every later check uses that time (5.1).
 */
import {
  RollbackError,
  RoleNotListedError,
  VersionMismatchError,
  type Place,
} from '../../errors.js'
import { SlicedRows } from '../json/fast/rows.js'
import { checkFile } from '../keys/hash.js'
import type { MetaFile, Root, Signed, Snapshot, Targets, Timestamp } from '../metadata/model.js'
import { parseMetadata } from '../metadata/parse.js'
import {
  phase,
  type Edge,
  type ListedFile,
  type RecalledTrust,
  type SnapshotTrust,
  type TargetsTrust,
  type TimestampTrust,
  type Trusted,
} from './phases.js'
import { believe, requireFresh, rootAuthority } from './root.js'
import { requireThreshold, type Authority, type TrustOptions } from './verify.js'

/**
 * 5.4.2 to 5.4.4. Off-spec: an equal version does not end the cycle, the stored timestamp is kept
 * and the cycle goes on, so that a client that failed at the snapshot last time is not stranded.
 *
 * @throws MetadataInvalidError, SpecVersionError, ThresholdError, RollbackError, ExpiredError
 *
 * @example
 * ```ts
 * import { acceptTimestamp, type RecalledTrust, type TimestampTrust } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * function next(trust: RecalledTrust, timestamp: Uint8Array): TimestampTrust {
 *   return acceptTimestamp(trust, timestamp, { cryptography: nodeCryptography })
 * }
 * ```
 */
export function acceptTimestamp(
  trust: RecalledTrust,
  bytes: Uint8Array,
  options: TrustOptions,
): TimestampTrust {
  const floor = trust.timestamp?.trusted
  const candidate =
    bytes === trust.timestamp?.bytes
      ? trust.timestamp.trusted
      : timestampFrom(trust, bytes, options)
  const kept = floor !== undefined && candidate.signed.version === floor.signed.version
  if (floor && !kept) refuseTimestampRollback(floor.signed, candidate.signed)
  const timestamp = kept ? floor : candidate
  const { undecided } = trust
  if (undecided.timestamp) refuseTimestampRollback(undecided.timestamp, timestamp.signed)
  const unjudged = undecided.timestamp?.version === timestamp.signed.version
  requireFresh({ role: 'timestamp', step: '5.4.4' }, timestamp.signed, trust.now)
  const { root, now, snapshot } = trust
  return {
    [phase]: 'timestamp',
    root,
    now,
    timestamp,
    kept: kept || unjudged,
    ...(snapshot && { floor: snapshot }),
    ...(undecided.snapshot && { undecided: undecided.snapshot }),
  }
}

function timestampFrom(
  trust: RecalledTrust,
  bytes: Uint8Array,
  options: TrustOptions,
): Trusted<Timestamp> {
  const envelope = parseMetadata(bytes, 'timestamp', 'timestamp', options)
  const authority = rootAuthority(trust.root.signed, 'timestamp')
  const report = requireThreshold(
    { role: 'timestamp', step: '5.4.2' },
    envelope,
    authority,
    options,
  )
  return believe('timestamp', envelope, report)
}

function refuseTimestampRollback(floor: Timestamp, offered: Timestamp): void {
  if (offered.version < floor.version) {
    const place = { role: 'timestamp', step: '5.4.3.1' }
    throw new RollbackError(place, 'timestamp.json', floor.version, offered.version)
  }
  if (offered.snapshot.version < floor.snapshot.version) {
    const place = { role: 'timestamp', step: '5.4.3.2' }
    const [before, now] = [floor.snapshot.version, offered.snapshot.version]
    throw new RollbackError(place, 'snapshot.json', before, now)
  }
}

/**
 * 5.5.2 to 5.5.6, for fetched and for stored bytes alike.
 *
 * @throws LengthMismatchError, HashMismatchError, MetadataInvalidError, SpecVersionError,
 *   ThresholdError, VersionMismatchError, RollbackError, ExpiredError
 *
 * @example
 * ```ts
 * import { acceptSnapshot, type TimestampTrust, type SnapshotTrust } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * function next(trust: TimestampTrust, snapshot: Uint8Array): SnapshotTrust {
 *   return acceptSnapshot(trust, snapshot, { cryptography: nodeCryptography })
 * }
 * ```
 */
export function acceptSnapshot(
  trust: TimestampTrust,
  bytes: Uint8Array,
  options: TrustOptions,
): SnapshotTrust {
  const { root, now, timestamp, floor } = trust
  const expected = timestamp.signed.snapshot
  checkFile(bytes, expected, { role: 'snapshot', step: '5.5.2' }, options)
  const snapshot =
    bytes === floor?.bytes ? floor.trusted : snapshotFrom(root.signed, bytes, options)
  const { signed } = snapshot
  requireVersion({ role: 'snapshot', step: '5.5.4' }, signed, expected)
  if (floor && floor.trusted !== snapshot) refuseSnapshotRollback(floor.trusted.signed, signed)
  if (trust.undecided) refuseSnapshotRollback(trust.undecided, signed)
  requireFresh({ role: 'snapshot', step: '5.5.6' }, signed, now)
  return { [phase]: 'snapshot', root, now, timestamp, snapshot }
}

function snapshotFrom(root: Root, bytes: Uint8Array, options: TrustOptions): Trusted<Snapshot> {
  const envelope = parseMetadata(bytes, 'snapshot', 'snapshot', options)
  const authority = rootAuthority(root, 'snapshot')
  const report = requireThreshold({ role: 'snapshot', step: '5.5.3' }, envelope, authority, options)
  return believe('snapshot', envelope, report)
}

/** 5.5.5: no entry may go back, and none may vanish. */
function refuseSnapshotRollback(floor: Snapshot, offered: Snapshot): void {
  const place = { role: 'snapshot', step: '5.5.5' }
  for (const file of changedEntries(floor, offered)) {
    const version = floor.meta.get(file)?.version ?? 0
    const now = offered.meta.get(file)?.version
    if (now === undefined || now < version) throw new RollbackError(place, file, version, now)
  }
}

function changedEntries(floor: Snapshot, offered: Snapshot): Iterable<string> {
  const [before, now] = [floor.meta, offered.meta]
  return before instanceof SlicedRows && now instanceof SlicedRows
    ? before.changedIn(now)
    : before.keys()
}

/**
 * 5.6.2 to 5.6.5 for the top-level targets role.
 *
 * @throws as {@link acceptDelegated}
 *
 * @example
 * ```ts
 * import { acceptTargets, type SnapshotTrust, type TargetsTrust } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * function next(trust: SnapshotTrust, targets: Uint8Array): TargetsTrust {
 *   return acceptTargets(trust, targets, { cryptography: nodeCryptography })
 * }
 * ```
 */
export function acceptTargets(
  trust: SnapshotTrust,
  bytes: Uint8Array,
  options: TrustOptions,
): TargetsTrust {
  const { root, now, timestamp, snapshot } = trust
  const file = readTargetsFile(trust, 'targets', bytes, options)
  const authority = rootAuthority(root.signed, 'targets')
  const targets = acceptTargetsFile(trust, file, authority, options)
  return { [phase]: 'targets', root, now, timestamp, snapshot, targets }
}

/**
 * 5.6.2 for a delegated role: the file is the one the snapshot lists, whichever role delegates to
 * it. The result is independent of `bytes`.
 *
 * @throws RoleNotListedError, LengthMismatchError, HashMismatchError, MetadataInvalidError,
 *   SpecVersionError
 *
 * @example
 * ```ts
 * import { acceptDelegated, readDelegated, type Edge, type TargetsTrust } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * // Reads a role's file once, and believes it through one edge.
 * function believe(trust: TargetsTrust, edge: Edge, bytes: Uint8Array) {
 *   const options = { cryptography: nodeCryptography }
 *   const file = readDelegated(trust, edge.role.name, bytes, options)
 *   return acceptDelegated(trust, edge, file, options)
 * }
 * ```
 */
export function readDelegated(
  trust: TargetsTrust,
  role: string,
  bytes: Uint8Array,
  options: TrustOptions,
): ListedFile {
  return readTargetsFile(trust, role, bytes, options)
}

/**
 * 5.6.3 to 5.6.5 for a delegated role, through one edge: another delegator with other keys believes
 * the same file or does not (python-tuf#2977).
 *
 * @throws ThresholdError, VersionMismatchError, ExpiredError
 *
 * @example
 * ```ts
 * import { acceptDelegated, type Edge, type ListedFile, type TargetsTrust } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * function targetsOf(trust: TargetsTrust, edge: Edge, file: ListedFile) {
 *   const role = acceptDelegated(trust, edge, file, { cryptography: nodeCryptography })
 *   return role.signed.targets
 * }
 * ```
 */
export function acceptDelegated(
  trust: TargetsTrust,
  edge: Edge,
  file: ListedFile,
  options: TrustOptions,
): Trusted<Targets> {
  const keys = edge.delegator.signed.delegations?.keys ?? new Map<string, never>()
  const { keyids, threshold } = edge.role
  const authority = { delegator: edge.delegator.role, keys, keyids, threshold }
  return acceptTargetsFile(trust, file, authority, options)
}

/** One road for the top-level role and for delegated ones (CVE-2026-6967): this and the next function. */
function readTargetsFile(
  trust: SnapshotTrust | TargetsTrust,
  role: string,
  bytes: Uint8Array,
  options: TrustOptions,
): ListedFile {
  const expected = listedFile(trust, role)
  checkFile(bytes, expected, { role, step: '5.6.2' }, options)
  const envelope = parseMetadata(bytes, 'targets', role, options)
  return { role, expected, envelope, length: bytes.length }
}

function acceptTargetsFile(
  trust: SnapshotTrust | TargetsTrust,
  file: ListedFile,
  authority: Authority,
  options: TrustOptions,
): Trusted<Targets> {
  const { role, envelope, expected } = file
  const report = requireThreshold({ role, step: '5.6.3' }, envelope, authority, options)
  requireVersion({ role, step: '5.6.4' }, envelope.signed, expected)
  requireFresh({ role, step: '5.6.5' }, envelope.signed, trust.now)
  return believe(role, envelope, report)
}

/**
 * 5.6.1: the snapshot's entry for a role's file. A role that it does not list has no file.
 *
 * @throws RoleNotListedError
 *
 * @example
 * ```ts
 * import { listedFile, type TargetsTrust } from 'tuffet/core'
 *
 * const versionOf = (trust: TargetsTrust, role: string) => listedFile(trust, role).version
 * ```
 */
export function listedFile(trust: SnapshotTrust | TargetsTrust, role: string): MetaFile {
  const file = `${role}.json`
  const listed = trust.snapshot.signed.meta.get(file)
  if (listed === undefined) throw new RoleNotListedError({ role, step: '5.6.1' }, file)
  return listed
}

function requireVersion(place: Place, signed: Signed, expected: MetaFile): void {
  if (signed.version !== expected.version) {
    throw new VersionMismatchError(place, expected.version, signed.version)
  }
}
