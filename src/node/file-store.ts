/**
 * The store in a folder. What is in the folder may be somebody else's work, so no link below it is
 * followed, and what is read is not believed (see `Store`). A file is written under another name,
 * flushed where it has to last, and renamed. Reads are synchronous on purpose: files are small.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, fsync, lstatSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Clock } from '../client/clock.js'
import { copyUpTo, type GetOptions, type SetOptions, type Store } from '../client/store.js'
import { StoreFailedError } from '../errors.js'
import { acquireLock, type Lock } from './lock.js'
import { readPlainFile } from './plain-file.js'
import { isDead, ownIdentity } from './process-identity.js'
import { hasCode } from './system-error.js'

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /**
   * Called once when the folder turns out to be read-only; what is set from then on is kept in
   * memory as long as the store lives. Default: `StoreFailedError` is thrown.
   */
  readonly onReadOnly?: ((error: StoreFailedError) => void) | undefined
  /** @internal */
  readonly clock?: Clock | undefined
}

// With a character that no name of a store has.
const lockName = '.+lock'
/** Bytes, where the caller names no limit: there is no string that is much longer. */
const longestFile = 512_000_000
const flush = promisify(fsync)

/**
 * A store in `folder`, which is made (mode 0700) when something is first written. Several
 * processes may share it. Files are made with mode 0600.
 *
 * Throws `StoreFailedError` where the file system fails, where a name is a link, a device or a
 * folder, and where a commit took so long that another process took the lock over; `RangeError`
 * for a name that is not one of a store.
 */
export function fileStore(folder: string | URL, options: FileStoreOptions = {}): Store {
  return new FileStore(folder instanceof URL ? fileURLToPath(folder) : resolve(folder), options)
}

