/** Serves the files of a workflow vector on loopback: no compression, no ranges, no redirects. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { ServedFiles } from '../served-files.js'
import { sendAnswer } from '../../testing/node/http-answer.js'

/** A running server. */
export interface Loopback {
  /** Ends with `/`. */
  readonly metadataUrl: string
  /** Ends with `/`. */
  readonly targetsUrl: string
  /** Metadata requests so far, as in the URL: `2.root.json`. The caller may empty it. */
  readonly requests: string[]
  /** Ends the server and every connection. */
  close(): Promise<void>
}

/** Starts a server for files that may change while it runs. */
export async function serveVector(files: ServedFiles): Promise<Loopback> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1)
    if (path.startsWith('metadata/')) requests.push(path.slice('metadata/'.length))
    answer(files, path, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  const origin = `http://127.0.0.1:${address.port}`
  return {
    metadataUrl: `${origin}/metadata/`,
    targetsUrl: `${origin}/targets/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  files: ServedFiles,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = files.answer(path)
  const features = { gzip: false, range: false }
  if ('status' in found) {
    await sendAnswer(request, response, found, {}, features)
  } else {
    const { bytes, disconnectAfter: closeAfter } = found
    const behaviour = closeAfter === undefined ? {} : { closeAfter }
    await sendAnswer(request, response, bytes, behaviour, features)
  }
}
