/** The verified view of projects and their files at one moment. */
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultCryptography } from '#platform'
import type { JudgeFile } from '../attestations/judge.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { checkNumber } from '../core/number-option.js'
import { readChunks } from '../node/plain-file.js'
import { noPage, type Layout } from './layouts.js'
import type { LockEntry } from './lock/entry.js'
import { normalizeName } from './names/names.js'
import type { IndexPage } from './pages/index-page.js'
import {
  ProjectPages,
  type PageRepository,
  type ProjectPagesOptions,
  type VerifiedPage,
} from './pages/project-pages.js'
import { releaseFiles, type ReleaseFile } from './pages/release-files.js'
import { checkLock, type CheckLockOptions, type LockVerdict } from './verdict/check-lock.js'
import type { Content } from './verdict/file-content.js'
import { findFile, type FindOptions } from './verdict/find-file.js'
import { pinRequirement, type Pin, type PinOptions } from './verdict/pin.js'
import {
  defaultUnsizedLength,
  saveFile,
  streamKept,
  type StreamFileOptions,
} from './verdict/stream-file.js'
import type { FileVerdict, Finding, VouchedFile } from './verdict/verdict.js'
import { verifyContent, type VerifyContext } from './verdict/verify-file.js'
import { verifyFolder, type VerifyFolderOptions } from './verdict/verify-folder.js'

/** All optional. */
export interface PypiViewOptions extends ProjectPagesOptions {
  /**
   * The longest file to fetch or read when its length is unknown, in bytes: HTML pages do not state
   * lengths. Default 10,000,000,000.
   */
  readonly maxUnsizedLength?: number | undefined
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
  /** Judges every file by its attestations, as `attestationJudge` does. Default: they do not count. */
  readonly judge?: JudgeFile | undefined
  /**
   * Whether the repository is an index without signatures (`PlainIndex`): a file is a `match` only
   * by an attestation of its pinned publisher, and core metadata is not offered. Needs `judge`.
   */
  readonly unsigned?: boolean | undefined
}

/** How a file is verified. */
export interface VerifyFileOptions extends Omit<FindOptions, 'blake2b'> {
  /** The name to verify it under. Default: the last part of the path; needed for bytes. */
  readonly filename?: string | undefined
}

/** How a file is brought. */
export interface DownloadOptions extends StreamFileOptions {
  /** The file's name, for a release of several files. */
  readonly filename?: string | undefined
  /** Where to; it is made when it is not there. Default: the current folder. */
  readonly folder?: string | URL | undefined
}

