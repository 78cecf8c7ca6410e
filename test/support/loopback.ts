import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'

/** A server on loopback that records its requests. */
export interface Loopback {
  /** Without a slash at the end. */
  readonly url: string
  readonly requests: readonly IncomingMessage[]
  close(): Promise<void>
}

export function startLoopback(listener: RequestListener): Promise<Loopback> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    listener(request, response)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ url: `http://127.0.0.1:${port}`, requests, close: () => stop(server) })
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
