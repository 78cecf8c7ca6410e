/** An answer of `node:http` or undici in the shape of `fetch`'s, with few steps for each chunk. */
import { pipeline, type Readable } from 'node:stream'
import type { createGunzip as CreateGunzip } from 'node:zlib'
import { codingOf } from '../client/answer-headers.js'
import { shownUrl } from '../client/redirect.js'
import type { FetchAnswer, FetchReader } from '../client/web-fetcher.js'
import { FetchFailedError } from '../errors.js'
import { builtinModule } from './builtin-module.js'

/** The most chunks to buffer before the connection must wait. */
const mostWaiting = 16

/** @internal An answer as it came, body not yet decompressed. */
export interface RawAnswer {
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Readable
}

/** @internal Decompresses only gzip, the one coding that the fetcher asks for. */
export async function fetchAnswer({ url, status, headers, body }: RawAnswer): Promise<FetchAnswer> {
  const get = (name: string): string | null => {
    const value = headers[name]
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
  }
  // From here on its errors are listened for.
  const plain = new StreamReader(body)
  const answer = { status, url, headers: { get } }
  const coding = codingOf(answer)
  if (coding === 'identity') return { ...answer, body: { getReader: () => plain } }
  const zlib = coding === 'gzip' ? builtinModule('node:zlib') : undefined
  const getReader = (): FetchReader => {
    if (zlib !== undefined) return new StreamReader(gunzip(body, zlib.createGunzip))
    body.destroy()
    const reason = `the content-encoding ${JSON.stringify(coding)} was not asked for`
    throw new FetchFailedError(shownUrl(url) ?? url, reason, { transient: false })
  }
  return { ...answer, body: { getReader }, encodedBody: { getReader: () => plain } }
}

function gunzip(body: Readable, createGunzip: typeof CreateGunzip): Readable {
  const plain = createGunzip({ chunkSize: 65_536 })
  // Zeros may follow the compressed bytes: they count for no limit, and need not end.
  plain.once('end', () => {
    if (!body.readableEnded) body.destroy()
  })
  // Errors and the end of either are those of the other; the reader hears of them.
  return pipeline(body, plain, () => undefined)
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
