import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { listen, stopListening } from './listen.js'

/** A server on loopback that records its requests. It is closed after the last test at the latest. */
export interface Loopback {
  /** Without a slash at the end. */
  readonly url: string
  readonly requests: readonly IncomingMessage[]
  close(): Promise<void>
}

export async function startLoopback(listener: RequestListener): Promise<Loopback> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    listener(request, response)
  })
  const port = await listen(server)
  return { url: `http://127.0.0.1:${port}`, requests, close: () => stopListening(server) }
}
