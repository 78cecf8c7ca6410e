/**
 * 5.2 and 5.3.1 to 5.3.9: from the anchor to the newest root in the network and the store.
 *
 * - Stored roots are replayed from the anchor. One that is missing or refused is asked of the network.
 * - The end of a chain read from the store alone is not evidence: `root.json`, the copy of the newest
 *   root, says whether there is more. It is a hint: it can end a cycle, and is never believed.
 */
import { NotStoredError, RollbackError } from '../../errors.js'
import { areSame } from '../bytes.js'
import type { Root } from '../metadata/model.js'
import { parseMetadata } from '../metadata/parse.js'
import { anchorEntry, metadataFileName, rootEntry, storedRootName } from '../names.js'
import {
  follows,
  laterRoot,
  leadsTo,
  mayFollow,
  readableRoot,
  type RootFile,
} from '../trust/root-file.js'
import { rotateRoot, trustAnchor } from '../trust/root.js'
import { requireOwnStore } from './anchor.js'
import { bytesIn, commit, readUpTo, Superseded, type Change } from './commit.js'
import { readStored, trustedDecision, tryStored } from './file.js'
import { judged } from './judged.js'
import type { Cycle, CycleRequest, ExpectedEntry, RootOptions } from './request.js'

/** The newest root, and the chain's two ends. */
export interface CurrentRoot extends RootFile {
  readonly anchor: RootFile
  /** The entry of the next root, as the cycle found it. */
  readonly next: ExpectedEntry
}

/** @internal */
export function* currentRoot(options: RootOptions, mode: 'online' | 'offline'): Cycle<CurrentRoot> {
  const bytes = options.anchor ?? (yield* readStored(anchorEntry, 'root', options))
  if (bytes === undefined) throw new NotStoredError(anchorEntry)
  const trust = yield* judged(options, (asked) => trustAnchor(bytes, asked))
  const anchor = { trust, bytes }
  yield trustedDecision(anchor.trust.root, 'anchor')
  yield* requireOwnStore(anchor, options, { ask: mode === 'online', write: mode === 'online' })
  // Before the chain, so that a root that another process stores meanwhile is not missed.
  const copy = yield* readRoot(rootEntry, options)
  if (mode === 'offline') return yield* replay(anchor, copy, options)
  yield* keepAnchor(anchor, options)
  return yield* walk(anchor, copy, options)
}

/**
 * Another process may store the next root after the cycle looked.
 *
 * @internal
 * @throws Superseded if so, ThresholdError if that cannot be decided; else returns `current` with
 * the present entry
 */
export function* requireNewest(current: CurrentRoot, options: RootOptions): Cycle<CurrentRoot> {
  const { entry, bytes: seen } = current.next
  const bytes = yield* readRoot(entry, options)
  if (areSame(bytes, seen)) return current
  if (bytes !== undefined && follows(current.trust, bytes, options)) throw new Superseded(entry)
  refuseUndecided(current, bytes, options)
  return { ...current, next: expectedRoot(entry, bytes, options) }
}

/** The stored roots, and whether those are all. */
function* replay(
  anchor: RootFile,
  copy: Uint8Array | undefined,
  options: RootOptions,
): Cycle<CurrentRoot> {
  let { trust, bytes } = anchor
  // Counted here, so that the loop ends whatever a root says of itself.
  for (let next = trust.root.signed.version + 1; ; next++) {
    const entry = storedRootName(next)
    const stored = bytesIn(yield { read: entry, maxLength: options.limits.rootLength })
    if (stored && stored.length > options.limits.rootLength) throw new NotStoredError(entry)
    if (stored === undefined) {
      if (copy === undefined) throw new NotStoredError(rootEntry)
      const newest = parseMetadata(copy, 'root', 'root', options).signed.version
      if (newest > trust.root.signed.version) throw new NotStoredError(entry)
      return { trust, bytes, anchor, next: expectedRoot(entry, undefined, options) }
    }
    const before = trust
    trust = yield* judged(options, (asked) => rotateRoot(before, stored, asked))
    bytes = stored
    yield trustedDecision(trust.root, 'store')
  }
}

