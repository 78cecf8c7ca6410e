import http from 'node:http'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { fetchBytes } from '../../src/client/fetch-bytes.js'
import { fetchFetcher } from '../../src/client/web-fetcher.js'
import { httpFetch, httpFetchTrusting } from '../../src/node/http-fetch.js'
import { describeFetcher } from '../support/fetcher-contract.js'
import { listen } from '../support/listen.js'
import { certificate, privateKey } from '../support/localhost-certificate.js'

describeFetcher('node:http', httpFetch)
describeFetcher('node:http beside given certificates', httpFetchTrusting(certificate))

describe('httpFetchTrusting', () => {
  const signal = new AbortController().signal

  /** Each connection answers twice; the third request on it ends it. */
  async function serveTls(): Promise<{ url: string; connections: () => number }> {
    let connections = 0
    const server = createTlsServer({ cert: certificate, key: privateKey }, (socket) => {
      connections += 1
      let requests = 0
      socket.on('error', () => undefined)
      socket.on('data', () => {
        requests += 1
        if (requests > 2) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      })
    })
    return { url: `https://localhost:${await listen(server)}/`, connections: () => connections }
  }

  async function status(fetch: typeof httpFetch, url: string): Promise<number> {
    const answer = await fetch(url, { headers: {}, redirect: 'manual', signal })
    const reader = answer.body?.getReader()
    while ((await reader?.read())?.done === false);
    return answer.status
  }

  test('believes a server with a given certificate, which httpFetch refuses', async () => {
    const { url } = await serveTls()
    expect(await status(httpFetchTrusting(certificate), url)).toBe(200)
    await expect(status(httpFetch, url)).rejects.toMatchObject({
      code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/),
    })
  })

  test('uses a connection again, and after its end another with the same certificates', async () => {
    const { url, connections } = await serveTls()
    const fetch = httpFetchTrusting(certificate)
    for (let i = 0; i < 2; i++) expect(await status(fetch, url)).toBe(200)
    expect(connections()).toBe(1)
    expect(await status(fetch, url)).toBe(200)
    expect(connections()).toBe(2)
  })

  test('a text that is no certificate fails each request', async () => {
    const { url } = await serveTls()
    const fetch = httpFetchTrusting('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')
    for (let i = 0; i < 2; i++) await expect(status(fetch, url)).rejects.toThrow()
  })
})

