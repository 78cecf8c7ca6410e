/** Errors about several repositories (TAP 4). */

import { TufError } from './base.js'

/** A map file that cannot be used. */
export class MapInvalidError extends TufError {
  readonly code = 'ERR_TUF_MAP_INVALID'
  /** The field, such as `mapping[0].threshold`; empty for the file as a whole. */
  readonly path: string
  readonly reason: string

  constructor(path: string, reason: string) {
    super(`the map of repositories: ${path === '' ? '' : `${path}: `}${reason}`)
    this.path = path
    this.reason = reason
  }
}

/** The answer of one repository to the question for a target. */
export interface RepositoryStatement {
  readonly repository: string
  /** Undefined when it does not list the target. */
  readonly listed?: {
    /** Bytes. */
    readonly length: number
    /** Name of the hash function → lower-case hexadecimal digest. */
    readonly hashes: ReadonlyMap<string, string>
  }
  /** Set when it gave no usable answer. */
  readonly error?: TufError
}

/** Some repositories list the target, and too few agree about its length and hashes. */
export class DisagreementError extends TufError {
  readonly code = 'ERR_TUF_DISAGREEMENT'
  /** The target path. */
  readonly path: string
  /** How many must agree, by the last mapping that was tried. */
  readonly threshold: number
  /** All answers, in the order in which they were given. */
  readonly statements: readonly RepositoryStatement[]

  constructor(path: string, threshold: number, statements: readonly RepositoryStatement[]) {
    const answers = statements.map(statementText).join('; ')
    super(`${path}: fewer than ${threshold} repositories agree: ${answers}`)
    this.path = path
    this.threshold = threshold
    this.statements = statements
  }
}

function statementText({ repository, listed, error }: RepositoryStatement): string {
  if (error) return `${repository} gave no answer`
  if (!listed) return `${repository} does not list it`
  const hashes = [...listed.hashes].map(([name, digest]) => `${name} ${digest}`)
  return `${repository} lists ${listed.length} bytes, ${hashes.join(', ')}`
}

/** Every mirror of a repository failed, or sent files that were refused. */
export class MirrorsFailedError extends TufError {
  readonly code = 'ERR_TUF_MIRRORS_FAILED'
  /** Its name in the map. */
  readonly repository: string
  /** One for each mirror, in the order of the map; the first is the `cause`, too. */
  readonly failures: readonly { readonly url: string; readonly error: TufError }[]

  constructor(repository: string, failures: MirrorsFailedError['failures']) {
    const reasons = failures.map(({ error }) => error.message).join('; ')
    super(`no mirror of ${repository} could be used: ${reasons}`, { cause: failures[0]?.error })
    this.repository = repository
    this.failures = failures
  }
}
