/**
 * The verified view of a repository at one fixed time. Delegated roles are loaded when a search
 * needs them, each edge once; everything else is in memory.
 */
import type { CycleOptions } from '../core/cycle-request.js'
import { checkBytes, digestText } from '../core/hash.js'
import type { Root, Snapshot, TargetFile, Targets, Timestamp } from '../core/metadata.js'
import type { Edge, TargetsTrust, Trusted } from '../core/phases.js'
import { offlineRole, onlineRole, type LoadedRole } from '../core/role-cycle.js'
import { searchTarget, type SearchResult } from '../core/search.js'
import { TargetNotFoundError } from '../errors.js'
import { drive, type Ports } from './drive.js'
import { explanationOf, type Explanation } from './explanation.js'
import { SharedTasks } from './shared-task.js'

/** @internal What an updater gives to the views it makes. */
export interface RepositoryContext {
  readonly ports: Ports
  readonly cycle: Omit<CycleOptions, 'now' | 'anchor'>
  readonly offline: boolean
  readonly hashPrefix: boolean
  readonly targetsUrl?: string
}

/** How a question is asked. */
export interface AskOptions {
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal
}

/** What a repository said at one moment. Made by `Updater.refresh`. */
export class Repository {
  readonly #trust: TargetsTrust
  readonly #context: RepositoryContext
  readonly #files = new Map<string, LoadedRole>()
  readonly #edges = new Map<Trusted<Targets>, Map<string, Trusted<Targets>>>()
  readonly #loading = new SharedTasks<LoadedRole>()
  /** For which delegator a role is being loaded. */
  readonly #loadingFor = new Map<string, Trusted<Targets>>()

  /** @internal */
  constructor(trust: TargetsTrust, context: RepositoryContext) {
    this.#trust = trust
    this.#context = context
  }

  /** The fixed time (5.1), in milliseconds since 1970. */
  get now(): number {
    return this.#trust.now
  }

  get root(): Root {
    return this.#trust.root.signed
  }

  get timestamp(): Timestamp {
    return this.#trust.timestamp.signed
  }

  get snapshot(): Snapshot {
    return this.#trust.snapshot.signed
  }

  /** The top-level targets role. */
  get targets(): Targets {
    return this.#trust.targets.signed
  }

  /**
   * 5.6.7: what the repository says of the file at `path`, or undefined when no role that may speak
   * for the path lists it. Loads delegated roles as needed; calls at the same time share requests.
   *
   * @throws every RepositoryError and FetchError of a role on the way, which ends the search;
   *   SearchLimitError; SnapshotGoneError: refresh and ask again; NotStoredError offline;
   *   StoreFailedError; the signal's reason
   */
  async find(path: string, options: AskOptions = {}): Promise<TargetFile | undefined> {
    return (await this.#search(path, options)).target
  }

  /**
   * Whether `bytes`, from wherever, are the file that the repository has at `path` (5.7).
   *
   * @throws TargetNotFoundError, LengthMismatchError, HashMismatchError, and what {@link find} throws
   */
  async verify(path: string, bytes: Uint8Array, options: AskOptions = {}): Promise<TargetFile> {
    const target = await this.find(path, options)
    if (!target) throw new TargetNotFoundError(path)
    const place = { role: path, step: '5.7.3' }
    checkBytes(bytes, target, place, this.#context.cycle.cryptography)
    return target
  }

  /**
   * The verdict on `path` with its whole chain of trust, for found and for absent targets.
   *
   * @throws as {@link find}
   */
  async explain(path: string, options: AskOptions = {}): Promise<Explanation> {
    return explanationOf(path, this.#trust, await this.#search(path, options))
  }

  async #search(path: string, { signal }: AskOptions): Promise<SearchResult> {
    const { cryptography, limits } = { ...this.#context.cycle, ...this.#context.ports }
    let digest: string | undefined
    const search = searchTarget(this.#trust.targets, {
      path,
      pathDigest: () => (digest ??= digestText(path, cryptography)),
      maxRoles: limits.searchedRoles,
    })
    let step = search.next()
    while (step.done !== true) {
      const edge = step.value
      step = search.next(this.#believed(edge) ?? (await this.#load(edge, signal)))
    }
    return step.value
  }

  #believed({ delegator, role }: Edge): Trusted<Targets> | undefined {
    return this.#edges.get(delegator)?.get(role.name)
  }

  /**
   * A role is loaded for one edge at a time: those that ask through the same edge share the answer,
   * another edge waits and then judges the same bytes.
   */
  async #load(edge: Edge, signal: AbortSignal | undefined): Promise<Trusted<Targets>> {
    const { name } = edge.role
    for (;;) {
      signal?.throwIfAborted()
      const through = this.#loadingFor.get(name) ?? edge.delegator
      const work = (shared: AbortSignal): Promise<LoadedRole> => this.#loadEdge(edge, shared)
      const loading = this.#loading.run(name, work, signal)
      if (through === edge.delegator) return (await loading).trusted
      await loading.catch(() => undefined)
    }
  }

  async #loadEdge(edge: Edge, signal: AbortSignal): Promise<LoadedRole> {
    const { name } = edge.role
    this.#loadingFor.set(name, edge.delegator)
    const loaded = this.#files.get(name)
    const cycle = this.#context.offline ? offlineRole : onlineRole
    const request = {
      trust: this.#trust,
      edge,
      options: this.#context.cycle,
      ...(loaded && { loaded }),
    }
    const role = await drive(cycle(request), this.#context.ports, signal).finally(() =>
      this.#loadingFor.delete(name),
    )
    this.#files.set(name, role)
    const edges = this.#edges.get(edge.delegator) ?? new Map<string, Trusted<Targets>>()
    edges.set(name, role.trusted)
    this.#edges.set(edge.delegator, edges)
    return role
  }
}
