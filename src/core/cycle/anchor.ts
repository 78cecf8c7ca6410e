/**
 * Checks that a store belongs to the anchor's repository. A store keeps the digests of the anchors
 * it was used with. Another anchor is of the same repository when the stored roots and a chain of
 * rotations link the two (docs/adr/0015-a-store-belongs-to-one-repository.md).
 */
import { ForeignStoreError, StoreConflictError } from '../../errors.js'
import { encodeHex, sameBytes } from '../bytes.js'
import { anchorDigestsEntry, metadataFileName, rootEntry, storedRootName } from '../names.js'
import {
  follows,
  ownRoot,
  readableRoot,
  type RootFile,
  vouchesForFloor,
  vouchesForRoot,
} from '../trust/root-file.js'
import { rotateRoot } from '../trust/root.js'
import { attempt, bytesIn, commit, mostAttempts, readUpTo, type Change } from './commit.js'
import { roleEntry } from './file.js'
import type { Cycle, RootOptions, ExpectedEntry } from './request.js'

/** Whether the check may ask the network, and whether it may write its result. */
interface Permissions {
  readonly ask: boolean
  readonly write: boolean
}

/** Programs with different anchors of one repository may share a store; so many are remembered. */
const mostAnchors = 64
/** Bytes: a digest a line. */
const longest = 65 * mostAnchors
const utf8 = new TextEncoder()
const text = new TextDecoder()

/**
 * Refuses the store of another repository before anything in it is used or changed.
 *
 * @internal
 * @throws ForeignStoreError, StoreConflictError; online also the errors of a refused root in the
 *   chain
 */
export function* requireOwnStore(
  anchor: RootFile,
  options: RootOptions,
  may: Permissions,
): Cycle<void> {
  const entry = anchorDigestsEntry
  const digest = encodeHex(options.cryptography.hash('sha256', anchor.bytes))
  // Judged anew when another program has bound the store meanwhile: it may be of another repository.
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    const bytes = yield* readUpTo(longest, entry)
    const known = digestsIn(bytes)
    if (known.includes(digest)) return
    const linked = yield* isLinked(anchor, known.length > 0, options, may)
    if (!linked && !(may.write && options.rebind === true)) {
      throw new ForeignStoreError(anchor.trust.root.signed.version, digest)
    }
    if (!may.write) return
    if (!linked) yield* empty(anchor, options)
    // The digests of another repository are replaced.
    const lines = linesOf(linked ? [...known, digest] : [digest])
    const change: Change = { persist: entry, bytes: lines, replaceable: false, optional: true }
    if (yield* attempt(change, [{ entry, bytes, maxLength: longest }])) return
  }
  throw new StoreConflictError(entry)
}

function linesOf(digests: readonly string[]): Uint8Array {
  const lines = digests.slice(-mostAnchors).map((digest) => `${digest}\n`)
  return utf8.encode(lines.join(''))
}

function digestsIn(bytes: Uint8Array | undefined): readonly string[] {
  const lines = text.decode(bytes).split('\n')
  return lines.filter((line) => /^[0-9a-f]{64}$/.test(line))
}

/** Whether the roots in the store and the anchor are of one chain. */
function* isLinked(
  anchor: RootFile,
  isBound: boolean,
  options: RootOptions,
  may: Permissions,
): Cycle<boolean> {
  const { version } = anchor.trust.root.signed
  const stored = yield* readUpTo(options.limits.rootLength, storedRootName(version))
  const same = stored && isSameRoot(stored, anchor, options)
  if (same !== undefined) return same
  const copy = yield* readUpTo(options.limits.rootLength, rootEntry)
  const newest = copy && ownRoot(copy, options)
  // Without a stored root the store is new, unless it was bound and holds another repository's
  // floors.
  if (!newest) return !isBound || (yield* vouchesForFloors(anchor, options))
  const newestVersion = newest.trust.root.signed.version
  if (newestVersion > version) return yield* leadsToStored(anchor, newest, options, may)
  if (newestVersion < version) return yield* isLedTo(anchor, newest, options, may)
  return isSameRoot(newest.bytes, anchor, options) === true
}

/**
 * Whether the anchor's keys signed the stored timestamp and snapshot. True if neither is stored.
 */