/** The roots in the store and the network. */
function* walk(
  anchor: RootFile,
  copy: Uint8Array | undefined,
  options: RootOptions,
): Cycle<CurrentRoot> {
  let newest = anchor
  let copied = copy ?? (yield* keepCopy(anchor, copy, options))
  let asked = 0
  // Counted here, so that the loop ends whatever a root says of itself.
  let version = anchor.trust.root.signed.version + 1
  for (;;) {
    const entry = storedRootName(version)
    const stored = yield* readStored(entry, 'root', options)
    const replayed = stored && (yield* tryRoot(newest, stored, options))
    if (replayed) {
      newest = replayed
      version += 1
      continue
    }
    const next = expectedRoot(entry, stored, options)
    if (asked === options.limits.rootRotations) {
      yield limitReached(newest, asked)
      if (!isNewer(copied, newest, options)) yield* keepCopy(newest, copied, options)
      return { ...newest, anchor, next }
    }
    asked += 1
    let found = yield* askForRoot(newest, version, options)
    // Another process may store it while this one waits for the answer.
    if (!found && !areSame(yield* readRoot(entry, options), stored)) continue
    const last = found ? undefined : yield* readRoot(rootEntry, options)
    // The history may have lost the root that the copy still has.
    if (last && isNewer(last, newest, options)) found = yield* tryRoot(newest, last, options)
    if (!found) {
      refuseUndecided(newest, stored, options)
      const later = last && laterRoot(newest.trust, last, options)
      if (later !== undefined) {
        // Another process may have stored the roots before it meanwhile.
        if (!areSame(yield* readRoot(entry, options), stored)) continue
        throw withheld(later, newest)
      }
      yield* keepCopy(newest, copied, options)
      return { ...newest, anchor, next }
    }
    newest = yield* keepRoot(found, newest, next, options)
    version += 1
    // While the walk is not at its end, a newer copy may still turn out to be right.
    if (!isNewer(copied, newest, options)) copied = yield* keepCopy(newest, copied, options)
  }
}

/** 5.3.3 to 5.3.6, from the network; undefined when `newest` is the last root. */
function* askForRoot(
  newest: RootFile,
  version: number,
  options: RootOptions,
): Cycle<RootFile | undefined> {
  const name = metadataFileName('root', version)
  const maxLength = options.limits.rootLength
  const answer = yield { fetch: name, role: 'root', step: '5.3.3', maxLength, mayBeAbsent: true }
  const bytes = bytesIn(answer)
  if (bytes === undefined) return undefined
  const trust = yield* judged(options, (asked) => rotateRoot(newest.trust, bytes, asked))
  yield trustedDecision(trust.root, 'network')
  return { trust, bytes }
}

function withheld(later: number, { trust }: RootFile): RollbackError {
  const place = { role: 'root', step: '5.3.3' }
  const error = new RollbackError(place, 'root.json', later, trust.root.signed.version)
  error.origin = { from: 'store', entry: rootEntry }
  return error
}

/**
 * A program that lacks the newest keys must not judge the floors of programs that know them. Throws
 * ThresholdError, as for such a root from the network.
 */
function refuseUndecided(
  newest: RootFile,
  stored: Uint8Array | undefined,
  options: RootOptions,
): void {
  if (stored && mayFollow(newest.trust, stored, options)) {
    rotateRoot(newest.trust, stored, options)
  }
}

/** A stored root that is refused is an event, not an error: the network is asked next. */
function* tryRoot(
  newest: RootFile,
  bytes: Uint8Array,
  options: RootOptions,
): Cycle<RootFile | undefined> {
  const trust = yield* tryStored('root', options, (asked) => rotateRoot(newest.trust, bytes, asked))
  if (trust) yield trustedDecision(trust.root, 'store')
  return trust && { trust, bytes }
}

