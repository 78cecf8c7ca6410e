/** The meaning of `#platform` in browsers and workers. */

export { nobleCryptography as defaultCryptography } from '../web/cryptography.js'

import { fetchFetcher } from '../client/web-fetcher.js'
import type { EventOutlets } from '../client/events.js'
import type { Fetcher } from '../client/fetcher.js'

/** Events go to `onEvent` alone. */
export const eventOutlets: EventOutlets = {
  publish: () => undefined,
  isWanted: () => false,
  print: () => undefined,
}

/** Over the runtime's own `fetch`. */
export function defaultFetcher(): Fetcher {
  return fetchFetcher()
}
