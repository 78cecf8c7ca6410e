/**
 * Every error this library raises on purpose. Each has a stable `code` and typed fields, and its
 * class builds the message from the fields. Wrong arguments throw `TypeError` or `RangeError`; an
 * aborted signal throws its own reason.
 *
 * @module tuffet/errors
 */

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
  | 'ERR_TUF_PAGE_INVALID'
  | 'ERR_TUF_LOCK_INVALID'
  | 'ERR_TUF_TRUSTED_ROOT_INVALID'
  | 'ERR_TUF_ATTESTATION_REFUSED'
  | 'ERR_TUF_PUBLISHER_CHANGED'

/** Where something was refused. */
export interface Place {
  /**
   * The role whose file was refused: a top-level role, or a delegated role's name. For a target
   * file (step 5.7.3) its path.
   */
  readonly role: string
  /** The section or step of the specification that was not met, such as `5.4.3.1` or `4.6`. */
  readonly step: string
  /** A possible cause, if one is known: the end of the message. */
  readonly note?: string | undefined
}

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

const mark = Symbol.for('tuffet.TufError')

/** The base of every error below. */
export abstract class TufError extends Error {
  abstract readonly code: TufErrorCode
  /** @internal Lets {@link isTufError} work across copies of this package. */
  readonly [mark] = true
  /** Where the refused bytes came from, if known. */
  origin?: Origin

  override get name(): string {
    return this.constructor.name
  }
}

/**
 * Whether `value` is an error of this library, also one made by another copy of the package.
 * Compare `code` to tell them apart.
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
export function isTufError(value: unknown): value is TufError {
  return typeof value === 'object' && value !== null && mark in value
}

/** A file of the repository, or of an impostor, was refused. */
export abstract class RepositoryError extends TufError {
  readonly role: string
  readonly step: string
  /** Where the refused bytes came from, if known. */
  url?: string
  /** How the server answered when it was asked for the root after the newest one (5.3.3). */
  rootEnd?: { readonly url: string; readonly status: number; readonly redirectedTo?: string }

  constructor(place: Place, message: string, options?: ErrorOptions) {
    const note = place.note === undefined ? '' : `; ${place.note}`
    super(`${place.role}: ${message} (step ${place.step})${note}`, options)
    this.role = place.role
    this.step = place.step
  }
}

/** Section 4: the file is not metadata as the specification defines it. */
export class MetadataInvalidError extends RepositoryError {
  readonly code = 'ERR_TUF_METADATA_INVALID'
  /** The field, such as `signed.roles.root.threshold`; empty for the file as a whole. */
  readonly path: string
  readonly reason: string

  constructor(place: Place, path: string, reason: string, options?: ErrorOptions) {
    super(place, path === '' ? reason : `${path}: ${reason}`, options)
    this.path = path
    this.reason = reason
  }
}

/** Section 4.3: written for another major version of the specification. */
export class SpecVersionError extends RepositoryError {
  readonly code = 'ERR_TUF_SPEC_VERSION_UNSUPPORTED'
  readonly found: string

  constructor(place: Place, found: string) {
    super(place, `spec_version ${JSON.stringify(found)} is not supported; this client reads 1.x`)
    this.found = found
  }
}

/** The verdict on one key of a role for a file: it signed, or why it does not count. */
export interface KeyReport {
  readonly keyid: string
  /**
   * - `signed`: counts
   * - `same-key`: a valid signature, but the same public key already counted under another keyid
   * - `no-signature`: the file carries no signature by this keyid
   * - `empty-signature`, `malformed-signature`: not a signature of this scheme
   * - `wrong-signature`: well formed, and not made by this key over these bytes
   * - `unknown-key`: the role names a keyid that is missing in its delegator's table
   * - `unsupported-key`: key type or scheme is not known here
   * - `broken-key`: the public key cannot be read, or is too weak to be used
   * - `not-checked`: the answer was certain without it, after sixteen signatures that were verified
   */
  readonly verdict:
    | 'signed'
    | 'same-key'
    | 'no-signature'
    | 'empty-signature'
    | 'malformed-signature'
    | 'wrong-signature'
    | 'unknown-key'
    | 'unsupported-key'
    | 'broken-key'
    | 'not-checked'
}

