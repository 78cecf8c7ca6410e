/**
 * The thread's side: a program in a worker that answers a `WorkerUpdater`.
 *
 * @module tuffet/worker/thread
 */
import { pagePort } from '#thread'
import type { ThreadOptions } from './options.js'
import { ServedUpdater } from './served-updater.js'

export type { ThreadOptions } from './options.js'

/**
 * Answers the `WorkerUpdater` that this worker was given to. Programs need it where their bundler
 * leaves out the package's own worker, and for functions, which cannot be sent to a thread.
 *
 * @example
 * ```ts
 * import { jcs } from 'tuffet/jcs'
 * import { serveUpdater } from 'tuffet/worker/thread'
 *
 * // new WorkerUpdater({ worker: new Worker(new URL('./this-file.js', import.meta.url)), … })
 * serveUpdater({ canonicalForm: jcs })
 * ```
 */
export function serveUpdater(options: ThreadOptions = {}): void {
  pagePort((port) => new ServedUpdater(port, options))
}
