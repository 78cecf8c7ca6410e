/**
 * As much of `fetch` as the fetcher uses, over undici, for features that `node:http` lacks:
 * proxies, pinned keys, HTTP/2, pools. undici is loaded by the first request: that costs over 100
 * ms.
 */
import { createHash, X509Certificate } from 'node:crypto'
import type { ConnectionOptions } from 'node:tls'
import type { Dispatcher, Pool } from 'undici'
import type { FetchFunction } from '../client/web-fetcher.js'
import { checkInteger } from '../core/number-option.js'
import { FetchFailedError } from '../errors.js'
import { permissionRefusal } from '../errors/permission.js'
import { builtinModule } from './builtin-module.js'
import { requestParts } from './http-fetch.js'
import { isExempt } from './no-proxy.js'
import { fetchAnswer } from './stream-answer.js'
import { hasCode } from './system-error.js'

/** Options, most of them for features that `node:http` lacks. All optional. */
export interface UndiciFetchOptions {
  /**
   * `environment`: as `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say; `none`; or the
   * URL of a proxy. Default `environment`.
   */
  readonly proxy?: string | undefined
  /**
   * Host name, in any case → SHA-256 digests (base64) of the public keys (SPKI, DER) that its
   * certificate may use, besides being valid. A host without an entry is not pinned; one with an
   * entry is asked by https only. An entry that is not a host name is a TypeError.
   */
  readonly pins?: Readonly<Record<string, readonly string[]>> | undefined
  /** Certificates (PEM) to be trusted instead of the runtime's. */
  readonly ca?: string | undefined
  /** Whether HTTP/2 may be used. Default false. */
  readonly http2?: boolean | undefined
  /**
   * The most connections to one origin; other requests wait. A body occupies its connection until it
   * was read or its iteration ended. Default: no limit.
   */
  readonly connections?: number | undefined
  /** Milliseconds until a connection must be made. Default 10,000. */
  readonly connectTimeout?: number | undefined
}

type Pins = ReadonlyMap<string, readonly string[]>
type PinningOptions = Pick<ConnectionOptions, 'rejectUnauthorized' | 'checkServerIdentity'> & {
  readonly maxCachedSessions: number
}
type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the environment names for `url`, unless `NO_PROXY` lists its host. As in pip, a
 * name in small letters replaces the one in capitals, also when it is empty.
 */
export function environmentProxy(
  environment: Environment,
  url: string,
): EnvironmentProxy | undefined {
  const scheme = new URL(url).protocol === 'https:' ? 'https' : 'http'
  const [variable, value] =
    [`${scheme}_proxy`, 'all_proxy']
      .map((lower) => (visible(environment, lower) === undefined ? lower.toUpperCase() : lower))
      .map((name) => [name, visible(environment, name) ?? ''] as const)
      .find(([, named]) => named !== '') ?? []
  if (variable === undefined || value === undefined) return undefined
  const exempt = visible(environment, 'no_proxy') ?? visible(environment, 'NO_PROXY')
  if (isExempt(exempt, url)) return undefined
  // As curl and pip take it: a proxy without a scheme is asked by http.
  return { variable, proxy: value.includes('://') ? value : `http://${value}` }
}

/** Deno hides a variable by an error, unless the program has `--allow-env` for it. */
function visible(environment: Environment, name: string): string | undefined {
  try {
    return environment[name]
  } catch (error) {
    if (permissionRefusal(error) === undefined) throw error
    return undefined
  }
}

/** A proxy, and which variable names it. */
export interface EnvironmentProxy {
  readonly variable: string
  readonly proxy: string
}

/** A `FetchFunction` over undici. */
export function undiciFetch(options: UndiciFetchOptions = {}): FetchFunction {
  const { proxy = 'environment', connections, connectTimeout = 10_000 } = options
  if (connections !== undefined) checkInteger('connections', connections, 1)
  checkInteger('connectTimeout', connectTimeout, 1, 2 ** 31 - 1)
  if (proxy !== 'environment' && proxy !== 'none') checkProxy(proxy)
  checkCertificates(options.ca)
  const pins = pinsByHost(options.pins ?? {})
  const dispatchers = new Map<string | undefined, Promise<Dispatcher>>()

  function dispatcherFor(via: string | undefined): Promise<Dispatcher> {
    if (via !== undefined) checkProxy(via)
    let dispatcher = dispatchers.get(via)
    if (dispatcher === undefined) {
      dispatcher = createDispatcher(via, options, pins)
      dispatchers.set(via, dispatcher)
    }
    return dispatcher
  }

  return async (url, init) => {
    const { origin, path, headers } = requestParts(url, init)
    if (origin.protocol !== 'https:' && pins.has(hostOf(origin.hostname) ?? origin.hostname)) {
      throw new Error(`${origin.hostname} has pinned keys and is asked by https only`)
    }
    const { signal } = init
    const request = { origin: origin.origin, path, method: 'GET', headers, signal } as const
    const named = proxy === 'environment' ? environmentProxy(process.env, url) : undefined
    const given = proxy === 'environment' || proxy === 'none' ? undefined : proxy
    try {
      const dispatcher = await dispatcherFor(named?.proxy ?? given)
      const { statusCode: status, headers: answered, body } = await dispatcher.request(request)
      return await fetchAnswer({ url, status, headers: answered, body })
    } catch (error) {
      throw named && !signal.aborted ? proxyFailed(url, named, error) : error
    }
  }
}

