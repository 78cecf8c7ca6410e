/** Finds a target file and obtains its bytes, which are judged on the way. */
import type { CycleOptions } from '../core/cycle/request.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { digestText, resolveHash } from '../core/keys/hash.js'
import type { TargetFile } from '../core/metadata/model.js'
import { checkedTarget } from '../core/metadata/target-file.js'
import { hashPrefixedTarget, joinUrl, storedTargetName, targetUrlPath } from '../core/names.js'
import { isTufError, LimitError, NotStoredError } from '../errors.js'
import { streamTarget, type StreamTargetOptions, type TargetSource } from './download.js'
import type { Below } from './below.js'
import { checkWhole } from './digests.js'
import type { Ports } from './drive.js'
import type { Fetcher } from './fetcher.js'
import { bytesAcross, readEntry, type Store } from './store.js'

/** The settings that an updater passes to its views. */
export interface RepositoryContext {
  readonly ports: Ports
  readonly below?: Below | undefined
  readonly cycle: Omit<CycleOptions, 'now' | 'anchor'>
  readonly offline: boolean
  readonly hashPrefix: boolean
  readonly targetsUrl?: string | undefined
  readonly targetStore?: Store
}

/** Where a target file is, when it is not where the repository's own rule puts it. */
export interface TargetAddress {
  /** The whole URL, used as it is. */
  readonly url?: string | undefined
  /** Whether the file's name is hash-prefixed (6.2). Default: the updater's setting. */
  readonly hashPrefix?: boolean | undefined
}

/** Everything that a {@link TargetSource} needs besides the target. */
export interface SourceContext extends Pick<TargetSource, 'fetcher' | 'limits' | 'cryptography'> {
  readonly targetsUrl?: string | undefined
  /** Whether names are hash-prefixed, unless the address says so. */
  readonly hashPrefix: boolean
}

/**
 * The source of a target of a view. Offline its fetcher throws NotStoredError.
 *
 * @throws as {@link sourceOf}
 */
export function viewedSource(
  target: TargetFile,
  context: RepositoryContext,
  address: TargetAddress,
): TargetSource {
  const { ports, cycle, targetsUrl, hashPrefix, offline } = context
  const { limits } = ports
  const fetcher = offline ? refusingFetcher(target.path) : ports.fetcher
  const { cryptography } = cycle
  return sourceOf(target, { fetcher, limits, cryptography, targetsUrl, hashPrefix }, address)
}

/**
 * 6.2, 5.7.3: hash-prefixed names by each digest in the order of the metadata, or the plain name.
 *
 * @throws NameUnsafeError; TypeError without a targets URL, and for a target without a length or
 *   hashes
 */
export function sourceOf(
  given: TargetFile,
  context: SourceContext,
  address: TargetAddress = {},
): TargetSource {
  const target = checkedTarget(given)
  const { targetsUrl, fetcher, limits, cryptography } = context
  const source = { target, fetcher, limits, cryptography }
  const hashPrefix = address.hashPrefix ?? context.hashPrefix
  if (address.url !== undefined) return { ...source, urls: [address.url] }
  if (targetsUrl === undefined) throw new TypeError('targetsUrl is needed to fetch target files')
  const paths = hashPrefix
    ? usableDigests(target, cryptography).map((digest) => hashPrefixedTarget(target.path, digest))
    : [target.path]
  return {
    ...source,
    urls: paths.map((path) => joinUrl(targetsUrl, targetUrlPath(path))),
    notFoundNote: otherName(hashPrefix, address),
  }
}

/** Which setting asks for the name that was not asked for. */
function otherName(hashPrefix: boolean, address: TargetAddress): string {
  const [asked, other] = hashPrefix ? ['hash-prefixed', 'plain'] : ['plain', 'hash-prefixed']
  const setting =
    address.hashPrefix === undefined
      ? `hashPrefix: ${!hashPrefix}`
      : `hashPrefix: ${!hashPrefix} (in a layout, pageHashPrefix or fileHashPrefix)`
  return `this is the ${asked} name, and ${setting} asks for the ${other} one`
}

/** Each is a request; a file has as many hashes as it likes. */
const mostUnknown = 8

/**
 * Each digest once, of the hash functions known here: the file must match those. Where all are
 * unknown, the first ones are names: the page that lists the file may give a hash that judges it.
 */
function usableDigests({ hashes }: TargetFile, { hashNames }: Cryptography): readonly string[] {
  const digests = new Set<string>()
  for (const [name, digest] of hashes) {
    if (resolveHash(name, digest, hashNames) !== undefined) digests.add(digest)
  }
  return digests.size > 0 ? [...digests] : [...new Set(hashes.values())].slice(0, mostUnknown)
}

/** Offline, a stored file can be verified; a missing one cannot be obtained. */
function refusingFetcher(path: string): Fetcher {
  return { fetch: () => Promise.reject(new NotStoredError(path)) }
}

/** The verified bytes: from the target store if they are there and hold, else fetched and kept. */
export async function readTarget(
  target: TargetFile,
  context: RepositoryContext,
  source: () => TargetSource,
  options: StreamTargetOptions,
): Promise<Uint8Array> {
  const { targetStore, ports, cycle } = context
  const { readLength } = ports.limits
  if (target.length > readLength) {
    const reason = `is listed with ${target.length} bytes, memory is for at most ${readLength}`
    throw new LimitError({ role: target.path, step: '5.7.3' }, 'readLength', readLength, reason)
  }
  const { cryptography } = cycle
  const entry = storedTargetName(target.path, (text) => digestText(text, cryptography))
  const place = { role: target.path, step: '5.7.3' }
  const found = targetStore && (await readEntry(targetStore, entry, target.length))
  const kept = found && bytesAcross(targetStore, found)
  if (kept) {
    try {
      await checkWhole(kept, target, place, cryptography)
      return kept
    } catch (error) {
      if (!isTufError(error)) throw error
      ports.onEvent({ type: 'decision', verdict: 'not-used', role: target.path, error })
    }
  }
  const bytes = await collect(source(), options)
  if (targetStore) await keep(targetStore, entry, bytes, ports)
  return bytes
}

/** A copy that saves a request; where only reading is possible it is done without. */
async function keep(
  store: Store,
  entry: string,
  bytes: Uint8Array,
  { onEvent }: Ports,
): Promise<void> {
  try {
    await store.set(entry, bytes, { lasting: false })
    onEvent({ type: 'write', entry })
  } catch (error) {
    // By field: the store may be from another copy of this package.
    if (!isTufError(error) || !('readOnly' in error && error.readOnly)) throw error
    onEvent({ type: 'not-kept', entry, error })
  }
}

async function collect(source: TargetSource, options: StreamTargetOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const onRestart = (): void => {
    chunks.length = 0
  }
  for await (const chunk of streamTarget(source, { ...options, onRestart })) chunks.push(chunk)
  const bytes = new Uint8Array(source.target.length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
