/**
 * Reads files that others may plant or may be writing: it refuses a pipe, a socket, a device or a
 * folder without a wait, and never reads past its limit.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { hasCode } from './system-error.js'

/** Bytes read at once. */
const readLength = 262_144

// A pipe without a writer would be waited for, and a terminal could become this process's own.
const readOnly = constants.O_RDONLY | orNothing('O_NONBLOCK') | orNothing('O_NOCTTY')
const notThroughLinks = readOnly | orNothing('O_NOFOLLOW')

/** @internal A file that is refused for its kind, not for its content. */
export class PlainFileError extends Error {
  readonly code: 'ERR_NOT_A_FILE' | 'ERR_FILE_TOO_LONG'

  constructor(code: PlainFileError['code'], message: string) {
    super(message)
    this.code = code
  }

  override get name(): string {
    return 'PlainFileError'
  }
}

/**
 * @internal The bytes of a regular file, or undefined when the file does not exist; a symbolic link
 * is refused. Synchronous: for files of this size the way through the thread pool costs more than
 * the reading.
 *
 * @param whenLonger How a file of more than `maxLength` bytes is answered: by an error, as if it
 *   were absent, or by its first `maxLength + 1` bytes, which tell the caller that it is longer.
 */
export function readPlainFile(
  path: string,
  maxLength: number,
  whenLonger: 'error' | 'absent' | 'cut' = 'error',
): Uint8Array | undefined {
  let file
  try {
    file = openSync(path, notThroughLinks)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    const stat = fstatSync(file)
    checkRegular(stat, path)
    if (stat.size > maxLength && whenLonger !== 'cut') {
      if (whenLonger === 'absent') return undefined
      throw tooLong(path, maxLength)
    }
    const bytes = new Uint8Array(Math.min(stat.size, maxLength + 1))
    let length = 0
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, length)
      if (read === 0) break
      length += read
    }
    return length === bytes.length ? bytes : bytes.slice(0, length)
  } finally {
    closeSync(file)
  }
}

/** @internal How a file is opened. */
export interface OpenOptions {
  /** Whether the file may be a symbolic link. Default true: the user named it. */
  readonly followLinks?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** @internal An open regular file and its status. The caller closes it. */
export async function openPlainFile(
  path: string | URL,
  { followLinks = true }: OpenOptions = {},
): Promise<{ readonly file: FileHandle; readonly stat: Stats }> {
  const file = await open(path, followLinks ? readOnly : notThroughLinks)
  try {
    const stat = await file.stat()
    checkRegular(stat, path)
    return { file, stat }
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * @internal The chunks of a regular file, however long it is: the caller must stop in time. A chunk
 * is good until the next one is asked for.
 */
export async function* readChunks(
  path: string | URL,
  options: OpenOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { file, stat } = await openPlainFile(path, options)
  try {
    yield* chunksOf(file, stat, options.signal)
  } finally {
    await file.close()
  }
}

/** @internal As {@link readChunks}, of a file that is open and stays so. */
async function* chunksOf(
  file: FileHandle,
  stat: Stats,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(Math.min(readLength, stat.size + 1))
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, buffer.length)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** @internal All of a regular file; a longer one is not begun. */
export async function readWhole(
  path: string | URL,
  maxLength: number,
  options: OpenOptions = {},
): Promise<Uint8Array> {
  const { file, stat } = await openPlainFile(path, options)
  try {
    return await readOpened(file, stat, maxLength, String(path), options.signal)
  } finally {
    await file.close()
  }
}

/** @internal As {@link readWhole}, of a file that is open and stays so. */
export async function readOpened(
  file: FileHandle,
  stat: Stats,
  maxLength: number,
  name: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (stat.size > maxLength) throw tooLong(name, maxLength)
  return collect(chunksOf(file, stat, signal), maxLength, name)
}

/**
 * @internal The whole content up to a limit, which counts while the bytes come: a file can grow,
 * and a stream does not state its length.
 *
 * @param name how errors call it
 */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  maxLength: number,
  name: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of atMost(chunks, maxLength, name)) parts.push(new Uint8Array(chunk))
  return Buffer.concat(parts)
}

/** @internal The chunks as they come; the first byte past the limit ends them with an error. */
export async function* atMost(
  chunks: AsyncIterable<Uint8Array>,
  maxLength: number,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > maxLength) throw tooLong(name, maxLength)
    yield chunk
  }
}

/** @internal */
export function notAFile(path: string | URL): PlainFileError {
  return new PlainFileError('ERR_NOT_A_FILE', `${String(path)} is not a regular file`)
}

function checkRegular(stat: Stats, path: string | URL): void {
  if (!stat.isFile()) throw notAFile(path)
}

function tooLong(name: string, maxLength: number): PlainFileError {
  return new PlainFileError('ERR_FILE_TOO_LONG', `${name} is longer than ${maxLength} bytes`)
}

/** Windows lacks them. */
function orNothing(flag: 'O_NOFOLLOW' | 'O_NONBLOCK' | 'O_NOCTTY'): number {
  return constants[flag] || 0
}
