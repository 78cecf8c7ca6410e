/** The files that a command was given, or standard input. */
import { resolveLimits } from '../client/limits.js'
import { collect, PlainFileError, readChunks, readWhole } from '../node/plain-file.js'
import { inFolder } from './in-folder.js'
import type { Io } from './io.js'

/** The longest files to read as a whole, in bytes. */
export const inputLimits: Readonly<Record<'root' | 'metadata' | 'lockFile' | 'lockFiles', number>> =
  {
    root: resolveLimits(undefined).rootLength,
    /** Of any type; more than the client would fetch. */
    metadata: 64_000_000,
    lockFile: 64_000_000,
    /** The total length of lock files and their includes that one command reads. */
    lockFiles: 256_000_000,
  }

/** The file in pieces, however long it is; `-` is standard input. */
export function streamInput(file: string, io: Io): AsyncIterable<Uint8Array> {
  return file === '-' ? io.stdin() : readChunks(inFolder(io.folder, file), { signal: io.signal })
}

/** The file as a whole; `-` is standard input. */
export function readInput(file: string, maxLength: number, io: Io): Promise<Uint8Array> {
  return file === '-'
    ? collect(io.stdin(), maxLength, 'standard input')
    : readInputFile(file, maxLength, io)
}

/** The file as a whole. */
export function readInputFile(file: string, maxLength: number, io: Io): Promise<Uint8Array> {
  return readWhole(inFolder(io.folder, file), maxLength, { signal: io.signal })
}

/** Reads lock files and their includes by name, up to a total length. */
export function lockFileReader(
  io: Io,
  limits: Pick<typeof inputLimits, 'lockFile' | 'lockFiles'> = inputLimits,
): (file: string) => Promise<Uint8Array> {
  let left = limits.lockFiles
  return async (file) => {
    const bytes = await readInputFile(file, limits.lockFile, io)
    left -= bytes.length
    if (left >= 0) return bytes
    const most = limits.lockFiles
    throw new PlainFileError('ERR_FILE_TOO_LONG', `with ${file} it is more than ${most} bytes`)
  }
}