/** Fewer distinct keys signed than the role's delegator asks for. */
export class ThresholdError extends RepositoryError {
  readonly code = 'ERR_TUF_THRESHOLD_NOT_MET'
  readonly delegator: string
  readonly threshold: number
  readonly signed: number
  readonly keys: readonly KeyReport[]

  constructor(
    place: Place,
    fields: { delegator: string; threshold: number; signed: number; keys: readonly KeyReport[] },
  ) {
    super(
      place,
      `signed by ${fields.signed} of the ${fields.threshold} keys that ${fields.delegator} asks for`,
    )
    this.delegator = fields.delegator
    this.threshold = fields.threshold
    this.signed = fields.signed
    this.keys = fields.keys
  }
}

/** A file older than one trusted earlier, or an entry that vanished. */
export class RollbackError extends RepositoryError {
  readonly code = 'ERR_TUF_ROLLBACK'
  /** The file whose version went back, such as `snapshot.json`. */
  readonly file: string
  readonly trusted: number
  /** The version now offered; undefined when the entry vanished. */
  readonly offered: number | undefined

  constructor(place: Place, file: string, trusted: number, offered: number | undefined) {
    super(
      place,
      offered === undefined
        ? `${file} is no longer listed, version ${trusted} was trusted`
        : `${file} is version ${offered}, version ${trusted} was trusted before`,
    )
    this.file = file
    this.trusted = trusted
    this.offered = offered
  }
}

/** The file's own version is not the one its voucher promises. */
export class VersionMismatchError extends RepositoryError {
  readonly code = 'ERR_TUF_VERSION_MISMATCH'
  readonly expected: number
  readonly actual: number

  constructor(place: Place, expected: number, actual: number) {
    super(place, `is version ${actual}, expected ${expected}`)
    this.expected = expected
    this.actual = actual
  }
}

/** The file expired before the fixed time of the update cycle. */
export class ExpiredError extends RepositoryError {
  readonly code = 'ERR_TUF_EXPIRED'
  /** Milliseconds since 1970. */
  readonly expires: number
  /** The fixed time, in milliseconds since 1970. */
  readonly now: number

  constructor(place: Place, expires: number, now: number) {
    super(place, `expired ${isoTime(expires)}, it is ${isoTime(now)}`)
    this.expires = expires
    this.now = now
  }
}

/** The file is longer or shorter than its voucher says. Lengths are in bytes. */
export class LengthMismatchError extends RepositoryError {
  readonly code = 'ERR_TUF_LENGTH_MISMATCH'
  readonly expected: number
  readonly actual: number

  constructor(place: Place, expected: number, actual: number) {
    super(place, `is ${actual} bytes long, expected ${expected}`)
    this.expected = expected
    this.actual = actual
  }
}

/** The file's digest is not the listed one, or every listed hash function is unknown. */
export class HashMismatchError extends RepositoryError {
  readonly code = 'ERR_TUF_HASH_MISMATCH'
  /** The name as in metadata, such as `sha256`; empty when every name is unknown. */
  readonly algorithm: string
  /** Hexadecimal. */
  readonly expected: string
  /** Hexadecimal. */
  readonly actual: string

  constructor(place: Place, algorithm: string, expected: string, actual: string) {
    super(
      algorithm === '' ? { ...place, note: undefined } : place,
      algorithm === ''
        ? 'lists no hash of a known kind'
        : `its ${algorithm} is ${actual}, expected ${expected}`,
    )
    this.algorithm = algorithm
    this.expected = expected
    this.actual = actual
  }
}

/** The snapshot (or timestamp) does not list the file of a role that is delegated to. */
export class RoleNotListedError extends RepositoryError {
  readonly code = 'ERR_TUF_ROLE_NOT_LISTED'
  /** The file that is missing from the list. */
  readonly file: string

  constructor(place: Place, file: string) {
    super(place, `${file} is not listed by the snapshot`)
    this.file = file
  }
}

/** Step 5.7.2: no role that may list this path does so. */
export class TargetNotFoundError extends RepositoryError {
  readonly code = 'ERR_TUF_TARGET_NOT_FOUND'
  readonly target: string

  constructor(target: string) {
    super({ role: 'targets', step: '5.7.2' }, `there is no target ${JSON.stringify(target)}`)
    this.target = target
  }
}

