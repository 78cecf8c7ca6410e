/** The error of a thread. */
import { TufError } from './base.js'

/** The worker of a `WorkerUpdater` ended, or the updater was closed. A new updater starts a new one. */
export class WorkerEndedError extends TufError {
  readonly code = 'ERR_TUF_WORKER_ENDED'
  /** Whether the program closed it; else `cause` says how it ended. */
  readonly closed: boolean

  constructor(closed: boolean, options?: ErrorOptions) {
    super(closed ? 'the updater was closed' : 'the worker of the updater ended', options)
    this.closed = closed
  }
}
