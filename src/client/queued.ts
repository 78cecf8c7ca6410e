/**
 * A fetcher with a bounded number of connections tells the guard when a request waits for one: this
 * wait is not the server's silence. The request's signal says which guard counts.
 */

const watchers = new WeakMap<AbortSignal, (waits: boolean) => void>()

/** Calls `watcher` with true when the request with this signal begins to wait, then with false. */
export function watchQueue(signal: AbortSignal, watcher: (waits: boolean) => void): void {
  watchers.set(signal, watcher)
}

/** Tells the watcher of a request, if it has one. */
export function noteQueued(signal: AbortSignal, waits: boolean): void {
  watchers.get(signal)?.(waits)
}
