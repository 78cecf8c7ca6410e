/**
 * As much of `fetch` as the fetcher uses, over `node:http` and `node:https`: cheaper to start and
 * to run than the global one (docs/adr/0004-http-client.md), and the path is sent as it is given.
 */
import type { IncomingMessage, request as Request } from 'node:http'
import type { FetchAnswer, FetchInit } from '../client/web-fetcher.js'
import { fetchAnswer } from './stream-answer.js'
import { hasCode } from './system-error.js'

/** A `FetchFunction`. The modules are loaded by the first request that needs them. */
export async function httpFetch(url: string, init: FetchInit): Promise<FetchAnswer> {
  const { protocol } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`neither http nor https: ${protocol}`)
  }
  const { request } = await (protocol === 'http:' ? import('node:http') : import('node:https'))
  const response = await send(request, url, init)
  const { statusCode: status = 0, headers } = response
  return fetchAnswer({ url, status, headers, body: response })
}

/** @internal What to send, with the path exactly as it stands in `url`. */
export function requestParts(
  url: string,
  init: FetchInit,
): { readonly origin: URL; readonly path: string; readonly headers: Record<string, string> } {
  const origin = new URL(url)
  const rest = url
    .trim()
    .replace(/^[^/\\]*[/\\]{2}[^/\\?#]*/, '')
    .replace(/#.*$/s, '')
  return {
    origin,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    headers: { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': 'tuffet', ...init.headers },
  }
}

function send(
  request: typeof Request,
  url: string,
  init: FetchInit,
  again = false,
): Promise<IncomingMessage> {
  const { origin, path, headers } = requestParts(url, init)
  return new Promise((resolve, reject) => {
    const sent = request({
      protocol: origin.protocol,
      hostname: origin.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: origin.port,
      path,
      headers,
      signal: init.signal,
      // A connection of its own for the second attempt.
      ...(again ? { agent: false } : {}),
    })
    let answered = false
    sent.once('response', (response) => {
      answered = true
      resolve(response)
    })
    sent.on('error', (error) => {
      // The server closed an idle connection at the moment it was used again.
      const idle = sent.reusedSocket && hasCode(error, 'ECONNRESET', 'EPIPE')
      if (idle && !answered && !again && !init.signal.aborted) {
        resolve(send(request, url, init, true))
      } else {
        // After an answer this is for whoever reads the body, who is told by the body.
        reject(error)
      }
    })
    // An upgrade that nobody asked for is neither an answer nor an error.
    sent.once('close', () => reject(new Error('closed without an answer')))
    sent.end()
  })
}
