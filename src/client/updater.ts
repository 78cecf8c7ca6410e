/**
 * The client of one repository: runs update cycles over a fetcher and a store, at one fixed time
 * each, and hands out the verified view of that moment.
 */
import { offlineCycle, onlineCycle } from '../core/cycle/cycle.js'
import { initialCycle } from '../core/cycle/initial.js'
import type { CycleOptions } from '../core/cycle/request.js'
import type { CanonicalForm } from '../core/json/canonical.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { checkBaseUrl } from '../core/names.js'
import { checkNumber, checkTime } from '../core/number-option.js'
import type { TargetsTrust } from '../core/trust/phases.js'
import { isTufError, SnapshotGoneError, ThresholdError, type RepositoryError } from '../errors.js'
import { Below, preferringBelow } from './below.js'
import { guarded } from './callback.js'
import { checkClock, recordClock } from './clock-floor.js'
import { drive, type Ports } from './drive.js'
import type { EventOutlets, OnEvent } from './events.js'
import type { Fetcher } from './fetcher.js'
import { LatestFiles } from './kept-files.js'
import { resolveLimits, type Limits } from './limits.js'
import { Repository } from './repository.js'
import { listening } from './retry.js'
import { SharedTasks } from './shared-task.js'
import { memoryStore, type Store } from './store.js'

/** Where a repository is and how it is used; only the metadata URL must be given. */
export interface UpdaterOptions {
  /** Where `timestamp.json` is. Used as it is, with a `/` added at the end if it is missing. */
  readonly metadataUrl: string
  /** Where target files are. Default: target files cannot be fetched, only verified. */
  readonly targetsUrl?: string | undefined
  /**
   * The root that came with the application (5.2), as bytes of a root metadata file. Default: the
   * one that `initialize` kept in the store.
   */
  readonly root?: Uint8Array | undefined
  /**
   * Where accepted metadata is kept between runs. It belongs to one repository: a root that no chain
   * links with the stored ones is refused. Default: memory.
   */
  readonly store?: Store | undefined
  /**
   * Whether a store of another repository is emptied and used for this one, which gives up its
   * protection against rollback. Default false: `ForeignStoreError`.
   */
  readonly rebind?: boolean | undefined
  /**
   * Asked before `fetcher` for metadata with a version in its file name, under the same URL: a mirror
   * nearby, or `folderFetcher` over another client's store. Its files are judged like any other; if one
   * is refused, or it fails, the cycle goes on without it. Default: the repository alone is asked.
   */
  readonly below?: Fetcher | undefined
  /** Default: over the platform's `fetch`. */
  readonly fetcher?: Fetcher | undefined
  /**
   * How often a file is asked for again when a request for it fails for a passing reason, as in
   * `retrying`; 0 means never. Default 2, or the setting of a fetcher made by `retrying`.
   */
  readonly retries?: number | undefined
  /** Default: the platform's, `node:crypto` or noble. */
  readonly cryptography?: Cryptography | undefined
  /** The form that signatures are over. Default: OLPC canonical JSON. */
  readonly canonicalForm?: CanonicalForm | undefined
  /** Whether RSA PKCS#1 v1.5 signatures count. Default false. */
  readonly pkcs1v15?: boolean | undefined
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined
  /**
   * Whether target files are asked for under hash-prefixed names. Default: as root's
   * `consistent_snapshot` says (6.2).
   */
  readonly hashPrefix?: boolean | undefined
  /**
   * Where {@link Repository.read} keeps verified target files, below `targets/`, and finds them
   * again; every found file is verified each time. It may be the `store`. Default: files are not
   * kept.
   */
  readonly targetStore?: Store | undefined
  /** The time, in milliseconds since 1970; asked for once in each cycle (5.1). Default: the clock. */
  readonly now?: (() => number) | undefined
  /**
   * How far the clock may lag after the newest accepted cycle, in milliseconds, to a second: the store
   * records the time at most once in each. Default 5 minutes; `Infinity` switches the check off.
   */
  readonly clockTolerance?: number | undefined
  /** Told of each request, answer, decision and write, in order. */
  readonly onEvent?: OnEvent | undefined
}

