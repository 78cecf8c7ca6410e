/**
 * The verified view of a repository at one fixed time. Delegated roles are loaded when a search
 * needs them, and the latest used are kept; everything else is in memory.
 */
import { deepFreeze } from '../core/deep-freeze.js'
import { digestText } from '../core/keys/hash.js'
import type { Root, Snapshot, TargetFile, Targets, Timestamp } from '../core/metadata/model.js'
import { searchTarget, type SearchResult } from '../core/search/search.js'
import type { TargetsTrust, Trusted } from '../core/trust/phases.js'
import { SearchLimitError, TargetNotFoundError } from '../errors.js'
import { checkWhole } from './digests.js'
import { streamTarget, type DownloadProgress, type TargetSource } from './download.js'
import { explanationOf, type Explanation } from './explanation.js'
import { RoleLoader } from './role-loader.js'
import { readTarget, viewedSource, type RepositoryContext, type TargetAddress } from './target.js'
import { Turns } from './turns.js'
import { walkRoles, type WalkOptions } from './walk-roles.js'

/** How a question is asked. */
export interface AskOptions {
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** How a target file is obtained. */
export interface ReadOptions extends AskOptions, TargetAddress {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
}

/**
 * The verified view of a repository at one moment, made by `Updater.refresh`. Its results are
 * frozen.
 *
 * @example
 * ```ts
 * import { Repository } from 'tuffet'
 *
 * // The verified bytes of a target, or undefined when the repository does not list it.
 * async function read(repository: Repository, path: string): Promise<Uint8Array | undefined> {
 *   return (await repository.find(path)) && repository.read(path)
 * }
 * ```
 */
export class Repository {
  readonly #trust: TargetsTrust
  readonly #context: RepositoryContext
  readonly #roles: RoleLoader

  /** @hidden Made by `Updater.refresh`; other code lacks the arguments. */
  constructor(trust: TargetsTrust, context: RepositoryContext) {
    this.#trust = trust
    this.#context = context
    this.#roles = new RoleLoader(trust, context)
  }

  /** The fixed time (5.1), in milliseconds since 1970. */
  get now(): number {
    return this.#trust.now
  }

  get root(): Root {
    return deepFreeze(this.#trust.root.signed)
  }

  get timestamp(): Timestamp {
    return deepFreeze(this.#trust.timestamp.signed)
  }

  get snapshot(): Snapshot {
    return deepFreeze(this.#trust.snapshot.signed)
  }

  /** The top-level targets role. */
  get targets(): Targets {
    return deepFreeze(this.#trust.targets.signed)
  }

  /**
   * 5.6.7: the repository's entry for the file at `path`, or undefined when no role that may list
   * the path does so. Loads delegated roles as needed; calls at the same time share requests.
   *
   * @throws every RepositoryError and FetchError of a role on the way, which ends the search;
   *   SearchLimitError; SnapshotGoneError: refresh and ask again; NotStoredError offline;
   *   StoreFailedError; the signal's reason
   */
  async find(path: string, options: AskOptions = {}): Promise<TargetFile | undefined> {
    return (await this.#search(path, options)).target
  }

  /**
   * Verifies that `bytes`, from any source, are the repository's file at `path` (5.7).
   *
   * @throws TargetNotFoundError, LengthMismatchError, HashMismatchError, and the errors of {@link
   * find}
   */
  async verify(path: string, bytes: Uint8Array, options: AskOptions = {}): Promise<TargetFile> {
    const target = await this.#require(path, options)
    const place = { role: path, step: '5.7.3' }
    await checkWhole(bytes, target, place, this.#context.cycle.cryptography)
    return target
  }

  /**
   * The verdict on `path` with its whole chain of trust, for found and for absent targets.
   *
   * @throws as {@link find}
   */
  async explain(path: string, options: AskOptions = {}): Promise<Explanation> {
    return deepFreeze(explanationOf(path, this.#trust, await this.#search(path, options)))
  }

  /**
   * 5.7.3: the bytes of the file at `path`, verified. With a target store, from there if they still
   * match the repository.
   *
   * @throws TargetNotFoundError; LengthMismatchError or HashMismatchError; every FetchError;
   *   NameUnsafeError; NotStoredError offline; StoreFailedError; TypeError without a targets URL;
   *   and the errors of {@link find}
   */
  async read(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
    const target = await this.#require(path, options)
    return readTarget(target, this.#context, () => this.downloadSource(target, options), options)
  }

  /**
   * The bytes of the file at `path` as they come. **They are unverified until the stream ends**: it
   * throws instead of ending when they are not the file.
   *
   * @throws as {@link read}
   */
  async *stream(
    path: string,
    options: ReadOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const target = await this.#require(path, options)
    yield* streamTarget(this.downloadSource(target, options), options)
  }

  /**
   * Where and how a target from {@link find} is fetched, for `downloadFile` and for programs that
   * bring their own.
   *
   * @throws NameUnsafeError before any request; TypeError without a targets URL. Offline its
   *   fetcher throws NotStoredError.
   */
  downloadSource(target: TargetFile, address: TargetAddress = {}): TargetSource {
    return viewedSource(target, this.#context, address)
  }

  /**
   * @internal Every role that lists targets, `targets` first, each judged through every edge.
   *
   * @throws as {@link find}
   */
  walk(options: WalkOptions = {}): AsyncGenerator<Trusted<Targets>, void, undefined> {
    const { searchedBytes } = this.#context.ports.limits
    return walkRoles(this.#trust, this.#roles, searchedBytes, options)
  }

  async #require(path: string, options: AskOptions): Promise<TargetFile> {
    const target = await this.find(path, options)
    if (!target) throw new TargetNotFoundError(path)
    return target
  }

  async #search(path: string, { signal }: AskOptions): Promise<SearchResult> {
    const { cryptography } = this.#context.cycle
    const { limits } = this.#context.ports
    let digest: string | undefined
    const search = searchTarget(this.#trust.targets, {
      path,
      pathDigest: () => (digest ??= digestText(path, cryptography)),
      searchedRoles: limits.searchedRoles,
      searchSteps: limits.searchSteps,
    })
    const turns = new Turns()
    let held = 0
    let step = search.next()
    while (step.done !== true) {
      signal?.throwIfAborted()
      if (turns.isOver) await turns.pause()
      const edge = step.value
      const { role, weight } = this.#roles.kept(edge) ?? (await this.#roles.load(edge, signal))
      held += weight
      if (held > limits.searchedBytes) {
        const place = { role: role.role, step: '5.6.7.1' }
        throw new SearchLimitError(place, path, limits.searchedBytes, 'bytes')
      }
      step = search.next(role)
    }
    return step.value
  }
}
