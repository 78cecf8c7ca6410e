/** Errors about requests. */

import { TufError } from './base.js'
import { maskCredentials } from './mask-credentials.js'

/** Bytes could not be fetched. */
export abstract class FetchError extends TufError {
  /** The URL that was asked, with secrets in it masked. */
  readonly url: string

  constructor(url: string, message: string, options?: ErrorOptions) {
    const shown = maskCredentials(url)
    super(`${shown}: ${message}`, options)
    this.url = shown
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