/** Options of `initialize`. */
export interface InitializeOptions extends Pick<
  UpdaterOptions,
  'cryptography' | 'canonicalForm' | 'pkcs1v15'
> {
  /** As {@link UpdaterOptions.rebind}. */
  readonly rebind?: boolean | undefined
}

/** `UpdaterOptions` with all that a platform would give. */
export interface PortedOptions extends UpdaterOptions {
  readonly fetcher: Fetcher
  readonly cryptography: Cryptography
  /** @internal Where events go besides `onEvent`. */
  readonly outlets?: EventOutlets | undefined
}

/** How one refresh is done. */
export interface RefreshOptions {
  /**
   * - `online` (default): the whole cycle; two requests if the repository has not changed.
   * - `cached`: no request while every stored top-level file is believed and has not expired, else
   *   online. It learns of a new root only after the timestamp expires: 5.3.3 is postponed.
   * - `offline`: no request at all; every check is made on stored bytes.
   */
  readonly mode?: 'online' | 'cached' | 'offline' | undefined
  /** The fixed time of this cycle, in milliseconds since 1970. Default: the updater's `now`. */
  readonly now?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Keeps `root` in the store as the anchor of every later cycle, apart from the repository's files,
 * which never replace it. It makes no request.
 *
 * @throws MetadataInvalidError, SpecVersionError, ThresholdError when it is not a root that is
 *   signed by its own keys; ForeignStoreError; StoreConflictError; StoreFailedError
 *
 * @example
 * ```ts
 * import { initializeStore, type Store } from 'tuffet/client'
 * import { cryptographyOf, ed25519 } from 'tuffet/web'
 *
 * function initialize(store: Store, root: Uint8Array): Promise<void> {
 *   return initializeStore(store, root, { cryptography: cryptographyOf(ed25519) })
 * }
 * ```
 */
export async function initializeStore(
  store: Store,
  root: Uint8Array,
  options: InitializeOptions & Pick<PortedOptions, 'cryptography'>,
): Promise<void> {
  const limits = resolveLimits()
  const cycle = initialCycle({ limits, ...options, anchor: new Uint8Array(root) })
  await drive(cycle, {
    store,
    limits,
    metadataUrl: '',
    onEvent: () => undefined,
    fetcher: { fetch: () => Promise.reject(new TypeError('init makes no request')) },
  })
}

/**
 * Whether the repository may have published during the cycle: a snapshot was deleted while it was
 * read (PEP 458), or keys were rotated after the cycle asked for newer roots. RSTUF publishes a
 * timestamp before the root that names its keys.
 */
function mayBePublishing(error: unknown): error is RepositoryError {
  if (error instanceof SnapshotGoneError) return true
  return error instanceof ThresholdError && error.role !== 'root'
}

const modes: readonly unknown[] = ['online', 'cached', 'offline']

/**
 * `Updater` over given ports, without defaults of a platform: a bundle carries the cryptography that is
 * named, and no other.
 *
 * @example
 * ```ts
 * import { fetchFetcher, PortedUpdater } from 'tuffet/client'
 * import { cryptographyOf, ed25519 } from 'tuffet/web'
 *
 * const updater = new PortedUpdater({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   fetcher: fetchFetcher(),
 *   cryptography: cryptographyOf(ed25519),
 * })
 * ```
 */
export class PortedUpdater {
  readonly #ports: Ports
  readonly #below: Below | undefined
  readonly #cycle: Omit<CycleOptions, 'now'>
  readonly #options: PortedOptions
  readonly #now: () => number
  readonly #refreshing = new SharedTasks<Repository>()

