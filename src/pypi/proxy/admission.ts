/**
 * Which requests are for this proxy. Rules:
 * - one `Host`, and a name of the proxy's own: a page in a browser can call loopback by another;
 * - a path, or a whole URL with the proxy's own origin: clients for which it is the proxy of every
 *   host as well ask it for its pages so (RFC 9112, 3.2.2);
 * - HTTP/1.1, GET or HEAD;
 * - not from a page of another site: `Origin` and `Sec-Fetch-Site` tell, where browsers send them;
 * - with the token, if there is one.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isAllowedHost } from './allowed-host.js'
import { Refused } from './refusal.js'

/** The settings that decide about a request. */
export interface Admission {
  /** `http://127.0.0.1:8000` */
  readonly origin: string
  readonly remote: boolean
  readonly hostnames: readonly string[]
  /** The first segment of every path; undefined: without a token. */
  readonly token?: string | undefined
}

/** A request without the token. It comes from another client, so it is not reported. */
export class Uninvited extends Refused {
  constructor() {
    super(404, 'there is nothing here')
  }
}

/** Tokens are one segment of a path, as in a URL. */
export function isToken(text: string): boolean {
  return /^[\w-]{16,200}$/.test(text)
}

/** The part of the proxy's paths before `/simple/`. */
export function prefixOf({ token }: { readonly token?: string | undefined }): string {
  return token === undefined ? '' : `/${token}`
}

/**
 * The requested path, without the token.
 *
 * @throws Refused
 */
export function admit(request: IncomingMessage, admission: Admission): string {
  const { headers, httpVersion, method, url = '' } = request
  const whole = /^http:\/\/([^/?#]*)(.*)$/is.exec(url)
  if (!url.startsWith('/') && !isOwn(whole?.[1], admission)) throw notAWay()
  const hosts = valuesOf(request, 'host')
  // A program in front of the proxy may have gone by the other one.
  if (hosts.length > 1) throw new Refused(400, 'there is more than one Host header')
  if (!isAllowedHost(headers.host, admission)) {
    throw new Refused(421, 'this proxy does not go by that name')
  }
  // Older clients know no interim answers.
  if (httpVersion !== '1.1') throw new Refused(505, 'HTTP/1.1 is needed')
  if (method !== 'GET' && method !== 'HEAD')
    throw new Refused(405, 'only GET and HEAD are supported')
  refuseOtherSites(request)
  return withoutToken(whole ? `/${(whole[2] ?? '').replace(/^\//, '')}` : url, admission)
}

/** The refusal of a request for another host. */
export function notAWay(): Refused {
  return new Refused(403, 'this proxy does not lead to other hosts')
}

function isOwn(authority: string | undefined, admission: Admission): boolean {
  const port = /:(\d+)$/.exec(authority ?? '')?.[1] ?? '80'
  const own = new URL(admission.origin).port || '80'
  return port === own && isAllowedHost(authority, admission)
}

function refuseOtherSites(request: IncomingMessage): void {
  const host = request.headers.host ?? ''
  const foreign = valuesOf(request, 'origin').some((origin) => origin !== `http://${host}`)
  const sites = valuesOf(request, 'sec-fetch-site')
  // `same-site` is another port of this machine, or another name of the domain.
  if (foreign || sites.some((site) => site !== 'none' && site !== 'same-origin')) {
    throw new Refused(403, 'pages of other sites are not answered')
  }
}

function withoutToken(path: string, { token }: Admission): string {
  if (token === undefined) return path
  const [, given = '', rest = '/'] = /^\/([^/?]*)(.*)$/s.exec(path) ?? []
  if (!isSame(given, token)) throw new Uninvited()
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** A URL as it may be shown to others. */
export function withoutSecret(
  url: string,
  { token }: { readonly token?: string | undefined },
): string {
  return token === undefined ? url : url.replaceAll(`/${token}`, '')
}

/** In a time that does not depend on how much of the token is right. */
function isSame(given: string, token: string): boolean {
  const [one, other] = [given, token].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

/** Each line by itself: Node leaves out all but the first of some headers. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
}