/** Step 5.6.7.1: the search would visit more roles, hold more bytes or take more steps than it may. */
export class SearchLimitError extends RepositoryError {
  readonly code = 'ERR_TUF_SEARCH_LIMIT'
  readonly target: string
  readonly limit: number
  /** The unit of the limit: roles visited, bytes of their metadata, steps of comparing patterns. */
  readonly unit: 'roles' | 'bytes' | 'steps'

  constructor(
    place: Place,
    target: string,
    limit: number,
    unit: SearchLimitError['unit'] = 'roles',
  ) {
    super(place, `the search for ${JSON.stringify(target)} needs more than ${limit} ${unit}`)
    this.target = target
    this.limit = limit
    this.unit = unit
  }
}

/** A file that is longer than this client takes; the option `limits` says how long it may be. */
export class LimitError extends RepositoryError {
  readonly code = 'ERR_TUF_LIMIT'
  /** The name of the limit, such as `snapshotLength`. */
  readonly limit: string
  /** Its value. */
  readonly most: number

  constructor(place: Place, limit: string, most: number, reason: string) {
    super(place, `${reason}; limits.${limit} would change that`)
    this.limit = limit
    this.most = most
  }
}

/** A file of the view's snapshot is no longer served: refresh and ask again (PEP 458). */
export class SnapshotGoneError extends RepositoryError {
  readonly code = 'ERR_TUF_SNAPSHOT_GONE'
  readonly file: string

  constructor(place: Place, file: string, options?: ErrorOptions) {
    super(place, `${file} is no longer served`, options)
    this.file = file
  }
}

/** A name that cannot be used as a URL or a file name without changing its meaning. */
export class NameUnsafeError extends TufError {
  readonly code = 'ERR_TUF_NAME_UNSAFE'
  /** The name as it was given. */
  readonly unsafe: string
  readonly reason: string

  constructor(unsafe: string, reason: string) {
    super(`${JSON.stringify(unsafe.slice(0, 200))} is not a safe name: ${reason}`)
    this.unsafe = unsafe
    this.reason = reason
  }
}

/** Bytes could not be fetched. */
export abstract class FetchError extends TufError {
  readonly url: string

  constructor(url: string, message: string, options?: ErrorOptions) {
    super(`${url}: ${message}`, options)
    this.url = url
  }
}

/** The server says that the file does not exist. The only fetch error that is an answer. */
export class FetchNotFoundError extends FetchError {
  readonly code = 'ERR_TUF_FETCH_NOT_FOUND'
  /** The HTTP status, when it was HTTP. */
  readonly status: number | undefined

  constructor(url: string, status?: number, note?: string) {
    const answer = status === undefined ? 'not found' : `not found (status ${status})`
    super(url, note === undefined ? answer : `${answer}; ${note}`)
    this.status = status
  }
}

/** More about a request that failed; all optional. */
export interface FetchFailure extends ErrorOptions {
  readonly status?: number | undefined
  readonly transient?: boolean | undefined
  readonly retryAfter?: number | undefined
}

/** No usable answer: connection, status, redirect or encoding; `cause` says more. */
export class FetchFailedError extends FetchError {
  readonly code = 'ERR_TUF_FETCH_FAILED'
  /** The HTTP status, when there was one. */
  readonly status: number | undefined
  /**
   * Whether the same request may get another answer. Undefined where the fetcher does not say so:
   * then the status decides, or the code of a cause, such as `ECONNRESET`.
   */
  readonly transient: boolean | undefined
  /** How long the server asks to wait (`Retry-After`), in milliseconds. */
  readonly retryAfter: number | undefined

  constructor(url: string, reason: string, options?: FetchFailure) {
    super(url, reason, options)
    this.status = options?.status
    this.transient = options?.transient
    this.retryAfter = options?.retryAfter
  }
}

/** More bytes than the limit; those beyond it were not read. */
export class FetchTooLongError extends FetchError {
  readonly code = 'ERR_TUF_FETCH_TOO_LONG'
  /** Bytes. */
  readonly limit: number

  constructor(url: string, limit: number, note?: string) {
    super(
      url,
      note === undefined ? `more than ${limit} bytes` : `more than ${limit} bytes; ${note}`,
    )
    this.limit = limit
  }
}

