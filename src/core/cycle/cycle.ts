/**
 * The order of the update cycle (5.1 to 5.6) as a generator: it yields requests to read, fetch,
 * write and delete, and is resumed with the answers. It does no I/O itself. The rules:
 *
 * 1. An accepted file is written at once, before the next request; a refused file never.
 * 2. A write lists the entries the cycle judged with. If one has changed, the cycle judges again: a
 *    newer root ends it and it starts again, another's newer timestamp stays.
 */
import { StoreConflictError } from '../../errors.js'
import { metadataFileName } from '../names.js'
import type { SnapshotTrust, TargetsTrust, TimestampTrust } from '../trust/phases.js'
import type { StoredFloors } from '../trust/recall.js'
import { acceptSnapshot, acceptTargets, acceptTimestamp, listedFile } from '../trust/roles.js'
import { attempt, commit, hasChanged, mostAttempts, Superseded } from './commit.js'
import {
  answered,
  fromStoreOrNetwork,
  listedMaximum,
  readStored,
  expectedFile,
  requireStored,
  roleEntry,
  trustedDecision,
} from './file.js'
import { readFloors, recallStored, settleFloors, type Floors } from './floors.js'
import { judged } from './judged.js'
import type { Cycle, CycleOptions, ExpectedEntry } from './request.js'
import { currentRoot, requireNewest, type CurrentRoot } from './root.js'

/** How often a cycle starts again because another process stored a newer root meanwhile. */
const mostRestarts = 1

/**
 * One update cycle against the repository (5.2 to 5.6.6).
 *
 * @throws the errors of the transitions; ForeignStoreError, StoreConflictError, NotStoredError
 *   without an anchor
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { onlineCycle } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * const limits = {
 *   rootLength: 512_000,
 *   timestampLength: 64_000,
 *   snapshotLength: 8_000_000,
 *   targetsLength: 32_000_000,
 *   rootRotations: 1_024,
 * }
 * const anchor = await readFile('root.json')
 * const cycle = onlineCycle({ anchor, now: Date.now(), cryptography: nodeCryptography, limits })
 * cycle.next() // the first request; answer it with cycle.next(answer), until `done`
 * ```
 */
export function* onlineCycle(options: CycleOptions): Cycle<TargetsTrust> {
  for (let restarts = 0; ; restarts++) {
    try {
      return yield* oneCycle(options)
    } catch (error) {
      if (!(error instanceof Superseded)) throw error
      if (restarts === mostRestarts) throw new StoreConflictError(error.entry)
      yield { note: 'superseded', entry: error.entry }
    }
  }
}

function* oneCycle(options: CycleOptions): Cycle<TargetsTrust> {
  const { limits } = options
  const current = yield* currentRoot(options, 'online')
  const { consistentSnapshot } = current.trust.root.signed
  const floors = yield* settleFloors(current, options)
  const first = yield* fetchTimestamp(floors, options)

  const expected = first.trust.timestamp.signed.snapshot
  let state = first
  const snapshot = yield* fromStoreOrNetwork<SnapshotTrust>(
    {
      role: 'snapshot',
      stored: first.floors.stored.snapshot,
      step: '5.5.1',
      version: expected.version,
      consistentSnapshot,
      maxLength: listedMaximum('snapshot', expected, limits),
      accept: (bytes, asked) => acceptSnapshot(state.trust, bytes, asked),
      trusted: (trust) => trust.snapshot,
      *keep(trust, bytes) {
        const kept = yield* keepSnapshot(state, trust, bytes, options)
        state = kept.state
        return kept.trust
      },
    },
    options,
  )

  const listed = listedFile(snapshot, 'targets')
  return yield* fromStoreOrNetwork<TargetsTrust>(
    {
      role: 'targets',
      stored: yield* readStored(roleEntry('targets', options), 'targets', options),
      step: '5.6.1',
      version: listed.version,
      consistentSnapshot,
      maxLength: listedMaximum('targets', listed, limits),
      accept: (bytes, asked) => acceptTargets(snapshot, bytes, asked),
      trusted: (trust) => trust.targets,
      *keep(trust, bytes) {
        yield* keepTargets(state, bytes, options)
        return trust
      },
    },
    options,
  )
}

/**
 * The same checks on stored bytes alone, without requests or writes.
 *
 * @throws NotStoredError, ForeignStoreError, and the errors of the transitions
 *
 * @example
 * ```ts
 * import { offlineCycle, type CycleOptions, type TargetsTrust } from 'tuffet/core'
 *
 * // Drives the cycle over entries that are already in memory.
 * function trust(entries: ReadonlyMap<string, Uint8Array>, options: CycleOptions): TargetsTrust {
 *   const cycle = offlineCycle(options)
 *   let step = cycle.next()
 *   while (step.done !== true) {
 *     step = cycle.next('read' in step.value ? entries.get(step.value.read) : undefined)
 *   }
 *   return step.value
 * }
 * ```
 */
export function* offlineCycle(options: CycleOptions): Cycle<TargetsTrust> {
  for (let attempts = 1; ; attempts++) {
    const current = yield* currentRoot(options, 'offline')
    const stored = yield* readFloors(options)
    try {
      return yield* believeStored(current, stored, options)
    } catch (error) {
      // Another process may have stored its files between the reads.
      const timestamp = expectedFile('timestamp', stored.timestamp, options)
      const isAnother = (yield* hasChanged(timestamp)) || (yield* hasChanged(current.next))
      if (!isAnother || attempts === mostAttempts) throw error
    }
  }
}

