/**
 * The view that the proxy answers from: one for its whole life, or a new one when it is older than
 * an interval. A view that cannot be renewed is no longer used.
 */
import type { JudgeFile } from '../../attestations/judge.js'
import type { Repository } from '../../client/repository.js'
import { SharedTasks } from '../../client/shared-task.js'
import { isTufError } from '../../errors.js'
import type { Layout } from '../layouts.js'
import type { PageRepository } from '../pages/project-pages.js'
import { PypiView, type PypiViewOptions } from '../view.js'

/** How often a page that does not match its target makes the proxy look for news, in milliseconds. */
const rest = 5_000

/** Errors of a page that was written and signed anew after the view was taken. */
const outdated: ReadonlySet<string> = new Set([
  'ERR_TUF_LENGTH_MISMATCH',
  'ERR_TUF_HASH_MISMATCH',
  'ERR_TUF_FETCH_TOO_LONG',
  'ERR_TUF_FETCH_NOT_FOUND',
])

/** A repository as the proxy uses it; an index without signatures has no `targets`. */
export type ProxyRepository = PageRepository & Partial<Pick<Repository, 'targets'>>

/** Obtains a repository, as an `Updater` does. */
export interface RepositorySource {
  refresh(options: { readonly signal?: AbortSignal | undefined }): Promise<ProxyRepository>
}

/** A view, its repository, and when it was taken. */
export interface HeldView {
  readonly view: PypiView
  readonly repository: ProxyRepository
  /** When its refresh began, by the monotonic clock. */
  readonly since: number
}

/** The source of views. */
export interface ViewSource {
  readonly updater: RepositorySource
  readonly layout: Layout
  readonly limits?: PypiViewOptions | undefined
  /** Makes the judge of attestations for each new view. */
  readonly judge?: ((signal: AbortSignal) => Promise<JudgeFile>) | undefined
  /** Milliseconds; undefined: never. */
  readonly interval: number | undefined
  /** Monotonic, in milliseconds. */
  readonly clock: () => number
}

export class CurrentView {
  readonly #source: ViewSource
  #held: HeldView | undefined
  readonly #renewing = new SharedTasks<HeldView>()
  #lookedForNews = -Infinity

  constructor(source: ViewSource) {
    this.#source = source
  }

  /**
   * Asks the current view. A snapshot that vanished meanwhile (PEP 458), or a page that does not
   * match the view, causes one refresh, and the question is asked once more. For pages that happens
   * at most once in a while: their server must not decide how often.
   */
  async ask<T>(question: (held: HeldView) => Promise<T>, signal: AbortSignal): Promise<T> {
    const held = await this.get(signal)
    try {
      return await question(held)
    } catch (error) {
      if (!isTufError(error)) throw error
      const gone = error.code === 'ERR_TUF_SNAPSHOT_GONE'
      if (!gone && !outdated.has(error.code)) throw error
      // The second request to get here finds the view that the first one renewed.
      if (this.#held === held) {
        if (!gone && !this.#mayLookForNews()) throw error
        this.#held = undefined
      }
      return question(await this.get(signal))
    }
  }

  #mayLookForNews(): boolean {
    const now = this.#source.clock()
    if (now - this.#lookedForNews < rest) return false
    this.#lookedForNews = now
    return true
  }

  /** Whether a request that begins now would get this view. */
  isCurrent(view: PypiView): boolean {
    const { interval = Infinity, clock } = this.#source
    return this.#held?.view === view && clock() - this.#held.since < interval
  }

  /** Those that ask at the same time share one refresh. */
  async get(signal: AbortSignal): Promise<HeldView> {
    if (this.#held && this.isCurrent(this.#held.view)) return this.#held
    return this.#renewing.run('view', (shared) => this.#renew(shared), signal)
  }

  async #renew(signal: AbortSignal): Promise<HeldView> {
    const { updater, layout, limits, judge, clock } = this.#source
    const since = clock()
    const repository = await updater.refresh({ signal })
    if (this.#held?.repository !== repository) {
      const judging = judge && { judge: await judge(signal) }
      const view = new PypiView(repository, layout, { ...limits, ...judging })
      this.#held = { view, repository, since }
    }
    return this.#held
  }
}
