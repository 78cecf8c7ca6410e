/**
 * Verified files, ready to be sent. Rules:
 * - a file is verified completely before a client gets its first byte;
 * - requests for the same file share one download, which continues when all of them leave, but does
 *   not begin then: clients that ask and leave keep no other waiting;
 * - files kept after their last use are bounded in bytes and in time, and the oldest goes first;
 * - a limited number of downloads runs at once; others wait for a slot.
 */
import { setMaxListeners } from 'node:events'
import { tmpdir } from 'node:os'
import { checkInteger } from '../../core/number-option.js'
import { hasCode } from '../../node/system-error.js'
import { Slots } from '../../client/slots.js'
import { Refused } from './refusal.js'
import { SpoolWriter, type SpooledFile, type SpoolRoom } from './spooled-file.js'
import { openTemporary, sweepTemporary } from './temporary-file.js'

/** Where verified files are kept, and how many. All optional. */
export interface SpoolOptions {
  /** A folder for temporary files. Default: the system's (`TMPDIR`). */
  readonly folder?: string | undefined
  /** Bytes on disk, of all files together. Default 10,000,000,000. */
  readonly maxBytes?: number | undefined
  /** Downloads that run at once. Default 16. */
  readonly maxDownloads?: number | undefined
}

/** One file that can be downloaded. */
export interface SpoolSource {
  /** Two sources with the same key are the same bytes. */
  readonly key: string
  readonly filename: string
  /** Undefined: not known beforehand. */
  readonly length: number | undefined
  /** Throws instead of ending when it is another file. After `onRestart` it begins again. */
  download(options: {
    readonly signal: AbortSignal
    readonly onRestart: () => Promise<void>
  }): AsyncIterable<Uint8Array>
}

/** The longest file that is kept in memory, and all of them together after their use, in bytes. */
const memoryFile = 1_048_576
const memoryTotal = 67_108_864
/** The weight of a file in memory beyond its bytes. */
const entryWeight = 1_000
/** Files on disk that are kept open after their use, and how long any is kept, in milliseconds. */
const mostOpen = 256
const keptFor = 600_000

interface Entry {
  readonly ready: Promise<SpooledFile>
  file: SpooledFile | undefined
  users: number
  /** Those that did not leave. */
  present: number
  expiry: NodeJS.Timeout | undefined
  /** Aborts when all have left before the download begins, and when the spool closes. */
  readonly deserted: AbortController
  begun: boolean
}

export class Spool {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #slots: Slots
  readonly #closing = new AbortController()
  /** The one used last is the last. */
  readonly #entries = new Map<string, Entry>()
  #onDisk = 0
  /** Of unused files: the number on disk, and the weight of those in memory. */
  readonly #idle = { open: 0, memory: 0 }