function* vouchesForFloors({ trust }: RootFile, options: RootOptions): Cycle<boolean> {
  const { limits } = options
  const timestamp = yield* readUpTo(limits.timestampLength, roleEntry('timestamp', options))
  const snapshot = yield* readUpTo(limits.snapshotLength, roleEntry('snapshot', options))
  return (
    (!timestamp || vouchesForFloor(trust, 'timestamp', timestamp, options)) &&
    (!snapshot || vouchesForFloor(trust, 'snapshot', snapshot, options))
  )
}

/** Undefined where the stored root is damaged and proves nothing. */
function isSameRoot(
  stored: Uint8Array,
  anchor: RootFile,
  options: RootOptions,
): boolean | undefined {
  if (sameBytes(stored, anchor.bytes)) return true
  const [one, other] = [readableRoot(stored, options), readableRoot(anchor.bytes, options)]
  if (one && other && sameBytes(one.signedBytes, other.signedBytes)) return true
  return ownRoot(stored, options) ? false : undefined
}

/** The anchor is the older: its chain must meet a stored root. */
function* leadsToStored(
  anchor: RootFile,
  newest: RootFile,
  options: RootOptions,
  may: Permissions,
): Cycle<boolean> {
  let { trust } = anchor
  const envelope = readableRoot(newest.bytes, options)
  if (envelope && vouchesForRoot(trust, envelope, options)) return true
  const last = newest.trust.root.signed.version
  for (let asked = 0; asked < options.limits.rootRotations; asked++) {
    const version = trust.root.signed.version + 1
    const stored =
      version === last
        ? newest.bytes
        : yield* readUpTo(options.limits.rootLength, storedRootName(version))
    if (stored && follows(trust, stored, options)) return true
    if (stored && ownRoot(stored, options)) return false
    const bytes = may.ask ? yield* ask(version, options) : undefined
    if (bytes === undefined) return false
    trust = rotateRoot(trust, bytes, options)
  }
  return false
}

/** The anchor is the newer: the chain of the stored root must lead to it. */
function* isLedTo(
  anchor: RootFile,
  newest: RootFile,
  options: RootOptions,
  may: Permissions,
): Cycle<boolean> {
  const envelope = readableRoot(anchor.bytes, options)
  let { trust } = newest
  for (let asked = 0; envelope && asked < options.limits.rootRotations; asked++) {
    if (vouchesForRoot(trust, envelope, options)) return true
    const version = trust.root.signed.version + 1
    const bytes =
      may.ask && version < anchor.trust.root.signed.version
        ? yield* ask(version, options)
        : undefined
    if (bytes === undefined) return false
    trust = rotateRoot(trust, bytes, options)
  }
  return false
}

function* ask(version: number, { limits }: RootOptions): Cycle<Uint8Array | undefined> {
  const name = metadataFileName('root', version)
  const maxLength = limits.rootLength
  return bytesIn(yield { fetch: name, role: 'root', step: '5.3.3', maxLength, mayBeAbsent: true })
}

/**
 * Deletes the other repository's floors, and those of its roots that could be taken for ours. The
 * digests go last, so that a crash in between leaves a store that is refused again.
 */
function* empty(anchor: RootFile, options: RootOptions): Cycle<void> {
  const { rootLength, rootRotations, timestampLength, snapshotLength, targetsLength } =
    options.limits
  yield* remove(roleEntry('timestamp', options), timestampLength)
  yield* remove(roleEntry('snapshot', options), snapshotLength)
  yield* remove(roleEntry('targets', options), targetsLength)
  const copy = yield* readUpTo(rootLength, rootEntry)
  const last = (copy && readableRoot(copy, options)?.signed.version) ?? 0
  const { version } = anchor.trust.root.signed
  for (let past = 0; past < rootRotations; past++) {
    const removed = yield* remove(storedRootName(version + past), rootLength)
    if (!removed && version + past >= last) break
  }
  yield* remove(rootEntry, rootLength)
}

/** Whether the entry existed. */
function* remove(entry: string, maxLength: number): Cycle<boolean> {
  const found = yield* present(entry, maxLength)
  if (found) yield* commit({ delete: entry }, found, () => present(entry, maxLength))
  return found !== undefined
}

function* present(entry: string, maxLength: number): Cycle<readonly ExpectedEntry[] | undefined> {
  const bytes = yield* readUpTo(maxLength, entry)
  return bytes && [{ entry, bytes, maxLength }]
}
