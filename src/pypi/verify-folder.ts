/**
 * Every distribution in a folder (a wheelhouse), each with its verdict. Files of a project follow
 * each other, so that its page is read once and need not be kept.
 */
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { isTufError } from '../errors.js'
import { readChunks } from './file-content.js'
import { parseFilename } from './file-name.js'
import { inParallel } from './in-parallel.js'
import type { FileVerdict } from './verdict.js'
import { verifyContent, type VerifyContext } from './verify-file.js'

/** How far it is. */
export interface FolderProgress {
  readonly done: number
  readonly total: number
  readonly filename: string
}

/** All optional. */
export interface VerifyFolderOptions {
  /** How many files are read at once. Default 8. */
  readonly concurrency?: number
  /** Called after each file, in the order of the verdicts. */
  readonly onProgress?: (progress: FolderProgress) => void
  readonly signal?: AbortSignal
}

/** What an installer may take from a folder, and core metadata beside it. */
const installable =
  /\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.(?:gz|bz2|xz|lz|lzma|zst)|egg)(?:\.metadata)?$/i

/** What Python's mimetypes call text/html, packed or not: pip reads it as a page, a folder too. */
const page = /\.s?html?(?:\.(?:gz|z|bz2|xz|br))*$/i

/**
 * @internal A verdict for each wheel, source distribution and other archive that an installer may
 * take from the folder, for core metadata beside them, and for pages, which are `unknown`; other
 * files and folders are not looked at. What cannot be judged is `failed`, and does not end the rest.
 */
export async function* verifyFolder(
  context: VerifyContext,
  folder: string | URL,
  options: VerifyFolderOptions = {},
): AsyncGenerator<FileVerdict, void, undefined> {
  const { concurrency = 8, onProgress, signal } = options
  const path = folder instanceof URL ? fileURLToPath(folder) : folder
  const entries = await readdir(path, { withFileTypes: true })
  const names = inOrder(
    entries
      .filter((entry) => {
        return page.test(entry.name) || (!entry.isDirectory() && installable.test(entry.name))
      })
      .map(({ name }) => name),
  )
  let done = 0
  const verdicts = inParallel(
    names,
    concurrency,
    (name, either) => verifyOne(context, path, name, either),
    signal,
  )
  for await (const verdict of verdicts) {
    done += 1
    onProgress?.({ done, total: names.length, filename: verdict.filename })
    yield verdict
  }
}

async function verifyOne(
  context: VerifyContext,
  folder: string,
  filename: string,
  signal: AbortSignal,
): Promise<FileVerdict> {
  if (page.test(filename)) return { filename, verdict: 'unknown', reason: 'pip follows its links' }
  try {
    // Joined as it is: `..` behind a link is for the file system to follow.
    const content = readChunks(`${folder}/${filename}`, signal)
    return await verifyContent(context, filename, content, { signal })
  } catch (error) {
    if (signal.aborted || !isExpected(error)) throw error
    return { filename, verdict: 'failed', reason: error.message, error }
  }
}

/** An error of this library or of the file system; anything else is a fault in the program. */
function isExpected(error: unknown): error is { readonly message: string } {
  if (typeof error !== 'object' || error === null || !('message' in error)) return false
  return isTufError(error) || ('code' in error && typeof error.code === 'string')
}

/** By project, then by name. */
function inOrder(names: readonly string[]): string[] {
  const keys = new Map(
    names.map((name) => {
      const basename = name.replace(/\.metadata$/, '')
      return [name, `${parseFilename(basename)?.project ?? ''}\n${name}`]
    }),
  )
  return [...names].sort((a, b) => ((keys.get(a) ?? '') < (keys.get(b) ?? '') ? -1 : 1))
}
