/** Errors about the store, the clock that it keeps, and other files on disk. */

import { isoTime, TufError } from './base.js'
import { permissionRefusal } from './permission.js'

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
    const refusal = permissionRefusal(options?.cause)
    const why = refusal === undefined ? '' : `: ${refusal}`
    super(`the store could not ${operation} ${JSON.stringify(entry)}${why}`, options)
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

/** No file can be written at the path given for a download. Nothing was changed. */
export class DestinationError extends TufError {
  readonly code = 'ERR_TUF_DESTINATION'
  /** The absolute path that was given. */
  readonly path: string
  /** For example `it is a folder and not a regular file`. */
  readonly reason: string

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`cannot write ${path}: ${reason}`, options)
    this.path = path
    this.reason = reason
  }
}
