/** Every error as one union, and the check for it. */

import { mark } from './base.js'
import type { AttestationError, PublisherChangedError, TrustedRootError } from './attestations.js'
import type {
  FetchFailedError,
  FetchNotFoundError,
  FetchTimeoutError,
  FetchTooLongError,
  FetchTooSlowError,
} from './fetch.js'
import type { DisagreementError, MapInvalidError, MirrorsFailedError } from './multi.js'
import type { IndexPageError, LockFileError } from './pypi.js'
import type {
  ExpiredError,
  HashMismatchError,
  LengthMismatchError,
  LimitError,
  MetadataInvalidError,
  NameUnsafeError,
  RoleNotListedError,
  RollbackError,
  SearchLimitError,
  SnapshotGoneError,
  SpecVersionError,
  TargetNotFoundError,
  ThresholdError,
  VersionMismatchError,
} from './repository.js'
import type {
  ClockBehindError,
  DestinationError,
  ForeignStoreError,
  NotStoredError,
  StoreConflictError,
  StoreFailedError,
} from './store.js'
import type { WorkerEndedError } from './worker.js'

/**
 * Every error of this library. A comparison of `code` narrows it, and with it the fields.
 *
 * @example
 * ```ts
 * import type { AnyTufError } from 'tuffet/errors'
 *
 * function advice(error: AnyTufError): string {
 *   switch (error.code) {
 *     case 'ERR_TUF_EXPIRED':
 *       return `expired at ${new Date(error.expires).toISOString()}`
 *     case 'ERR_TUF_FETCH_FAILED':
 *       return error.status === undefined ? 'no answer' : `status ${error.status}`
 *     default:
 *       return error.message
 *   }
 * }
 * ```
 */
export type AnyTufError =
  | MetadataInvalidError
  | SpecVersionError
  | ThresholdError
  | RollbackError
  | VersionMismatchError
  | ExpiredError
  | LengthMismatchError
  | HashMismatchError
  | RoleNotListedError
  | TargetNotFoundError
  | SearchLimitError
  | LimitError
  | SnapshotGoneError
  | NameUnsafeError
  | FetchNotFoundError
  | FetchFailedError
  | FetchTooLongError
  | FetchTimeoutError
  | FetchTooSlowError
  | StoreFailedError
  | StoreConflictError
  | ForeignStoreError
  | NotStoredError
  | ClockBehindError
  | DestinationError
  | WorkerEndedError
  | IndexPageError
  | LockFileError
  | TrustedRootError
  | AttestationError
  | PublisherChangedError
  | MapInvalidError
  | DisagreementError
  | MirrorsFailedError

/**
 * Whether `value` is an error of this library, also one made by another copy of the package.
 * Compare `code` to tell them apart: it narrows the fields.
 *
 * @example
 * ```ts
 * import { isTufError, Updater } from 'tuffet'
 *
 * async function refresh(updater: Updater) {
 *   try {
 *     return await updater.refresh()
 *   } catch (error) {
 *     if (isTufError(error) && error.code === 'ERR_TUF_EXPIRED') return undefined
 *     throw error
 *   }
 * }
 * ```
 */
export function isTufError(value: unknown): value is AnyTufError {
  return typeof value === 'object' && value !== null && mark in value
}
