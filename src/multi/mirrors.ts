/**
 * One repository of a map at one fixed time, by the first of its mirrors that can be used. All share
 * the repository's root and store, so that none can go back behind another.
 */
import type { Repository } from '../client/repository.js'
import { SharedTasks } from '../client/shared-task.js'
import { isTufError, MirrorsFailedError, type AnyTufError } from '../errors.js'

/** One mirror: runs an update cycle. */
export interface Mirror {
  readonly url: string
  refresh(now: number, signal: AbortSignal): Promise<Repository>
}

/** Mirrors whose files were refused, with the reason: set aside for as long as the updater is there. */
export type Liars = Map<string, AnyTufError>

export class MirroredRepository {
  readonly name: string
  readonly #mirrors: readonly Mirror[]
  readonly #now: number
  readonly #liars: Liars
  readonly #onAside: (url: string, error: AnyTufError) => void
  readonly #failed = new Map<string, AnyTufError>()
  readonly #views = new Map<string, Repository>()
  readonly #loading = new SharedTasks<Repository>()

  constructor(
    name: string,
    mirrors: readonly Mirror[],
    now: number,
    liars: Liars,
    onAside: (url: string, error: AnyTufError) => void,
  ) {
    this.name = name
    this.#mirrors = mirrors
    this.#now = now
    this.#liars = liars
    this.#onAside = onAside
  }

  /** The view that the last task used; undefined before the first. */
  get view(): Repository | undefined {
    const mirror = this.#mirrors.find(({ url }) => this.#reasonAgainst(url) === undefined)
    return mirror && this.#views.get(mirror.url)
  }

  /**
   * Does `task` with the view by the first mirror; by the next one when the mirror fails, or sends
   * something that is refused.
   *
   * @throws MirrorsFailedError, errors of `task` that no mirror caused, the signal's reason
   */
  async use<T>(task: (view: Repository) => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (const mirror of this.#mirrors) {
      if (this.#reasonAgainst(mirror.url) !== undefined) continue
      try {
        return await task(await this.#load(mirror, signal))
      } catch (error) {
        signal?.throwIfAborted()
        if (!isTufError(error) || !isMirrorsFault(error)) throw error
        this.#setAside(mirror.url, error)
      }
    }
    const failures = this.#mirrors.flatMap(({ url }) => {
      const error = this.#reasonAgainst(url)
      return error ? [{ url, error }] : []
    })
    throw new MirrorsFailedError(this.name, failures)
  }

  async #load(mirror: Mirror, signal?: AbortSignal): Promise<Repository> {
    const known = this.#views.get(mirror.url)
    if (known) return known
    const work = async (shared: AbortSignal): Promise<Repository> => {
      const view = await mirror.refresh(this.#now, shared)
      this.#views.set(mirror.url, view)
      return view
    }
    return this.#loading.run(mirror.url, work, signal)
  }

  #reasonAgainst(url: string): AnyTufError | undefined {
    return this.#liars.get(url) ?? this.#failed.get(url)
  }

  #setAside(url: string, error: AnyTufError): void {
    if (this.#reasonAgainst(url) !== undefined) return
    const reasons = isPassing(error) ? this.#failed : this.#liars
    reasons.set(url, error)
    this.#onAside(url, error)
  }
}

/** Whether bytes of a server, or their absence, are the reason. */
function isMirrorsFault({ code, origin }: AnyTufError): boolean {
  if (code.startsWith('ERR_TUF_FETCH_') || code === 'ERR_TUF_SNAPSHOT_GONE') return true
  return origin?.from === 'network' || origin?.from === 'proxy'
}

/**
 * Whether a mirror can be well again soon: out of reach, between two publications, or behind. The
 * operator of one mirror can bring the store ahead of the others, with files or with keys.
 */
function isPassing({ code }: AnyTufError): boolean {
  return code.startsWith('ERR_TUF_FETCH_') || passing.includes(code)
}

const passing: readonly string[] = [
  'ERR_TUF_EXPIRED',
  'ERR_TUF_SNAPSHOT_GONE',
  'ERR_TUF_ROLLBACK',
  'ERR_TUF_VERSION_MISMATCH',
  'ERR_TUF_THRESHOLD_NOT_MET',
]
