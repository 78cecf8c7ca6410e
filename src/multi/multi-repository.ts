/** The verified view of several repositories at one fixed time, as a map file combines them. */
import type { TargetSource } from '../client/download.js'
import type { Explanation } from '../client/explanation.js'
import type { Fetcher, FetchRequest, FetchResponse } from '../client/fetcher.js'
import type { AskOptions, ReadOptions, Repository } from '../client/repository.js'
import { repeatedAs, withoutRetries } from '../client/retry.js'
import type { TargetAddress } from '../client/target.js'
import type { TargetFile } from '../core/metadata/model.js'
import {
  DisagreementError,
  isTufError,
  TargetNotFoundError,
  type RepositoryStatement,
} from '../errors.js'
import type { RepositoryMap } from './map.js'
import type { MirroredRepository } from './mirrors.js'
import { sameFile, searchMap, type Answer, type Statement, type Verdict } from './search.js'

/** The verdict on one path, with the chain of trust in each repository that was asked. */
export interface MultiExplanation {
  readonly path: string
  /** The fixed time, in milliseconds since 1970. */
  readonly now: number
  /** Undefined when the repositories do not agree on one. */
  readonly target?: TargetFile
  /** The index of the mapping by which they agree, in the map. */
  readonly mapping?: number
  /** The names of those that agree. */
  readonly repositories: readonly string[]
  /** All that were asked, in order. A repository without an answer has no chain. */
  readonly statements: readonly (RepositoryStatement & { readonly explanation?: Explanation })[]
}

type Agreed = Extract<Verdict, { verdict: 'agreed' }>

/** Errors of one repository, after which the next one that agrees is asked. */
const passedOver: readonly string[] = ['ERR_TUF_MIRRORS_FAILED', 'ERR_TUF_DISAGREEMENT']

/**
 * Made by `MultiUpdater.refresh`. A repository is asked for its metadata when a path needs it, and
 * for no other path: the names of an internal project do not reach a public repository unless the
 * map sends them there.
 *
 * @example
 * ```ts
 * import type { MultiRepository } from 'tuffet/multi'
 *
 * async function show(repositories: MultiRepository, path: string): Promise<void> {
 *   const { target, statements } = await repositories.explain(path)
 *   console.log(target?.hashes, statements.map(({ repository }) => repository))
 * }
 * ```
 */
export class MultiRepository {
  /** The fixed time (5.1) of all repositories, in milliseconds since 1970. */
  readonly now: number
  readonly map: RepositoryMap
  readonly #repositories: ReadonlyMap<string, MirroredRepository>
  /** Which repositories agree on a target that was found here. */
  readonly #agreed = new WeakMap<TargetFile, readonly MirroredRepository[]>()

  /** @hidden Made by `MultiUpdater.refresh`; other code lacks the arguments. */
  constructor(
    map: RepositoryMap,
    now: number,
    repositories: ReadonlyMap<string, MirroredRepository>,
  ) {
    this.map = map
    this.now = now
    this.#repositories = repositories
  }

  /**
   * The entry that enough repositories agree on, or undefined when none of those that the map names
   * for the path lists it.
   *
   * @throws DisagreementError when some list it and too few agree; MirrorsFailedError when the verdict
   *   hangs on a repository without an answer; the errors of `Repository.find` that no server
   *   caused; the signal's reason
   */
  async find(path: string, options: AskOptions = {}): Promise<TargetFile | undefined> {
    const verdict = await this.#search(path, options)
    return verdict.verdict === 'agreed' ? verdict.target : undefined
  }

  /**
   * Verifies that `bytes`, from any source, are the file at `path` (5.7).
   *
   * @throws TargetNotFoundError, LengthMismatchError, HashMismatchError, and the errors of {@link
   * find}
   */
  async verify(path: string, bytes: Uint8Array, options: AskOptions = {}): Promise<TargetFile> {
    const found = await this.#require(path, options)
    await this.#withAgreeing(found, (view) => view.verify(path, bytes, options), options)
    return found.target
  }

  /**
   * The bytes of the file at `path`, verified, from the first agreeing repository that sends them.
   *
   * @throws TargetNotFoundError, the errors of {@link find} and of `Repository.read`;
   *   MirrorsFailedError or DisagreementError of the first repository when no server sends the file
   */
  async read(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
    const found = await this.#require(path, options)
    return this.#withAgreeing(found, (view) => view.read(path, options), options)
  }

  /**
   * Where and how a target from {@link find} of this view is fetched, for `downloadFile`: from each
   * agreeing repository in turn, until one has it.
   *
   * @throws TypeError for a target from elsewhere, and as `Repository.downloadSource`
   */
  downloadSource(target: TargetFile, address: TargetAddress = {}): TargetSource {
    const sources = (this.#agreed.get(target) ?? []).flatMap(({ view }) =>
      view ? [view.downloadSource(target, address)] : [],
    )
    const [first] = sources
    if (!first) throw new TypeError('the target is not from find() of this view')
    return {
      ...first,
      urls: sources.flatMap(({ urls }) => urls),
      fetcher: fetcherOf(first, sources),
    }
  }

