/** The verifying proxy: an index on loopback that serves only the repository's files. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { JudgeFile } from '../../attestations/judge.js'
import { guarded } from '../../client/callback.js'
import { systemClock, type Clock } from '../../client/clock.js'
import { checkInteger, checkNumber } from '../../core/number-option.js'
import type { Layout } from '../layouts.js'
import {
  admit,
  isToken,
  notAWay,
  prefixOf,
  Uninvited,
  withoutSecret,
  type Admission,
} from './admission.js'
import { isLoopback } from './allowed-host.js'
import { watchClient } from './client-left.js'
import { CurrentView, type RepositorySource } from './current-view.js'
import { keepWaiting } from './keep-waiting.js'
import { headerText, Refused, refusalOf, sendRefusal, type ProxyRefusal } from './refusal.js'
import { answer, asksForPage, type RouteContext } from './routes.js'
import { Spool, type SpoolOptions } from './spool.js'

/** Lets {@link startProxy} listen where other machines reach it. */
export const allowRemote: unique symbol = Symbol('tuffet.allowRemote')

/** How a proxy is started. */
export interface ProxyOptions {
  /** An `Updater`, or a source of an index without signatures (`unsigned`). */
  readonly updater: RepositorySource
  readonly layout: Layout
  /**
   * Makes a judge of attestations for each new view, with `attestationJudge` for example. Default:
   * attestations do not count.
   */
  readonly judge?: ((signal: AbortSignal) => Promise<JudgeFile>) | undefined
  /** As in {@link PypiViewOptions}: needs `judge`. */
  readonly unsigned?: boolean | undefined
  /** Default: any free port. */
  readonly port?: number | undefined
  /** The address to listen on. Default `127.0.0.1`; another than loopback needs {@link allowRemote}. */
  readonly host?: string | undefined
  readonly [allowRemote]?: boolean | undefined
  /**
   * Names besides `localhost` and addresses by which clients call the proxy. A request with another
   * `Host` is refused: a page in a browser could make it.
   */
  readonly hostnames?: readonly string[] | undefined
  /**
   * A secret that begins every path: 16 to 200 of `A-Z a-z 0-9 _ -`. Without it other users of the
   * machine can read from the proxy. Requests that lack it are answered with 404, and are not
   * reported. Default: no token.
   */
  readonly token?: string | undefined
  /**
   * How old a view of the repository may be, in milliseconds; 0: a new one for every request.
   * Default: one view for as long as the proxy runs.
   */
  readonly interval?: number | undefined
  /** Where files are kept from their download until they are sent. */
  readonly spool?: SpoolOptions | undefined
  /** The longest file whose length its page does not state, in bytes. Default 2,000,000,000. */
  readonly maxUnsizedLength?: number | undefined
  /**
   * Called for each request that is refused, or broken off, without the token in its path; with the
   * status 499 for one whose client left after a second or more without an answer. An error that it
   * throws becomes a warning.
   */
  readonly onRefusal?: ((refusal: ProxyRefusal) => void) | undefined
  /**
   * Called for each page that is sent without some of its files, with their names: the proxy would
   * refuse them. An error that it throws becomes a warning.
   */
  readonly onLeftOut?: ((project: string, filenames: readonly string[]) => void) | undefined
  /** Ends the first refresh with its reason. */
  readonly signal?: AbortSignal | undefined
  /** @internal */
  readonly clock?: Pick<Clock, 'now'> | undefined
}

/** A running proxy. */
export interface Proxy {
  /** `http://127.0.0.1:8000`, without a path. */
  readonly origin: string
  /** The index URL for installers; the token is in it. */
  readonly indexUrl: string
  /**
   * Takes no new connection, and breaks connections and downloads that have not ended after `grace`
   * milliseconds (default 1,000). A download that began continues after its client left, so that its verdict
   * is reported; a broken one is reported as a refusal with the status 503.
   */
  close(grace?: number): Promise<void>
}

/**
 * Refreshes once, and starts to answer. It answers requests for itself only, and never connects to
 * other hosts for a client.
 *
 * @throws the errors of `Updater.refresh`; the system's error when it cannot listen or list the
 *   spool's folder; TypeError for an address beyond loopback without {@link allowRemote};
 *   RangeError for an invalid interval or token
 *
 * @example
 * ```ts
 * import { pagesLayout, startProxy } from 'tuffet/pypi'
 * import { Updater } from 'tuffet'
 *
 * async function serveIndex(updater: Updater): Promise<void> {
 *   const proxy = await startProxy({ updater, layout: pagesLayout() })
 *   console.log(`pip install --index-url ${proxy.indexUrl} requests`)
 * }
 * ```
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { updater, layout, port = 0, host = '127.0.0.1', interval } = options
  const remote = options[allowRemote] === true
  if (!remote && !isLoopback(host)) {
    throw new TypeError(`${host} is not loopback: others would reach the proxy`)
  }
  checkInteger('port', port, 0, 65_535)
  checkNumber('interval', interval ?? 0, 0, Infinity)
  const spool = new Spool(options.spool)
  const { maxUnsizedLength = 2_000_000_000, token, judge, unsigned, clock = systemClock } = options
  if (token !== undefined && !isToken(token)) {
    throw new RangeError('a token consists of 16 to 200 letters, digits, _ and -')
  }
  const views = new CurrentView({
    updater,
    layout,
    limits: { maxUnsizedLength, unsigned },
    judge,
    interval,
    clock: () => clock.now(),
  })
  await spool.sweep()
  await views.get(options.signal ?? new AbortController().signal)
  const onLeftOut = guarded('onLeftOut', options.onLeftOut)
  const context = { views, spool, prefix: prefixOf(options), onLeftOut }
  const listener = new Listener(context, options, remote)
  await listener.listen(port, host)
  return listener
}

const noVerdict = 'the proxy closed before the file was verified'

/** Headers of the answers that Node does not write. */
const noBody = 'x-content-type-options: nosniff\r\ncontent-length: 0\r\n'

