/**
 * Every error this library raises on purpose. Each has a stable `code` and typed fields, and its
 * class builds the message from the fields. Wrong arguments throw `TypeError` or `RangeError`; an
 * aborted signal throws its own reason.
 *
 * @module tuffet/errors
 */

export { isTufError, type AnyTufError } from './errors/any.js'
export {
  TrustedRootError,
  type AttestationCheck,
  AttestationError,
  PublisherChangedError,
} from './errors/attestations.js'
export { type TufErrorCode, type Origin, TufError } from './errors/base.js'
export {
  FetchError,
  FetchNotFoundError,
  type FetchFailure,
  FetchFailedError,
  FetchTooLongError,
  FetchTimeoutError,
  FetchTooSlowError,
} from './errors/fetch.js'
export {
  DisagreementError,
  MapInvalidError,
  MirrorsFailedError,
  type RepositoryStatement,
} from './errors/multi.js'
export { IndexPageError, LockFileError } from './errors/pypi.js'
export {
  type Place,
  RepositoryError,
  MetadataInvalidError,
  SpecVersionError,
  type KeyReport,
  ThresholdError,
  RollbackError,
  VersionMismatchError,
  ExpiredError,
  LengthMismatchError,
  HashMismatchError,
  RoleNotListedError,
  TargetNotFoundError,
  SearchLimitError,
  LimitError,
  SnapshotGoneError,
  NameUnsafeError,
} from './errors/repository.js'
export {
  StoreFailedError,
  StoreConflictError,
  ForeignStoreError,
  NotStoredError,
  ClockBehindError,
  DestinationError,
} from './errors/store.js'
export { WorkerEndedError } from './errors/worker.js'
