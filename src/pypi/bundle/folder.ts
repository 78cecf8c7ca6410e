/**
 * An offline bundle as a folder, and the fetcher that reads it as a server. Nothing in it is believed: its
 * pages are those of an index without signatures, and the rest is verified.
 *
 * | file | |
 * |---|---|
 * | `bundle.json` | says that it is one |
 * | `simple/PROJECT.json` | the page of a project (PEP 691), with the bundled files alone |
 * | `provenance/SHA256.json` | as the index served it (PEP 740) |
 * | `sigstore/` | the files that lead to Sigstore's trusted root, as its repository serves them |
 */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defaultCryptography } from '#platform'
import type { Fetcher } from '../../client/fetcher.js'
import { encodeHex } from '../../core/bytes.js'
import { readPlainJson } from '../../core/json/read.js'
import { isJsonObject, JsonSyntaxError } from '../../core/json/value.js'
import { targetFileName } from '../../core/names.js'
import { FetchFailedError, FetchNotFoundError } from '../../errors.js'
import { PlainFileError, readPlainFile } from '../../node/plain-file.js'
import { hasCode } from '../../node/system-error.js'
import { tryNormalizeName } from '../names/names.js'

/** A host that never exists (RFC 2606): these requests stay in the folder. */
export const bundleUrl = 'https://bundle.invalid/'

/** The entry of `bundle.json`. */
export const bundleVersion = 1

/** Bytes of `bundle.json`. */
const longestMarker = 10_000

const subfolders = ['simple', 'provenance', 'sigstore', 'sigstore/targets']

/**
 * Makes sure that the folder is a bundle, and that it has no links to other folders.
 *
 * @throws FetchFailedError
 */
export function checkBundle(folder: string): void {
  for (const name of subfolders) {
    const path = join(folder, name)
    const stat = reading(path, () => lstatSync(path, { throwIfNoEntry: false }))
    if (stat && !stat.isDirectory()) throw failed(path, 'it is not a folder')
  }
  const path = join(folder, 'bundle.json')
  const bytes = reading(path, () => readPlainFile(path, longestMarker))
  if (bytes === undefined) {
    throw failed(path, 'it is not there: the folder is not a bundle, or was not written to its end')
  }
  try {
    const marker = readPlainJson(bytes)
    if (isJsonObject(marker) && marker['version'] === bundleVersion) return
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw failed(path, 'it is not JSON', error)
  }
  throw failed(path, `it is not of version ${bundleVersion}`)
}

/** Answers requests below {@link bundleUrl} from the folder, and makes none. */
export function bundleFetcher(folder: string): Fetcher {
  return {
    fetch({ url, maxLength = Infinity }) {
      const name = url.startsWith(bundleUrl) ? fileNameOf(url.slice(bundleUrl.length)) : undefined
      if (name === undefined) return Promise.reject(new FetchNotFoundError(url))
      const path = join(folder, ...name.split('/'))
      try {
        const bytes = reading(path, () => readPlainFile(path, maxLength, 'cut'))
        if (bytes === undefined) throw new FetchNotFoundError(pathToFileURL(path).href)
        return Promise.resolve({ offset: 0, length: bytes.length, body: once(bytes) })
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)))
      }
    },
  }
}

/** The name in the folder of the page of a project; names that systems refuse are encoded. */
export function pageFileName(project: string): string {
  return `simple/${targetFileName(project, digest)}.json`
}

/** @throws TypeError for anything but a SHA-256 in lower-case hexadecimal */
export function provenanceFileName(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError(`${sha256} is not a SHA-256`)
  return `provenance/${sha256}.json`
}

/** The name in the folder of a file of Sigstore's repository; undefined for one that is not plain. */
export function sigstoreFileName(name: string): string | undefined {
  return /^(?:targets\/)?[A-Za-z0-9_~%-][A-Za-z0-9_.~%-]{0,199}$/.test(name)
    ? `sigstore/${name}`
    : undefined
}

function fileNameOf(path: string): string | undefined {
  const [, project] = /^simple\/([^/]+)\/$/.exec(path) ?? []
  if (project !== undefined) {
    return tryNormalizeName(project) === project ? pageFileName(project) : undefined
  }
  const [, sha256] = /^provenance\/([0-9a-f]{64})\.json$/.exec(path) ?? []
  if (sha256 !== undefined) return provenanceFileName(sha256)
  return path.startsWith('sigstore/') ? sigstoreFileName(path.slice('sigstore/'.length)) : undefined
}

function digest(text: string): string {
  return encodeHex(defaultCryptography.hash('sha256', new TextEncoder().encode(text)))
}

/** Errors of the system name the file. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof PlainFileError) throw failed(path, error.message, error)
    if (!(error instanceof Error) || !('code' in error)) throw error
    const reason = hasCode(error, 'ELOOP') ? 'it is a symbolic link' : 'it cannot be read'
    throw failed(path, reason, error)
  }
}

function failed(path: string, reason: string, cause?: unknown): FetchFailedError {
  const options = { transient: false, ...(cause !== undefined && { cause }) }
  return new FetchFailedError(pathToFileURL(path).href, reason, options)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}