describe('httpFetch', () => {
  let sockets: Socket[] = []

  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    sockets = []
  })

  /** Answers each request on one connection, as text; undefined closes the connection. */
  async function serve(answers: readonly (string | undefined)[]): Promise<[string, string[]]> {
    const requests: string[] = []
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      socket.on('data', (data) => {
        requests.push(data.toString())
        const answer = answers[requests.length - 1]
        if (answer === undefined) socket.destroy()
        else socket.write(answer, 'latin1')
      })
    })
    return [`http://127.0.0.1:${await listen(server)}`, requests]
  }

  const signal = new AbortController().signal
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

  async function status(url: string): Promise<number> {
    const answer = await httpFetch(url, { headers: {}, redirect: 'manual', signal })
    const reader = answer.body?.getReader()
    while ((await reader?.read())?.done === false);
    return answer.status
  }

  test('sends dot segments and backslashes as they are, and never the fragment', async () => {
    const [url, requests] = await serve(Array<string>(4).fill(ok.replace('1.1', '1.0')))
    const paths = ['/a/../b', '/%2e%2E/b', '/a\\b?x=/..#f', '?q']
    for (const path of paths) await status(url + path)
    expect(requests.map((text) => text.split(' ')[1])).toEqual([
      '/a/../b',
      '/%2e%2E/b',
      '/a\\b?x=/..',
      '/?q',
    ])
  })

  test('asks once more when an idle connection turns out to be closed', async () => {
    const [url, requests] = await serve([ok, undefined, ok.replace('1.1', '1.0')])
    expect(await status(url)).toBe(200)
    expect(await status(url)).toBe(200)
    expect(requests).toHaveLength(3)
  })

  test('does not ask twice when a new connection is closed', async () => {
    const [url, requests] = await serve([undefined])
    await expect(status(url)).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(requests).toHaveLength(1)
  })

  test('does not ask again when the connection breaks in the middle of an answer', async () => {
    const cut = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart'
    const [url, requests] = await serve([ok, cut, cut, cut])
    expect(await status(url)).toBe(200)
    const answer = await httpFetch(url, { headers: {}, redirect: 'manual', signal })
    const reader = answer.body?.getReader()
    await reader?.read()
    for (const socket of sockets) socket.resetAndDestroy()
    await expect(reader?.read()).rejects.toMatchObject({ code: 'ECONNRESET' })
    // A repeated request would have arrived by now.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(requests).toHaveLength(2)
  })

  test('ends the connection when bytes follow the compressed ones, however many', async () => {
    const compressed = gzipSync('hello')
    let left: (() => void) | undefined
    const closed = new Promise<void>((resolve) => (left = resolve))
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('close', () => left?.())
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n')
        socket.write(compressed)
        const more = (): void => {
          if (!socket.destroyed) socket.write(new Uint8Array(1_000), () => setImmediate(more))
        }
        more()
      })
    })
    const url = `http://127.0.0.1:${await listen(server)}`
    const fetcher = fetchFetcher({ fetch: httpFetch, bare: true })
    const limits = { kind: 'metadata', maxLength: 100, minimumRate: 0, rateWindow: 1 } as const
    expect(Buffer.from(await fetchBytes(fetcher, url, limits)).toString()).toBe('hello')
    await closed
  })

  test('an upgrade that nobody requested is refused', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'
    const [url] = await serve([upgrade])
    await expect(status(url)).rejects.toThrow('closed without an answer')
  })

  test.each(['gzip', 'GZIP', 'x-gzip', ' X-Gzip '])(
    '%j is accepted as requested',
    async (coding) => {
      const body = gzipSync('content').toString('latin1')
      const [url] = await serve([
        `HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ])
      const options = { kind: 'metadata', maxLength: 9, minimumRate: 0, rateWindow: 1 } as const
      const bytes = await fetchBytes(fetchFetcher({ fetch: httpFetch }), url, options)
      expect(Buffer.from(bytes).toString()).toBe('content')
    },
  )

  test.each(['br', 'deflate', 'zstd'])('%s, which nobody requested, is refused', async (coding) => {
    const [url] = await serve([ok.replace('content-length', `content-encoding: ${coding}\r\n$&`)])
    const options = { kind: 'metadata', maxLength: 9, minimumRate: 0, rateWindow: 1 } as const
    await expect(
      fetchBytes(fetchFetcher({ fetch: httpFetch }), url, options),
    ).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      message: expect.stringContaining(coding),
    })
  })

  test.each(['ftp://example.org/', 'file:///etc/passwd', 'data:,x'])('refuses %s', async (url) => {
    await expect(status(url)).rejects.toThrow(TypeError)
  })

  test('refuses a path with a space or a line break in it', async () => {
    await expect(status('http://127.0.0.1:1/a\r\nb')).rejects.toMatchObject({
      code: 'ERR_UNESCAPED_CHARACTERS',
    })
  })

  test("asks no proxy where Node's own agent would", async () => {
    const [url] = await serve([ok])
    const { globalAgent } = http
    // As Node makes it with NODE_USE_ENV_PROXY.
    const proxying = new http.Agent({ proxyEnv: { HTTP_PROXY: 'http://127.0.0.1:1' } } as object)
    proxying.createConnection = () => {
      throw new Error('a proxy was asked')
    }
    http.globalAgent = proxying
    try {
      expect(await status(url)).toBe(200)
    } finally {
      http.globalAgent = globalAgent
    }
  })
})
