/** What `#platform` means on Node, Deno and Bun. */

export { nodeCryptography as defaultCryptography } from '../node/cryptography.js'

import { fetchFetcher } from '../client/web-fetcher.js'
import type { Fetcher } from '../client/fetcher.js'

/** Over the runtime's own `fetch`. */
export function defaultFetcher(): Fetcher {
  return fetchFetcher()
}
