/** A web server for a folder, as nginx or Caddy are: it decodes the path of a request, and knows nothing of TUF. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export interface StaticServer {
  /** With a `/` at its end. */
  readonly url: string
  /** The decoded paths that were asked for, with the status of the answer. */
  readonly asked: string[]
  /** Replaces the bytes of a file. */
  lie: (path: string, bytes: Uint8Array) => Uint8Array | undefined
  close(): Promise<void>
}

export async function serveStatic(folder: string): Promise<StaticServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
    void (async () => {
      try {
        const bytes = await readFile(join(folder, path))
        asked.push(`200 ${path}`)
        response.end(served.lie(path, bytes) ?? bytes)
      } catch {
        asked.push(`404 ${path}`)
        response.writeHead(404).end()
      }
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const served: StaticServer = {
    url: `http://127.0.0.1:${port}/`,
    asked,
    lie: () => undefined,
    close: () => closed(server),
  }
  return served
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