function* believeStored(
  current: CurrentRoot,
  stored: StoredFloors,
  options: CycleOptions,
): Cycle<TargetsTrust> {
  const recalled = yield* recallStored(current, stored, options)
  const bytes = requireStored('timestamp', stored.timestamp, options)
  const timestamp = yield* judged(options, (asked) => acceptTimestamp(recalled, bytes, asked))
  yield trustedDecision(timestamp.timestamp, 'store')
  const snapshotBytes = requireStored('snapshot', stored.snapshot, options)
  const snapshot = yield* judged(options, (asked) =>
    acceptSnapshot(timestamp, snapshotBytes, asked),
  )
  yield trustedDecision(snapshot.snapshot, 'store')
  const read = yield* readStored(roleEntry('targets', options), 'targets', options)
  const targetsBytes = requireStored('targets', read, options)
  const targets = yield* judged(options, (asked) => acceptTargets(snapshot, targetsBytes, asked))
  yield trustedDecision(targets.targets, 'store')
  return targets
}

/** The cycle's timestamp, and whether the store takes the cycle's files. */
interface TimestampState {
  readonly trust: TimestampTrust
  readonly bytes: Uint8Array
  readonly floors: Floors
  /**
   * Whether another process stored a newer timestamp. If so, this cycle stores none of its files.
   */
  readonly yields: boolean
}

/** 5.4 */
function* fetchTimestamp(found: Floors, options: CycleOptions): Cycle<TimestampState> {
  const role = 'timestamp'
  const maxLength = options.limits.timestampLength
  const bytes = answered(yield { fetch: metadataFileName(role), role, step: '5.4.1', maxLength })
  const trust = yield* judged(options, (asked) => acceptTimestamp(found.recalled, bytes, asked))
  yield trustedDecision(trust.timestamp, trust.kept ? 'store' : 'network')
  let state = stateOf(trust, bytes, found)
  const entry = roleEntry(role, options)
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    if (state.trust.kept) return state
    const change = { persist: entry, bytes, replaceable: false }
    if (yield* attempt(change, expectedBy(state.floors, options))) {
      const { floors } = state
      return { ...state, floors: { ...floors, stored: { ...floors.stored, timestamp: bytes } } }
    }
    state = yield* judgeAgain(state, options)
    if (state.yields) {
      yield { note: 'yield', entry }
      return state
    }
  }
  throw new StoreConflictError(entry)
}

/** 5.5.7. A newer snapshot in the store was another process's work with a newer timestamp. */
function* keepSnapshot(
  before: TimestampState,
  accepted: SnapshotTrust,
  bytes: Uint8Array,
  options: CycleOptions,
): Cycle<{ readonly state: TimestampState; readonly trust: SnapshotTrust }> {
  const entry = roleEntry('snapshot', options)
  const change = { persist: entry, bytes, replaceable: false }
  let [state, trust] = [before, accepted]
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    if (state.yields) {
      yield { note: 'yield', entry }
      return { state, trust }
    }
    const found = expectedFile('snapshot', state.floors.stored.snapshot, options)
    const expected = [...expectedBy(state.floors, options), found]
    if (yield* attempt(change, expected)) return { state, trust }
    state = yield* judgeAgain(state, options)
    const { trust: timestamp } = state
    trust = yield* judged(options, (asked) => acceptSnapshot(timestamp, bytes, asked))
  }
  throw new StoreConflictError(entry)
}

/**
 * 5.6.6. A process that stored a newer timestamp stores, or will store, its targets. Newer targets
 * without one remain from a fast-forward attack, and must not stay.
 */
function* keepTargets(
  before: TimestampState,
  bytes: Uint8Array,
  options: CycleOptions,
): Cycle<void> {
  const entry = roleEntry('targets', options)
  let state = before
  const kept =
    !state.yields &&
    (yield* commit(
      { persist: entry, bytes, replaceable: true },
      expectedBy(state.floors, options),
      function* () {
        state = yield* judgeAgain(state, options)
        return state.yields ? undefined : expectedBy(state.floors, options)
      },
    ))
  if (!kept) yield { note: 'yield', entry }
}

/**
 * The store has changed: judges the same bytes again, with the present entries and the newest root.
 *
 * @throws Superseded when that is another root; RollbackError when these bytes are older than those
 *   another process stored
 */
function* judgeAgain(state: TimestampState, options: CycleOptions): Cycle<TimestampState> {
  const root = yield* requireNewest(state.floors.root, options)
  const floors = yield* settleFloors(root, options)
  const { timestamp } = floors.recalled
  const { version } = state.trust.timestamp.signed
  if (timestamp && timestamp.trusted.signed.version > version) return { ...state, yields: true }
  const trust = yield* judged(options, (asked) =>
    acceptTimestamp(floors.recalled, state.bytes, asked),
  )
  return stateOf(trust, state.bytes, floors)
}

function stateOf(trust: TimestampTrust, bytes: Uint8Array, floors: Floors): TimestampState {
  // A kept timestamp is the stored file, not the one that was fetched.
  const kept = trust.kept ? (floors.stored.timestamp ?? bytes) : bytes
  return { trust, bytes: kept, floors, yields: false }
}

/** The entries the cycle judged with: the newest root, and the timestamp of all its files. */
function expectedBy({ root, stored }: Floors, options: CycleOptions): ExpectedEntry[] {
  return [expectedFile('timestamp', stored.timestamp, options), root.next]
}
