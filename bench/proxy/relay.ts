/**
 * A relay that verifies nothing and keeps nothing: every request becomes one to the upstream, over
 * connections that are kept. It shows what `node:http` alone costs in the middle. It prints its
 * origin: `relay.ts ORIGIN`.
 */
import { Agent, createServer, request } from 'node:http'
import { pipeline } from 'node:stream'

const upstream = new URL(process.argv[2] ?? '')
const agent = new Agent({ keepAlive: true, maxSockets: 40 })

const server = createServer(({ url }, response) => {
  // The proxy's links to files are not those of the upstream.
  const path = (url ?? '').replace(/^\/files\/[^/]+\//, '/files/')
  const { hostname, port } = upstream
  request({ hostname, port, path, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    pipeline(answer, response, () => undefined)
  })
    .once('error', () => response.destroy())
    .end()
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}/`)
})
