/**
 * Holds every fetcher to the limits: bytes, time, rate, abort. Rules:
 * - only time spent waiting for the server counts for the rate: a slow reader never fails a request,
 *   nor does a wait for one of the fetcher's own connections;
 * - a stop ends the wait at once, even if the fetcher never settles;
 * - an answer that is not of the port's shape is refused: the limits could not be counted on it;
 * - a stopped or unfinished body is cancelled (signal and iterator), and its end is not waited for;
 * - repeated requests share one deadline; the pause before one does not count for the rate.
 */
import { isBytes } from '../core/bytes.js'
import {
  FetchFailedError,
  FetchTimeoutError,
  FetchTooLongError,
  FetchTooSlowError,
  isTufError,
} from '../errors.js'
import { type Clock, systemClock } from './clock.js'
import { checkedAnswer, release } from './checked-answer.js'
import type { FetchResponse, Fetcher } from './fetcher.js'
import type { Guard, GuardedBody, GuardedRequest } from './guarded.js'
import { watchQueue } from './queued.js'
import { noteRedirect, redirectedTo } from './redirect.js'
import { type RetryPolicy, withoutRetries } from './retry.js'
import { targetBody } from './target-body.js'
import { badShape, brokenBody, failedRequest } from './transient.js'
import { Turns } from './turns.js'

/** The limits on all requests for one file. */
export interface GuardOptions {
  /** Of the whole file, decompressed, in bytes. */
  readonly maxLength: number
  /** Milliseconds from now until the file must be complete. Default: no deadline. */
  readonly deadline?: number | undefined
  /** Bytes a second over each `rateWindow` of waiting; 0 switches the check off. */
  readonly minimumRate: number
  /** Milliseconds. */
  readonly rateWindow: number
  readonly signal?: AbortSignal | undefined
  /** @internal */
  readonly clock?: Clock | undefined
}

