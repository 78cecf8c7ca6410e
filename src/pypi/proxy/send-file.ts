/** Sends a verified file, or the part of it that a client asks for. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseRange } from './byte-range.js'
import type { SpooledFile } from './spooled-file.js'

/**
 * Answers GET and HEAD, with `Content-Length`, `ETag` and `Range` (RFC 9110, 14). A client that
 * leaves ends it.
 *
 * @param key the same for the same bytes only
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: SpooledFile,
  key: string,
): Promise<void> {
  if (response.destroyed) return
  const { length } = file
  const etag = `"${createHash('sha256').update(key).digest('hex')}"`
  const { range: asked, 'if-range': condition } = request.headers
  const isSame = condition === undefined || condition === etag
  const range = isSame && request.method === 'GET' ? parseRange(asked, length) : undefined
  response.setHeader('content-type', 'application/octet-stream')
  response.setHeader('accept-ranges', 'bytes')
  response.setHeader('etag', etag)
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${length}`, 'content-length': 0 }).end()
    return
  }
  const { start, end } = range ?? { start: 0, end: length }
  if (range) response.setHeader('content-range', `bytes ${start}-${end - 1}/${length}`)
  response.writeHead(range ? 206 : 200, { 'content-length': end - start })
  if (request.method === 'GET') await writeAll(response, file.read(start, end))
  response.end()
}

async function writeAll(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of chunks) {
    if (response.destroyed) return
    if (!response.write(chunk)) await drained(response)
  }
}

/** Resolves also when the client leaves. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      response.off('drain', end)
      response.off('close', end)
      resolve()
    }
    response.once('drain', end)
    response.once('close', end)
    if (response.destroyed) end()
  })
}
