/**
 * Metadata from nearby: a mirror, or another client's store, is asked before the repository. Rules:
 * - only files with a version in their name are asked for there: the newest timestamp, and whether
 *   there is a newer root, is for the repository to say;
 * - nothing from there is believed: the cycle judges it as if the network had brought it;
 * - if the cycle refuses a file, it runs again without that place;
 * - a place that fails is not asked again, so that a slow one costs one deadline.
 */
import type { NetworkRequest } from '../core/cycle/request.js'
import { isTufError, RepositoryError, SnapshotGoneError, type TufError } from '../errors.js'
import type { OnEvent } from './events.js'
import { fetchBytes } from './fetch-bytes.js'
import type { Fetcher } from './fetcher.js'
import type { Limits } from './limits.js'

/** The part of a driver's ports that is used. */
interface BelowPorts {
  readonly limits: Limits
  readonly onEvent: OnEvent
}

/** The place below, for as long as a client lives. */
export class Below {
  readonly #fetcher: Fetcher
  #failed = false

  constructor(fetcher: Fetcher) {
    this.#fetcher = fetcher
  }

  /**
   * For one run of a cycle.
   *
   * @param used whether a file that the run begins with may be from there
   */
  begin(used: boolean): BelowRun {
    return {
      wasUsed: () => used,
      take: async (request, url, ports, signal) => {
        if (this.#failed || !isVersioned(request)) return undefined
        const bytes = await this.#take(request, url, ports, signal)
        used ||= bytes !== undefined
        return bytes
      },
    }
  }

  async #take(
    { maxLength }: NetworkRequest,
    url: string,
    { limits, onEvent }: BelowPorts,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | undefined> {
    const { metadataDeadline: deadline, minimumRate, rateWindow } = limits
    const options = { maxLength, deadline, minimumRate, rateWindow, signal }
    try {
      const bytes = await fetchBytes(this.#fetcher, url, { kind: 'metadata', ...options })
      onEvent({ type: 'from-below', url, length: bytes.length })
      return bytes
    } catch (error) {
      signal?.throwIfAborted()
      if (!isTufError(error)) throw error
      if (error.code === 'ERR_TUF_FETCH_NOT_FOUND') return undefined
      this.#failed = true
      onEvent({ type: 'below-not-used', error })
      return undefined
    }
  }
}

/** See {@link Below.begin}. */
export interface BelowRun {
  /** Whether any file came from there. */
  wasUsed(): boolean
  /** The bytes of a file, or undefined where the repository must be asked. */
  take(
    request: NetworkRequest,
    url: string,
    ports: BelowPorts,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | undefined>
}

/** The name says which version it is, so a file from anywhere is the right one or none. */
function isVersioned({ fetch }: NetworkRequest): boolean {
  return /^\d+\./.test(fetch)
}

/**
 * Runs `work`, and once more without the place below if a file from there may be at fault.
 *
 * @param used as in {@link Below.begin}
 */
export async function preferringBelow<T>(
  below: Below | undefined,
  onEvent: OnEvent,
  work: (run: BelowRun | undefined) => Promise<T>,
  used = false,
): Promise<T> {
  const run = below?.begin(used)
  try {
    return await work(run)
  } catch (error) {
    if (run?.wasUsed() !== true || !isRefusal(error)) throw error
    onEvent({ type: 'below-not-used', error })
    return work(undefined)
  }
}

/** A file of the snapshot that is gone was asked for at the repository. */
function isRefusal(error: unknown): error is TufError {
  return error instanceof RepositoryError && !(error instanceof SnapshotGoneError)
}