/** Starts the clock for one file. */
export function createGuard(options: GuardOptions): Guard {
  const { maxLength, minimumRate, rateWindow, signal, clock = systemClock } = options
  const { deadline = Infinity } = options
  const leastBytes = (minimumRate * rateWindow) / 1000
  const started = clock.now()
  const controller = new AbortController()

  let url = ''
  let stopped: { readonly reason: unknown } | undefined
  let rejectWait: ((reason: unknown) => void) | undefined
  let waitingSince = 0
  let waited = 0
  let windowBytes = 0
  let answered = false
  let cancelRateTimer: (() => void) | undefined
  let retries: RetryPolicy | undefined
  let failures = 0
  let attempt = 1
  let endPause: ((reason: unknown) => void) | undefined
  let queued = false

  function stop(reason: unknown): void {
    if (stopped !== undefined) return
    stopped = { reason }
    end()
    rejectWait?.(reason)
    endPause?.(reason)
    controller.abort(reason)
  }

  function throwIfStopped(): void {
    if (stopped !== undefined) throw stopped.reason
  }

  function onAbort(): void {
    stop(signal?.reason)
  }

  function onDeadline(): void {
    stop(new FetchTimeoutError(url, deadline))
  }

  function end(): void {
    cancelDeadline?.()
    cancelRateTimer?.()
    cancelRateTimer = undefined
    signal?.removeEventListener('abort', onAbort)
  }

  // One timer for each window, not for each chunk: it looks how long was really waited.
  function watchRate(): void {
    if (leastBytes === 0 || queued || cancelRateTimer !== undefined) return
    cancelRateTimer = clock.setTimer(Math.max(1, rateWindow - waited), () => {
      cancelRateTimer = undefined
      if (rejectWait === undefined) return
      judgeRate()
      if (stopped === undefined) watchRate()
    })
  }

  function judgeRate(): void {
    const now = clock.now()
    if (!queued) waited += now - waitingSince
    waitingSince = now
    // A timer may fire a moment early.
    if (waited + 1 < rateWindow) return
    if (windowBytes < leastBytes) {
      stop(new FetchTooSlowError(url, minimumRate, answered ? undefined : rateWindow))
    }
    waited = 0
    windowBytes = 0
  }

  function onQueue(waits: boolean): void {
    // The wait so far was of the other kind.
    if (rejectWait !== undefined) judgeRate()
    queued = waits
    if (rejectWait !== undefined && stopped === undefined) watchRate()
  }

  function wait<T>(work: PromiseLike<T>): Promise<T> {
    waitingSince = clock.now()
    return new Promise((resolve, reject) => {
      rejectWait = reject
      if (stopped === undefined) watchRate()
      else reject(stopped.reason) // Aborted while the work began.
      work.then(
        (value) => {
          rejectWait = undefined
          resolve(value)
        },
        (error: unknown) => {
          rejectWait = undefined
          reject(error)
        },
      )
    })
  }

  function received(count: number): void {
    if (count > 0) answered = true
    windowBytes += count
    // Also here: a body that is always ready keeps timers from firing.
    judgeRate()
    if (clock.now() - started >= deadline) onDeadline()
  }

  function fetchError(error: unknown, wrap: typeof failedRequest): unknown {
    if (stopped !== undefined) return stopped.reason
    return isTufError(error) ? error : wrap(url, error)
  }

  async function again(error: unknown, progress = false): Promise<void> {
    throwIfStopped()
    const delay = progress ? 0 : retries?.delayAfter(failures + 1, error)
    const left = started + deadline - clock.now()
    if (delay === undefined || delay >= left) throw error
    if (!progress) failures++
    attempt++
    if (isTufError(error)) retries?.onRetry({ url, attempt, delay, error })
    if (!progress) await pause(delay)
  }

  async function pause(delay: number): Promise<void> {
    let cancel: (() => void) | undefined
    const timer = (): Promise<void> =>
      new Promise((resolve) => (cancel = clock.setTimer(delay, resolve)))
    const interrupted = new Promise<never>((_resolve, reject) => (endPause = reject))
    try {
      await Promise.race([interrupted, retries?.wait?.(delay, controller.signal) ?? timer()])
    } finally {
      cancel?.()
      endPause = undefined
    }
    throwIfStopped()
  }

  watchQueue(controller.signal, onQueue)
  const cancelDeadline = deadline === Infinity ? undefined : clock.setTimer(deadline, onDeadline)
  if (signal?.aborted === true) onAbort()
  else signal?.addEventListener('abort', onAbort)

  async function open(given: Fetcher, request: GuardedRequest): Promise<GuardedBody> {
    const { fetcher, policy } = withoutRetries(given)
    retries = policy
    for (;;) {
      try {
        return await openOnce(fetcher, request)
      } catch (error) {
        await again(error)
      }
    }
  }

  async function openOnce(fetcher: Fetcher, request: GuardedRequest): Promise<GuardedBody> {
    url = request.url
    throwIfStopped()
    let wrap = failedRequest
    let answer: FetchResponse
    let iterator: AsyncIterator<Uint8Array>
    try {
      const { length: _, ...asked } = request
      const found = await wait(fetcher.fetch({ ...asked, maxLength, signal: controller.signal }))
      wrap = badShape
      answer = checkedAnswer(found)
      const { kind, length } = request
      const body = kind === 'target' ? targetBody(answer, url, length) : answer.body
      iterator = body[Symbol.asyncIterator]()
    } catch (error) {
      throw fetchError(error, wrap)
    }
    received(0)
    let open = true
    let position = answer.offset
    const turns = new Turns()
    const to = redirectedTo(url, answer.url)

    function close(): void {
      if (!open) return
      open = false
      // Not waited for: a body that hangs would hang here too.
      release(iterator).catch(() => undefined)
    }

    async function next(): Promise<Uint8Array | undefined> {
      try {
        return await nextChunk()
      } catch (error) {
        close()
        noteRedirect(error, to)
        throw error
      }
    }

    async function nextChunk(): Promise<Uint8Array | undefined> {
      let chunk
      try {
        throwIfStopped()
        const result = await wait(iterator.next())
        if (result.done !== true && !isBytes(result.value)) {
          throw badShape(url, new TypeError('a chunk of the body is not a Uint8Array'))
        }
        chunk = result.done === true ? undefined : result.value
      } catch (error) {
        throw fetchError(error, brokenBody)
      }
      if (chunk === undefined) {
        open = false
        return undefined
      }
      position += chunk.length
      // A body that is always ready, with empty chunks, would hide an abort.
      if (chunk.length === 0 && turns.isOver) await turns.pause()
      if (position > maxLength) stop(new FetchTooLongError(url, maxLength))
      else received(chunk.length)
      throwIfStopped()
      return chunk
    }

    if (answer.offset !== 0 && answer.offset !== request.offset) {
      close()
      throw new FetchFailedError(url, `the answer starts at byte ${answer.offset}`)
    }
    const { offset, validator, length } = answer
    return { offset, validator, length, redirectedTo: to, next, close }
  }

  return { open, again, close: end }
}
