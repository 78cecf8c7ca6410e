/** A fetcher of tuf-js as the port of this client. */
import { readFile } from 'node:fs/promises'
import { FetchFailedError, FetchNotFoundError } from '../errors.js'
import { retrying, type Fetcher as Port, type FetchRequest } from '../index.js'
import { carrying, DownloadHTTPError } from './errors.js'
import { BaseFetcher, chunksOf, DefaultFetcher, type Fetcher } from './fetcher.js'

/** Bytes, for a request that names no limit. */
const longestFile = Number.MAX_SAFE_INTEGER

/** A port, and what its guard can see. */
export interface FetcherPort {
  readonly port: Port
  /** Whether bytes show while they come; else the rate of a download cannot be judged. */
  readonly streams: boolean
}

/** @internal A fetcher of the application repeats requests by itself. */
export function portOf(fetcher: Fetcher): FetcherPort {
  if (fetcher instanceof DefaultFetcher) return { port: fetcher.port, streams: true }
  const stream = streamOf(fetcher)
  const open = stream ?? ((request: FetchRequest) => wholeFile(fetcher, request))
  const port: Port = {
    async fetch(request) {
      const body = await carried(request, () => open(request))
      return { offset: 0, body: bodyOf(request, body) }
    },
  }
  return { port: retrying(port, { retries: 0 }), streams: stream !== undefined }
}

type Chunks = AsyncIterable<Uint8Array>

/** Where only `fetch` is the application's, nothing goes through a temporary file. */
function streamOf(fetcher: Fetcher): ((request: FetchRequest) => Promise<Chunks>) | undefined {
  if (!(fetcher instanceof BaseFetcher)) return undefined
  if (fetcher.downloadFile !== BaseFetcher.prototype.downloadFile) return undefined
  if (fetcher.downloadBytes !== BaseFetcher.prototype.downloadBytes) return undefined
  return async ({ url }) => chunksOf(await fetcher.fetch(url))
}

/** As tuf-js asks: metadata in memory, a target as a file. */
async function wholeFile(
  fetcher: Fetcher,
  { url, kind, maxLength = longestFile }: FetchRequest,
): Promise<Chunks> {
  const bytes =
    kind === 'metadata'
      ? await fetcher.downloadBytes(url, maxLength)
      : await fetcher.downloadFile(url, maxLength, (file) => readFile(file))
  return onePiece(new Uint8Array(bytes))
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}

async function* bodyOf(
  request: FetchRequest,
  chunks: Chunks,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await carried(request, () => iterator.next())
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}

/** The application's errors pass through this client as ones that it knows. */
async function carried<T>({ url, signal }: FetchRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    const status = error instanceof DownloadHTTPError ? error.statusCode : undefined
    throw status === 403 || status === 404
      ? carrying(new FetchNotFoundError(url, status), error)
      : carrying(
          new FetchFailedError(url, 'the fetcher failed', { cause: error, transient: false }),
          error,
        )
  }
}
