/** Errors about the files of a repository, and about its names. */

import { isoTime, TufError } from './base.js'

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

/** A file of the repository, or of an impostor, was refused. */
export abstract class RepositoryError extends TufError {
  readonly role: string
  readonly step: string
  /** Where the refused bytes came from, if known. */
  url?: string
  /** The role through whose delegation a search asked for this one (5.6.7). */
  delegator?: string
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
  override readonly delegator: string
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
