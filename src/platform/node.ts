/** The meaning of `#platform` on Node, Deno and Bun. */

export { nodeCryptography as defaultCryptography } from '../node/cryptography.js'
export { nodeEventOutlets as eventOutlets } from '../node/event-outlets.js'

import type { Fetcher } from '../client/fetcher.js'
import { nodeFetcher } from '../node/node-fetcher.js'

/** Over `node:http`, and over undici where the environment names a proxy. */
export function defaultFetcher(): Fetcher {
  return nodeFetcher()
}
