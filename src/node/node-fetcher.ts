/** The fetcher for Node: over the cheapest client that supports the given options. */
import type { Fetcher } from '../client/fetcher.js'
import {
  fetchFetcher,
  type FetchFetcherOptions,
  type FetchFunction,
} from '../client/web-fetcher.js'
import { ConnectionPool } from './connection-pool.js'
import { httpFetch, httpFetchTrusting } from './http-fetch.js'
import { environmentProxy, undiciFetch, type UndiciFetchOptions } from './undici-fetch.js'

/** Options of {@link nodeFetcher}; all optional. */
export interface NodeFetcherOptions
  extends Omit<FetchFetcherOptions, 'fetch' | 'bare'>, UndiciFetchOptions {}

/**
 * A fetcher over `node:http`, or over undici when an option or a proxy in the environment needs it.
 * Deno and Bun use their own `fetch` instead of `node:http`. Where Deno's permissions hide the
 * environment, its `fetch` still obeys the proxies named there; undici needs `--allow-env`.
 *
 * Throws as {@link fetchFetcher} does; `TypeError` at once for a proxy, pins or certificates that
 * cannot be used.
 *
 * @example
 * ```ts runs
 * import { nodeFetcher } from 'tuffet/node'
 *
 * const fetcher = nodeFetcher({ proxy: 'http://proxy.example.com:8080' })
 * ```
 */
export function nodeFetcher(options: NodeFetcherOptions = {}): Fetcher {
  const { proxy = 'environment', pins, ca, http2, connections, connectTimeout } = options
  const special = [pins, http2, connectTimeout].some((value) => value !== undefined)
  const overUndici = undiciFetch(options)
  const limited = connections === undefined ? undefined : overUndici
  const plain = isNode() ? bareFetch(ca, connections) : (limited ?? globalFetch)

  function needsUndici(url: string): boolean {
    if (special || (ca !== undefined && !isNode() && new URL(url).protocol === 'https:'))
      return true
    if (proxy === 'environment') return environmentProxy(process.env, url) !== undefined
    // The `fetch` of Deno and Bun obeys the environment in any case.
    return proxy !== 'none' || !isNode()
  }

  return fetchFetcher({
    ...options,
    bare: isNode(),
    fetch: (url, init) => (needsUndici(url) ? overUndici : plain)(url, init),
  })
}

const globalFetch: FetchFunction = (url, init) => globalThis.fetch(url, init)

function bareFetch(ca: string | undefined, connections: number | undefined): FetchFunction {
  const pool = connections === undefined ? undefined : new ConnectionPool(connections)
  if (ca !== undefined) return httpFetchTrusting(ca, pool)
  return pool === undefined ? httpFetch : (url, init) => httpFetch(url, init, pool)
}

function isNode(): boolean {
  return !('Deno' in globalThis || 'Bun' in globalThis)
}
