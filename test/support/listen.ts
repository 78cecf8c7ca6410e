/** Servers of tests on loopback. They are closed, with their connections, after the last test of the file. */
import { createServer, type Server } from 'node:net'
import { afterAll } from '@jest/globals'

const servers: Server[] = []

afterAll(async () => {
  await Promise.all(servers.splice(0).map(stopListening))
})

/** @returns its port */
export async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  servers.push(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  return address.port
}

/** Ends its connections, and waits until it is closed. */
export async function stopListening(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
    server.closeAllConnections()
  }
  await closed
}

/** One that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await stopListening(server)
  return port
}