  constructor({ folder, maxBytes = 10_000_000_000, maxDownloads = 16 }: SpoolOptions = {}) {
    this.#folder = folder ?? tmpdir()
    this.#maxBytes = checkInteger('maxBytes', maxBytes, 0)
    this.#slots = new Slots(checkInteger('maxDownloads', maxDownloads, 1))
    // As many as there are requests; Node takes more than ten for a leak.
    setMaxListeners(0, this.#closing.signal)
  }

  /**
   * Removes the files of killed processes from the folder. Throws the system's errors about the
   * folder.
   */
  async sweep(): Promise<void> {
    await sweepTemporary(this.#folder)
  }

  /** Aborts when the spool closes. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /**
   * Calls `use` with the verified file, which stays until `use` ends.
   *
   * @param gone aborts when the client leaves
   * @throws the errors of the download, Refused when the room does not suffice, the errors of `use`,
   *   and the reason of `gone`
   */
  async use<T>(
    source: SpoolSource,
    use: (file: SpooledFile) => Promise<T>,
    gone?: AbortSignal,
  ): Promise<T> {
    const entry = this.#entries.get(source.key) ?? this.#begin(source)
    this.#entries.delete(source.key)
    this.#entries.set(source.key, entry)
    if (entry.users === 0) this.#count(entry, -1)
    entry.users += 1
    entry.present += 1
    clearTimeout(entry.expiry)
    const leave = (): void => {
      entry.present -= 1
      if (entry.present > 0 || entry.begun) return
      // A request from now on begins anew.
      this.#entries.delete(source.key)
      entry.deserted.abort()
    }
    if (gone?.aborted === true) leave()
    else gone?.addEventListener('abort', leave, { once: true })
    try {
      return await use(await entry.ready)
    } catch (error) {
      if (entry.deserted.signal.aborted && !this.signal.aborted) gone?.throwIfAborted()
      throw error
    } finally {
      gone?.removeEventListener('abort', leave)
      entry.users -= 1
      if (entry.users === 0 && entry.file) this.#rest(source.key, entry)
    }
  }

  /** Ends running downloads, and closes every file. */
  async close(): Promise<void> {
    this.#closing.abort()
    const all = [...this.#entries.values()]
    this.#entries.clear()
    for (const { deserted } of all) deserted.abort(this.signal.reason)
    await Promise.allSettled(all.map(({ ready }) => ready))
    for (const { file, expiry } of all) {
      clearTimeout(expiry)
      await file?.close()
    }
  }

  #begin(source: SpoolSource): Entry {
    const deserted = new AbortController()
    const ready = this.#receive(source, deserted.signal, () => {
      entry.begun = true
    })
    const state = { file: undefined, users: 0, present: 0, expiry: undefined, begun: false }
    const entry: Entry = { ready, deserted, ...state }
    ready.then(
      (file) => {
        entry.file = file
      },
      () => {
        // The next request tries again.
        if (this.#entries.get(source.key) === entry) this.#entries.delete(source.key)
      },
    )
    return entry
  }

  async #receive(
    source: SpoolSource,
    deserted: AbortSignal,
    onBegin: () => void,
  ): Promise<SpooledFile> {
    const { signal } = this.#closing
    signal.throwIfAborted()
    const leave = await this.#slots.take(deserted)
    let writer: SpoolWriter | undefined
    try {
      deserted.throwIfAborted()
      onBegin()
      const into = new SpoolWriter(this.#roomFor(source.filename), source.length)
      writer = into
      const chunks = source.download({ signal, onRestart: () => into.restart() })
      for await (const chunk of chunks) await into.add(chunk)
      return await into.end()
    } catch (error) {
      await writer?.discard()
      if (!hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw error
      const reason = `${source.filename}: no space for it in ${this.#folder}`
      const setting = 'spool.folder (--spool-folder) names another one'
      throw new Refused(507, `${reason}; ${setting}`, { cause: error })
    } finally {
      leave()
    }
  }

  #roomFor(filename: string): SpoolRoom {
    return {
      memory: memoryFile,
      reserve: (bytes) => {
        while (this.#onDisk + bytes > this.#maxBytes && this.#evict(({ onDisk }) => onDisk > 0));
        if (this.#onDisk + bytes > this.#maxBytes) {
          throw new Refused(
            507,
            `${filename}: temporary files are limited to ${this.#maxBytes} bytes by ` +
              'spool.maxBytes (--spool-bytes)',
          )
        }
        this.#onDisk += bytes
      },
      release: (bytes) => {
        this.#onDisk -= bytes
      },
      openFile: () => openTemporary(this.#folder),
    }
  }

  /** It is unused now, and kept for a while. */
  #rest(key: string, entry: Entry): void {
    if (this.#closing.signal.aborted) return
    entry.expiry = setTimeout(() => this.#drop(key, entry), keptFor).unref()
    this.#count(entry, 1)
    while (this.#idle.open > mostOpen && this.#evict(({ onDisk }) => onDisk > 0));
    while (this.#idle.memory > memoryTotal && this.#evict(({ onDisk }) => onDisk === 0));
  }

  /** A file becomes unused (1) or used again (-1). */
  #count({ file }: Entry, step: 1 | -1): void {
    if (!file) return
    if (file.onDisk > 0) this.#idle.open += step
    else this.#idle.memory += step * (file.length + entryWeight)
  }

  /** Drops the file that was unused for the longest time; false when all are in use. */
  #evict(may: (file: SpooledFile) => boolean): boolean {
    for (const [key, entry] of this.#entries) {
      if (entry.users > 0 || !entry.file || !may(entry.file)) continue
      this.#drop(key, entry)
      return true
    }
    return false
  }

  /** Drops an unused file. */
  #drop(key: string, entry: Entry): void {
    const { file, expiry } = entry
    this.#entries.delete(key)
    this.#count(entry, -1)
    clearTimeout(expiry)
    // Its room is given back at once. An error from closing a file after reading is of no use.
    file?.close().catch(() => undefined)
  }
}
