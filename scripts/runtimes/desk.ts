/**
 * The servers on loopback that a runtime under test talks to: the site with the cases' setup, the
 * vectors and the outcome, the repositories, and a server with a certificate behind a proxy.
 */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { certificate, privateKey, publicKeyPin } from '../../test/support/localhost-certificate.js'
import type { Result, Setup } from './cases.mjs'
import { openPlaces, type Places } from './places.js'

const vectorFolder = fileURLToPath(new URL('../../spec-vectors/', import.meta.url))
const vectorNames = readdirSync(vectorFolder).filter(
  (name) => name.endsWith('.json') && !/^(package|requirements|schema)\.json$/.test(name),
)

/** The servers that a runtime talks to. */
export interface Desk {
  /** The origin of the site. */
  readonly site: string
  readonly setup: Setup
  /** The results, once the runtime reports them. */
  readonly outcome: Promise<readonly Result[]>
  readonly proxy: { readonly url: string; readonly asked: readonly string[] }
  close(): Promise<void>
}

/** Opens it. @param pages further answers of the site: path → page or module */
export async function openDesk(pages: ReadonlyMap<string, string> = new Map()): Promise<Desk> {
  const places = await openPlaces()
  const tls = createTlsServer({ cert: certificate, key: privateKey }, (_, response) => {
    response.end('secret')
  })
  const asked: string[] = []
  const proxy = createProxy(asked)
  const [tlsPort, proxyPort] = [await listen(tls), await listen(proxy)]
  const proxyUrl = `http://127.0.0.1:${proxyPort}`
  const setup: Setup = {
    ...places.setup,
    vectors: vectorNames,
    tls: {
      url: `https://localhost:${tlsPort}/`,
      proxy: proxyUrl,
      certificate,
      pin: publicKeyPin,
    },
  }
  let report: (results: readonly Result[]) => void
  const outcome = new Promise<readonly Result[]>((resolve) => (report = resolve))
  const site = createServer((request, response) => {
    const { url = '/' } = request
    // A busy runtime would ask over a connection that was idle for too long.
    response.setHeader('connection', 'close')
    if (url === '/outcome') {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.end()
        report(JSON.parse(Buffer.concat(chunks).toString()) as Result[])
      })
    } else {
      answer(url, response, setup, places, pages)
    }
  })
  const origin = `http://127.0.0.1:${await listen(site)}`
  return {
    site: origin,
    setup,
    outcome,
    proxy: { url: proxyUrl, asked },
    async close() {
      await Promise.all([places.close(), ...[site, tls, proxy].map(closed)])
    },
  }
}

function answer(
  url: string,
  response: ServerResponse,
  setup: Setup,
  places: Places,
  pages: ReadonlyMap<string, string>,
) {
  const page = pages.get(url)
  const vectors = /^\/vectors\/([a-z0-9-]+\.json)$/.exec(url)?.[1]
  if (url === '/setup') response.end(JSON.stringify(setup))
  else if (url === '/requests') response.end(JSON.stringify(places.takeRequests()))
  else if (vectors !== undefined && vectorNames.includes(vectors)) {
    response.end(readFileSync(vectorFolder + vectors))
  } else if (page !== undefined) {
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.setHeader('content-type', type).end(page)
  } else response.writeHead(404).end()
}

/** Forwards requests by address, and opens tunnels. */
function createProxy(asked: string[]): Server {
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(502).end()
  })
  return proxy.on('connect', ({ url = '' }, socket, head) => {
    asked.push(url)
    const up = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      up.write(head)
      up.pipe(socket).pipe(up)
    })
    up.on('error', () => socket.destroy())
    socket.on('error', () => up.destroy())
    socket.on('close', () => up.destroy())
  })
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  return address.port
}

async function closed(server: Server) {
  const end = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await end
}