class FileStore implements Store {
  readonly #folder: string
  readonly #options: FileStoreOptions
  /** What a read-only disk did not take; undefined: deleted. */
  #memory: Map<string, Uint8Array | undefined> | undefined
  #swept = false
  #lock: Lock | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor(folder: string, options: FileStoreOptions) {
    this.#folder = folder
    this.#options = options
  }

  async get(name: string, options: GetOptions = {}): Promise<Uint8Array | undefined> {
    const { maxLength } = options
    const path = this.#path(name)
    if (this.#memory?.has(name) === true) return copyUpTo(this.#memory.get(name), options)
    return this.#attempt('get', name, () => {
      this.#refuseLink(dirname(path))
      return maxLength === undefined
        ? readPlainFile(path, longestFile, 'absent')
        : readPlainFile(path, maxLength, 'cut')
    })
  }

  async set(name: string, bytes: Uint8Array, { lasting = true }: SetOptions = {}): Promise<void> {
    const path = this.#path(name)
    await this.#change('set', name, bytes, async () => {
      await this.#replace(path, bytes, lasting)
    })
  }

  async delete(name: string): Promise<void> {
    const path = this.#path(name)
    await this.#change('delete', name, undefined, () => {
      this.#refuseLink(dirname(path))
      this.#refuseLostLock()
      rmSync(path, { force: true })
      return flushFolder(dirname(path))
    })
  }

  exclusive<T>(commit: () => Promise<T>): Promise<T> {
    const run = (): Promise<T> => this.#commit(commit)
    const result = this.#queue.then(run, run)
    this.#queue = result.catch(() => undefined)
    return result
  }

  async #commit<T>(commit: () => Promise<T>): Promise<T> {
    await this.#change('lock', lockName, undefined, async () => {
      await this.#prepare()
      this.#lock = await acquireLock(join(this.#folder, lockName), this.#options.clock)
    })
    try {
      return await commit()
    } finally {
      const lock = this.#lock
      this.#lock = undefined
      await this.#attempt('lock', lockName, () => lock?.release())
    }
  }

  async #replace(path: string, bytes: Uint8Array, lasting: boolean): Promise<void> {
    const parent = dirname(path)
    await this.#prepare(parent)
    const temporary = join(this.#folder, temporaryName())
    try {
      const file = openSync(temporary, 'wx', 0o600)
      try {
        writeFileSync(file, bytes)
        if (lasting) await flush(file)
      } finally {
        closeSync(file)
      }
      this.#refuseLostLock()
      renameSync(temporary, path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
    if (lasting) await flushFolder(parent)
  }

  /** Makes the folders, and removes what processes left that died while writing. */
  async #prepare(parent = this.#folder): Promise<void> {
    await makeFolder(this.#folder)
    if (parent !== this.#folder) {
      this.#refuseLink(parent)
      await makeFolder(parent)
    }
    if (this.#swept) return
    for (const name of readdirSync(this.#folder)) {
      if (isAbandoned(name)) rmSync(join(this.#folder, name), { force: true })
    }
    this.#swept = true
  }

  #path(name: string): string {
    const segments = name.split('/')
    const safe = segments.every(
      (segment) => /^[\w.~%-]+$/.test(segment) && !/^\.\.?$/.test(segment),
    )
    if (!safe || segments.length > 2) {
      throw new RangeError(`not a name of a store: ${JSON.stringify(name)}`)
    }
    return join(this.#folder, ...segments)
  }

  /** The caller's own folder may be a link, what is below it may not. */
  #refuseLink(parent: string): void {
    if (parent === this.#folder) return
    const stat = lstatSync(parent, { throwIfNoEntry: false })
    if (stat?.isDirectory() === false) throw new Error(`not a folder: ${parent}`)
  }

  #refuseLostLock(): void {
    if (this.#lock?.isHeld() === false) throw new Error('another process took over the lock')
  }

  async #attempt<T>(
    operation: StoreFailedError['operation'],
    name: string,
    work: () => T | Promise<T>,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw new StoreFailedError(operation, name, { cause: error })
    }
  }

  async #change(
    operation: 'set' | 'delete' | 'lock',
    name: string,
    bytes: Uint8Array | undefined,
    work: () => void | Promise<void>,
  ): Promise<void> {
    if (this.#memory === undefined) {
      try {
        await this.#attempt(operation, name, work)
        return
      } catch (error) {
        const { onReadOnly } = this.#options
        if (onReadOnly === undefined || !(error instanceof StoreFailedError)) throw error
        if (!hasCode(error.cause, 'EROFS', 'EACCES', 'EPERM')) throw error
        this.#memory = new Map()
        onReadOnly(error)
      }
    }
    if (operation !== 'lock') this.#memory.set(name, bytes?.slice())
  }
}

/** Of this copy of the module, of which a process may have several. */
const origin = randomBytes(8).toString('hex')
let temporaries = 0

function temporaryName(): string {
  const { pid, start, host } = ownIdentity()
  temporaries += 1
  return `.+${pid}-${start}-${host}-${origin}${temporaries.toString(16)}.tmp`
}

function isAbandoned(name: string): boolean {
  const [, pid, start, host] = /^\.\+(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]+\.tmp$/.exec(name) ?? []
  return host !== undefined && isDead({ pid: Number(pid), start: Number(start), host })
}

/** A folder that was made lasts only when the one above it has been flushed. */
async function makeFolder(folder: string): Promise<void> {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (made === undefined) return
  for (let parent = folder; parent !== dirname(made);) {
    parent = dirname(parent)
    await flushFolder(parent)
  }
}

async function flushFolder(folder: string): Promise<void> {
  try {
    const file = openSync(folder, 'r')
    try {
      await flush(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    // Not every system can open or flush a folder; there the rename is as lasting as it gets. And
    // where there is no folder, nothing was deleted from it.
    if (!hasCode(error, 'EACCES', 'EINVAL', 'EISDIR', 'ENOENT', 'ENOTSUP', 'EPERM')) throw error
  }
}
