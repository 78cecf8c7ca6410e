/**
 * A target file as a stream that is judged while it passes (5.7.3). Rules:
 * - the first URL is asked; the next one only when the server says "not there";
 * - a connection that breaks is resumed from the bytes already hashed, as long as that helps;
 * - the parts may be of two files: the digest over all of them decides;
 * - every chunk is unverified until the stream ends without an error.
 */
import type { Cryptography } from '../core/keys/cryptography.js'
import { type FileChecker, createChecker } from '../core/keys/hash.js'
import type { TargetFile } from '../core/metadata/model.js'
import { checkedTarget } from '../core/metadata/target-file.js'
import {
  FetchNotFoundError,
  FetchTooLongError,
  HashMismatchError,
  isTufError,
  LengthMismatchError,
  type RepositoryError,
  type TufError,
} from '../errors.js'
import type { Clock } from './clock.js'
import type { Fetcher } from './fetcher.js'
import { createGuard } from './guard.js'
import type { Guard, GuardedBody } from './guarded.js'
import type { Limits } from './limits.js'

/** One target, and all that is needed to fetch and judge it; a `Repository` makes them. */
export interface TargetSource {
  readonly target: TargetFile
  /** In order: the next one is asked only when the one before is not found. */
  readonly urls: readonly string[]
  /** The end of the message when every URL answers "not found". */
  readonly notFoundNote?: string | undefined
  readonly fetcher: Fetcher
  readonly cryptography: Cryptography
  readonly limits: Limits
}

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes so far; back to 0 when a resumed download must start again. */
  readonly received: number
  /** The target's length in bytes. */
  readonly total: number
}

/** Options of a download. */
export interface StreamTargetOptions {
  readonly signal?: AbortSignal | undefined
  /** Called for each chunk. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /**
   * @internal Makes the chunks so far void: after a resumed stream that did not match, it starts
   * again from the first byte, once. Without it such a stream fails.
   */
  readonly onRestart?: (() => void | Promise<void>) | undefined
  /** @internal */
  readonly clock?: Clock | undefined
}

/** Bytes that do not match may be new ones that a view from before does not know. */
export const changedNote = 'the file changed since it was signed, or the view is older'

/** How often one stream is resumed. */
const mostResumptions = 3

/**
 * The chunks of a target. **They are unverified until the stream has ended**: do not use them
 * before.
 *
 * Throws `LengthMismatchError` or `HashMismatchError` (step 5.7.3; at once when no listed hash is
 * known), `FetchNotFoundError` when every URL answers "not found", `FetchTooLongError`,
 * `FetchTooSlowError`, `FetchTimeoutError`, `FetchFailedError`, the signal's own reason, and
 * `TypeError` for a target without a length or hashes.
 */
export async function* streamTarget(
  source: TargetSource,
  options: StreamTargetOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { limits, cryptography } = source
  const target = checkedTarget(source.target)
  const { onRestart, onProgress, signal, clock } = options
  const place = { role: target.path, step: '5.7.3', note: changedNote }
  let checker = createChecker(target, place, cryptography)
  const guard = createGuard({
    maxLength: target.length,
    deadline: limits.targetDeadline,
    minimumRate: limits.minimumRate,
    rateWindow: limits.rateWindow,
    signal,
    clock,
  })
  const download = new Resumable(source, guard)
  let restart = onRestart
  try {
    for (;;) {
      const chunk = await download.next()
      if (chunk === undefined) {
        const mismatch = end(checker, download)
        if (mismatch === undefined) return
        if (!restart || !download.resumed) throw mismatch
        // The parts may be of two files: the whole once more.
        await restart()
        restart = undefined
        checker = createChecker(target, place, cryptography)
        download.restart()
      } else {
        checker.update(chunk)
        onProgress?.({ received: download.position, total: target.length })
        yield chunk
      }
    }
  } finally {
    download.close()
    guard.close()
  }
}

function end(checker: FileChecker, { url, redirectedTo }: Resumable): RepositoryError | undefined {
  try {
    checker.end()
    return undefined
  } catch (error) {
    if (!(error instanceof LengthMismatchError || error instanceof HashMismatchError)) throw error
    error.url = url
    error.origin = { from: 'network', url, ...(redirectedTo !== undefined && { redirectedTo }) }
    return error
  }
}

/** @internal An error in place of another one. */
export function sameOrigin<T extends TufError>({ origin }: TufError, error: T): T {
  Object.assign(error, { origin })
  return error
}

/** One body out of several answers. */
class Resumable {
  readonly #source: TargetSource
  readonly #guard: Guard
  #body: GuardedBody | undefined
  #validator: string | undefined
  #urlIndex = 0
  #resumptions = 0
  #resumedAt = 0
  /** Whether the bytes so far are of several answers. */
  #inParts = false
  /** Bytes of this answer that an earlier answer already delivered. */
  #skip = 0
  position = 0

  constructor(source: TargetSource, guard: Guard) {
    this.#source = source
    this.#guard = guard
  }

  get url(): string {
    return this.#source.urls[this.#urlIndex] ?? ''
  }

  /** Of the newest answer. */
  get redirectedTo(): string | undefined {
    return this.#body?.redirectedTo
  }

  get resumed(): boolean {
    return this.#inParts
  }

  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      this.#body ??= await this.#open()
      let chunk
      try {
        chunk = await this.#body.next()
      } catch (error) {
        if (error instanceof FetchTooLongError) {
          throw sameOrigin(error, new FetchTooLongError(error.url, error.limit, changedNote))
        }
        await this.#resume(error)
        continue
      }
      if (chunk === undefined) return undefined
      const skipped = Math.min(this.#skip, chunk.length)
      this.#skip -= skipped
      if (skipped === chunk.length && skipped > 0) continue
      this.position += chunk.length - skipped
      return skipped === 0 ? chunk : chunk.subarray(skipped)
    }
  }

  restart(): void {
    this.close()
    this.#validator = undefined
    this.#resumptions = 0
    this.#resumedAt = 0
    this.position = 0
  }

  close(): void {
    this.#body?.close()
    this.#body = undefined
  }

  async #open(): Promise<GuardedBody> {
    const { urls, fetcher } = this.#source
    for (;;) {
      const rest =
        this.position > 0 && this.#validator !== undefined
          ? { offset: this.position, validator: this.#validator }
          : {}
      try {
        const body = await this.#guard.open(fetcher, {
          url: this.url,
          kind: 'target',
          length: this.#source.target.length,
          ...rest,
        })
        this.#skip = this.position - body.offset
        this.#validator = body.validator
        return body
      } catch (error) {
        const next = this.position === 0 && this.#urlIndex + 1 < urls.length
        const notFound = isTufError(error) && error.code === 'ERR_TUF_FETCH_NOT_FOUND'
        if (next && notFound) {
          this.#urlIndex++
          continue
        }
        const { notFoundNote } = this.#source
        if (this.position === 0 && error instanceof FetchNotFoundError && notFoundNote) {
          throw sameOrigin(error, new FetchNotFoundError(error.url, error.status, notFoundNote))
        }
        throw error
      }
    }
  }

  /** Throws `error` where asking again would not help. */
  async #resume(error: unknown): Promise<void> {
    if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_FAILED') throw error
    // After an answer without a new byte, the next one is unlikely to bring any for now.
    const progress = this.position > this.#resumedAt && this.#resumptions < mostResumptions
    if (progress) this.#resumptions++
    this.#resumedAt = this.position
    this.#inParts = this.position > 0
    this.close()
    await this.#guard.again(error, progress)
  }
}
