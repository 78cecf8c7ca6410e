/**
 * Reads files that others may plant or may be writing: it refuses a pipe, a socket, a device or a
 * folder without a wait, and never reads past its limit.
 */
import { closeSync, constants, fstatSync, openSync, read, readSync, type Stats } from 'node:fs'
import { open as openByNumber } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { hasCode } from './system-error.js'

/** Bytes read at once: more no longer fit in the processor's cache until they are hashed. */
const readLength = 262_144

/** Buffers of earlier files: new memory costs more than the hashing of what is read into it. */
const spare: Uint8Array[] = []
const mostSpare = 8

const openFile = promisify(openByNumber)

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
 * @param known Bytes of the caller, which are the answer where the file has the same.
 */
export function readPlainFile(
  path: string,
  maxLength: number,
  whenLonger: 'error' | 'absent' | 'cut' = 'error',
  known?: Uint8Array,
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
    if (known?.length === stat.size && known.length <= maxLength && has(file, known)) return known
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

let compared: Uint8Array | undefined

/** Whether a file begins with these bytes, read piece by piece into memory that is used again. */
function has(file: number, bytes: Uint8Array): boolean {
  compared ??= new Uint8Array(readLength)
  for (let at = 0; at < bytes.length;) {
    const read = readSync(file, compared, 0, Math.min(readLength, bytes.length - at), at)
    const piece = bytes.subarray(at, at + read)
    if (read === 0 || Buffer.compare(compared.subarray(0, read), piece) !== 0) return false
    at += read
  }
  return true
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
 * is good until the next one is asked for. Only what may wait for the disk goes through the thread
 * pool: each way through it costs more than hashing 20 KB.
 */
export async function* readChunks(
  path: string | URL,
  { followLinks = true, signal }: OpenOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFile(path, followLinks ? readOnly : notThroughLinks)
  try {
    checkRegular(fstatSync(file), path)
    const sizeNow = (): number => fstatSync(file).size
    yield* chunksOf((buffer) => readInto(file, buffer), { sizeNow, signal })
  } finally {
    closeSync(file)
  }
}

function readInto(file: number, buffer: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, buffer, 0, buffer.length, null, (error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
}

/** What {@link chunksOf} may know. */
interface ChunkOptions {
  /** Bytes, without a way through the thread pool. Default: the end is read. */
  readonly sizeNow?: (() => number) | undefined
  readonly signal?: AbortSignal | undefined
}

/** @param readMore fills the buffer as far as it can, and gives the number of bytes */
async function* chunksOf(
  readMore: (buffer: Uint8Array) => Promise<number>,
  { sizeNow, signal }: ChunkOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = spare.pop() ?? new Uint8Array(readLength)
  let position = 0
  for (;;) {
    signal?.throwIfAborted()
    const count = await readMore(buffer)
    position += count
    if (count > 0) yield buffer.subarray(0, count)
    if (count === 0 || (count < buffer.length && position === sizeNow?.())) break
  }
  // The reader asked for more, so it no longer uses the last chunk.
  if (spare.length < mostSpare) spare.push(buffer)
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
  const readMore = async (buffer: Uint8Array): Promise<number> =>
    (await file.read(buffer, 0, buffer.length)).bytesRead
  return collect(chunksOf(readMore, { signal }), maxLength, name)
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
