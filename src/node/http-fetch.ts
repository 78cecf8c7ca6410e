/**
 * As much of `fetch` as the fetcher uses, over `node:http` and `node:https`: cheaper to start and
 * to run than the global one (docs/adr/0004-http-client.md), and the path is sent as it is given.
 */
import type { Agent, IncomingMessage, request as Request } from 'node:http'
import type { FetchAnswer, FetchFunction, FetchInit } from '../client/web-fetcher.js'
import { builtinModule } from './builtin-module.js'
import type { ConnectionPool, PooledConnection } from './connection-pool.js'
import { fetchAnswer } from './stream-answer.js'
import { hasCode } from './system-error.js'
import { agentsTrusting, type TrustingAgents } from './trusting-agents.js'

interface Loaded {
  readonly request: typeof Request
  readonly Agent: new (options: object) => Agent
  readonly globalAgent: Agent
}

/** By protocol: the loader need not be asked again for each request. */
const loaded = new Map<string, Loaded>()

function moduleFor(protocol: string): Loaded {
  let module = loaded.get(protocol)
  if (module !== undefined) return module
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`neither http nor https: ${protocol}`)
  }
  module = builtinModule(`node:${protocol === 'http:' ? 'http' : 'https'}`)
  loaded.set(protocol, module)
  return module
}

/** By protocol. */
const direct = new Map<string, Agent>()

/**
 * Node's global agent, or one like it: with `NODE_USE_ENV_PROXY` Node's own asks a proxy, and
 * requests that come here are to be made without one.
 */
function agentFor({ Agent, globalAgent }: Loaded, protocol: string): Agent | undefined {
  const { options }: { options?: { proxyEnv?: unknown } } = globalAgent as object
  if (options?.proxyEnv === undefined) return undefined
  let agent = direct.get(protocol)
  if (agent === undefined) {
    agent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5_000 })
    direct.set(protocol, agent)
  }
  return agent
}

/**
 * A `FetchFunction`. The modules are loaded by the first request that needs them.
 *
 * @param pool the connections; default: as many as there are requests
 */
export function httpFetch(
  url: string,
  init: FetchInit,
  pool?: ConnectionPool,
): Promise<FetchAnswer> {
  return fetchThrough(url, init, pool)
}

/** {@link httpFetch}, where https trusts the certificates in `ca` (PEM) instead of the runtime's. */
export function httpFetchTrusting(ca: string, pool?: ConnectionPool): FetchFunction {
  let agents: TrustingAgents | undefined
  return async (url, init) => {
    if (new URL(url).protocol !== 'https:') return fetchThrough(url, init, pool)
    return fetchThrough(url, init, pool, (agents ??= agentsTrusting(ca)))
  }
}

async function fetchThrough(
  url: string,
  init: FetchInit,
  pool: ConnectionPool | undefined,
  agents?: TrustingAgents,
): Promise<FetchAnswer> {
  const parts = requestParts(url, init)
  const { protocol } = parts.origin
  const module = moduleFor(protocol)
  const shared = agents?.shared ?? agentFor(module, protocol)
  const connection = await pool?.take(parts.origin.origin, init.signal)
  try {
    const response = await send(module.request, parts, init.signal, { connection, agents, shared })
    const { statusCode: status = 0, headers } = response
    return await fetchAnswer({ url, status, headers, body: response })
  } catch (error) {
    connection?.leave()
    throw error
  }
}

interface RequestParts {
  readonly origin: URL
  readonly path: string
  readonly headers: Record<string, string>
}

/** @internal The request's options, with the path exactly as in `url`. */
export function requestParts(url: string, init: FetchInit): RequestParts {
  const origin = new URL(url)
  const rest = url
    .trim()
    .replace(/^[^/\\]*[/\\]{2}[^/\\?#]*/, '')
    .replace(/#.*$/s, '')
  return {
    origin,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    headers: { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': 'tuffet', ...init.headers },
  }
}

interface Sending {
  readonly connection: PooledConnection | undefined
  readonly agents: TrustingAgents | undefined
  /** Default: Node's global one. */
  readonly shared: Agent | undefined
  /** Whether it is the second attempt. */
  readonly again?: boolean
}

function send(
  request: typeof Request,
  parts: RequestParts,
  signal: AbortSignal,
  { connection, agents, shared, again = false }: Sending,
): Promise<IncomingMessage> {
  const { origin, path, headers } = parts
  return new Promise((resolve, reject) => {
    const sent = request({
      protocol: origin.protocol,
      hostname: origin.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: origin.port,
      path,
      headers,
      // A connection of its own for the second attempt.
      agent: again ? (agents?.single() ?? false) : shared,
    })
    let answered = false
    let repeated = false
    sent.once('response', (response) => {
      answered = true
      connection?.answered(sent.shouldKeepAlive || again)
      resolve(response)
    })
    sent.on('error', (error) => {
      // The server closed an idle connection at the moment it was used again.
      const idle = sent.reusedSocket && hasCode(error, 'ECONNRESET', 'EPIPE')
      if (idle && !answered && !again && !signal.aborted) {
        repeated = true
        resolve(send(request, parts, signal, { connection, agents, shared, again: true }))
      } else {
        // After an answer the body reports the error to its reader.
        reject(error)
      }
    })
    // As the option `signal` does, which also watches the stream, at a cost that a small file feels.
    const abort = (): void => void sent.destroy(new Error('aborted', { cause: signal.reason }))
    signal.addEventListener('abort', abort, { once: true })
    sent.once('close', () => {
      signal.removeEventListener('abort', abort)
      if (!repeated) connection?.leave()
      // An unrequested upgrade is neither an answer nor an error.
      reject(new Error('closed without an answer'))
    })
    sent.end()
    if (signal.aborted) abort()
  })
}
