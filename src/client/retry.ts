/**
 * Repeats requests that failed for a passing reason. It waits longer each time, with a random part
 * so that many clients do not come back at once, or as long as the server asks for. An answer that
 * decides something is never asked for again; neither is a file that failed a check.
 */
import { checkInteger } from '../core/number-option.js'
import { FetchTooLongError, isTufError, type TufError } from '../errors.js'
import { maskCredentials } from '../errors/mask-credentials.js'
import { guarded } from './callback.js'
import { systemClock } from './clock.js'
import type { FetchRequest, FetchResponse, Fetcher } from './fetcher.js'
import { noteRedirect, redirectedTo } from './redirect.js'
import { brokenBody, isTransient } from './transient.js'

/** One repetition, before it is waited for. */
export interface Retry {
  /** With secrets in it masked. */
  readonly url: string
  /** The number of the coming attempt at this file: 2 for the first repetition. */
  readonly attempt: number
  /** Milliseconds until then; 0 where a download resumes at the next byte at once. */
  readonly delay: number
  /** Why the attempt before it failed. */
  readonly error: TufError
}

/** Options of {@link retrying}; all optional. */
export interface RetryOptions {
  /** How often a file is asked for again, at most. Default 2; 0 is never. At most 100. */
  readonly retries?: number | undefined
  /**
   * Milliseconds before the first repetition, doubled before each further one. Between half and all
   * of it is waited for. Default 500.
   */
  readonly delay?: number | undefined
  /**
   * The longest time that is waited for, in milliseconds. When a server asks for more
   * (`Retry-After`), its error is thrown at once. Default 60,000.
   */
  readonly longestDelay?: number | undefined
  /** Called before each wait. An error that it throws becomes a warning. */
  readonly onRetry?: ((retry: Retry) => void) | undefined
  /** A number from 0 up to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined
  /** Waits, in milliseconds; rejects when the signal aborts. Default: a timer. */
  readonly wait?: ((delay: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** @internal The options given to `retrying`. */
export interface RetryPolicy {
  readonly wait?: RetryOptions['wait']
  readonly onRetry: (retry: Retry) => void
  /** Milliseconds to wait after that many failures, or undefined for giving up. */
  delayAfter(failures: number, error: unknown): number | undefined
}

interface Retrying {
  readonly fetcher: Fetcher
  readonly options: RetryOptions
  readonly policy: RetryPolicy
}

/** Milliseconds: the longest wait of a timer. */
const longestTimer = 2 ** 31 - 1

const known = new WeakMap<Fetcher, Retrying>()

/**
 * The same fetcher, with requests repeated that failed for a passing reason: the statuses 429, 502,
 * 503 and 504; a connection that was reset, refused or timed out; a DNS server that did not answer;
 * a body that broke off. "Not there" (404, and 403 unless configured otherwise) is an answer, and
 * so are other statuses.
 *
 * An `Updater` does this for the fetcher it is given; use the function to change how. A client's
 * deadlines and signal apply to all attempts and waits together. Asked directly, it repeats
 * requests that failed before the answer came, and metadata whose body breaks off if `maxLength` is
 * given: then the whole file is in memory before the answer is.
 *
 * A fetcher that is retrying already is not wrapped again; options given replace its own.
 *
 * `fetch` throws the error of the last attempt, `FetchTooLongError` (`ERR_TUF_FETCH_TOO_LONG`) for
 * metadata longer than `maxLength`, and the signal's reason. A number out of range is a
 * `RangeError` at once.
 *
 * @example
 * ```ts
 * import { fetchFetcher, retrying } from 'tuffet'
 *
 * const fetcher = retrying(fetchFetcher(), { retries: 4, delay: 250 })
 * ```
 */
export function retrying(fetcher: Fetcher, options: RetryOptions = {}): Fetcher {
  const inner = known.get(fetcher)
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const merged: RetryOptions = { ...inner?.options, ...Object.fromEntries(given) }
  const bare = inner?.fetcher ?? fetcher
  const policy = policyOf(merged)
  const made: Fetcher = { fetch: (request) => fetchAgain(bare, policy, request) }
  known.set(made, { fetcher: bare, options: merged, policy })
  return made
}

/** @internal The fetcher itself, for callers that repeat requests within their own deadline. */
export function withoutRetries(fetcher: Fetcher): {
  readonly fetcher: Fetcher
  readonly policy?: RetryPolicy
} {
  return known.get(fetcher) ?? { fetcher }
}

/** @internal `fetcher`, with requests repeated as those of `like` are. */
export function repeatedAs(like: Fetcher, fetcher: Fetcher): Fetcher {
  const found = known.get(like)
  if (!found) return fetcher
  const made: Fetcher = { fetch: (request) => fetchAgain(fetcher, found.policy, request) }
  known.set(made, { ...found, fetcher })
  return made
}

/** @internal Adds a listener to a fetcher's listeners. */
export function listening(
  fetcher: Fetcher,
  retries: number | undefined,
  onRetry: (retry: Retry) => void,
): Fetcher {
  const before = guarded('onRetry', known.get(fetcher)?.options.onRetry)
  return retrying(fetcher, {
    retries,
    onRetry(retry) {
      before(retry)
      onRetry(retry)
    },
  })
}

function policyOf(options: RetryOptions): RetryPolicy {
  const { random = Math.random, wait } = options
  const tell = guarded('onRetry', options.onRetry)
  const retries = checkInteger('retries', options.retries ?? 2, 0, 100)
  const longest = checkInteger('longestDelay', options.longestDelay ?? 60_000, 0, longestTimer)
  const first = checkInteger('delay', options.delay ?? 500, 0, longestTimer)
  return {
    wait,
    onRetry: (retry) => tell({ ...retry, url: maskCredentials(retry.url) }),
    delayAfter(failures, error) {
      if (failures > retries || !isTransient(error)) return undefined
      const asked = 'retryAfter' in error ? error.retryAfter : undefined
      const whole = Math.min(longest, first * 2 ** (failures - 1))
      const own = Math.round(whole * (0.5 + random() / 2))
      if (typeof asked !== 'number' || !(asked > own)) return own
      return asked > longest ? undefined : asked
    },
  }
}

/** Without a client around it there is neither a deadline nor a cap but `maxLength`. */
async function fetchAgain(
  fetcher: Fetcher,
  policy: RetryPolicy,
  request: FetchRequest,
): Promise<FetchResponse> {
  const { signal, url } = request
  for (let failures = 1; ; failures++) {
    try {
      return await complete(await fetcher.fetch(request), request)
    } catch (error) {
      signal.throwIfAborted()
      const delay = policy.delayAfter(failures, error)
      if (delay === undefined || !isTufError(error)) throw error
      policy.onRetry({ url, attempt: failures + 1, delay, error })
      await (policy.wait ?? timer)(delay, signal)
      signal.throwIfAborted()
    }
  }
}

/**
 * The answer with its body in memory, if the caller asked for that: only then can it be fetched
 * again.
 */
async function complete(answer: FetchResponse, request: FetchRequest): Promise<FetchResponse> {
  const { kind, maxLength, url } = request
  if (kind === 'target' || maxLength === undefined) return answer
  const chunks: Uint8Array[] = []
  let position = answer.offset
  try {
    for await (const chunk of answer.body) {
      position += chunk.length
      if (position > maxLength) throw new FetchTooLongError(url, maxLength)
      chunks.push(chunk)
    }
  } catch (error) {
    const reason = isTufError(error) ? error : brokenBody(url, error)
    noteRedirect(reason, redirectedTo(url, answer.url))
    throw reason
  }
  return { ...answer, body: given(chunks) }
}

async function* given(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

function timer(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel()
      reject(signal.reason)
    }
    const cancel = systemClock.setTimer(delay, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
