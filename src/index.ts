/**
 * The exports that most programs need. The error classes are in `tuffet/errors`.
 *
 * @module tuffet
 */
export type { CanonicalForm } from './core/json/canonical.js'
export type { Cryptography } from './core/keys/cryptography.js'
export type { Decision } from './core/cycle/request.js'
export type {
  DelegatedRole,
  Delegations,
  Key,
  MetaFile,
  Root,
  Snapshot,
  SuccinctRoles,
  TargetFile,
  Targets,
  Timestamp,
} from './core/metadata/model.js'
export type { JsonObject, JsonValue } from './core/json/value.js'
export type { OnEvent, UpdaterEvent } from './client/events.js'
export type { ExplainedRole, Explanation } from './client/explanation.js'
export type { EncodedBody, Fetcher, FetchRequest, FetchResponse } from './client/fetcher.js'
export { resolveLimits, type Limits } from './client/limits.js'
export type { DownloadProgress, TargetSource } from './client/download.js'
export { Repository, type AskOptions, type ReadOptions } from './client/repository.js'
export type { TargetAddress } from './client/target.js'
export {
  fetchFetcher,
  type FetchAnswer,
  type FetchBody,
  type FetchFetcherOptions,
  type FetchFunction,
  type FetchInit,
  type FetchReader,
} from './client/web-fetcher.js'
export { retrying, type Retry, type RetryOptions } from './client/retry.js'
export {
  memoryStore,
  type GetOptions,
  type SetOptions,
  type Store,
  type StoreChange,
} from './client/store.js'
export type { InitializeOptions, RefreshOptions, UpdaterOptions } from './client/updater.js'
export type { ExpectedEntry } from './core/cycle/request.js'
export { targetSource, type TargetSourceOptions } from './platform/target-source.js'
export { initialize, Updater } from './platform/updater.js'
export {
  isTufError,
  TufError,
  type AnyTufError,
  type KeyReport,
  type TufErrorCode,
} from './errors.js'
