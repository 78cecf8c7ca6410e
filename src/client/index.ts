/**
 * The client without the defaults of a platform, for small bundles.
 *
 * @module tuffet/client
 */
export { memoryStore, type Store } from './store.js'
export { initializeStore, PortedUpdater, type PortedOptions } from './updater.js'
export { fetchFetcher } from './web-fetcher.js'