/** The deadline passed before the last byte came. */
export class FetchTimeoutError extends FetchError {
  readonly code = 'ERR_TUF_FETCH_TIMEOUT'
  /** Milliseconds. */
  readonly timeout: number

  constructor(url: string, timeout: number) {
    super(url, `not complete after ${timeout} ms`)
    this.timeout = timeout
  }
}

/** Bytes came more slowly than the minimum rate (slow retrieval attack, 1.5.2). */
export class FetchTooSlowError extends FetchError {
  readonly code = 'ERR_TUF_FETCH_TOO_SLOW'
  /** Bytes a second. */
  readonly minimumRate: number

  /** How long the server was silent, in milliseconds; undefined when some bytes came. */
  readonly silence: number | undefined

  constructor(url: string, minimumRate: number, silence?: number) {
    super(
      url,
      silence === undefined
        ? `slower than ${minimumRate} bytes a second`
        : `no answer for ${silence / 1000} seconds`,
    )
    this.minimumRate = minimumRate
    this.silence = silence
  }
}

/** The store could not read or write. */
export class StoreFailedError extends TufError {
  readonly code = 'ERR_TUF_STORE_FAILED'
  readonly operation: 'get' | 'set' | 'delete' | 'lock'
  /** The name within the store. */
  readonly entry: string
  /** Whether the store can be read by this user and not written. */
  readonly readOnly: boolean

  constructor(
    operation: StoreFailedError['operation'],
    entry: string,
    options?: ErrorOptions & { readOnly?: boolean | undefined },
  ) {
    super(`the store could not ${operation} ${JSON.stringify(entry)}`, options)
    this.operation = operation
    this.entry = entry
    this.readOnly = options?.readOnly ?? false
  }
}

/** Other processes changed the store each time before this one could. Try again. */
export class StoreConflictError extends TufError {
  readonly code = 'ERR_TUF_STORE_CONFLICT'
  /** The name within the store. */
  readonly entry: string

  constructor(entry: string) {
    super(`other processes keep changing ${JSON.stringify(entry)} in the store`)
    this.entry = entry
  }
}

/**
 * The store holds another repository's metadata: no chain of roots links its root and the given
 * one. The store is unchanged. Use a separate store for each repository, or `rebind`.
 */
export class ForeignStoreError extends TufError {
  readonly code = 'ERR_TUF_STORE_FOREIGN'
  /** The version of the given root. */
  readonly version: number
  /** The SHA-256 of the given root, in hexadecimal. */
  readonly sha256: string

  constructor(version: number, sha256: string) {
    super(
      `no chain of roots links root ${version} (sha256 ${sha256}) and those in the store: ` +
        'the store belongs to another repository',
    )
    this.version = version
    this.sha256 = sha256
  }
}

/** A needed file is not in the store, and a request is not allowed or would not help. */
export class NotStoredError extends TufError {
  readonly code = 'ERR_TUF_NOT_STORED'
  /** The name within the store. */
  readonly entry: string

  constructor(entry: string) {
    super(`${JSON.stringify(entry)} is not in the store`)
    this.entry = entry
  }
}

/** The clock is earlier than the newest accepted update cycle, so expiry cannot be judged. */
export class ClockBehindError extends TufError {
  readonly code = 'ERR_TUF_CLOCK_BEHIND'
  /** Milliseconds since 1970. */
  readonly now: number
  /** The time of the newest accepted update cycle, in milliseconds since 1970. */
  readonly latest: number

  constructor(now: number, latest: number) {
    super(`the clock says ${isoTime(now)}, the last update was at ${isoTime(latest)}`)
    this.now = now
    this.latest = latest
  }
}

/** Bytes that are not an index page (PEP 503, PEP 691) of the requested project. */
export class IndexPageError extends TufError {
  readonly code = 'ERR_TUF_PAGE_INVALID'
  /** The project, normalised. */
  readonly project: string
  /** The field, such as `files[3].hashes.sha256`; empty for the page as a whole. */
  readonly path: string
  readonly reason: string

  constructor(project: string, path: string, reason: string, options?: ErrorOptions) {
    const field = path === '' ? '' : `${path}: `
    super(`the index page of ${JSON.stringify(project)}: ${field}${reason}`, options)
    this.project = project
    this.path = path
    this.reason = reason
  }
}

