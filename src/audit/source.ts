/** The files of the repository, fetched within the limits of the audit. It judges none. */
import { createGuard, type GuardOptions } from '../client/guard.js'
import { fetchBytes } from '../client/fetch-bytes.js'
import type { Fetcher } from '../client/fetcher.js'
import { resolveLimits } from '../client/limits.js'
import { systemClock } from '../client/clock.js'
import { joinUrl } from '../core/names.js'
import { isTufError } from '../errors.js'
import type { AuditLimits } from './options.js'

/** The audit reached one of its limits; the rest is not asked for. */
export class LimitReached extends Error {
  readonly limit: keyof AuditLimits

  constructor(limit: keyof AuditLimits, most: number) {
    super(`the audit's limit ${limit} of ${most} is reached`)
    this.limit = limit
  }

  override get name(): string {
    return 'LimitReached'
  }
}

/** The beginning of an answer. */
export interface Beginning {
  /** The length that the server states. */
  readonly length: number | undefined
}

export class Source {
  readonly #fetcher: Fetcher
  readonly #limits: AuditLimits
  readonly #signal: AbortSignal
  readonly #metadataUrl: string
  readonly #end: number
  readonly #endTimer: () => void
  #over: LimitReached | undefined
  /** One listener for all requests: a signal warns of many. */
  readonly #running = new Set<AbortController>()
  requests = 0
  bytes = 0

  constructor(fetcher: Fetcher, metadataUrl: string, limits: AuditLimits, signal: AbortSignal) {
    this.#fetcher = fetcher
    this.#metadataUrl = metadataUrl
    this.#limits = limits
    this.#signal = signal
    this.#end = systemClock.now() + limits.time
    signal.addEventListener('abort', this.#abort)
    this.#endTimer = systemClock.setTimer(Math.min(limits.time, longestTimer), () => {
      this.#over = new LimitReached('time', limits.time)
      this.#stop(this.#over)
    })
  }

  readonly #abort = (): void => {
    this.#stop(this.#signal.reason)
  }

  /** Ends the requests that are running: one server may stretch an answer for hours. */
  readonly #stop = (reason: unknown): void => {
    for (const one of this.#running) one.abort(reason)
  }

  /** At the end of the audit, also of one that a limit ended: no request goes on behind the report. */
  close(): void {
    this.#stop(new Error('the audit is over'))
    this.#endTimer()
    this.#signal.removeEventListener('abort', this.#abort)
  }

  get signal(): AbortSignal {
    return this.#signal
  }

  /**
   * A metadata file, or undefined when the server does not have it.
   *
   * @throws FetchError; LimitReached
   */
  async metadata(name: string): Promise<Uint8Array | undefined> {
    const url = joinUrl(this.#metadataUrl, name)
    return this.#request(this.#limits.fileLength, async (guarded) => {
      const deadline = rates.metadataDeadline
      const bytes = await fetchBytes(this.#fetcher, url, { ...guarded, kind: 'metadata', deadline })
      this.#received(bytes.length)
      return bytes
    })
  }

  /**
   * Asks for a target file, and ends the answer before its body: the port knows no HEAD, and servers
   * answer one in other ways than the GET of clients.
   *
   * @returns undefined when the server does not have it
   * @throws FetchError; LimitReached
   */
  async ask(url: string, length: number): Promise<Beginning | undefined> {
    return this.#request(length, async (guarded) => {
      const guard = createGuard({ ...guarded, deadline: rates.metadataDeadline })
      try {
        const body = await guard.open(this.#fetcher, { url, kind: 'target', length })
        body.close()
        return { length: body.length }
      } finally {
        guard.close()
      }
    })
  }

  /**
   * A target file, in pieces.
   *
   * @returns false when the server does not have it
   * @throws FetchError; LimitReached
   */
  async read(url: string, length: number, take: (chunk: Uint8Array) => void): Promise<boolean> {
    const all = await this.#request(length, async (guarded) => {
      const guard = createGuard(guarded)
      try {
        const body = await guard.open(this.#fetcher, { url, kind: 'target', length })
        for (;;) {
          const chunk = await body.next()
          if (chunk === undefined) return true
          this.#received(chunk.length)
          take(chunk)
        }
      } finally {
        guard.close()
      }
    })
    return all ?? false
  }

  /** @throws LimitReached; the signal's reason */
  checkTime(): void {
    this.#signal.throwIfAborted()
    if (this.#over) throw this.#over
    if (systemClock.now() > this.#end) throw new LimitReached('time', this.#limits.time)
  }

  #count(): void {
    this.checkTime()
    if (this.requests >= this.#limits.requests) {
      throw new LimitReached('requests', this.#limits.requests)
    }
    this.requests += 1
  }

  #received(count: number): void {
    this.checkTime()
    this.bytes += count
    if (this.bytes > this.#limits.bytes) throw new LimitReached('bytes', this.#limits.bytes)
  }

  /** Counted, and ended with the audit. Undefined for a file that is not there. */
  async #request<T>(
    maxLength: number,
    work: (guarded: GuardOptions) => Promise<T>,
  ): Promise<T | undefined> {
    this.#count()
    const controller = new AbortController()
    const { minimumRate, rateWindow } = rates
    this.#running.add(controller)
    try {
      return await work({ maxLength, minimumRate, rateWindow, signal: controller.signal })
    } catch (error) {
      if (isTufError(error) && error.code === 'ERR_TUF_FETCH_NOT_FOUND') return undefined
      throw error
    } finally {
      this.#running.delete(controller)
    }
  }
}

const rates = resolveLimits()

/** Milliseconds; a longer timer fires at once. */
const longestTimer = 2 ** 31 - 1
