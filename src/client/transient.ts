/** Which failures of a request pass: the next attempt may get an answer. */
import { FetchFailedError, isTufError, type TufError } from '../errors.js'

const statuses: readonly unknown[] = [429, 502, 503, 504]

/** Of Node, undici and Bun. A name that does not exist (`ENOTFOUND`) is an answer. */
const codes: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
  'ConnectionRefused',
  'ConnectionReset',
  'ConnectionClosed',
])

/** @internal Whether the same request may get another answer. */
export function isTransient(error: unknown): error is TufError {
  // By code: an application's fetcher may use another copy of this package for its errors.
  if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_FAILED') return false
  if ('transient' in error && typeof error.transient === 'boolean') return error.transient
  if ('status' in error && error.status !== undefined) return statuses.includes(error.status)
  return [...chain(error)].some((cause) => codes.has(codeOf(cause)))
}

/** @internal A body that broke off. Bytes that cannot be decompressed would be the same again. */
export function brokenBody(url: string, cause: unknown): FetchFailedError {
  const undecodable = [...chain(cause)].some((error) => {
    const code = codeOf(error)
    return typeof code === 'string' && code.startsWith('Z_') && code !== 'Z_BUF_ERROR'
  })
  return new FetchFailedError(url, 'the connection broke', { cause, transient: !undecodable })
}

/** @internal A request without an answer, of a fetcher that does not say why by an error of its own. */
export function failedRequest(url: string, cause: unknown): FetchFailedError {
  return new FetchFailedError(url, 'the request failed', { cause })
}

/** @internal An answer that is not one. Not the network's fault: it would be the same again. */
export function badShape(url: string, cause: unknown): FetchFailedError {
  return new FetchFailedError(url, 'the fetcher gave no answer', { cause, transient: false })
}

/** An error and its causes, by shape: they may be of another realm. A cause may be its own. */
function chain(error: unknown): ReadonlySet<unknown> {
  const found = new Set<unknown>()
  for (let at = error; typeof at === 'object' && at !== null && !found.has(at);) {
    found.add(at)
    if ('errors' in at && Array.isArray(at.errors)) for (const one of at.errors) found.add(one)
    at = 'cause' in at ? at.cause : undefined
  }
  return found
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
