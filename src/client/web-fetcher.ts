/**
 * The fetcher over any function with the signature of `fetch`. Redirects are followed here and not
 * there, so that their number and schemes can be judged. The global `fetch` itself resolves `..`
 * and `%2e%2e` segments and turns `\` into `/`; other escapes, such as `%2F`, arrive as given.
 */
import { checkInteger } from '../core/number-option.js'
import { FetchFailedError, FetchNotFoundError, type FetchFailure } from '../errors.js'
import { permissionRefusal } from '../errors/permission.js'
import { encodingOf, isRest, lengthOf, retryAfterOf, validatorOf } from './answer-headers.js'
import type { EncodedBody, FetchRequest, FetchResponse, Fetcher } from './fetcher.js'
import { isUnexplained, possibleReasons } from './hidden-answer.js'
import { noteRedirect, redirectedTo, shownUrl } from './redirect.js'

/** As much of the global `fetch` as is used. */
export type FetchFunction = (url: string, init: FetchInit) => Promise<FetchAnswer>

/** The options that the fetcher passes to a {@link FetchFunction}. */
export interface FetchInit {
  readonly headers: Record<string, string>
  readonly redirect: 'manual' | 'follow'
  readonly signal: AbortSignal
  readonly credentials?: 'omit'
  readonly cache?: 'no-store'
}

/** As much of a `Response` as is used. */
export interface FetchAnswer {
  /** 0 for a redirect that the runtime does not show. */
  readonly status: number
  /** Where the answer came from; it may be empty. */
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly body: FetchBody | null
  /** The body as it was sent, where that differs and can be read; one of the two is. */
  readonly encodedBody?: FetchBody | undefined
}

/** As much of a `ReadableStream` as is used. */
export interface FetchBody {
  getReader(): FetchReader
}

/** As much of the reader of a `ReadableStream` as is used. */
export interface FetchReader {
  read(): Promise<
    { done: false; value: Uint8Array } | { done: true; value?: Uint8Array | undefined }
  >
  cancel(): Promise<void>
}

/** Options of {@link fetchFetcher}. */
export interface FetchFetcherOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: FetchFunction | undefined
  /**
   * Sent to the requested origin, and to no other after a redirect. Where the runtime hides
   * redirects, as browsers do, a request with such headers does not follow them.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The `user-agent` header; browsers ignore it. Default: the client's own. */
  readonly userAgent?: string | undefined
  /**
   * The HTTP statuses that mean "the file does not exist". Default 404 and 403, because some file
   * stores answer 403 for it; give `[404]` to make 403 an error.
   */
  readonly notFoundStatuses?: readonly number[] | undefined
  /** How many redirects one request follows. Default 5. Browsers set a limit of their own, 20. */
  readonly maxRedirects?: number | undefined
  /**
   * @internal Whether `fetch` uses neither cookies nor a cache. On Node, inspecting the global one
   * would load all of it, which takes as long as a short command.
   */
  readonly bare?: boolean | undefined
}

const redirects = [301, 302, 303, 307, 308]

/** Bytes of an answer that is not a file: read, so that the connection can be used again. */
const worthReading = 65_536

/**
 * A fetcher over `fetch`. Throws `FetchNotFoundError` for the `notFoundStatuses`, and
 * `FetchFailedError` for every other status that is not the file, for too many redirects, for one
 * from https to anything else, and for a request that got no answer. A number out of range is a
 * `RangeError` at once.
 *
 * @example
 * ```ts
 * import { fetchFetcher } from 'tuffet'
 *
 * const fetcher = fetchFetcher({ headers: { authorization: 'Bearer …' } })
 * ```
 */
export function fetchFetcher(options: FetchFetcherOptions = {}): Fetcher {
  const { notFoundStatuses = [404, 403], maxRedirects = 5, userAgent } = options
  checkInteger('maxRedirects', maxRedirects, 0)
  for (const status of notFoundStatuses) checkInteger('notFoundStatuses', status, 100, 599)
  const fetch: FetchFunction = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const global = options.fetch === undefined || options.bare === false
  const unshared = options.bare === true ? {} : unsharedInit()
  // A browser hides redirects; after the first, the browser follows them itself.
  let redirect: 'manual' | 'follow' = 'manual'

  async function ask(url: string, request: FetchRequest): Promise<FetchAnswer> {
    const sameOrigin = url === request.url || new URL(url).origin === new URL(request.url).origin
    const headers = {
      ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
      ...(sameOrigin ? options.headers : {}),
      ...requestHeaders(request),
    }
    const init = { ...unshared, headers, signal: request.signal }
    const shown = request.redirectOrigins === undefined ? redirect : 'manual'
    const answer = await fetch(url, { ...init, redirect: shown })
    if (answer.status !== 0 || shown === 'follow') return answer
    if (request.redirectOrigins !== undefined) {
      throw new FetchFailedError(request.url, 'redirected, and the runtime does not say where to')
    }
    if (options.headers !== undefined && Object.keys(options.headers).length > 0) {
      // The runtime would take them along, wherever it is led.
      throw new FetchFailedError(request.url, 'redirected, with headers for one origin only')
    }
    redirect = 'follow'
    return fetch(url, { ...init, redirect })
  }

  async function follow(request: FetchRequest): Promise<Followed> {
    let url = request.url
    for (let count = 0; count <= maxRedirects; count++) {
      let answer
      try {
        answer = await ask(url, request)
      } catch (error) {
        request.signal.throwIfAborted()
        throw unanswered(request.url, url, error, global)
      }
      if (!redirects.includes(answer.status)) {
        // A redirect that the runtime followed by itself is judged by its end.
        if (answer.url !== '' && answer.url !== url) nextUrl(request, url, answer.url)
        return { answer, to: redirectedTo(request.url, answer.url === '' ? url : answer.url) }
      }
      await discard(answer)
      url = nextUrl(request, url, answer.headers.get('location'))
    }
    const to = redirectedTo(request.url, url)
    throw failed(request.url, `more than ${maxRedirects} redirects`, to)
  }

  async function fetchFile(request: FetchRequest): Promise<FetchResponse> {
    const { answer, to } = await follow(request)
    const { status } = answer
    const from = to === undefined ? {} : { url: to }
    if (status === 200) {
      const body = bodyOf(answer.body)
      const hints = { ...validatorOf(answer), ...lengthOf(answer), ...from }
      return { offset: 0, ...hints, body, ...encodedOf(answer) }
    }
    const { url, offset = 0, validator } = request
    const partial = offset > 0 && validator !== undefined
    if (partial && status === 206 && isRest(answer, offset, validator)) {
      return { offset, validator, ...from, body: bodyOf(answer.body) }
    }
    await discard(answer)
    // Not the rest of the same file: start again.
    const again = { ...request, offset: undefined, validator: undefined }
    if (partial && (status === 206 || status === 416)) return fetchFile(again)
    if (notFoundStatuses.includes(status)) {
      const missing = new FetchNotFoundError(url, status, to && `redirected to ${to}`)
      noteRedirect(missing, to)
      throw missing
    }
    const retryAfter = retryAfterOf(answer)
    throw failed(url, `unexpected status ${status}`, to, { status, retryAfter })
  }

  return { fetch: fetchFile }
}

