/**
 * Metadata in a folder as a `Fetcher`: a copy of a repository's metadata folder, or the store of
 * another client. It only reads regular files, and believes nothing.
 */
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FetchRequest, FetchResponse, Fetcher } from '../client/fetcher.js'
import { storedRoleName, storedRootName } from '../core/names.js'
import { FetchFailedError, FetchNotFoundError } from '../errors.js'
import { flatName } from './entry-path.js'
import { PlainFileError, readPlainFile } from './plain-file.js'
import { hasCode } from './system-error.js'

/**
 * A fetcher of the versioned metadata files in `folder`, by the last part of their URL: `5.root.json`
 * or `7.bins.json` as a repository publishes them, or the same file as `fileStore` keeps it. Meant for
 * the option `below` of an `Updater`, which judges every file.
 *
 * It throws `FetchNotFoundError` for a file that the folder lacks, `FetchFailedError` for one that
 * cannot be read or is not a regular file.
 *
 * @example
 * ```ts runs
 * import { Updater } from 'tuffet'
 * import { fileStore, folderFetcher } from 'tuffet/node'
 *
 * const updater = new Updater({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   store: fileStore('./tuf'),
 *   below: folderFetcher('/mnt/shared/tuf'),
 * })
 * ```
 */
export function folderFetcher(folder: string | URL): Fetcher {
  const path = folder instanceof URL ? fileURLToPath(folder) : resolve(folder)
  return {
    // A promise in any case.
    fetch: async (request) => answerOf(path, request),
  }
}

function answerOf(folder: string, { url, maxLength, signal }: FetchRequest): FetchResponse {
  signal.throwIfAborted()
  const name = url.slice(url.lastIndexOf('/') + 1)
  const [, version = '', encoded = ''] = /^(\d{1,15})\.([\w.~%-]+)\.json$/.exec(name) ?? []
  if (encoded === '') throw new FetchNotFoundError(url)
  const read = (file: string): Uint8Array | undefined =>
    readBelow(join(folder, file), url, maxLength ?? longestFile)
  const bytes = read(name) ?? readStored(encoded, Number(version), read)
  if (bytes === undefined) throw new FetchNotFoundError(url)
  return { offset: 0, length: bytes.length, body: onePiece(bytes) }
}

/** Bytes, for callers without a limit. */
const longestFile = 512_000_000

/** From a client's store, where only the name of a root tells the version. */
function readStored(
  encoded: string,
  version: number,
  read: (file: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  const role = decoded(encoded)
  if (role === undefined) return undefined
  if (role === 'root') {
    const entry = storedRootName(version)
    return read(entry) ?? read(flatName(entry))
  }
  const bytes = read(storedRoleName(role, sha256))
  return bytes && statesVersion(bytes, version) ? bytes : undefined
}

/**
 * Whether the last `"version"` of a file is this one. A hint that avoids needless refusals: names in
 * metadata are usually in order, and the version of the file comes last.
 */
function statesVersion(bytes: Uint8Array, version: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const at = text.lastIndexOf('"version"')
  if (at < 0) return false
  const stated = /^"version"\s*:\s*(\d+)\b/.exec(text.toString('latin1', at, at + 64))?.[1]
  return stated === String(version)
}

function readBelow(path: string, url: string, maxLength: number): Uint8Array | undefined {
  try {
    return readPlainFile(path, maxLength, 'cut')
  } catch (error) {
    if (hasCode(error, 'ENOTDIR', 'ENAMETOOLONG')) return undefined
    const reason = error instanceof PlainFileError ? error.message : 'it cannot be read'
    throw new FetchFailedError(url, reason, { cause: error, transient: false })
  }
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined // A `%` without digits.
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
