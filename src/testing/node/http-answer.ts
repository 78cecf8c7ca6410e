/** One answer over HTTP: status, headers, ranges, compression, and ways to fail. */

import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Answer } from '../answer.js'

/** Faults to apply to one answer. All optional. */
export interface Behaviour {
  /** Sent instead, without a body. */
  readonly status?: number | undefined
  /** Added, or put in the place of the usual ones: a wrong `content-length`, a `location`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Breaks the connection after that many bytes of the body; 0 is before any. */
  readonly closeAfter?: number | undefined
  /** Waited for before anything is sent. */
  readonly wait?: Promise<void> | undefined
}

/** The server's behaviour for this kind of file. */
export interface Features {
  readonly gzip: boolean
  readonly range: boolean
}

/** Ends the response, or breaks the connection. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  behaviour: Behaviour,
  features: Features,
): Promise<void> {
  await behaviour.wait
  const status = behaviour.status ?? statusOf(answer)
  for (const [name, value] of Object.entries(behaviour.headers ?? {})) {
    response.setHeader(name, value)
  }
  if (status !== undefined) {
    response.writeHead(status).end()
  } else if (answer instanceof Uint8Array) {
    await sendBytes(request, response, answer, behaviour, features)
  } else if (typeof answer === 'function') {
    await sendPieces(response, answer(), behaviour.closeAfter)
  } else {
    response.destroy()
  }
}

function statusOf(answer: Answer): number | undefined {
  if (answer === 'missing') return 404
  const plain = typeof answer === 'function' || answer instanceof Uint8Array
  return plain || answer instanceof Error ? undefined : answer.status
}

async function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  behaviour: Behaviour,
  { gzip, range }: Features,
): Promise<void> {
  let body = bytes
  if (gzip) {
    usually(response, 'vary', 'accept-encoding')
    if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
      body = cached(zipped, bytes, gzipSync)
      usually(response, 'content-encoding', 'gzip')
    }
  }
  let status = 200
  if (range) {
    const etag = cached(etags, bytes, etagOf)
    usually(response, 'etag', etag)
    usually(response, 'accept-ranges', 'bytes')
    const part = rangeOf(request, bytes.length, etag)
    if (part === 'unsatisfiable') {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
      return
    }
    if (part) {
      status = 206
      body = bytes.subarray(part.start, part.end)
      usually(response, 'content-range', `bytes ${part.start}-${part.end - 1}/${bytes.length}`)
    }
  }
  usually(response, 'content-length', String(body.length))
  response.writeHead(status)
  if (request.method === 'HEAD') {
    response.end()
  } else if (behaviour.closeAfter === undefined) {
    response.end(body)
  } else {
    await sendThenBreak(response, body.subarray(0, behaviour.closeAfter))
  }
}

/** RFC 9110, 14.2: one range; others, and those whose `If-Range` is stale, get the whole file. */
function rangeOf(
  request: IncomingMessage,
  length: number,
  etag: string,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const { range, 'if-range': ifRange } = request.headers
  if (ifRange !== undefined && ifRange !== etag) return undefined
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  const [, first = '', last = ''] = match ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first)
  const end = first === '' || last === '' ? length : Math.min(length, Number(last) + 1)
  return start < end ? { start, end } : 'unsatisfiable'
}

async function sendPieces(
  response: ServerResponse,
  pieces: AsyncIterable<Uint8Array>,
  closeAfter: number | undefined,
): Promise<void> {
  response.writeHead(200)
  let left = closeAfter ?? Number.POSITIVE_INFINITY
  for await (const piece of pieces) {
    if (response.destroyed) return
    if (piece.length >= left) {
      await sendThenBreak(response, piece.subarray(0, left))
      return
    }
    left -= piece.length
    await written(response, piece)
  }
  response.end()
}

async function sendThenBreak(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  response.flushHeaders()
  await written(response, bytes)
  response.destroy()
}

/** Waits until the bytes are on their way, or the connection is gone. */
function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => resolve())
  })
}

/** Sets a header unless the behaviour already sets it. */
function usually(response: ServerResponse, name: string, value: string): void {
  if (!response.hasHeader(name)) response.setHeader(name, value)
}

const zipped = new WeakMap<Uint8Array, Uint8Array>()
const etags = new WeakMap<Uint8Array, string>()

function cached<T>(
  cache: WeakMap<Uint8Array, T>,
  bytes: Uint8Array,
  make: (bytes: Uint8Array) => T,
): T {
  const made = cache.get(bytes) ?? make(bytes)
  cache.set(bytes, made)
  return made
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
}
