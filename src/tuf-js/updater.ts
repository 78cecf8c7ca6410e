/** The updater of tuf-js: one folder of metadata, one of targets. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { storedRoleName, targetFileName, trustAnchor } from '../core/index.js'
import {
  targetSource,
  Updater as Client,
  type Limits,
  type Repository,
  type Root,
} from '../index.js'
import {
  downloadFile,
  fileStore,
  isTargetFile,
  nodeCryptography as cryptography,
} from '../node/index.js'
import { defaultConfig, limitsOf, type Config } from './config.js'
import { translated, translatedOfCycle, translating, ValueError } from './errors.js'
import { DefaultFetcher, type Fetcher } from './fetcher.js'
import { portOf } from './fetcher-port.js'
import { isMetadataFile } from './metadata-file.js'
import { targetFileOf, targetOf, type TargetFile } from './target-file.js'

/** Where a repository and its copies are. */
export interface UpdaterOptions {
  /**
   * A folder that exists and holds `root.json`, the trusted root: an account that writes there decides on
   * trust. tuf-js can use the same folder.
   */
  readonly metadataDir: string
  readonly metadataBaseUrl: string
  /** Default: each call names a path. */
  readonly targetDir?: string | undefined
  /** Default: each call names a URL. */
  readonly targetBaseUrl?: string | undefined
  /** Default: {@link DefaultFetcher} with the settings of `config`. */
  readonly fetcher?: Fetcher | undefined
  /**
   * Whether `refresh` makes no request while every stored top-level file is believed and has not
   * expired. Default false.
   */
  readonly forceCache?: boolean | undefined
  /** Default: {@link defaultConfig}. */
  readonly config?: Partial<Config> | undefined
}

/**
 * A client of one repository, with the calls of tuf-js. Errors have the classes of tuf-js, and this
 * client's error as their `cause`.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet/tuf-js'
 *
 * const updater = new Updater({
 *   metadataDir: './tuf', // has root.json
 *   metadataBaseUrl: 'https://tuf.example.com/metadata/',
 *   targetDir: './targets',
 *   targetBaseUrl: 'https://tuf.example.com/targets/',
 * })
 * const target = await updater.getTargetInfo('pkgs/a.whl')
 * if (target && !(await updater.findCachedTarget(target))) await updater.downloadTarget(target)
 * ```
 */
export class Updater {
  readonly #options: UpdaterOptions
  readonly #config: Config
  readonly #limits: Limits
  readonly #fetcher: ReturnType<typeof portOf>['port']
  readonly #anchor: Uint8Array
  #root: Root
  #client: Client | undefined
  #view: Repository | undefined

  /**
   * Reads `root.json`, and makes no request.
   *
   * @throws the file system's error when it cannot be read; TypeError, UnsignedMetadataError or
   *   RepositoryError when it is not a root that is signed by its own keys; RangeError for a limit
   *   out of range
   */
  constructor(options: UpdaterOptions) {
    this.#options = { ...options, metadataDir: resolve(options.metadataDir) }
    this.#config = { ...defaultConfig, ...options.config }
    this.#anchor = this.loadLocalMetadata('root')
    try {
      this.#root = trustAnchor(this.#anchor, { cryptography }).root.signed
    } catch (error) {
      throw translated(error)
    }
    const { userAgent = '', fetchTimeout, fetchRetries, fetchRetry } = this.#config
    const { port, streams } = portOf(
      options.fetcher ??
        new DefaultFetcher({
          userAgent: `${userAgent} tuffet`.trimStart(),
          timeout: fetchTimeout,
          retry: fetchRetries ?? fetchRetry,
        }),
    )
    this.#fetcher = port
    this.#limits = limitsOf(this.#config, streams)
  }

  /**
   * Runs one update cycle. It may be called again, and then sees a newer repository.
   *
   * @throws TypeError for a URL that is not one, and for metadata of another shape; RepositoryError,
   *   DownloadError, PersistError; RuntimeError for every failure of snapshot or targets metadata
   */
  async refresh(): Promise<void> {
    const { forceCache = false } = this.#options
    this.#view = await translating(async () => {
      this.#client ??= this.#newClient()
      return this.#client.refresh({ mode: forceCache ? 'cached' : 'online' })
    }, translatedOfCycle)
    this.#root = this.#view.root
  }

  /**
   * The repository's entry for the file at `targetPath`, or undefined. It refreshes if that was not
   * done.
   *
   * @throws as {@link Updater.refresh}
   */
  async getTargetInfo(targetPath: string): Promise<TargetFile | undefined> {
    if (!this.#view) await this.refresh()
    const target = await translating(async () => this.#view?.find(targetPath), translatedOfCycle)
    return target && targetFileOf(target)
  }

  /**
   * Downloads a target, and gives its path back. The file takes its name once it is verified.
   *
   * @throws ValueError without a URL or a path; LengthOrHashMismatchError, DownloadError; PersistError
   *   where no file can be written
   */
  async downloadTarget(
    targetInfo: TargetFile,
    filePath?: string,
    targetBaseUrl?: string,
  ): Promise<string> {
    const path = this.#pathOf(targetInfo, filePath)
    const targetsUrl = isGiven(targetBaseUrl) ? targetBaseUrl : this.#options.targetBaseUrl
    if (!isGiven(targetsUrl)) throw new ValueError('Target base URL not set')
    this.#refuseMetadataFile(path)
    const target = targetOf(targetInfo)
    await translating(async () => {
      const source = targetSource(target, {
        targetsUrl,
        hashPrefix: this.#root.consistentSnapshot && this.#config.prefixTargetsWithHash,
        fetcher: this.#fetcher,
        limits: this.#limits,
      })
      await downloadFile({ downloadSource: () => source }, target, path, { reuse: false })
    })
    return path
  }

  /** The path of the file, if it exists and is the target. */
  async findCachedTarget(targetInfo: TargetFile, filePath?: string): Promise<string | undefined> {
    const path = this.#pathOf(targetInfo, filePath)
    return (await isTargetFile(path, targetOf(targetInfo))) ? path : undefined
  }

  /**
   * The bytes of a role's file in `metadataDir`. **They are not verified.**
   *
   * @throws the file system's error
   */
  loadLocalMetadata(role: string): Buffer {
    return readFileSync(join(this.#options.metadataDir, storedRoleName(role, sha256)))
  }

  #newClient(): Client {
    const { metadataDir, metadataBaseUrl } = this.#options
    if (!URL.canParse(metadataBaseUrl)) throw new TypeError(`Invalid URL: ${metadataBaseUrl}`)
    return new Client({
      metadataUrl: metadataBaseUrl,
      root: this.#anchor,
      store: fileStore(metadataDir, { layout: 'flat', folderMode: 'inherit' }),
      fetcher: this.#fetcher,
      limits: this.#limits,
    })
  }

  #pathOf({ path }: TargetFile, filePath: string | undefined): string {
    const { targetDir } = this.#options
    if (isGiven(filePath)) return filePath
    if (!isGiven(targetDir)) throw new ValueError('Target directory not set')
    return join(targetDir, targetFileName(path, sha256))
  }

  /** The repository names targets: none may become the trusted root, or a floor. */
  #refuseMetadataFile(path: string): void {
    if (!isMetadataFile(path, this.#options.metadataDir)) return
    throw new ValueError(`${path} is a metadata file: a target must not take its place`)
  }
}

/** tuf-js takes an empty text for one that was not given. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
