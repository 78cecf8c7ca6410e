/**
 * Errors as messages: a thread that copies an error keeps its text and loses its class and fields.
 * An error of this library becomes one of its own class again, found by its code; others keep their
 * name, message and fields, and the built-in classes.
 */
import * as errors from '../errors.js'
import { isTufError, type TufErrorCode } from '../errors.js'

/** An error, or another value that was thrown. */
export interface ErrorMessage {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Own fields that can be copied. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly isTufError: boolean
  readonly cause: ErrorMessage | undefined
  /** Those of an `AggregateError`. */
  readonly errors: readonly ErrorMessage[]
}

type ErrorClass = abstract new (...args: never[]) => Error

/** The class of each code. */
export const classes: Readonly<Record<TufErrorCode, ErrorClass>> = {
  ERR_TUF_METADATA_INVALID: errors.MetadataInvalidError,
  ERR_TUF_SPEC_VERSION_UNSUPPORTED: errors.SpecVersionError,
  ERR_TUF_THRESHOLD_NOT_MET: errors.ThresholdError,
  ERR_TUF_ROLLBACK: errors.RollbackError,
  ERR_TUF_VERSION_MISMATCH: errors.VersionMismatchError,
  ERR_TUF_EXPIRED: errors.ExpiredError,
  ERR_TUF_LENGTH_MISMATCH: errors.LengthMismatchError,
  ERR_TUF_HASH_MISMATCH: errors.HashMismatchError,
  ERR_TUF_ROLE_NOT_LISTED: errors.RoleNotListedError,
  ERR_TUF_TARGET_NOT_FOUND: errors.TargetNotFoundError,
  ERR_TUF_SEARCH_LIMIT: errors.SearchLimitError,
  ERR_TUF_LIMIT: errors.LimitError,
  ERR_TUF_SNAPSHOT_GONE: errors.SnapshotGoneError,
  ERR_TUF_NAME_UNSAFE: errors.NameUnsafeError,
  ERR_TUF_FETCH_NOT_FOUND: errors.FetchNotFoundError,
  ERR_TUF_FETCH_FAILED: errors.FetchFailedError,
  ERR_TUF_FETCH_TOO_LONG: errors.FetchTooLongError,
  ERR_TUF_FETCH_TIMEOUT: errors.FetchTimeoutError,
  ERR_TUF_FETCH_TOO_SLOW: errors.FetchTooSlowError,
  ERR_TUF_STORE_FAILED: errors.StoreFailedError,
  ERR_TUF_STORE_CONFLICT: errors.StoreConflictError,
  ERR_TUF_STORE_FOREIGN: errors.ForeignStoreError,
  ERR_TUF_NOT_STORED: errors.NotStoredError,
  ERR_TUF_CLOCK_BEHIND: errors.ClockBehindError,
  ERR_TUF_DESTINATION: errors.DestinationError,
  ERR_TUF_WORKER_ENDED: errors.WorkerEndedError,
  ERR_TUF_PAGE_INVALID: errors.IndexPageError,
  ERR_TUF_LOCK_INVALID: errors.LockFileError,
  ERR_TUF_TRUSTED_ROOT_INVALID: errors.TrustedRootError,
  ERR_TUF_ATTESTATION_REFUSED: errors.AttestationError,
  ERR_TUF_PUBLISHER_CHANGED: errors.PublisherChangedError,
  ERR_TUF_MAP_INVALID: errors.MapInvalidError,
  ERR_TUF_DISAGREEMENT: errors.DisagreementError,
  ERR_TUF_MIRRORS_FAILED: errors.MirrorsFailedError,
}

const builtIn: ReadonlyMap<string, ErrorClass> = new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    (one): [string, ErrorClass] => [one.name, one],
  ),
)

/** A chain of causes may be a ring. */
const deepest = 8

/** How many errors one message holds: each error of a ring may lead to itself several times. */
const mostErrors = 64

/** What was thrown, as a message. */
export function errorMessage(thrown: unknown): ErrorMessage {
  return messageOf(thrown, 0, { left: mostErrors })
}

interface Room {
  left: number
}

function messageOf(thrown: unknown, depth: number, room: Room): ErrorMessage {
  room.left -= 1
  try {
    return readMessage(thrown, depth, room)
  } catch {
    // A getter, or a proxy: it must not hide that there is an error.
    return { ...noError, message: 'an error that cannot be read' }
  }
}

function readMessage(thrown: unknown, depth: number, room: Room): ErrorMessage {
  if (!isErrorLike(thrown)) {
    return { ...noError, message: String(thrown) }
  }
  const { name, message, stack, cause, errors: inner } = thrown
  const isLast = depth === deepest || room.left <= 0
  const inside = (one: unknown): ErrorMessage => messageOf(one, depth + 1, room)
  return {
    name,
    message,
    stack: typeof stack === 'string' ? stack : undefined,
    fields: dataOf(thrown),
    isTufError: isTufError(thrown),
    cause: cause === undefined || isLast ? undefined : inside(cause),
    errors: !isLast && Array.isArray(inner) ? inner.slice(0, deepest).map(inside) : [],
  }
}

const noError = {
  name: 'Error',
  stack: undefined,
  fields: {},
  isTufError: false,
  cause: undefined,
  errors: [],
} as const

/** The error that a message describes. */
export function errorFrom(message: ErrorMessage): Error {
  const { name, stack, fields, cause, errors: inner } = message
  const options = cause === undefined ? {} : { cause: errorFrom(cause) }
  const error =
    inner.length > 0
      ? new AggregateError(inner.map(errorFrom), message.message, options)
      : new Error(message.message, options)
  const { code } = fields
  const made = message.isTufError ? classOf(code) : builtIn.get(name)
  if (made) Object.setPrototypeOf(error, made.prototype as object)
  Object.assign(error, fields, message.isTufError && { [Symbol.for('tuffet.TufError')]: true })
  if (error.name !== name && !made) define(error, 'name', name)
  if (stack !== undefined) define(error, 'stack', stack)
  return error
}

function classOf(code: unknown): ErrorClass | undefined {
  return typeof code === 'string' && isCode(code) ? classes[code] : undefined
}

function isCode(code: string): code is TufErrorCode {
  return Object.hasOwn(classes, code)
}

function define(error: Error, name: string, value: string): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true })
}

interface ErrorLike {
  readonly name: string
  readonly message: string
  readonly stack?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}

/** By shape: an error may be of another realm. */
function isErrorLike(value: unknown): value is ErrorLike {
  if (typeof value !== 'object' || value === null || !('name' in value && 'message' in value)) {
    return false
  }
  return typeof value.name === 'string' && typeof value.message === 'string'
}

/** The own fields that are data: an error of the application may hold anything. */
function dataOf(error: ErrorLike): Record<string, unknown> {
  const own = Object.entries(error).filter(([name]) => name !== 'errors' && name !== 'cause')
  return Object.fromEntries(own.filter(([, value]) => isData(value) && canBeCopied(value)))
}

function canBeCopied(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}

function isData(value: unknown, depth = 0): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null) return true
  if (depth === deepest) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null
  return isPlain && Object.values(value).every((one) => isData(one, depth + 1))
}
