/**
 * An updater in a thread of its own, for programs whose event loop must not wait for large metadata.
 *
 * @module tuffet/worker
 */
export type { WorkerLike } from './line.js'
export type { WorkerDownload } from './options.js'
export { WorkerRepository, type WorkerDownloadOptions } from './repository.js'
export { WorkerUpdater, type WorkerUpdaterOptions } from './updater.js'