/** 5.3.8. Of two processes that store different files of one version, the first decides. */
function* keepRoot(
  root: RootFile,
  before: RootFile,
  next: ExpectedEntry,
  options: RootOptions,
): Cycle<RootFile> {
  const { entry } = next
  let kept = root
  yield* commit(persistOf(entry, root), [next], function* () {
    const bytes = yield* readRoot(entry, options)
    const stored = bytes && (yield* tryRoot(before, bytes, options))
    if (stored) kept = stored
    return stored ? undefined : [expectedRoot(entry, bytes, options)]
  })
  return kept
}

/** @internal The anchor opens the stored history. */
export function* keepAnchor(anchor: RootFile, options: RootOptions): Cycle<void> {
  yield* keepAs(storedRootName(anchor.trust.root.signed.version), anchor, options)
}

/** @internal Whatever else is there. */
export function* keepAs(entry: string, root: RootFile, options: RootOptions): Cycle<void> {
  const judge = (): ReturnType<typeof differing> => differing(entry, root, options)
  const found = yield* judge()
  if (found) yield* commit(persistOf(entry, root), found, judge)
}

/** The stored bytes, unless they are this root. */
function* differing(
  entry: string,
  root: RootFile,
  options: RootOptions,
): Cycle<readonly ExpectedEntry[] | undefined> {
  const bytes = yield* readStored(entry, 'root', options)
  return areSame(bytes, root.bytes) ? undefined : [expectedRoot(entry, bytes, options)]
}

/** @internal The copy is the newest root again. Returns the stored bytes. */
export function* keepCopy(
  newest: RootFile,
  found: Uint8Array | undefined,
  options: RootOptions,
): Cycle<Uint8Array | undefined> {
  if (areSame(found, newest.bytes)) return found
  let there: Uint8Array | undefined = newest.bytes
  const expected = [expectedRoot(rootEntry, found, options)]
  yield* commit({ ...persistOf(rootEntry, newest), optional: true }, expected, function* () {
    there = yield* readRoot(rootEntry, options)
    if (areSame(there, newest.bytes) || isNewer(there, newest, options)) return undefined
    const bytes = there
    there = newest.bytes
    return [expectedRoot(rootEntry, bytes, options)]
  })
  return there
}

/** By its own word. */
function isNewer(copy: Uint8Array | undefined, root: RootFile, options: RootOptions): boolean {
  const version = copy && readableRoot(copy, options)?.signed.version
  return (version ?? 0) > root.trust.root.signed.version
}

/** @internal A stored root; one that is too long counts as absent. */
export function readRoot(entry: string, { limits }: RootOptions): Cycle<Uint8Array | undefined> {
  return readUpTo(limits.rootLength, entry)
}

function expectedRoot(
  entry: string,
  bytes: Uint8Array | undefined,
  { limits }: RootOptions,
): ExpectedEntry {
  return { entry, bytes, maxLength: limits.rootLength }
}

function limitReached({ trust }: RootFile, limit: number): CycleRequest {
  const { version } = trust.root.signed
  return { decided: { verdict: 'limit-reached', role: 'root', version, limit } }
}

function persistOf(entry: string, { bytes }: RootFile): Change {
  return { persist: entry, bytes, replaceable: false }
}

/**
 * Stored roots older than the anchor: each must be signed by its own keys, and its successor by
 * them. Oldest first.
 *
 * @internal
 */
export function* rootsBefore(anchor: RootFile, options: RootOptions): Cycle<readonly Root[]> {
  const found: Root[] = []
  let later = anchor.bytes
  let { version } = anchor.trust.root.signed
  while (version > 1 && found.length < options.limits.rootRotations) {
    version -= 1
    const bytes = yield* readRoot(storedRootName(version), options)
    const root = bytes && leadsTo(bytes, later, options)
    if (!bytes || root?.version !== version) break
    found.unshift(root)
    later = bytes
  }
  return found
}
