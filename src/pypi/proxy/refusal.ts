/**
 * A refusal, as an answer that installers show. Rules, as pip 19 to 26 and uv print them:
 * - of a file they show the reason phrase (uv also `detail` of problem+json, RFC 9457);
 * - of an index page they show neither, but both show the type of an answer that is neither an
 *   error nor a page: so the type carries the reason, with a status (300) that is not a success
 *   either;
 * - 500, 502 and 503 make pip ask again for many seconds; others do not.
 */
import type { ServerResponse } from 'node:http'
import { isTufError, RepositoryError } from '../../errors.js'
import { maskCredentials } from '../../errors/mask-credentials.js'

/** A request that is answered with a refusal. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.status = status
  }
}

/** One refusal, for logs and summaries. */
export interface ProxyRefusal {
  /** The request: a path of the proxy, or another host. */
  readonly asked: string
  readonly status: number
  /** A sentence without its full stop. */
  readonly reason: string
  readonly error: unknown
}

/** The refusal for an error that was thrown while `asked` was being answered. */
export function refusalOf(asked: string, error: unknown): ProxyRefusal {
  if (error instanceof Refused) {
    return { asked, status: error.status, reason: error.message, error: error.cause ?? error }
  }
  if (!isTufError(error)) return { asked, status: 500, reason: 'an unexpected error', error }
  const { code, message } = error
  const limit = code === 'ERR_TUF_FETCH_TOO_SLOW' ? ' (the limits minimumRate and rateWindow)' : ''
  return { asked, status: statusOf(error), reason: `${message}${limit} [${code}]`, error }
}

/** Clients repeat a request that is answered with 502. */
function statusOf(error: Error): number {
  if (error instanceof RepositoryError) return 403
  if (!isTufError(error)) return 500
  switch (error.code) {
    case 'ERR_TUF_FETCH_NOT_FOUND':
    case 'ERR_TUF_NAME_UNSAFE':
      return 404
    case 'ERR_TUF_FETCH_FAILED':
    case 'ERR_TUF_FETCH_TIMEOUT':
    case 'ERR_TUF_FETCH_TOO_SLOW':
      return 504
    default:
      return 403
  }
}

/** Installers that show the content type of an answer that is not a page. */
const showsType = /^(?:pip|uv)\//

/** Ends the response with a refusal; none of it may be sent before. */
export function sendRefusal(
  response: ServerResponse,
  { status, reason }: ProxyRefusal,
  asked: { readonly page: boolean; readonly userAgent: string | undefined },
): void {
  const shown = maskCredentials(reason)
  const said = headerText(`tuffet: ${shown}`)
  // A 404 needs no reason: both try other versions, or report that none exist.
  const inType = asked.page && status !== 404 && showsType.test(asked.userAgent ?? '')
  const body = JSON.stringify({ title: 'Refused by tuffet', status, detail: shown })
  response.statusCode = inType ? 300 : status
  response.statusMessage = said
  // uv shows a type up to its first semicolon.
  const type = `refused (${said.replaceAll(';', ',')})`
  response.setHeader('content-type', inType ? type : 'application/problem+json')
  response.setHeader('content-length', Buffer.byteLength(body))
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** Reasons hold names that others chose: a `?` replaces characters that a header cannot hold. */
export function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, 500)
}
