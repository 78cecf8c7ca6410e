/** Fetchers as tuf-js has them: a URL into a temporary file, or into memory. */
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fetcher as Port, FetchReader, FetchResponse } from '../index.js'
import type { RetrySetting } from './config.js'
import { attemptFetcher } from './attempt-fetcher.js'
import { DownloadLengthMismatchError, translated, translating } from './errors.js'

/** Uses a downloaded file while it exists. */
export type DownloadHandler<T> = (file: string) => Promise<T>

/** Brings files; a program may have its own. */
export interface Fetcher {
  /** The temporary file is gone when the promise settles. */
  downloadFile<T>(url: string, maxLength: number, handler: DownloadHandler<T>): Promise<T>
  downloadBytes(url: string, maxLength: number): Promise<Uint8Array>
}

/**
 * A fetcher out of one method that opens a stream. It throws `DownloadHTTPError` for a status that
 * is not the file: 403 and 404 mean that the file does not exist.
 *
 * @example
 * ```ts runs
 * import { BaseFetcher, DownloadHTTPError } from 'tuffet/tuf-js'
 *
 * class OwnFetcher extends BaseFetcher {
 *   async fetch(url: string): Promise<ReadableStream<Uint8Array>> {
 *     const response = await fetch(url)
 *     if (response.ok && response.body) return response.body
 *     throw new DownloadHTTPError(`cannot fetch ${url}`, response.status)
 *   }
 * }
 * ```
 */
export abstract class BaseFetcher implements Fetcher {
  abstract fetch(url: string): Promise<ReadableStream<Uint8Array>>

  /** @throws DownloadLengthMismatchError at the first byte too many; the errors of `fetch` */
  async downloadFile<T>(url: string, maxLength: number, handler: DownloadHandler<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'tuffet-'))
    try {
      const path = join(folder, 'file')
      const file = await open(path, 'wx', 0o600)
      try {
        let length = 0
        for await (const chunk of chunksOf(await this.fetch(url))) {
          length += chunk.length
          if (length > maxLength) throw new DownloadLengthMismatchError('Max length reached')
          await file.writeFile(chunk)
        }
      } finally {
        await file.close()
      }
      return await handler(path)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** @throws as {@link downloadFile} */
  async downloadBytes(url: string, maxLength: number): Promise<Uint8Array> {
    return this.downloadFile(url, maxLength, (file) => readFile(file))
  }
}

/** Options of {@link DefaultFetcher}. */
export interface DefaultFetcherOptions {
  readonly userAgent?: string | undefined
  /** Milliseconds for one attempt; 0 or undefined: no time-out. */
  readonly timeout?: number | undefined
  readonly retry?: RetrySetting | undefined
}

/**
 * The fetcher that is used when none is given: `nodeFetcher`, with requests repeated.
 *
 * @example
 * ```ts runs
 * import { DefaultFetcher } from 'tuffet/tuf-js'
 *
 * const fetcher = new DefaultFetcher({ timeout: 5_000, retry: { retries: 2 } })
 * ```
 */
export class DefaultFetcher extends BaseFetcher {
  /** @internal */
  readonly port: Port

  /** @throws Error for a negative number of retries */
  constructor(options: DefaultFetcherOptions = {}) {
    super()
    this.port = attemptFetcher(options.userAgent, options.timeout, options.retry)
  }

  async fetch(url: string): Promise<ReadableStream<Uint8Array>> {
    const { signal } = new AbortController()
    return translating(async () =>
      streamOf(await this.port.fetch({ url, kind: 'metadata', signal })),
    )
  }
}

/** @internal Leaving the loop ends the request. */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader: FetchReader = stream.getReader()
  let ended = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      ended = done
      if (value === undefined) return
      yield value
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined)
  }
}

function streamOf({ body }: FetchResponse): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await chunks.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      } catch (error) {
        throw translated(error)
      }
    },
    async cancel() {
      await chunks.return?.()
    },
  })
}
