/** `--from DIR|URL`: metadata that is asked for nearby before the repository is asked. */
import { stat } from 'node:fs/promises'
import { defaultFetcher } from '#platform'
import { checkBaseUrl, joinUrl } from '../core/names.js'
import type { Fetcher, Store } from '../index.js'
import { fileStore } from '../node/file-store.js'
import { folderFetcher } from '../node/folder-fetcher.js'
import { hasCode } from '../node/system-error.js'
import type { Call } from './command.js'
import { inFolder } from './in-folder.js'
import { printLine, type Io } from './io.js'
import { UsageError } from './usage-error.js'

/** Where the option leads. */
export interface From {
  readonly below: Fetcher
  /** For index pages, where it is a folder, which may be a store. */
  readonly store?: Store
}

/**
 * @param fetcher the one that asks the repository
 * @throws UsageError for a value that cannot be used; the errors of the file system
 */
export async function fromOption(
  { options: { from, offline = false }, io }: Call,
  metadataUrl: string,
  fetcher: Fetcher | undefined,
): Promise<From | undefined> {
  if (from === undefined) return undefined
  if (offline) throw new UsageError('--offline asks no other place: give it, or --from, not both')
  if (/^https?:\/\//i.test(from)) {
    return { below: mirrorFetcher(metadataUrl, baseOf(from), fetcher ?? defaultFetcher()) }
  }
  const folder = inFolder(io.folder, from)
  await checkFolder(folder, from, io)
  // Not this command's store: links that others put there need no report.
  return { below: folderFetcher(folder), store: fileStore(folder, { onPlanted: () => undefined }) }
}

/** A mirror that is not mounted must not stop a job that can do without it. */
async function checkFolder(folder: string, name: string, { stderr }: Io): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    printLine(
      stderr,
      `tuffet: --from: ${name} does not exist; the repository is asked for every file`,
    )
    return
  }
  throw new UsageError(`--from: ${name} is not a folder`)
}

function baseOf(url: string): string {
  try {
    return checkBaseUrl(url)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`--from: ${error.message}`, { cause: error })
  }
}

/** The same files below another URL. */
function mirrorFetcher(metadataUrl: string, mirrorUrl: string, fetcher: Fetcher): Fetcher {
  const base = joinUrl(metadataUrl, '')
  return {
    fetch(request) {
      const url = joinUrl(mirrorUrl, request.url.slice(base.length))
      return fetcher.fetch({ ...request, url })
    },
  }
}
