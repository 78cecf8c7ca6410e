/**
 * Requests as tuf-js repeats them: each attempt has a time-out of its own, and every failure but a
 * refusal by the server is worth another.
 */
import { FetchFailedError, isTufError } from '../errors.js'
import {
  retrying,
  type Fetcher,
  type FetchRequest,
  type FetchResponse,
  type RetryOptions,
} from '../index.js'
import { nodeFetcher } from '../node/index.js'
import type { RetrySetting } from './config.js'
import { carrying } from './errors.js'

/** The most that `retrying` takes. */
const mostRetries = 100

/** @internal */
export function attemptFetcher(
  userAgent: string | undefined,
  timeout: number | undefined,
  retry: RetrySetting | undefined,
): Fetcher {
  const inner = nodeFetcher(userAgent === undefined || userAgent === '' ? {} : { userAgent })
  const attempt = { fetch: (request: FetchRequest) => attemptOnce(inner, timeout || 0, request) }
  return retrying(attempt, retryOptions(retry))
}

function retryOptions(retry: RetrySetting | undefined): RetryOptions {
  if (typeof retry === 'number') {
    if (retry < 0) throw new Error('Retry count must be non-negative number')
    return { retries: Math.min(retry, mostRetries) }
  }
  if (typeof retry !== 'object') return { retries: retry === true ? mostRetries : 0 }
  const { forever = false, retries = 10, minTimeout, maxTimeout } = retry
  return {
    retries: forever ? mostRetries : Math.min(retries, mostRetries),
    delay: minTimeout,
    longestDelay: maxTimeout === Infinity ? undefined : maxTimeout,
  }
}

async function attemptOnce(
  inner: Fetcher,
  timeout: number,
  request: FetchRequest,
): Promise<FetchResponse> {
  if (timeout === 0) return retriable(request, undefined, () => inner.fetch(request))
  const late = AbortSignal.timeout(timeout)
  const signal = AbortSignal.any([request.signal, late])
  const answer = await retriable(request, late, () => inner.fetch({ ...request, signal }))
  return { ...answer, body: bodyInTime(request, late, answer), encoded: undefined }
}

async function* bodyInTime(
  request: FetchRequest,
  late: AbortSignal,
  { body }: FetchResponse,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const next = await retriable(request, late, () => chunks.next())
      ended = next.done === true
      if (next.done === true) return
      yield next.value
    }
  } finally {
    if (!ended) await chunks.return?.()
  }
}

/** The errors of `work`: those after which another attempt is made say so. */
async function retriable<T>(
  { url, signal }: FetchRequest,
  late: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    if (late?.aborted === true) {
      const cause: unknown = late.reason
      throw carrying(new FetchFailedError(url, 'timed out', { cause, transient: true }), cause)
    }
    if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_FAILED') throw error
    const { status, retryAfter, transient } = error
    if (transient !== undefined || (status !== undefined && status < 500)) throw error
    const options = { cause: error, status, retryAfter, transient: true }
    throw new FetchFailedError(url, 'the attempt failed', options)
  }
}
