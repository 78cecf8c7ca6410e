/** Objects of one bucket through the application's client. This package imports no client. */
import { inTime, type TimeLimit } from '../client/in-time.js'

/** As much of the class `S3` of `@aws-sdk/client-s3` as is used. */
export interface S3Client {
  /** Reads an object. */
  getObject(
    input: { readonly Bucket: string; readonly Key: string; readonly IfNoneMatch?: string },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<{ readonly Body?: unknown; readonly ETag?: string | undefined }>
  /** Writes an object. The server must heed both conditions. */
  putObject(
    input: {
      readonly Bucket: string
      readonly Key: string
      readonly Body: Uint8Array
      readonly IfMatch?: string
      readonly IfNoneMatch?: string
    },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<{ readonly ETag?: string | undefined }>
  /** Deletes an object. */
  deleteObject(
    input: { readonly Bucket: string; readonly Key: string },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<unknown>
}

/** Milliseconds without a rest for timers. */
const longestWork = 20

/** An object as it was read. */
export interface ReadObject {
  readonly bytes: Uint8Array
  readonly etag: string
}

/** @internal Reads and writes objects of one bucket. */
export class Objects {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #limit: TimeLimit

  constructor(client: S3Client, bucket: string, limit: TimeLimit) {
    this.#client = client
    this.#bucket = bucket
    this.#limit = limit
  }

  /**
   * Undefined for an absent object, `unchanged` where it is still `known`; the first `most` bytes of a
   * longer one.
   */
  async read(
    key: string,
    most: number,
    known?: string,
  ): Promise<ReadObject | 'unchanged' | undefined> {
    try {
      return await inTime(this.#limit, async (abortSignal) => {
        const { Body, ETag } = await this.#client.getObject(
          { ...this.#at(key), ...(known !== undefined && { IfNoneMatch: known }) },
          { abortSignal },
        )
        return { bytes: await readUpTo(Body, most, abortSignal), etag: etagIn(ETag) }
      })
    } catch (error) {
      if (statusOf(error) === 304 && known !== undefined) return 'unchanged'
      // By name: a missing bucket has this status too.
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined
      throw error
    }
  }

  /**
   * Writes if the object is still the one with this ETag, or, for undefined, absent.
   *
   * @returns the new ETag, or undefined where it is another object now
   */
  async replace(
    key: string,
    bytes: Uint8Array,
    etag: string | undefined,
  ): Promise<string | undefined> {
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }
    try {
      const { ETag } = await inTime(this.#limit, (abortSignal) =>
        this.#client.putObject({ ...this.#at(key), Body: bytes, ...condition }, { abortSignal }),
      )
      return etagIn(ETag)
    } catch (error) {
      const status = statusOf(error)
      // 404: the object was deleted; 409: another write was under way.
      const isGone = etag !== undefined && error instanceof Error && error.name === 'NoSuchKey'
      if (status === 412 || status === 409 || isGone) return undefined
      throw error
    }
  }

  /** Writes whatever is there. */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    await inTime(this.#limit, (abortSignal) =>
      this.#client.putObject({ ...this.#at(key), Body: bytes }, { abortSignal }),
    )
  }

  async delete(key: string): Promise<void> {
    await inTime(this.#limit, (abortSignal) =>
      this.#client.deleteObject(this.#at(key), { abortSignal }),
    )
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: key }
  }
}

/** Clients leave an empty one out of a condition, and `*` means any object. */
function etagIn(etag: string | undefined): string {
  if (typeof etag === 'string' && !/^(?:\*|"?"?)$/.test(etag)) return etag
  throw new TypeError('the server gave no ETag of the object')
}

/** A stream, in Node's form or that of browsers; both can be iterated. It is left when there is enough. */
async function readUpTo(body: unknown, most: number, signal: AbortSignal): Promise<Uint8Array> {
  const stream = streamOf(body)
  // Clients forget the signal when the answer begins, and a silent body would stay open.
  const abort = (): void => endStream(stream)
  signal.addEventListener('abort', abort)
  try {
    let bytes = new Uint8Array(Math.min(most, 65_536))
    let length = 0
    let rested = performance.now()
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('the body is not bytes')
      const part = chunk.subarray(0, most - length)
      if (length + part.length > bytes.length) {
        const larger = new Uint8Array(Math.min(most, Math.max(length + part.length, 2 * length)))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(part, length)
      length += part.length
      // A body that is always ready, with short chunks, would hide the end of the time.
      if (part.length === 0 || performance.now() - rested > longestWork) {
        await new Promise((resolve) => setTimeout(resolve))
        rested = performance.now()
      }
      if (length >= most || signal.aborted) break
    }
    signal.throwIfAborted()
    return bytes.slice(0, length)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Node's streams have a method for it; a browser ends the body with the request. */
function endStream(stream: object): void {
  if (canBeDestroyed(stream)) stream.destroy()
}

function canBeDestroyed(stream: object): stream is { destroy(): unknown } {
  return 'destroy' in stream && typeof stream.destroy === 'function'
}

function streamOf(body: unknown): AsyncIterable<unknown> {
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) {
    return body as AsyncIterable<unknown>
  }
  throw new TypeError('the body is not a stream')
}

function statusOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const { $metadata: metadata } = error
  const hasStatus =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
  return hasStatus ? metadata.httpStatusCode : undefined
}