class Listener implements Proxy {
  readonly #server: Server
  readonly #context: RouteContext
  readonly #options: ProxyOptions
  readonly #remote: boolean
  readonly #tunnels = new Set<Duplex>()
  /** They continue when their client leaves. */
  readonly #answering = new Set<Promise<void>>()
  #origin = ''

  constructor(context: RouteContext, options: ProxyOptions, remote: boolean) {
    this.#context = context
    this.#options = options
    this.#remote = remote
    // A request without a Host is answered as one with a wrong one.
    this.#server = createServer({ requireHostHeader: false }, (request, response) => {
      const answering = this.#handle(request, response)
      this.#answering.add(answering)
      void answering.finally(() => this.#answering.delete(answering))
    })
    this.#server.on('clientError', (_, socket) => {
      if (socket.writable)
        socket.end(`HTTP/1.1 400 Bad Request\r\n${noBody}connection: close\r\n\r\n`)
      else socket.destroy()
    })
    this.#server.on('connect', (request: IncomingMessage, socket: Duplex) => {
      this.#refuseTunnel(request, socket)
    })
  }

  get origin(): string {
    return this.#origin
  }

  get indexUrl(): string {
    return `${this.#origin}${this.#context.prefix}/simple/`
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, resolve)
    })
    const address = this.#server.address()
    if (typeof address !== 'object' || !address) throw new TypeError('the proxy has no address')
    this.#origin = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  }

  async close(grace = 1_000): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    for (const socket of this.#tunnels) socket.destroy()
    this.#server.closeIdleConnections()
    const { spool } = this.#context
    const timer = setTimeout(() => {
      this.#server.closeAllConnections()
      void spool.close()
    }, grace)
    await closed
    await Promise.all(this.#answering)
    clearTimeout(timer)
    await spool.close()
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = watchClient(response, this.#options.clock ?? systemClock, (left) => {
      // At its end the proxy itself closes connections.
      if (this.#server.listening) this.#report(refusalOf(this.#shown(request), left))
    })
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('cross-origin-resource-policy', 'same-origin')
    response.setHeader('allow', 'GET, HEAD')
    if (!this.#server.listening) response.setHeader('connection', 'close')
    let stopWaiting
    try {
      request.url = admit(request, this.#admission)
      stopWaiting = keepWaiting(response)
      await answer(this.#context, { request, response, signal: gone })
    } catch (error) {
      const ended = [gone, this.#context.spool.signal]
      const end = ended.find(({ aborted, reason }) => aborted && error === reason)
      if (end === gone) {
        response.destroy()
        return
      }
      const refusal = refusalOf(
        this.#shown(request),
        end ? new Refused(503, noVerdict, { cause: error }) : error,
      )
      if (!(error instanceof Uninvited)) this.#report(refusal)
      // The operator learns of it even after the client left.
      if (response.headersSent || response.destroyed) {
        response.destroy()
        return
      }
      const page = asksForPage(request)
      sendRefusal(response, refusal, { page, userAgent: request.headers['user-agent'] })
    } finally {
      stopWaiting?.()
    }
  }

  #shown({ url = '' }: IncomingMessage): string {
    return withoutSecret(url, this.#options)
  }

  get #admission(): Admission {
    const { hostnames = [], token } = this.#options
    return {
      origin: this.#origin,
      remote: this.#remote,
      hostnames,
      ...(token !== undefined && { token }),
    }
  }

  #refuseTunnel(request: IncomingMessage, socket: Duplex): void {
    this.#tunnels.add(socket)
    socket.once('close', () => this.#tunnels.delete(socket))
    // It may be gone already: then an answer is not needed.
    socket.on('error', () => socket.destroy())
    const { status, reason } = this.#report(refusalOf(request.url ?? '', notAWay()))
    const answer = `HTTP/1.1 ${status} ${headerText(`tuffet: ${reason}`)}\r\n${noBody}\r\n`
    // A client that does not close its side would keep the socket for ever.
    socket.end(answer, () => socket.destroy())
    // Unread input would turn the end into a reset, and the answer could be lost.
    socket.resume()
  }

  /** A callback that fails must not leave the client without an answer. */
  #report(refusal: ProxyRefusal): ProxyRefusal {
    guarded('onRefusal', this.#options.onRefusal)(refusal)
    return refusal
  }
}
