/** An answer of `node:http` or undici in the shape of `fetch`'s, with few steps for each chunk. */
import { pipeline, type Readable } from 'node:stream'
import type { FetchAnswer, FetchReader } from '../client/web-fetcher.js'

/** Chunks that wait to be read before the connection has to wait. */
const mostWaiting = 16

/** @internal An answer as it came, body not yet decompressed. */
export interface RawAnswer {
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Readable
}

/** @internal Decompresses what was asked for: gzip, and nothing else. */
export async function fetchAnswer({ url, status, headers, body }: RawAnswer): Promise<FetchAnswer> {
  const get = (name: string): string | null => {
    const value = headers[name]
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
  }
  // From here on somebody listens for its errors.
  const plain = new StreamReader(body)
  // Names of codings have no case, and this one has two (RFC 9110, 8.4.1).
  const coding = (get('content-encoding') ?? 'identity').trim().toLowerCase()
  const encoding = coding === 'x-gzip' ? 'gzip' : coding
  const decoded = encoding === 'gzip' ? new StreamReader(await gunzip(body)) : plain
  const getReader = (): FetchReader => {
    if (decoded !== plain || encoding === 'identity') return decoded
    body.destroy()
    throw new Error(`the content-encoding ${JSON.stringify(encoding)} was not asked for`)
  }
  return { status, url, headers: { get }, body: { getReader } }
}

async function gunzip(body: Readable): Promise<Readable> {
  const { createGunzip } = await import('node:zlib')
  // Errors and the end of either are those of the other; the reader hears of them.
  return pipeline(body, createGunzip({ chunkSize: 65_536 }), () => undefined)
}

type ReadResult = Awaited<ReturnType<FetchReader['read']>>

/** Chunks by events: an async iterator of a stream costs several promises for each. */
class StreamReader implements FetchReader {
  readonly #stream: Readable
  readonly #chunks: Uint8Array[] = []
  #started = false
  #end: { readonly error: Error | undefined } | undefined
  #wake: (() => void) | undefined

  constructor(stream: Readable) {
    this.#stream = stream
    stream.once('error', (error) => this.#finish(error))
    stream.once('end', () => this.#finish(undefined))
    stream.once('close', () => this.#finish(new Error('closed before its end')))
  }

  async read(): Promise<ReadResult> {
    if (!this.#started) this.#start()
    for (;;) {
      const value = this.#chunks.shift()
      if (value !== undefined) {
        if (this.#chunks.length === 0 && this.#stream.isPaused()) this.#stream.resume()
        return { done: false, value }
      }
      if (this.#end?.error !== undefined) throw this.#end.error
      if (this.#end !== undefined) return { done: true }
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  cancel(): Promise<void> {
    this.#stream.destroy()
    return Promise.resolve()
  }

  #start(): void {
    this.#started = true
    this.#stream.on('data', (chunk: Uint8Array) => {
      this.#chunks.push(chunk)
      if (this.#chunks.length >= mostWaiting) this.#stream.pause()
      this.#awake()
    })
  }

  #finish(error: Error | undefined): void {
    this.#end ??= { error }
    this.#awake()
  }

  #awake(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
