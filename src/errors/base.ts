/** The base of every error, and the codes. */

/** Every value of {@link TufError.code}. */
export type TufErrorCode =
  | 'ERR_TUF_METADATA_INVALID'
  | 'ERR_TUF_SPEC_VERSION_UNSUPPORTED'
  | 'ERR_TUF_THRESHOLD_NOT_MET'
  | 'ERR_TUF_ROLLBACK'
  | 'ERR_TUF_VERSION_MISMATCH'
  | 'ERR_TUF_EXPIRED'
  | 'ERR_TUF_LENGTH_MISMATCH'
  | 'ERR_TUF_HASH_MISMATCH'
  | 'ERR_TUF_ROLE_NOT_LISTED'
  | 'ERR_TUF_TARGET_NOT_FOUND'
  | 'ERR_TUF_SEARCH_LIMIT'
  | 'ERR_TUF_LIMIT'
  | 'ERR_TUF_SNAPSHOT_GONE'
  | 'ERR_TUF_NAME_UNSAFE'
  | 'ERR_TUF_FETCH_NOT_FOUND'
  | 'ERR_TUF_FETCH_FAILED'
  | 'ERR_TUF_FETCH_TOO_LONG'
  | 'ERR_TUF_FETCH_TIMEOUT'
  | 'ERR_TUF_FETCH_TOO_SLOW'
  | 'ERR_TUF_STORE_FAILED'
  | 'ERR_TUF_STORE_CONFLICT'
  | 'ERR_TUF_STORE_FOREIGN'
  | 'ERR_TUF_NOT_STORED'
  | 'ERR_TUF_CLOCK_BEHIND'
  | 'ERR_TUF_DESTINATION'
  | 'ERR_TUF_WORKER_ENDED'
  | 'ERR_TUF_PAGE_INVALID'
  | 'ERR_TUF_LOCK_INVALID'
  | 'ERR_TUF_TRUSTED_ROOT_INVALID'
  | 'ERR_TUF_ATTESTATION_REFUSED'
  | 'ERR_TUF_PUBLISHER_CHANGED'
  | 'ERR_TUF_MAP_INVALID'
  | 'ERR_TUF_DISAGREEMENT'
  | 'ERR_TUF_MIRRORS_FAILED'

/**
 * Where refused bytes came from.
 *
 * - `network`: a server sent them. `url` was asked; `redirectedTo` is where redirects led, if
 *   anywhere else, without user name, password, query and fragment. `role`: they were asked for as
 *   the metadata of this role. `limit` names the limit of this client that they exceed; `webPage`:
 *   they begin as HTML does.
 * - `proxy`: no server was reached through the proxy that this environment variable names.
 * - `store`: the entry of the store.
 * - `given`: the root that the application gave; `file` where the caller noted it.
 */
export type Origin =
  | {
      readonly from: 'network'
      readonly url: string
      readonly redirectedTo?: string
      readonly role?: string
      readonly limit?: string
      readonly webPage?: true
    }
  | { readonly from: 'proxy'; readonly url: string; readonly variable: string }
  | { readonly from: 'store'; readonly entry: string }
  | { readonly from: 'given'; readonly file?: string }

/** On every error, so that {@link TufError} is recognised across copies of this package. */
export const mark: unique symbol = Symbol.for('tuffet.TufError')

/** The base of every error below. */
export abstract class TufError extends Error {
  abstract readonly code: TufErrorCode
  /** @internal Lets `isTufError` work across copies of this package. */
  readonly [mark] = true
  /** Where the refused bytes came from, if known. */
  origin?: Origin

  override get name(): string {
    return this.constructor.name
  }
}

/** A time as a message shows it. */
export function isoTime(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}
