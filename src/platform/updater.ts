/** The client with the platform's defaults: `node:crypto` or noble, and the runtime's `fetch`. */
import { defaultCryptography, defaultFetcher, eventOutlets } from '#platform'
import type { Repository } from '../client/repository.js'
import type { Store } from '../client/store.js'
import { initializeStore, PortedUpdater } from '../client/updater.js'
import type { InitializeOptions, RefreshOptions, UpdaterOptions } from '../client/updater.js'

/**
 * Obtains a verified view of a repository. One instance serves one repository.
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { Updater } from 'tuffet'
 * import { fileStore } from 'tuffet/node'
 *
 * const updater = new Updater({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   targetsUrl: 'https://tuf.example.com/targets/',
 *   root: await readFile('root.json'),
 *   store: fileStore('./tuf'),
 * })
 * const repository = await updater.refresh()
 * await repository.find('pkgs/a.whl')
 * ```
 */
export class Updater {
  readonly #updater: PortedUpdater

  /**
   * @throws TypeError for a URL that cannot be a base, RangeError for a number out of range
   */
  constructor(options: UpdaterOptions) {
    const { fetcher = defaultFetcher(), cryptography = defaultCryptography } = options
    this.#updater = new PortedUpdater({ ...options, fetcher, cryptography, outlets: eventOutlets })
  }

  /**
   * Runs one update cycle (section 5) and returns the verified view of the repository at its fixed
   * time. Calls that ask for the same at the same time share one cycle.
   *
   * The files accepted before the failure are kept, so the next cycle starts from there.
   *
   * @throws every RepositoryError and FetchError; ClockBehindError; NotStoredError when the anchor
   *   is neither given nor stored, and in mode `offline`; ForeignStoreError when the store belongs to
   *   another repository; StoreConflictError; StoreFailedError; the signal's reason
   */
  refresh(options: RefreshOptions = {}): Promise<Repository> {
    return this.#updater.refresh(options)
  }
}

/**
 * Keeps `root` in the store as the anchor of every later cycle, apart from the repository's files,
 * which never replace it (5.2). It makes no request.
 *
 * @throws MetadataInvalidError, SpecVersionError, ThresholdError when it is not a root that is
 *   signed by its own keys; ForeignStoreError when the store belongs to another repository;
 *   StoreConflictError; StoreFailedError
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { initialize } from 'tuffet'
 * import { fileStore } from 'tuffet/node'
 *
 * await initialize(fileStore('./tuf'), await readFile('root.json'))
 * ```
 */
export function initialize(
  store: Store,
  root: Uint8Array,
  options: InitializeOptions = {},
): Promise<void> {
  const { cryptography = defaultCryptography } = options
  return initializeStore(store, root, { ...options, cryptography })
}
