/** A file under a guard (`guard.ts`): its request and its body, within the limits. */
import type { FetchRequest, Fetcher } from './fetcher.js'

/** A body that keeps the limits. */
export interface GuardedBody {
  /** Where the body starts: the requested offset, or 0. */
  readonly offset: number
  readonly validator: string | undefined
  /** As the fetcher gives it: a hint. */
  readonly length: number | undefined
  /** Where redirects led, as messages show it; undefined where nothing was redirected. */
  readonly redirectedTo: string | undefined
  /** The next bytes, or undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Releases the connection; needed when the end was not reached. */
  close(): void
}

/** The caller's part of a request; the guard adds the rest. */
export interface GuardedRequest extends Omit<FetchRequest, 'signal' | 'maxLength'> {
  /** The target's length, if known: it distinguishes a file from an encoding of it. */
  readonly length?: number | undefined
}

/** One file's limits, over all requests made for it. */
export interface Guard {
  /**
   * Throws and `next` throw `FetchNotFoundError`, `FetchFailedError`, `FetchTooLongError`,
   * `FetchTimeoutError`, `FetchTooSlowError`, and the signal's reason.
   */
  open(fetcher: Fetcher, request: GuardedRequest): Promise<GuardedBody>
  /**
   * Waits until the file may be asked for again after `error` of its body, or throws `error`.
   *
   * @param progress whether the body brought new bytes, so that the next request needs no pause
   */
  again(error: unknown, progress?: boolean): Promise<void>
  /** Ends the timers; always to be called. */
  close(): void
}
