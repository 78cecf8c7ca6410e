/**
 * The public surface of tuf-js 5 and 6 on this client, for programs that cannot change their calls.
 * New programs are better off with `tuffet`: a view, one code for each error, streams.
 *
 * @module tuffet/tuf-js
 */
export { defaultConfig, type Config, type RetrySetting, type RetryTimeouts } from './config.js'
export {
  BadVersionError,
  DownloadError,
  DownloadHTTPError,
  DownloadLengthMismatchError,
  EqualVersionError,
  ExpiredMetadataError,
  LengthOrHashMismatchError,
  PersistError,
  RepositoryError,
  RuntimeError,
  UnsignedMetadataError,
  ValueError,
} from './errors.js'
export {
  BaseFetcher,
  DefaultFetcher,
  type DefaultFetcherOptions,
  type DownloadHandler,
  type Fetcher,
} from './fetcher.js'
export { TargetFile, type TargetFileOptions } from './target-file.js'
export { Updater, type UpdaterOptions } from './updater.js'