/** Without the proxy's URL, which may contain a password. */
function proxyFailed(
  url: string,
  { variable }: EnvironmentProxy,
  cause: unknown,
): FetchFailedError {
  const reason = `the request through the proxy that ${variable} names failed`
  const error = new FetchFailedError(url, reason, { cause })
  error.origin = { from: 'proxy', url, variable }
  return error
}

/** The URL may contain a password, so errors must not show it, in their message or as a cause. */
function checkProxy(url: string): void {
  const scheme = URL.canParse(url) ? new URL(url).protocol : undefined
  if (scheme === 'http:' || scheme === 'https:') return
  throw new TypeError('the proxy is not the URL of an http or https proxy')
}

/** Node takes its own certificates for an empty text: all of them would be trusted. */
function checkCertificates(ca: string | undefined): void {
  if (ca === undefined || ca.includes('-----BEGIN ')) return
  throw new TypeError('ca contains no certificate in PEM')
}

async function createDispatcher(
  proxy: string | undefined,
  options: UndiciFetchOptions,
  pins: Pins,
): Promise<Dispatcher> {
  // Bun has modules of its own, without dispatchers, under the bare name.
  const { Agent, EnvHttpProxyAgent, Pool } = await import('undici/index.js')
  const { ca, http2 = false, connections, connectTimeout = 10_000 } = options
  const tls = {
    allowH2: http2,
    timeout: connectTimeout,
    ...(ca === undefined ? {} : { ca }),
    ...(pins.size === 0 ? {} : pinning(pins)),
  }
  const pool = connections === undefined ? {} : { connections }
  if (proxy === undefined) return new Agent({ ...pool, allowH2: http2, connect: tls })
  // NO_PROXY is heeded before.
  return new EnvHttpProxyAgent({
    ...pool,
    allowH2: http2,
    httpProxy: proxy,
    httpsProxy: proxy,
    noProxy: '',
    ...proxyToken(proxy),
    proxyTunnel: false,
    clientFactory: (origin, settings) => endingTunnels(new Pool(origin, settings)),
    requestTls: tls,
    connect: tls,
  })
}

/**
 * When a proxy closes the connection in place of an answer to CONNECT, undici takes its own code
 * for that as "connect again", for ever and without a pause.
 */
function endingTunnels(pool: Pool): Pool {
  const connect = pool.connect.bind(pool)
  return Object.assign(pool, {
    async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
      try {
        return await connect(options)
      } catch (cause) {
        if (!hasCode(cause, 'UND_ERR_SOCKET')) throw cause
        throw new Error('it closed the connection', { cause })
      }
    },
  })
}

/** undici itself sends a user name only with a password; curl sends it alone too. */
function proxyToken(proxy: string): { token?: string } {
  const { username, password } = new URL(proxy)
  if (username === '') return {}
  // A lone % stays: a password may have one.
  const user = `${username}:${password}`.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return { token: `Basic ${Buffer.from(user, 'latin1').toString('base64')}` }
}

function pinning(pins: Pins): PinningOptions {
  const { checkServerIdentity } = builtinModule('node:tls')
  return {
    // A resumed session is not checked again, and may be of a connection that was refused.
    maxCachedSessions: 0,
    // Without it the check below is made and its result ignored.
    rejectUnauthorized: true,
    checkServerIdentity(host, certificate) {
      const allowed = pins.get(hostOf(host) ?? host)
      const error = checkServerIdentity(host, certificate)
      if (error !== undefined || allowed === undefined) return error
      const key = new X509Certificate(certificate.raw).publicKey
      const spki = key.export({ type: 'spki', format: 'der' })
      if (allowed.includes(createHash('sha256').update(spki).digest('base64'))) return undefined
      return new Error(`the public key of ${host} is not one of those that are pinned`)
    },
  }
}

/** By host as a URL has it: an entry that no URL matches would silently not pin. */
function pinsByHost(given: NonNullable<UndiciFetchOptions['pins']>): Pins {
  const pins = new Map<string, readonly string[]>()
  for (const [name, keys] of Object.entries(given)) {
    const host = hostOf(name)
    if (host === undefined) throw new TypeError(`not a host name: ${JSON.stringify(name)}`)
    if (!isPinList(keys)) {
      throw new TypeError(`the pins of ${host} are not a list of SHA-256 digests in base64`)
    }
    pins.set(host, [...(pins.get(host) ?? []), ...keys])
  }
  return pins
}

/** A text in the place of the list would be taken for a list of letters. */
function isPinList(keys: unknown): boolean {
  const isDigest = (key: unknown): boolean =>
    typeof key === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(key)
  return Array.isArray(keys) && keys.every(isDigest)
}

function hostOf(name: string): string | undefined {
  // A pattern would match no host, and a URL is more than a host.
  if (/[*/?#@\\\s]/.test(name)) return undefined
  const address = `https://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}`
  if (!URL.canParse(address)) return undefined
  const { hostname, href } = new URL(address)
  // A dot at the end makes the name absolute: it is the same host.
  return href === `https://${hostname}/` ? hostname.replace(/\.+$/, '') : undefined
}