/** Which files of a project are wanted. All optional. */
export interface FilesOptions {
  /** Of this version, compared as `==` does. Default: of all. */
  readonly version?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * A view of a repository, as `Updater.refresh` gives it, in which a layout locates pages and files.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { pagesLayout, PypiView } from 'tuffet/pypi'
 *
 * async function show(updater: Updater): Promise<void> {
 *   const pypi = new PypiView(await updater.refresh(), pagesLayout())
 *   console.log(await pypi.verifyFile('wheels/requests-2.32.3-py3-none-any.whl'))
 * }
 * ```
 */
export class PypiView {
  readonly layout: Layout
  readonly #repository: PageRepository
  readonly #context: VerifyContext

  /** @throws TypeError for an unsigned index without a judge, RangeError for a number out of range */
  constructor(repository: PageRepository, layout: Layout, options: PypiViewOptions = {}) {
    this.layout = layout
    this.#repository = repository
    const { judge, unsigned = false } = options
    if (unsigned && judge === undefined) throw new TypeError('an unsigned index needs a judge')
    this.#context = {
      repository,
      layout,
      judge,
      unsigned,
      pages: new ProjectPages(repository, layout, options),
      cryptography: options.cryptography ?? defaultCryptography,
      maxUnsizedLength: checkLimit(options.maxUnsizedLength ?? defaultUnsizedLength),
    }
  }

  /**
   * The verified page of a project, or undefined when the repository does not list one.
   *
   * @throws NameUnsafeError for an invalid project name; IndexPageError for a verified page that
   *   cannot be used; the errors of `Repository.find` and `Repository.read`; TypeError where pages
   *   are not targets
   */
  async project(
    name: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<IndexPage | undefined> {
    return (await this.#page(name, options?.signal))?.page
  }

  /**
   * The wheels and source distributions on a project's verified page, of one version or of all; undefined without a page. A file under another project's name does not count.
   *
   * @throws as {@link project}
   */
  async files(
    name: string,
    options: FilesOptions = {},
  ): Promise<readonly ReleaseFile[] | undefined> {
    const page = await this.#page(name, options.signal)
    return page && releaseFiles(page, options.version)
  }

  /**
   * The repository's entry for a file name, or for the core metadata `<filename>.metadata`. It does
   * not fetch the file.
   *
   * @throws as {@link project}, except the TypeError
   */
  async find(filename: string, options: Omit<FindOptions, 'blake2b'> = {}): Promise<Finding> {
    return findFile(this.#context, filename, options)
  }

  /**
   * Verifies that a file on disk, or bytes, are the repository's file of that name. A file is read
   * in pieces, no further than its length in the repository, or `maxUnsizedLength` where that is
   * unknown.
   *
   * @throws as {@link find}; the errors of the file system or the stream; an error with the code
   *   `ERR_NOT_A_FILE` for anything but a regular file, `ERR_FILE_TOO_LONG` beyond
   *   `maxUnsizedLength`; TypeError for bytes without a name
   */
  async verifyFile(
    file: string | URL | Content,
    options: VerifyFileOptions = {},
  ): Promise<FileVerdict> {
    const path = file instanceof URL ? fileURLToPath(file) : file
    const { filename = typeof path === 'string' ? basename(path) : undefined, ...find } = options
    if (filename === undefined) throw new TypeError('bytes are verified under a filename')
    const content = typeof path === 'string' ? readChunks(path, { signal: find.signal }) : path
    return verifyContent(this.#context, filename, content, find)
  }

  /**
   * A verdict for each entry of a folder that is named like a wheel, a source distribution or another
   * archive that an installer may take from it, for core metadata beside them, and for pages, whose
   * links pip follows: those are `unknown`. Only a regular file, or a link to one, can be a `match`:
   * pip builds a folder with the name of an archive. An entry that cannot be judged is `failed`.
   *
   * When every verdict is `match`, pip and uv find only verified files in the folder
   * (`--find-links`).
   *
   * @throws the errors of reading the folder; the signal's reason; RangeError for a concurrency
   */
  verifyFolder(
    folder: string | URL,
    options: VerifyFolderOptions = {},
  ): AsyncGenerator<FileVerdict, void, undefined> {
    return verifyFolder(this.#context, folder, options)
  }

  /**
   * The bytes of a file that {@link find} vouches for. **They are unverified until the stream has
   * ended**: it throws instead of ending when they are not the file.
   *
   * @throws as `Repository.stream`; PublisherChangedError where publishers are remembered
   */
  stream(
    vouched: VouchedFile,
    options: StreamFileOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    return streamKept(this.#repository, vouched, this.#withLimit(options))
  }

  /**
   * Brings a file of a release into a folder; the file gets its name there only after it is
   * verified. Returns its path, or the repository's answer if it does not vouch for the file.
   *
   * @throws RangeError when the release has several files and none is named; as {@link files} and
   *   {@link stream}; the errors of the file system
   */
  async download(
    name: string,
    version: string,
    options: DownloadOptions = {},
  ): Promise<
    | { readonly path: string; readonly vouched: VouchedFile }
    | Exclude<Finding, { vouched: VouchedFile }>
  > {
    const { filename, folder = '.', ...transfer } = options
    const files = (await this.files(name, { version, signal: transfer.signal })) ?? []
    const named = files.filter((file) => filename === undefined || file.filename === filename)
    const [first] = named
    if (first === undefined) {
      return { verdict: 'unknown', reason: 'the verified page does not list it' }
    }
    if (named.length > 1) {
      const names = named.map((file) => file.filename).join(', ')
      throw new RangeError(`${name} ${version} has several files: ${names}`)
    }
    const project = normalizeName(name)
    const { signal } = transfer
    const found = await this.find(first.filename, { project, ...(signal && { signal }) })
    if (!found.vouched) return found
    const directory = folder instanceof URL ? fileURLToPath(folder) : folder
    await mkdir(directory, { recursive: true })
    const path = join(directory, first.filename)
    await saveFile(this.#repository, found.vouched, path, this.#withLimit(transfer))
    return { path, vouched: found.vouched }
  }

  /**
   * `name==version`, with or without extras and a marker, followed by the SHA-256 of every verified
   * file. If the repository lists another hash only, the file is fetched and verified.
   *
   * One that cannot be judged is `failed`, and does not end the rest.
   *
   * @throws TypeError for a requirement of another form, or that pip could not read; the signal's
   *   reason
   */
  async pin(requirements: Iterable<string>, options: PinOptions = {}): Promise<Pin[]> {
    const pins = []
    for (const requirement of requirements) {
      pins.push(await pinRequirement(this.#context, requirement, options))
    }
    return pins
  }

  /**
   * A verdict for each entry of a lock file, in their order. An entry that cannot be judged is
   * `failed`.
   *
   * @throws the signal's reason; RangeError for a concurrency
   */
  checkLock(
    entries: Iterable<LockEntry>,
    options: CheckLockOptions = {},
  ): AsyncGenerator<LockVerdict, void, undefined> {
    return checkLock(this.#context, entries, options)
  }

  #withLimit(options: StreamFileOptions): StreamFileOptions {
    const { maxUnsizedLength = this.#context.maxUnsizedLength } = options
    return { ...options, maxUnsizedLength: checkLimit(maxUnsizedLength) }
  }

  async #page(name: string, signal: AbortSignal | undefined): Promise<VerifiedPage | undefined> {
    const project = normalizeName(name)
    if (this.layout.pages(project).length === 0) {
      throw new TypeError(noPage(this.layout, project))
    }
    return this.#context.pages.get(project, signal)
  }
}

function checkLimit(bytes: number): number {
  return checkNumber('maxUnsizedLength', bytes, 0, Infinity)
}