  /**
   * @throws TypeError for a URL that cannot be a base, RangeError for a number out of range
   */
  constructor(options: PortedOptions) {
    const { metadataUrl, targetsUrl, root, canonicalForm, pkcs1v15, rebind } = options
    const limits = resolveLimits(options.limits)
    checkNumber('clockTolerance', options.clockTolerance ?? 0, 0, Infinity)
    if (targetsUrl !== undefined) checkBaseUrl(targetsUrl)
    const tell = guarded('onEvent', options.onEvent)
    const { outlets } = options
    const onEvent: OnEvent = (event) => {
      tell(event)
      outlets?.publish(event, metadataUrl)
      outlets?.print(event)
    }
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#ports = {
      metadataUrl: checkBaseUrl(metadataUrl),
      store: options.store ?? memoryStore(),
      fetcher: listening(options.fetcher, options.retries, (retry) =>
        onEvent({ type: 'retry', ...retry }),
      ),
      limits,
      onEvent,
    }
    this.#below = options.below && new Below(options.below)
    this.#cycle = {
      limits,
      cryptography: options.cryptography,
      signatures: limits.signatures,
      kept: new LatestFiles(limits),
      // Not `slice`: a Buffer's does not copy.
      ...(root && { anchor: new Uint8Array(root) }),
      ...(canonicalForm && { canonicalForm }),
      pkcs1v15,
      rebind,
    }
  }

  /** As `Updater.refresh`. */
  refresh(options: RefreshOptions = {}): Promise<Repository> {
    const { mode = 'online', now } = options
    const key = `${mode} ${String(now)}`
    return this.#refreshing.run(key, (signal) => this.#refresh(options, signal), options.signal)
  }

  async #refresh(options: RefreshOptions, signal: AbortSignal): Promise<Repository> {
    const { mode = 'online' } = options
    if (!modes.includes(mode)) throw new TypeError(`${JSON.stringify(mode)} is not a mode`)
    const now = options.now ?? this.#now()
    checkTime('now', now)
    const { clockTolerance: tolerance = 5 * 60_000, canonicalForm } = this.#options
    const judging = { tolerance, canonicalForm }
    const latest = await checkClock(this.#ports, now, {
      ...judging,
      // A time that the application names for looking back is not the clock's.
      asked: options.now !== undefined && mode === 'offline',
    })
    if (mode !== 'online') {
      try {
        return this.#view(await this.#drive(offlineCycle, now, signal), mode === 'offline')
      } catch (error) {
        if (mode === 'offline' || !isTufError(error)) throw error
        this.#ports.onEvent({ type: 'cache-miss', error })
      }
    }
    const trust = await this.#online(now, signal)
    await recordClock(this.#ports, now, latest, judging)
    return this.#view(trust, false)
  }

  /**
   * A cycle that met a repository in the middle of a publication starts again, once, from the root.
   * A repository that is wrong answers the same twice.
   */
  async #online(now: number, signal: AbortSignal): Promise<TargetsTrust> {
    try {
      return await this.#drive(onlineCycle, now, signal)
    } catch (error) {
      if (!mayBePublishing(error)) throw error
      this.#ports.onEvent({ type: 'restart', error })
      return await this.#drive(onlineCycle, now, signal)
    }
  }

  #drive(
    cycle: typeof onlineCycle | typeof offlineCycle,
    now: number,
    signal: AbortSignal,
  ): Promise<TargetsTrust> {
    return preferringBelow(this.#below, this.#ports.onEvent, (below) =>
      drive(cycle({ ...this.#cycle, now }), { ...this.#ports, below }, signal),
    )
  }

  #view(trust: TargetsTrust, offline: boolean): Repository {
    const { targetsUrl, hashPrefix, targetStore } = this.#options
    return new Repository(trust, {
      ports: this.#ports,
      below: this.#below,
      cycle: this.#cycle,
      offline,
      hashPrefix: hashPrefix ?? trust.root.signed.consistentSnapshot,
      targetsUrl,
      ...(targetStore && { targetStore }),
    })
  }
}
