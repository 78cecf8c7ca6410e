/**
 * The store in a folder. Others may write to the folder, so the store does not follow links below
 * it, replaces entries that are not its files, and does not believe the bytes it reads (see
 * `Store`). It writes a file under another name, flushes it where it must last, and renames it.
 * Reads are synchronous on purpose: files are small.
 */
import { closeSync, fstatSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../client/clock.js'
import {
  copyUpTo,
  type GetOptions,
  markIsolated,
  type SetOptions,
  type Store,
} from '../client/store.js'
import { StoreFailedError } from '../errors.js'
import { checkLayout, entryPath } from './entry-path.js'
import { checkFolderMode, folderModeFor, ownersAlone } from './folder-mode.js'
import { withFolder } from './held-folder.js'
import { acquireLock, type Lock } from './lock.js'
import { flushFolder, makeFolder } from './make-folder.js'
import { flush, openNew, setMode } from './open-file.js'
import { readPlainFile } from './plain-file.js'
import { clearAway, kindAt, type PathKind } from './planted.js'
import { mayNotWrite } from './system-error.js'
import { sweep, temporaryName } from './temporary-name.js'

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /**
   * Called once when the folder turns out to be read-only; later entries are kept in memory as long
   * as the store lives. Default: `StoreFailedError` is thrown.
   */
  readonly onReadOnly?: ((error: StoreFailedError) => void) | undefined
  /**
   * The mode of new folders; files get its bits for reading and writing. Default 0o700, for the
   * owner alone; 0o755 lets every user of the machine read, and so start from, the store. A mode
   * below 0o700, or writable by every user, is a `RangeError`. `inherit` takes the mode of the
   * store's folder as it is, without the right of others to write. Windows ignores modes.
   */
  readonly folderMode?: number | 'inherit' | undefined
  /**
   * - `nested` (default): an entry such as `root_history/3.root.json` is a file in a folder below.
   * - `flat`: every entry is a file in the folder itself, such as `root_history+3.root.json`. The
   *   metadata files have the names that tuf-js gives them, so one folder serves both.
   *
   * A store keeps its layout: entries in the other one are not seen.
   */
  readonly layout?: 'nested' | 'flat' | undefined
  /**
   * Called for each thing in the folder that no store puts there. It counts as absent, and is
   * replaced when the name is next written. Default: a warning of the process.
   */
  readonly onPlanted?: ((planted: PlantedPath) => void) | undefined
  /** @internal */
  readonly clock?: Clock | undefined
}

/** A link, a folder or something else in the place of a store's file or folder. */
export interface PlantedPath {
  readonly path: string
  readonly kind: PathKind
  /** Where it is now, when it was moved aside; a link is removed. */
  readonly movedTo?: string | undefined
}

// With a character that never occurs in a store's names.
const lockName = '.+lock'
/** Bytes, where the caller does not set a limit: strings cannot be much longer. */
const longestFile = 512_000_000

/**
 * A store in `folder`, which is made when something is first written. Several processes may share
 * it.
 *
 * Throws `StoreFailedError` where the file system fails, and where a commit took so long that
 * another process took the lock over; `RangeError` for a name that is not one of a store, and for a
 * mode that is out of range.
 *
 * @example
 * ```ts runs
 * import { fileStore } from 'tuffet/node'
 *
 * const store = fileStore('./tuf')
 * ```
 */
export function fileStore(folder: string | URL, options: FileStoreOptions = {}): Store {
  checkFolderMode(options.folderMode ?? ownersAlone)
  checkLayout(options.layout ?? 'nested')
  const path = folder instanceof URL ? fileURLToPath(folder) : resolve(folder)
  return markIsolated(new FileStore(path, options))
}

