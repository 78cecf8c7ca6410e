/**
 * The errors of tuf-js by their names, and the translation of this client's errors. The `cause` of
 * each is the error of this client, with its code and fields.
 */
import { isTufError, type AnyTufError } from '../errors.js'

class NamedError extends Error {
  override get name(): string {
    return this.constructor.name
  }
}

/** An argument or a setting is missing or wrong. */
export class ValueError extends NamedError {}

/** Snapshot or targets metadata could not be obtained or believed; `cause` says why. */
export class RuntimeError extends NamedError {}

/** A file could not be written. */
export class PersistError extends NamedError {}

/** The repository's metadata or target was refused. */
export class RepositoryError extends NamedError {}

/** A version went back, or is not the promised one. */
export class BadVersionError extends RepositoryError {}

/** Never thrown: an equal version is normal. */
export class EqualVersionError extends BadVersionError {}

/** The file has expired. */
export class ExpiredMetadataError extends RepositoryError {}

/** Fewer keys signed than must; of `@tufjs/models` there. */
export class UnsignedMetadataError extends RepositoryError {}

/** Another length or another digest than listed; of `@tufjs/models` there. */
export class LengthOrHashMismatchError extends RepositoryError {}

/** A file could not be fetched. */
export class DownloadError extends NamedError {}

/** More bytes than the limit. */
export class DownloadLengthMismatchError extends DownloadError {}

/** The server answered with another status. */
export class DownloadHTTPError extends DownloadError {
  readonly statusCode: number

  constructor(message: string, statusCode: number, options?: ErrorOptions) {
    super(message, options)
    this.statusCode = statusCode
  }
}

/** The errors of an application's fetcher, or of a time-out, by the errors that carried them here. */
const originals = new WeakMap<object, unknown>()

/** @internal Lets {@link translated} give `original` back in the place of `carrier`. */
export function carrying<T extends AnyTufError>(carrier: T, original: unknown): T {
  originals.set(carrier, original)
  return carrier
}

/** @internal Runs `work`; its errors are those that tuf-js would throw. */
export async function translating<T>(
  work: () => T | Promise<T>,
  translate: (error: unknown) => unknown = translated,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw translate(error)
  }
}

/** @internal The error that tuf-js would throw for metadata: it wraps those after the timestamp. */
export function translatedOfCycle(error: unknown): unknown {
  const role = isTufError(error) ? roleOf(error) : undefined
  if (role === undefined || role === 'root' || role === 'timestamp') return translated(error)
  const cause = translated(error)
  const reason = cause instanceof Error ? cause.message : String(cause)
  const what = role === 'snapshot' ? 'snapshot metadata' : 'targets'
  return new RuntimeError(`Unable to load ${what}: ${reason}`, { cause })
}

function roleOf(error: AnyTufError): string | undefined {
  if ('role' in error) return error.role
  return error.origin?.from === 'network' ? error.origin.role : undefined
}

/** @internal The error that tuf-js would throw. Errors of other makers stay. */
export function translated(error: unknown): unknown {
  if (!isTufError(error)) return error
  if (originals.has(error)) return originals.get(error)
  const { message } = error
  const options = { cause: error }
  switch (error.code) {
    case 'ERR_TUF_EXPIRED':
      return new ExpiredMetadataError(message, options)
    case 'ERR_TUF_ROLLBACK':
    case 'ERR_TUF_VERSION_MISMATCH':
      return new BadVersionError(message, options)
    case 'ERR_TUF_THRESHOLD_NOT_MET':
      return new UnsignedMetadataError(message, options)
    case 'ERR_TUF_LENGTH_MISMATCH':
    case 'ERR_TUF_HASH_MISMATCH':
      return new LengthOrHashMismatchError(message, options)
    case 'ERR_TUF_METADATA_INVALID':
      return new TypeError(message, options)
    case 'ERR_TUF_SNAPSHOT_GONE':
      return isTufError(error.cause) ? translated(error.cause) : new DownloadError(message, options)
    case 'ERR_TUF_FETCH_NOT_FOUND':
      return new DownloadHTTPError(message, error.status ?? 404, options)
    case 'ERR_TUF_FETCH_FAILED':
      return error.status === undefined
        ? new DownloadError(message, options)
        : new DownloadHTTPError(message, error.status, options)
    case 'ERR_TUF_FETCH_TOO_LONG':
      return new DownloadLengthMismatchError(message, options)
    case 'ERR_TUF_FETCH_TIMEOUT':
    case 'ERR_TUF_FETCH_TOO_SLOW':
      return new DownloadError(message, options)
    case 'ERR_TUF_STORE_FAILED':
    case 'ERR_TUF_DESTINATION':
      return new PersistError(message, options)
    case 'ERR_TUF_NAME_UNSAFE':
      return new ValueError(message, options)
    default:
      return 'role' in error
        ? new RepositoryError(message, options)
        : new RuntimeError(message, options)
  }
}
