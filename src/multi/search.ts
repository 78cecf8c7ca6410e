/**
 * The search of TAP 4, as a judge without input and output: it yields the name of the repository to
 * ask, and is sent its answer. Rules:
 * - the mappings that match a path are tried in order;
 * - a mapping's repositories are asked in order, until a threshold of them agree on length and hashes;
 * - without agreement the next mapping follows, but not after a terminating one;
 * - a repository that gave no answer ends the search when its answer could have changed the verdict:
 *   blocking a repository must not decide a verdict.
 */
import { matchesPathPattern } from '../core/search/path-pattern.js'
import type { TargetFile } from '../core/metadata/model.js'
import type { TufError } from '../errors.js'
import type { Mapping, RepositoryMap } from './map.js'

/** A repository lists the target, does not list it, or gave no answer. */
export type Answer =
  { readonly target: TargetFile } | { readonly absent: true } | { readonly error: TufError }

/** An answer, and the repository that gave it. */
export type Statement = Answer & { readonly repository: string }

/** The end of a search. Statements are in the order in which they were made. */
export type Verdict = { readonly statements: readonly Statement[] } & (
  | {
      readonly verdict: 'agreed'
      /** Its index in the map. */
      readonly mapping: number
      /** The entry of the first repository that agrees. */
      readonly target: TargetFile
      readonly repositories: readonly string[]
    }
  /** No repository that was asked lists the target. */
  | { readonly verdict: 'absent' }
  | { readonly verdict: 'disagreed'; readonly mapping: number }
  /** Without this repository's answer there is no verdict. */
  | { readonly verdict: 'failed'; readonly repository: string; readonly error: TufError }
)

/** Whether a mapping is about a path: patterns as in 4.5, and `*` alone for every path (TAP 4). */
function mapsPath({ paths }: Mapping, path: string): boolean {
  return paths.some((pattern) => pattern === '*' || matchesPathPattern(pattern, path))
}

export function* searchMap(
  { mapping }: RepositoryMap,
  path: string,
): Generator<string, Verdict, Answer> {
  const given = new Map<string, Statement>()
  let last: number | undefined
  for (const [index, entry] of mapping.entries()) {
    if (!mapsPath(entry, path)) continue
    last = index
    const votes = new Votes(entry.threshold)
    for (const repository of entry.repositories) {
      let statement = given.get(repository)
      if (!statement) {
        statement = { repository, ...(yield repository) }
        given.set(repository, statement)
      }
      const winner = votes.add(statement)
      if (winner) {
        const failed = votes.failureThatMatters(winner)
        if (failed) return failedVerdict(failed, given)
        const repositories = winner.map((one) => one.repository)
        const [{ target }] = winner
        return {
          verdict: 'agreed',
          mapping: index,
          target,
          repositories,
          statements: [...given.values()],
        }
      }
    }
    const failed = votes.failureThatMatters()
    if (failed) return failedVerdict(failed, given)
    if (entry.terminating) break
  }
  const statements = [...given.values()]
  const listed = statements.some((statement) => 'target' in statement)
  if (listed && last !== undefined) return { verdict: 'disagreed', mapping: last, statements }
  return { verdict: 'absent', statements }
}

type Vote = { readonly repository: string; readonly target: TargetFile }
type Failure = { readonly repository: string; readonly error: TufError }

/** The answers of one mapping's repositories, grouped by length and hashes. */
class Votes {
  readonly #threshold: number
  readonly #groups: [Vote, ...Vote[]][] = []
  readonly #failures: Failure[] = []

  constructor(threshold: number) {
    this.#threshold = threshold
  }

  /** @returns the votes that reach the threshold, once they do */
  add(statement: Statement): readonly [Vote, ...Vote[]] | undefined {
    if ('error' in statement) this.#failures.push(statement)
    if (!('target' in statement)) return undefined
    const group = this.#groups.find(([first]) => sameFile(first.target, statement.target))
    if (group) group.push(statement)
    else this.#groups.push([statement])
    const joined = group ?? this.#groups.at(-1)
    return joined && joined.length >= this.#threshold ? joined : undefined
  }

  /** A failure whose answers could have let other votes than `winner` reach the threshold first. */
  failureThatMatters(winner?: readonly Vote[]): Failure | undefined {
    const others = this.#groups.filter((group) => group !== winner)
    const most = Math.max(0, ...others.map((group) => group.length))
    return most + this.#failures.length >= this.#threshold ? this.#failures[0] : undefined
  }
}

function failedVerdict(
  { repository, error }: Failure,
  given: ReadonlyMap<string, Statement>,
): Verdict {
  return { verdict: 'failed', repository, error, statements: [...given.values()] }
}

/** TAP 4: the same length and hashes; `custom` is exempt. */
export function sameFile(one: TargetFile, other: TargetFile): boolean {
  if (one.length !== other.length || one.hashes.size !== other.hashes.size) return false
  return [...one.hashes].every(([name, digest]) => other.hashes.get(name) === digest)
}
