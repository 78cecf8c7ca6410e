/**
 * Replaces a file by another that is written beside it, and takes its name at the very end. Only a
 * regular file is replaced: anything else was not made by a download, and may be a device.
 */
import { accessSync, closeSync, constants, fstatSync, ftruncate, lstatSync } from 'node:fs'
import { renameSync, rmSync, write, writev } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { DestinationError } from '../errors.js'
import type { WritableFile } from './batch-writer.js'
import { openNew, flush, setMode } from './open-file.js'
import { hasCode } from './system-error.js'
import { sweep, temporaryName } from './temporary-name.js'

const cut = promisify(ftruncate)
const writeChunks = promisify(writev)
const writePart = promisify(write)

/** Folders that this process swept: once is enough, and a folder may be long. */
const swept = new Set<string>()

/** A file that is written and flushed, still under another name. */
export interface StagedFile {
  /** Gives it its name, in place of the previous file. */
  commit(): void
  /** Removes it. After `commit` it does nothing. */
  discard(): void
}

/**
 * @internal Writes the bytes that `receive` brings to `path`. An existing file keeps its mode.
 * After an error the destination is as it was.
 *
 * @throws the errors of `receive`; DestinationError when no file can be written at `path`; the
 *   signal's reason; the other errors of the file system
 */
export async function replaceFile(
  path: string,
  receive: (file: WritableFile) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const staged = await stageFile(path, receive)
  try {
    signal?.throwIfAborted()
    staged.commit()
  } catch (error) {
    staged.discard()
    throw error
  }
}

/**
 * @internal As {@link replaceFile}, up to the moment before the file gets its name.
 *
 * @throws the errors of `receive`; DestinationError; the other errors of the file system
 */
export async function stageFile(
  path: string,
  receive: (file: WritableFile) => Promise<void>,
): Promise<StagedFile> {
  const before = regularFile(path)
  const folder = dirname(path)
  const temporary = join(folder, temporaryName('part'))
  const number = atPath(path, () => openNew(temporary, before?.mode, true))
  const file = new OpenFile(number)
  try {
    try {
      if (!swept.has(folder)) sweep(folder, 'part', fstatSync(number).mtimeMs)
      swept.add(folder)
      await receive(file)
      // The mask took bits from the mode. Those of another user's rights are never carried over.
      if (before !== undefined) setMode(number, before.mode)
      // The name must not outlive a crash that the bytes do not.
      await file.flush()
    } finally {
      await file.close()
    }
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  return {
    commit() {
      // A download may take hours.
      regularFile(path)
      atPath(path, () => renameSync(temporary, path))
    },
    discard: () => rmSync(temporary, { force: true }),
  }
}

/**
 * Without a `FileHandle`, each call of which costs as much as the system's own. The number of a closed
 * file may be that of the next one, so the file is closed only after every call has ended.
 */
class OpenFile implements WritableFile {
  readonly #file: number
  #ended: Promise<unknown> = Promise.resolve()

  constructor(file: number) {
    this.#file = file
  }

  writev(chunks: Uint8Array[], position: number): Promise<{ bytesWritten: number }> {
    return this.#noted(writeChunks(this.#file, chunks, position))
  }

  write(
    chunk: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }> {
    return this.#noted(writePart(this.#file, chunk, offset, length, position))
  }

  truncate(length: number): Promise<void> {
    return this.#noted(cut(this.#file, length))
  }

  /** Makes the bytes outlast a crash. */
  flush(): Promise<void> {
    return this.#noted(flush(this.#file, 'data'))
  }

  async close(): Promise<void> {
    await this.#ended
    closeSync(this.#file)
  }

  #noted<T>(call: Promise<T>): Promise<T> {
    // Without its results: they hold every chunk.
    this.#ended = Promise.allSettled([this.#ended, call]).then(() => undefined)
    return call
  }
}

/**
 * @internal The regular file at `path`, undefined where the path does not exist; DestinationError
 * for every other kind.
 */
export function regularFile(
  path: string,
): { readonly mode: number; readonly size: number } | undefined {
  const stat = atPath(path, () => lstatSync(path, { throwIfNoEntry: false }))
  if (stat === undefined) return undefined
  if (stat.isFile()) return { mode: stat.mode & 0o777, size: stat.size }
  const what = stat.isDirectory() ? 'a folder' : stat.isSymbolicLink() ? 'a link' : 'special'
  throw new DestinationError(path, `it is ${what} and not a regular file`)
}

/**
 * @internal Whether a file can be written at `path`, before there is one to write.
 *
 * @throws DestinationError where another kind of entry is there, or no folder to write it into
 */
export function checkDestination(path: string): void {
  regularFile(path)
  // The dot tells a folder from a file.
  atPath(path, () => accessSync(`${dirname(path)}/.`, constants.W_OK))
}

/** The system's errors about a path at which no file can be. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['EISDIR', 'it is a folder and not a regular file'],
  ['ELOOP', 'the links in it lead in a circle'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENOENT', 'its folder does not exist'],
  ['ENOTDIR', 'a part of the path is not a folder'],
])

function atPath<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    for (const [code, reason] of reasons) {
      if (hasCode(cause, code)) throw new DestinationError(path, `${reason} (${code})`, { cause })
    }
    throw cause
  }
}
