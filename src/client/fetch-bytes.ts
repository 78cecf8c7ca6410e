/** A whole file into memory, within its limits. The bytes are not judged. */
import type { Fetcher } from './fetcher.js'
import { createGuard, type GuardOptions } from './guard.js'
import type { GuardedBody } from './guarded.js'

/** Options of {@link fetchBytes}. */
export interface FetchBytesOptions extends GuardOptions {
  readonly kind: 'metadata' | 'target'
  /** Media types. Default: any. */
  readonly accept?: string | undefined
  /** As in `FetchRequest`. Default: any. */
  readonly redirectOrigins?: readonly string[] | undefined
  /** The expected length in bytes, if known, so that the memory is allocated once. */
  readonly length?: number | undefined
  /** Called after each chunk with the number of bytes so far; it falls when the file starts again. */
  readonly onProgress?: ((received: number) => void) | undefined
  /** @internal Called for each answer, with the address that redirects led to. */
  readonly onAnswer?: ((redirectedTo: string | undefined) => void) | undefined
}

/**
 * The bytes at `url`, as long as they are, in memory that nobody else has. A fetcher that is `retrying` is asked again.
 *
 * Throws `FetchNotFoundError`, `FetchFailedError`, `FetchTooLongError` as soon as a byte too many
 * has come, `FetchTimeoutError`, `FetchTooSlowError` (1.5.2), and the signal's own reason.
 */
export async function fetchBytes(
  fetcher: Fetcher,
  url: string,
  options: FetchBytesOptions,
): Promise<Uint8Array> {
  const guard = createGuard(options)
  try {
    for (;;) {
      const { kind, accept, redirectOrigins } = options
      const body = await guard.open(fetcher, { url, kind, accept, redirectOrigins })
      options.onAnswer?.(body.redirectedTo)
      try {
        return await collect(body, options)
      } catch (error) {
        body.close()
        // From the first byte: the caller never saw the earlier ones.
        await guard.again(error)
      }
    }
  } finally {
    guard.close()
  }
}

/** Bytes: the most that are set aside because a server says so. */
const longestHint = 16_000_000

async function collect(body: GuardedBody, options: FetchBytesOptions): Promise<Uint8Array> {
  const expected = options.length ?? Math.min(body.length ?? 0, longestHint)
  let whole = new Uint8Array(Math.min(expected, options.maxLength))
  let received = 0
  for (;;) {
    const chunk = await body.next()
    if (chunk === undefined) break
    const end = received + chunk.length
    if (end > whole.length) {
      const larger = new Uint8Array(Math.max(end, 2 * whole.length))
      larger.set(whole.subarray(0, received))
      whole = larger
    }
    whole.set(chunk, received)
    received = end
    options.onProgress?.(received)
  }
  // Not a view: a view would keep the slack alive as long as the metadata is.
  return received === whole.length ? whole : whole.slice(0, received)
}
