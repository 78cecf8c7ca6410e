/**
 * The floors of a store that other cycles change too: read and judged, deleted by proof alone
 * (5.3.11), written only while the entries they were judged with are unchanged.
 */
import { StoreConflictError } from '../../errors.js'
import type { RecalledTrust } from '../trust/phases.js'
import { recall, type StoredFloors } from '../trust/recall.js'
import { settleRoot } from '../trust/root.js'
import { attempt, hasChanged, mostAttempts } from './commit.js'
import { expectedFile, readStored, roleEntry } from './file.js'
import { judged } from './judged.js'
import type { Cycle, CycleOptions } from './request.js'
import { requireNewest, rootsBefore, type CurrentRoot } from './root.js'

/** The stored floors, and the part of each that counts under the newest root. */
export interface Floors {
  readonly root: CurrentRoot
  readonly stored: StoredFloors
  readonly recalled: RecalledTrust
}

/**
 * Reads and judges; where keys were rotated, deletes both.
 *
 * @internal
 * @throws ExpiredError, Superseded, StoreConflictError
 */
export function* settleFloors(current: CurrentRoot, options: CycleOptions): Cycle<Floors> {
  let root = current
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    const stored = yield* readFloors(options)
    const recalled = yield* recallStored(root, stored, options)
    const timestamp = expectedFile('timestamp', stored.timestamp, options)
    // Another process stores its timestamp first, and its snapshot after that.
    if (isAhead(recalled) && (yield* hasChanged(timestamp))) continue
    if (!recalled.rotated) return { root, stored, recalled }
    if (yield* forgetRotated(root, recalled, stored, options)) {
      return { root, stored: {}, recalled }
    }
    root = yield* requireNewest(root, options)
  }
  throw new StoreConflictError(roleEntry('timestamp', options))
}

/** @internal */
export function* recallStored(
  current: CurrentRoot,
  stored: StoredFloors,
  options: CycleOptions,
): Cycle<RecalledTrust> {
  const settled = settleRoot(current.trust, options.now)
  let recalled = yield* judged(options, (asked) => recall(settled, stored, asked))
  // A program with a newer anchor did not replay the rotation; its roots may be in the store.
  if (!recalled.rotated && recalled.refusals.some(({ why }) => why === 'unknown')) {
    const older = yield* rootsBefore(current.anchor, options)
    if (older.length > 0) {
      recalled = yield* judged(options, (asked) => recall(settled, stored, asked, older))
    }
  }
  for (const { role, error } of recalled.refusals) {
    yield { decided: { verdict: 'not-used', role, error } }
  }
  return recalled
}

/** @internal */
export function* readFloors(options: CycleOptions): Cycle<StoredFloors> {
  const timestamp = yield* readStored(roleEntry('timestamp', options), 'timestamp', options)
  const snapshot = yield* readStored(roleEntry('snapshot', options), 'snapshot', options)
  return { ...(timestamp && { timestamp }), ...(snapshot && { snapshot }) }
}

/** A snapshot newer than the timestamp lists may have come between the two reads. */
function isAhead({ timestamp, snapshot, undecided }: RecalledTrust): boolean {
  const { version = 0 } = snapshot?.trusted.signed ?? undecided.snapshot ?? {}
  const listed = timestamp?.trusted.signed ?? undecided.timestamp
  return version > (listed?.snapshot.version ?? 0)
}

/**
 * 5.3.11. The file that proves the rotation is deleted last, so that a crash in between does not
 * leave the other behind as a floor. True if both are deleted; false if the store has changed.
 */
function* forgetRotated(
  root: CurrentRoot,
  { refusals }: RecalledTrust,
  stored: StoredFloors,
  options: CycleOptions,
): Cycle<boolean> {
  const proofs = refusals.filter(({ why }) => why === 'replaced').map(({ role }) => role)
  const roles = (['snapshot', 'timestamp'] as const).filter((role) => stored[role] !== undefined)
  const inOrder = [
    ...roles.filter((role) => !proofs.includes(role)),
    ...roles.filter((role) => proofs.includes(role)),
  ]
  const deleted = new Set<string>()
  for (const role of inOrder) {
    const expected = inOrder.map((one) =>
      expectedFile(one, deleted.has(one) ? undefined : stored[one], options),
    )
    const change = { delete: roleEntry(role, options) }
    if (!(yield* attempt(change, [...expected, root.next]))) return false
    deleted.add(role)
  }
  return true
}
