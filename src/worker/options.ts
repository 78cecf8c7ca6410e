/** Types of options and answers that page and thread share. */
import type { UpdaterOptions } from '../client/updater.js'

/** The options that are functions, which cannot be sent to a thread. */
export type ThreadOptions = Pick<UpdaterOptions, 'cryptography' | 'canonicalForm'>

/** The result of a download to disk. */
export interface WorkerDownload {
  /** False when the destination was already right, so that no request was made. */
  readonly fetched: boolean
}