  /**
   * The verdict on `path`, with the chain of trust in each repository that was asked.
   *
   * @throws the errors of `Repository.explain` that no server caused; the signal's reason
   */
  async explain(path: string, options: AskOptions = {}): Promise<MultiExplanation> {
    const verdict = await this.#judge(path, options)
    const statements = verdict.statements.map(async (statement) => {
      if ('error' in statement) return reportOf(statement)
      const explanation = await this.#chainOf(statement, path, options)
      return { ...reportOf(statement), ...(explanation && { explanation }) }
    })
    const agreed = verdict.verdict === 'agreed' ? verdict : undefined
    return {
      path,
      now: this.now,
      ...(agreed && { target: agreed.target, mapping: agreed.mapping }),
      repositories: agreed?.repositories ?? [],
      statements: await Promise.all(statements),
    }
  }

  async #require(path: string, options: AskOptions): Promise<Agreed> {
    const verdict = await this.#search(path, options)
    if (verdict.verdict !== 'agreed') throw new TargetNotFoundError(path)
    return verdict
  }

  /**
   * Does `task` by the first agreeing repository that can. When a mirror takes another's place, its
   * view may list another file, to which no other repository agreed.
   */
  async #withAgreeing<T>(
    { target, mapping, repositories }: Agreed,
    task: (view: Repository) => Promise<T>,
    { signal }: AskOptions,
  ): Promise<T> {
    const { path } = target
    let failure: unknown
    for (const repository of repositories) {
      const confirmed = async (view: Repository): Promise<T> => {
        const listed = await view.find(path, { signal })
        if (listed && sameFile(listed, target)) return task(view)
        const answer: Answer = listed ? { target: listed } : { absent: true }
        throw this.#disagreement(path, mapping, [{ repository, ...answer }])
      }
      try {
        return await this.#named(repository).use(confirmed, signal)
      } catch (error) {
        if (!isTufError(error) || !passedOver.includes(error.code)) throw error
        failure ??= error
      }
    }
    throw failure
  }

  /** The chain behind a statement; undefined when mirrors changed since, or none is left. */
  async #chainOf(
    statement: Statement,
    path: string,
    options: AskOptions,
  ): Promise<Explanation | undefined> {
    const ask = (view: Repository) => view.explain(path, options)
    const said = 'target' in statement ? statement.target : undefined
    try {
      const found = await this.#named(statement.repository).use(ask, options.signal)
      const { target } = found
      const same = target && said ? sameFile(target, said) : target === said
      return same ? found : undefined
    } catch (error) {
      if (!isTufError(error) || error.code !== 'ERR_TUF_MIRRORS_FAILED') throw error
      return undefined
    }
  }

  async #search(path: string, options: AskOptions): Promise<Verdict> {
    const verdict = await this.#judge(path, options)
    if (verdict.verdict === 'failed') throw verdict.error
    if (verdict.verdict === 'disagreed') {
      throw this.#disagreement(path, verdict.mapping, verdict.statements)
    }
    return verdict
  }

  #disagreement(
    path: string,
    mapping: number,
    statements: readonly Statement[],
  ): DisagreementError {
    const threshold = this.map.mapping[mapping]?.threshold ?? 1
    return new DisagreementError(path, threshold, statements.map(reportOf))
  }

  async #judge(path: string, { signal }: AskOptions): Promise<Verdict> {
    const search = searchMap(this.map, path)
    let step = search.next()
    while (step.done !== true) step = search.next(await this.#ask(step.value, path, signal))
    const verdict = step.value
    if (verdict.verdict === 'agreed') {
      const agreed = verdict.repositories.map((name) => this.#named(name))
      this.#agreed.set(verdict.target, agreed)
    }
    return verdict
  }

  async #ask(name: string, path: string, signal: AbortSignal | undefined): Promise<Answer> {
    try {
      const target = await this.#named(name).use((view) => view.find(path, { signal }), signal)
      return target ? { target } : { absent: true }
    } catch (error) {
      if (!isTufError(error) || error.code !== 'ERR_TUF_MIRRORS_FAILED') throw error
      return { error }
    }
  }

  #named(name: string): MirroredRepository {
    const repository = this.#repositories.get(name)
    if (!repository) throw new RangeError(`the map has no repository ${name}`)
    return repository
  }
}

function reportOf(statement: Statement): RepositoryStatement {
  const { repository } = statement
  if ('error' in statement) return { repository, error: statement.error }
  if (!('target' in statement)) return { repository }
  const { length, hashes } = statement.target
  return { repository, listed: { length, hashes } }
}

/**
 * Each URL by the fetcher of its own repository, which has its own headers. The caller repeats
 * requests: a pause within one would count as the server's silence.
 */
function fetcherOf(first: TargetSource, sources: readonly TargetSource[]): Fetcher {
  return repeatedAs(first.fetcher, {
    fetch(request: FetchRequest): Promise<FetchResponse> {
      const source = sources.find(({ urls }) => urls.includes(request.url))
      if (!source) return Promise.reject(new TypeError(`${request.url} is of no repository`))
      return withoutRetries(source.fetcher).fetcher.fetch(request)
    },
  })
}
