/** The connection to a worker, which each platform makes in its own way (`#worker`). */
import type { Port } from './channel.js'

/** A worker: `Worker` in browsers, that of `node:worker_threads` on Node, Deno and Bun. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: never[]): void
  terminate(): unknown
}

/** A started worker, and this side's end of its port. */
export interface Line {
  readonly port: Port
  /** Whether the process waits for the worker. */
  readonly hold: (isBusy: boolean) => void
  readonly terminate: () => unknown
}