/** A lock file, or a file that it includes, with a part that cannot be read. */
export class LockFileError extends TufError {
  readonly code = 'ERR_TUF_LOCK_INVALID'
  /** As it was given; for an included file its path beside that. */
  readonly file: string
  /** 1 is the first line; undefined when it is not known. */
  readonly line: number | undefined
  /**
   * The field, such as `package[3].files[0].hash`; undefined where the format does not name fields.
   */
  readonly path: string | undefined
  readonly reason: string

  constructor(
    place: { readonly file: string; readonly line?: number; readonly path?: string },
    reason: string,
    options?: ErrorOptions,
  ) {
    const { file, line, path } = place
    const start = line === undefined ? file : `${file}:${line}`
    super(`${start}: ${path === undefined ? '' : `${path}: `}${reason}`, options)
    this.file = file
    this.line = line
    this.path = path
    this.reason = reason
  }
}

/** Bytes that are not a `trusted_root.json` of Sigstore, or one without any usable instance. */
export class TrustedRootError extends TufError {
  readonly code = 'ERR_TUF_TRUSTED_ROOT_INVALID'
  /** The field, such as `tlogs[0].publicKey.validFor.start`; empty for the file as a whole. */
  readonly path: string
  readonly reason: string

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`trusted_root.json: ${path === '' ? '' : `${path}: `}${reason}`, options)
    this.path = path
    this.reason = reason
  }
}

/**
 * The checks of an attestation, in their order; docs/attestations.md describes each.
 *
 * - `object`: version, encodings, counts and lengths of the object itself
 * - `time`: the log's promise, or a timestamp (RFC 3161)
 * - `chain`: from the certificate to an authority of the trusted root, valid at that time
 * - `usage`: the certificate is for signing code, and is not a CA's
 * - `sct`: a certificate transparency log included the certificate
 * - `inclusion`: the entry is in the transparency log
 * - `entry`: the entry is about this payload, signature and certificate
 * - `signature`: the certificate's key signed the payload
 * - `statement`: it is about this file, once
 * - `publisher`: the certificate is of the publisher that is named
 * - `identity`: the certificate is of the expected identity
 */
export type AttestationCheck =
  | 'object'
  | 'time'
  | 'chain'
  | 'usage'
  | 'sct'
  | 'inclusion'
  | 'entry'
  | 'signature'
  | 'statement'
  | 'publisher'
  | 'identity'

/** An attestation (PEP 740) or a bundle of Sigstore that must not be believed. */
export class AttestationError extends TufError {
  readonly code = 'ERR_TUF_ATTESTATION_REFUSED'
  /** The check that refused it. */
  readonly check: AttestationCheck
  /** The field, such as `attestation_bundles[0].attestations[1]`; empty for the whole object. */
  readonly path: string
  readonly reason: string

  constructor(
    check: AttestationCheck,
    reason: string,
    options?: ErrorOptions & { readonly path?: string | undefined },
  ) {
    const path = options?.path ?? ''
    super(`${path === '' ? 'attestation' : path}: ${reason} (check "${check}")`, options)
    this.check = check
    this.path = path
    this.reason = reason
  }
}

/**
 * The publisher of a project is not the one of the first use, or a release lacks an attestation though
 * earlier ones carried them. Pin the publishers that are right.
 */
export class PublisherChangedError extends TufError {
  readonly code = 'ERR_TUF_PUBLISHER_CHANGED'
  /** The project, normalised. */
  readonly project: string
  readonly filename: string
  /** The publishers of the project so far, in words. */
  readonly before: readonly string[]
  /** The publishers of this file, in words; empty for a file without an attestation. */
  readonly now: readonly string[]

  constructor(fields: {
    project: string
    filename: string
    before: readonly string[]
    now: readonly string[]
  }) {
    const { project, filename, before, now } = fields
    const found = now.length === 0 ? 'lacks an attestation' : `is signed by ${now.join(', ')}`
    super(`${filename} ${found}; ${project} was signed by ${before.join(', ')} before`)
    this.project = project
    this.filename = filename
    this.before = before
    this.now = now
  }
}

function isoTime(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}
