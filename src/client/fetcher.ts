/**
 * The Fetcher port. A fetcher brings bytes and only judges whether the file exists: the client
 * enforces caps, deadlines and the minimum rate around every fetcher.
 */

/** One request for bytes. */
export interface FetchRequest {
  /** Absolute, complete and already encoded: it is sent as it is. */
  readonly url: string
  /** Metadata may be asked for compressed; target files are asked for as they are. */
  readonly kind: 'metadata' | 'target'
  /** The media types to ask for (`Accept`). Default: any. */
  readonly accept?: string | undefined
  /**
   * The origins that a redirect may lead to, besides that of `url`. Default: any. A fetcher that hides
   * redirects may ignore it.
   */
  readonly redirectOrigins?: readonly string[] | undefined
  /** Continue at this byte; needs `validator`. Default 0. */
  readonly offset?: number | undefined
  /** The `validator` of the first answer (`If-Range`). */
  readonly validator?: string | undefined
  /**
   * The most bytes of the whole file, decompressed. The client counts them; a fetcher that keeps
   * the body in memory should stop there. Default: no known cap.
   */
  readonly maxLength?: number | undefined
  /** When it aborts, `fetch` and the reading of the body must end with its reason. */
  readonly signal: AbortSignal
}

/** How a server encoded a body for its transport (`Content-Encoding`). */
export interface EncodedBody {
  /** In lower case, such as `gzip`. */
  readonly coding: string
  /** The length of the encoded body in bytes, if the server states it. */
  readonly length?: number | undefined
  /** The bytes as they were sent. Not there where the runtime hides them, as `fetch` does. */
  readonly body?: AsyncIterable<Uint8Array> | undefined
}

/** The answer to a request. */
export interface FetchResponse {
  /** Where `body` starts: the requested offset, or 0 when the server starts again. */
  readonly offset: number
  /** A strong validator (ETag) of the served file, if the server sends one. */
  readonly validator?: string | undefined
  /** The length of `body` in bytes, if the server states it. It is only a hint. */
  readonly length?: number | undefined
  /**
   * Where redirects led, if anywhere else: for messages. The client shows it without user name,
   * password, query and fragment, and ignores one that is not a URL.
   */
  readonly url?: string | undefined
  /**
   * The bytes, decompressed. A chunk is the reader's: it does not change after it was given. Ending
   * the iteration early must release the connection.
   */
  readonly body: AsyncIterable<Uint8Array>
  /**
   * The same body before it was decompressed, when it was: a server may take the compression of an
   * archive for an encoding of its own. One of the two is read.
   */
  readonly encoded?: EncodedBody | undefined
}

/** Brings bytes. */
export interface Fetcher {
  /**
   * Throws `FetchNotFoundError` when the server says that the file does not exist (HTTP 404, or 403
   * unless configured otherwise), and `FetchFailedError` for every other failure to answer.
   */
  fetch(request: FetchRequest): Promise<FetchResponse>
}
