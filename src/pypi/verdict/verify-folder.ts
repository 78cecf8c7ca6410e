/**
 * Every distribution in a folder (a wheelhouse), each with its verdict. Files of a project follow
 * each other, so that its page is read once and need not be kept.
 */
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { isTufError } from '../../errors.js'
import { notAFile, readChunks } from '../../node/plain-file.js'
import { inParallel } from '../../client/in-parallel.js'
import { kindOf, otherReadings, parseFilename } from '../names/file-name.js'
import { isAgreed } from './attestation.js'
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
  readonly concurrency?: number | undefined
  /** Called after each file, in the order of the verdicts. */
  readonly onProgress?: ((progress: FolderProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Names that Python's mimetypes call text/html, packed or not: pip reads them as pages, folders
 * too.
 */
const page = /\.s?html?(?:\.(?:gz|z|bz2|xz|br))*$/i

/**
 * @internal A verdict for each entry that is named like a wheel, a source distribution or another
 * archive that an installer may take from the folder, whatever kind of entry it is, for core
 * metadata beside them, and for pages, which are `unknown`; other entries are not looked at. An entry
 * that is not a regular file never matches. An entry that cannot be judged is `failed`, and does not
 * end the rest.
 */
export async function* verifyFolder(
  context: VerifyContext,
  folder: string | URL,
  options: VerifyFolderOptions = {},
): AsyncGenerator<FileVerdict, void, undefined> {
  const { concurrency = 8, onProgress, signal } = options
  const path = folder instanceof URL ? fileURLToPath(folder) : folder
  const entries = (await readdir(path, { withFileTypes: true })).filter(
    ({ name }) => page.test(name) || mayBeInstalled(name),
  )
  const names = inOrder(entries.map(({ name }) => name))
  const others = new Set(
    entries.filter((one) => !one.isFile() && !one.isSymbolicLink()).map(({ name }) => name),
  )
  let done = 0
  const verdicts = inParallel(
    names,
    concurrency,
    (name, either) => verifyOne(context, path, name, others.has(name), either),
    signal,
  )
  for await (const verdict of verdicts) {
    done += 1
    onProgress?.({ done, total: names.length, filename: verdict.filename })
    yield verdict
  }
}

/**
 * @internal Whether an installer may take it from a folder, or core metadata beside it, by the name
 * alone. Whether it is a file does not matter: pip builds a folder that is called like an archive.
 */
export function mayBeInstalled(filename: string): boolean {
  const kind = kindOf(filename.replace(/\.metadata$/i, ''))
  return kind !== undefined && kind !== 'installer'
}

async function verifyOne(
  context: VerifyContext,
  folder: string,
  filename: string,
  isOther: boolean,
  signal: AbortSignal,
): Promise<FileVerdict> {
  if (page.test(filename)) return { filename, verdict: 'unknown', reason: 'pip follows its links' }
  // Joined as it is: the file system resolves `..` after a link.
  const path = `${folder}/${filename}`
  try {
    // The repository need not be asked.
    if (isOther) throw notAFile(path)
    const content = readChunks(path, { signal })
    return notReadTwice(
      await verifyContent(forReading(context, filename), filename, content, { signal }),
    )
  } catch (error) {
    if (signal.aborted || !isExpected(error)) throw error
    return { filename, verdict: 'failed', reason: error.message, error }
  }
}

/** For a name that will be refused, no publisher is remembered. */
function forReading(context: VerifyContext, filename: string): VerifyContext {
  const { judge } = context
  const name = parseFilename(filename)
  if (judge === undefined || !name || otherReadings(filename, name).length === 0) return context
  return {
    ...context,
    judge: async (...asked) => ({ ...(await judge(...asked)), keep: undefined }),
  }
}

/**
 * A file verified for one project must not be taken for one of another: pip before 24 reads
 * `my-app-2-1.tar.gz` as `my-app` 2.post1 where it looks for that.
 */
function notReadTwice(judged: FileVerdict): FileVerdict {
  const name = judged.vouched && parseFilename(judged.filename, judged.vouched.project)
  if (!isAgreed(judged) || !name) return judged
  const [other] = otherReadings(judged.filename, name)
  if (other === undefined) return judged
  const plain = `${name.project.replaceAll('-', '_')}-${name.version}`
  const reason = `pip before 24 may take it for ${other}; rename it to ${plain} with its ending`
  return { filename: judged.filename, verdict: 'unknown', reason }
}

/** An error of this library or of the file system; anything else is a fault in the program. */
function isExpected(error: unknown): error is { readonly message: string } {
  if (typeof error !== 'object' || error === null || !('message' in error)) return false
  return isTufError(error) || ('code' in error && typeof error.code === 'string')
}

/** By project, then by name. */
function inOrder(names: readonly string[]): string[] {
  const keys = names.map((name) => {
    const basename = name.replace(/\.metadata$/, '')
    return `${parseFilename(basename)?.project ?? ''}\n${name}`
  })
  return keys.sort().map((key) => key.slice(key.indexOf('\n') + 1))
}