/** An answer, and where redirects led to it. */
interface Followed {
  readonly answer: FetchAnswer
  readonly to: string | undefined
}

function failed(
  asked: string,
  reason: string,
  to: string | undefined,
  options?: FetchFailure,
): FetchFailedError {
  const led = to === undefined ? '' : `; redirected to ${to}`
  const error = new FetchFailedError(asked, reason + led, options)
  noteRedirect(error, to)
  return error
}

/** `url` is `asked`, or where redirects led. */
function unanswered(asked: string, url: string, error: unknown, global: boolean): FetchFailedError {
  const known = error instanceof FetchFailedError ? error : undefined
  if (known && (url === asked || known.url === asked)) return known
  const hidden = global && isUnexplained(error)
  const transient = known ? known.transient : hidden ? true : undefined
  const cause = known ? known.cause : error
  const why = permissionRefusal(error) ?? (hidden ? possibleReasons(url) : undefined)
  const said = why === undefined ? 'the request failed' : `the request failed: ${why}`
  const reason = failed(asked, said, redirectedTo(asked, url), { cause, transient })
  // It names the address that redirects led to, which may hold a key.
  if (known?.origin?.from === 'proxy') reason.origin = { ...known.origin, url: asked }
  return reason
}

function requestHeaders(request: FetchRequest): Record<string, string> {
  const { kind, accept, offset = 0, validator } = request
  const headers: Record<string, string> = accept === undefined ? {} : { accept }
  if (kind === 'target') headers['accept-encoding'] = 'identity'
  if (offset > 0 && validator !== undefined) {
    headers['range'] = `bytes=${offset}-`
    headers['if-range'] = validator
  }
  return headers
}

/** Where a redirect leads, when it may be followed. */
function nextUrl(
  { url: asked, redirectOrigins }: FetchRequest,
  from: string,
  location: string | null,
): string {
  if (location === null || !URL.canParse(location, from)) {
    throw new FetchFailedError(asked, 'redirected to no address')
  }
  const next = new URL(location, from)
  const secure = new URL(from).protocol === 'https:'
  if (next.protocol !== 'https:' && (secure || next.protocol !== 'http:')) {
    throw new FetchFailedError(
      asked,
      `redirected from ${shownUrl(from) ?? asked} to ${next.protocol}`,
    )
  }
  if (redirectOrigins && ![new URL(asked).origin, ...redirectOrigins].includes(next.origin)) {
    throw new FetchFailedError(asked, `redirected to another origin, ${next.origin}`)
  }
  // `fetch` refuses an address with a password, and quotes it; `node:http` does not send one.
  next.username = ''
  next.password = ''
  return next.href
}

function encodedOf(answer: FetchAnswer): { encoded?: EncodedBody } {
  const encoding = encodingOf(answer)
  if (encoding === undefined) return {}
  const { encodedBody } = answer
  return { encoded: { ...encoding, ...(encodedBody && { body: bodyOf(encodedBody) }) } }
}

function bodyOf(body: FetchBody | null): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
      const reader = body?.getReader()
      const end = { done: true, value: undefined } as const
      return {
        async next() {
          const result = await reader?.read()
          return result === undefined || result.done ? end : result
        },
        async return() {
          await reader?.cancel()
          return end
        },
      }
    },
  }
}

async function discard(answer: FetchAnswer): Promise<void> {
  let read = 0
  try {
    for await (const chunk of bodyOf(answer.body)) {
      read += chunk.length
      if (read > worthReading) break
    }
  } catch {
    // The status is known; a broken body does not change it.
  }
}

/**
 * Neither cookies nor a cache, where the runtime supports these options; workers throw at the mere
 * mention.
 */
function unsharedInit(): Pick<FetchInit, 'credentials' | 'cache'> {
  const known = typeof Request === 'function' ? Request.prototype : {}
  return {
    ...('credentials' in known ? { credentials: 'omit' } : {}),
    ...('cache' in known ? { cache: 'no-store' } : {}),
  }
}
