/** A folder in place of the server that will serve it: the files of a repository under their names. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FetchFailedError, FetchNotFoundError } from '../errors.js'
import type { Fetcher } from '../index.js'
import { PlainFileError, readChunks } from '../node/plain-file.js'
import { hasCode } from '../node/system-error.js'
import { UsageError } from './usage-error.js'

/** A host that never exists (RFC 2606): these requests stay in the folder. */
const host = 'https://folder.invalid/'

/** Where the parts of a repository in a folder are. */
export interface ServedFolder {
  readonly metadataUrl: string
  readonly targetsUrl: string | undefined
  readonly fetcher: Fetcher
}

/**
 * `FOLDER/metadata` and `FOLDER/targets`, or `FOLDER` with metadata alone.
 *
 * @throws UsageError for a folder without a timestamp
 */
export function servedFolder(folder: string, name: string): ServedFolder {
  const fetcher = folderServer(folder)
  if (isFile(join(folder, 'metadata', 'timestamp.json'))) {
    const targetsUrl = isFolder(join(folder, 'targets')) ? `${host}targets/` : undefined
    return { metadataUrl: `${host}metadata/`, targetsUrl, fetcher }
  }
  if (isFile(join(folder, 'timestamp.json'))) {
    return { metadataUrl: host, targetsUrl: undefined, fetcher }
  }
  throw new UsageError(`${name} contains neither metadata/timestamp.json nor timestamp.json`)
}

/** As a static server does: the path of the URL, decoded, below the folder. */
function folderServer(folder: string): Fetcher {
  return {
    fetch({ url, signal }) {
      const path = pathIn(folder, url)
      try {
        const length = path === undefined ? undefined : lengthOf(path)
        if (path === undefined || length === undefined) throw new FetchNotFoundError(url)
        return Promise.resolve({ offset: 0, length, body: readChunks(path, { signal }) })
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)))
      }
    },
  }
}

function pathIn(folder: string, url: string): string | undefined {
  if (!url.startsWith(host)) return undefined
  let decoded
  try {
    decoded = decodeURIComponent(url.slice(host.length))
  } catch {
    return undefined // A `%` without digits.
  }
  const segments = decoded.split('/')
  const outside = segments.some((one) => one === '' || one === '.' || one === '..')
  return outside || /[\0\\]/.test(decoded) ? undefined : join(folder, ...segments)
}

/** Undefined for a file that is not there. */
function lengthOf(path: string): number | undefined {
  try {
    const stat = statSync(path)
    if (stat.isFile()) return stat.size
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) return undefined
    const reason = error instanceof PlainFileError ? error.message : 'it cannot be read'
    throw new FetchFailedError(pathToFileURL(path).href, reason, { cause: error, transient: false })
  }
  return undefined
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