class FileStore implements Store {
  readonly #folder: string
  readonly #options: FileStoreOptions
  /** Entries that a read-only disk refused; undefined: deleted. */
  #memory: Map<string, Uint8Array | undefined> | undefined
  readonly #reported = new Set<string>()
  #swept = false
  #lock: Lock | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor(folder: string, options: FileStoreOptions) {
    this.#folder = folder
    this.#options = options
  }

  async get(name: string, options: GetOptions = {}): Promise<Uint8Array | undefined> {
    const { maxLength, known } = options
    const path = this.#path(name)
    if (this.#memory?.has(name) === true) return copyUpTo(this.#memory.get(name), options)
    return this.#attempt('get', name, () => {
      if (this.#isPlanted(dirname(path), 'folder')) return undefined
      try {
        return maxLength === undefined
          ? readPlainFile(path, longestFile, 'absent')
          : readPlainFile(path, maxLength, 'cut', known)
      } catch (error) {
        if (!this.#isPlanted(path, 'file')) throw error
        return undefined
      }
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
      const parent = dirname(path)
      if (kindAt(parent) === undefined || this.#isPlanted(parent, 'folder')) return
      this.#refuseLostLock()
      this.#within(parent, (held) => {
        const entry = join(held, basename(path))
        this.#clear(entry, path, 'file')
        rmSync(entry, { force: true })
      })
      return flushFolder(parent)
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
      const path = join(this.#folder, lockName)
      this.#lock = await acquireLock(path, {
        clock: this.#options.clock,
        onPlanted: (kind, movedTo) => this.#report({ path, kind, movedTo }),
      })
    })
    try {
      return await commit()
    } finally {
      const lock = this.#lock
      this.#lock = undefined
      await this.#attempt('lock', lockName, () => lock?.release())
    }
  }

  #path(name: string): string {
    return entryPath(this.#folder, name, this.#options.layout)
  }

  async #replace(path: string, bytes: Uint8Array, lasting: boolean): Promise<void> {
    const parent = dirname(path)
    await this.#prepare(parent)
    const temporary = join(this.#folder, temporaryName('tmp'))
    try {
      const folderMode = folderModeFor(this.#folder, this.#options.folderMode)
      const mode = (folderMode ?? ownersAlone) & 0o666
      const file = openNew(temporary, mode, lasting)
      try {
        if (!this.#swept) sweep(this.#folder, 'tmp', fstatSync(file).mtimeMs)
        this.#swept = true
        // A given mode does not depend on the mask of the process.
        if (folderMode !== undefined) setMode(file, mode)
        writeFileSync(file, bytes)
        if (lasting) await flush(file)
      } finally {
        closeSync(file)
      }
      this.#refuseLostLock()
      this.#within(parent, (held) => {
        const entry = join(held, basename(path))
        this.#clear(entry, path, 'file')
        renameSync(temporary, entry)
      })
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
    if (lasting) await flushFolder(parent)
  }

  async #prepare(parent = this.#folder): Promise<void> {
    const folderMode = folderModeFor(this.#folder, this.#options.folderMode)
    await makeFolder(this.#folder, folderMode)
    if (parent === this.#folder) return
    this.#clear(parent, parent, 'folder')
    await makeFolder(parent, folderMode)
  }

  /** The caller's own folder may be a link; entries below it may not. */
  #within(parent: string, work: (path: string) => void): void {
    if (parent === this.#folder) work(parent)
    else withFolder(parent, work)
  }

  /** Whether something other than `wanted` is at `path`, which is then reported. */
  #isPlanted(path: string, wanted: 'file' | 'folder'): boolean {
    if (path === this.#folder) return false
    const kind = kindAt(path)
    if (kind === undefined || kind === wanted) return false
    this.#report({ path, kind })
    return true
  }

  /** @param shown the path for the report, where `path` goes through an open folder */
  #clear(path: string, shown: string, wanted: 'file' | 'folder'): void {
    const kind = kindAt(path)
    if (kind === undefined || kind === wanted) return
    this.#report({ path: shown, kind, movedTo: clearAway(path, this.#folder) })
  }

  #report(planted: PlantedPath): void {
    const { path, kind, movedTo } = planted
    const key = `${path} ${movedTo ?? ''}`
    if (this.#reported.has(key)) return
    this.#reported.add(key)
    const { onPlanted = warn } = this.#options
    onPlanted(movedTo === undefined ? { path, kind } : planted)
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
      const readOnly = operation !== 'get' && mayNotWrite(error)
      throw new StoreFailedError(operation, name, { cause: error, readOnly })
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
        if (!error.readOnly) throw error
        this.#memory = new Map()
        onReadOnly(error)
      }
    }
    if (operation !== 'lock') this.#memory.set(name, bytes && new Uint8Array(bytes))
  }
}

function warn({ path, kind, movedTo }: PlantedPath): void {
  const now = movedTo === undefined ? '' : `; it is now ${movedTo}`
  const message = `${path} is a ${kind} that no store puts there, and is not used${now}`
  process.emitWarning(message, 'TuffetStoreWarning')
}
