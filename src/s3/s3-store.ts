/**
 * A store in a bucket. One object holds every entry that is compared with others, and is replaced only
 * while it is the one that was read. Files that may be lost are objects of their own.
 */
import { checkEntryName } from '../client/entry-name.js'
import { areSame } from '../core/bytes.js'
import { copyUpTo, type GetOptions, markIsolated, type SetOptions } from '../client/store.js'
import type { Store, StoreChange } from '../client/store.js'
import type { ExpectedEntry } from '../core/cycle/request.js'
import { checkInteger } from '../core/number-option.js'
import { StoreConflictError, StoreFailedError } from '../errors.js'
import { Objects, type S3Client } from './objects.js'
import { pack, type PackedEntries, unpack } from './packed.js'

/** Options of {@link s3Store}. */
export interface S3StoreOptions {
  readonly bucket: string
  /** Before the names of all objects: one for each repository. Default `tuffet/`. */
  readonly prefix?: string | undefined
  /** Milliseconds for one request, with the client's own retries. Default 30,000. */
  readonly timeout?: number | undefined
  /** Ends every call, those to come too. */
  readonly signal?: AbortSignal | undefined
  /** The most bytes of the object with all lasting entries, and of each other entry. Default 64 MiB. */
  readonly maxBytes?: number | undefined
}

/** How often a change is tried while other processes change other entries. */
const mostTries = 32

const utf8 = new TextEncoder()

/** How often a storage is asked whether it heeds conditions. */
const mostProbes = 3

/** Names that are only ever in the common object: an absent one needs no second request. */
const always = /^(?:root_history|anchor|state)\/|^(?:root|timestamp|snapshot|targets)\.json$/

/**
 * A store in a bucket of any S3-compatible storage that heeds `If-Match` and `If-None-Match` when an
 * object is written: one that does not would lose changes. `client` is an `S3` of `@aws-sdk/client-s3`.
 *
 * Failures are `StoreFailedError` with the client's error as the `cause`; a cause `TimeoutError` where
 * the time was over, `RangeError` where the limit was reached, `TypeError` where the object is not one of a store.
 * `StoreConflictError` when other processes kept changing it. Throws `RangeError` for a name that is not
 * one of a store, and for an option out of range.
 *
 * A file that was set with `lasting: false` and is expected by a `change` moves into the one object first, so that
 * the comparison is one step. A write of that file at the same moment may be lost. A file that is expected to be absent
 * may come while the change is made.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { s3Store, type S3Client } from 'tuffet/s3'
 *
 * // `new S3({ region: 'eu-central-1' })` of `@aws-sdk/client-s3`
 * function updaterOf(client: S3Client): Updater {
 *   const store = s3Store(client, { bucket: 'example-tuf', prefix: 'example/' })
 *   return new Updater({ metadataUrl: 'https://tuf.example.com/metadata/', store })
 * }
 * ```
 */
export function s3Store(client: S3Client, options: S3StoreOptions): Store {
  return markIsolated(new S3Store(client, options))
}

interface Common {
  readonly entries: PackedEntries
  /** Undefined: there is no object yet. */
  readonly etag: string | undefined
}

class S3Store implements Store {
  readonly #objects: Objects
  readonly #prefix: string
  readonly #maxBytes: number
  /** As it was read last. */
  #common: Common | undefined

  constructor(client: S3Client, options: S3StoreOptions) {
    const { bucket, prefix = 'tuffet/', signal } = options
    const timeout = checkInteger('timeout', options.timeout ?? 30_000, 1, 2 ** 31 - 1)
    this.#objects = new Objects(client, bucket, { timeout, signal })
    this.#prefix = prefix
    this.#maxBytes = checkInteger('maxBytes', options.maxBytes ?? 64 * 1_024 * 1_024, 1, 2 ** 30)
  }

