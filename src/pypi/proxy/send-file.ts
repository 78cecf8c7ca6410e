/**
 * A file on its way through verification. Rules:
 * - the head of a file is held back until all of it is verified, or it is longer than that;
 * - its tail is held back until all of it is verified;
 * - what turns out wrong after its beginning was sent ends in a broken connection: short of its
 *   `Content-Length`, or without the last chunk.
 */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

/** How a file is sent. */
export interface SendFileOptions {
  /** Undefined: not known beforehand. */
  readonly length: number | undefined
  /**
   * Whether the client compares a hash by itself. If not, the length is not announced: pip before
   * version 25 takes a body that ends early for the whole one, but not one without its last chunk.
   */
  readonly clientChecks: boolean
  /** Bytes of the head. */
  readonly heldBack: number
  readonly signal: AbortSignal
}

/** At least so many bytes of the end are sent after the verdict alone. */
const tailLength = 65_536

/**
 * Sends `chunks`, which throw instead of ending when they are not the file. Throws what they throw;
 * `response.headersSent` says whether the client has seen any of it.
 */
export async function sendFile(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  { length, clientChecks, heldBack, signal }: SendFileOptions,
): Promise<void> {
  let held: Uint8Array[] = []
  let sent = 0
  let heldLength = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    heldLength += chunk.length
    if (!response.headersSent) {
      if (heldLength <= heldBack) continue
      if (clientChecks && length !== undefined) response.setHeader('content-length', length)
      response.flushHeaders()
    }
    for (let first = held[sent]; first; first = held[sent]) {
      if (heldLength - first.length < tailLength) break
      sent += 1
      heldLength -= first.length
      await write(response, first, signal)
    }
    // Not at each one: what moves is as long as what goes, at most.
    if (2 * sent > held.length) {
      held = held.slice(sent)
      sent = 0
    }
  }
  if (!response.headersSent) response.setHeader('content-length', heldLength)
  for (const chunk of held.slice(sent)) await write(response, chunk, signal)
  response.end()
}

async function write(
  response: ServerResponse,
  chunk: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  if (!response.write(chunk)) await once(response, 'drain', { signal })
}