  async get(name: string, options: GetOptions = {}): Promise<Uint8Array | undefined> {
    checkEntryName(name)
    return attempt('get', name, async () => {
      const { entries } = await this.#load()
      const stored = entries.get(name)
      if (stored !== undefined || always.test(name)) return copyUpTo(stored, options)
      const { maxLength = Infinity } = options
      const most = Math.min(maxLength, this.#maxBytes) + 1
      const found = await this.#objects.read(this.#file(name), most)
      if (typeof found !== 'object') return undefined
      // A part of it would pass for all of it.
      if (maxLength > this.#maxBytes) this.#requireRoom(found.bytes.length)
      return found.bytes
    })
  }

  async set(name: string, bytes: Uint8Array, { lasting }: SetOptions = {}): Promise<void> {
    checkEntryName(name)
    if (lasting !== false || always.test(name)) {
      await this.change({ set: name, bytes }, [])
      return
    }
    // Not `slice`: a Buffer's does not copy.
    const copy = new Uint8Array(bytes)
    await attempt('set', name, async () => {
      const { entries } = await this.#load()
      if (entries.has(name)) {
        await this.#commit({ set: name, bytes: copy }, [])
        return
      }
      this.#requireRoom(copy.length)
      await this.#objects.write(this.#file(name), copy)
    })
  }

  async delete(name: string): Promise<void> {
    await this.change({ delete: name }, [])
  }

  async change(change: StoreChange, expected: readonly ExpectedEntry[]): Promise<boolean> {
    const isSet = 'set' in change
    const name = isSet ? change.set : change.delete
    for (const { entry } of [{ entry: name }, ...expected]) checkEntryName(entry)
    const own = isSet ? { set: name, bytes: new Uint8Array(change.bytes) } : change
    return attempt(isSet ? 'set' : 'delete', name, () => this.#commit(own, expected))
  }

  async #commit(change: StoreChange, expected: readonly ExpectedEntry[]): Promise<boolean> {
    const name = 'set' in change ? change.set : change.delete
    for (let tries = 0; tries < mostTries; tries++) {
      // Most are lost to a process that changed something else: let it go first.
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * tries))
      const { entries, etag } = await this.#load()
      const own = 'delete' in change && expected.length > 0 ? [name] : []
      const files = await this.#compare(entries, expected, own)
      if (files === undefined) return false
      if (files.size > 0) {
        // Only one object can be compared in one step: they come into it first.
        await this.#replace(new Map([...entries, ...files]), etag)
        continue
      }
      const next = new Map(entries)
      if ('set' in change) next.set(name, change.bytes)
      else if (!always.test(name)) await this.#objects.delete(this.#file(name))
      if ('delete' in change && !next.delete(name)) return true
      if (await this.#replace(next, etag)) return true
    }
    throw new StoreConflictError(name)
  }

  /** Replaces the common object if it is still the one with this ETag. */
  async #replace(entries: PackedEntries, etag: string | undefined): Promise<boolean> {
    const packed = pack(entries)
    this.#requireRoom(packed.length)
    if (etag === undefined) await this.#requireConditions()
    const written = await this.#objects.replace(this.#key('common'), packed, etag)
    if (written === undefined) return false
    this.#common = { entries, etag: written }
    return true
  }

  /** Undefined: an entry differs. Else the entries, and those of `own`, that are objects of their own. */
  async #compare(
    entries: PackedEntries,
    expected: readonly ExpectedEntry[],
    own: readonly string[],
  ): Promise<PackedEntries | undefined> {
    const files = new Map<string, Uint8Array>()
    for (const { entry, bytes, maxLength } of expected) {
      const file = await this.#readFile(entries, entry, maxLength)
      const stored = entries.get(entry) ?? file
      const counted = stored && stored.length <= maxLength ? stored : undefined
      if (!areSame(counted, bytes)) return undefined
      if (file && counted) files.set(entry, file)
    }
    for (const entry of own) {
      const file = await this.#readFile(entries, entry, this.#maxBytes)
      if (file) files.set(entry, file)
    }
    return files
  }

  /** Of an entry that is not in the common object. */
  async #readFile(
    entries: PackedEntries,
    entry: string,
    maxLength: number,
  ): Promise<Uint8Array | undefined> {
    if (entries.has(entry) || always.test(entry)) return undefined
    const found = await this.#objects.read(this.#file(entry), maxLength + 1)
    return typeof found === 'object' ? found.bytes : undefined
  }

  async #load(): Promise<Common> {
    const known = this.#common
    const found = await this.#objects.read(this.#key('common'), this.#maxBytes + 1, known?.etag)
    if (found === 'unchanged' && known) return known
    if (typeof found !== 'object') return { entries: new Map(), etag: undefined }
    this.#requireRoom(found.bytes.length)
    this.#common = { entries: unpack(found.bytes), etag: found.etag }
    return this.#common
  }

  /** Before the first object is made: a storage that ignores conditions would lose changes later. */
  async #requireConditions(): Promise<void> {
    const [bytes, others] = ['conditions?\n', 'conditions!\n'].map((text) => utf8.encode(text))
    if (!bytes || !others) return
    for (let tries = 0; tries < mostProbes; tries++) {
      const key = this.#key(`probe-${Math.random().toString(36).slice(2)}`)
      const etag = await this.#objects.replace(key, bytes, undefined)
      const refused = [
        await this.#objects.replace(key, bytes, undefined),
        await this.#objects.replace(key, bytes, '"0123456789abcdef0123456789abcdef"'),
      ]
      const next = etag === undefined ? undefined : await this.#objects.replace(key, others, etag)
      // An ETag that stays the same for other bytes is one that every late change knows.
      if (etag !== undefined) refused.push(await this.#objects.replace(key, bytes, etag))
      await this.#objects.delete(key)
      if (refused.some((written) => written !== undefined)) break
      // Else an answer may be lost, and the client repeated its own write: another key will say.
      if (next !== undefined) return
    }
    throw new Error('the storage does not heed If-Match and If-None-Match when it writes')
  }

  #requireRoom(length: number): void {
    if (length <= this.#maxBytes) return
    throw new RangeError(`${length} bytes are more than maxBytes, ${this.#maxBytes}`)
  }

  #key(name: string): string {
    return this.#prefix + name
  }

  #file(name: string): string {
    return this.#key(`files/${name}`)
  }
}

async function attempt<T>(
  operation: 'get' | 'set' | 'delete',
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StoreConflictError) throw error
    throw new StoreFailedError(operation, name, { cause: error })
  }
}
