import { createServer as createTlsServer } from 'node:https'
import { connect, createServer as createNetServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { FetchFunction } from '../../src/client/web-fetcher.js'
import { nodeFetcher } from '../../src/node/node-fetcher.js'
import { environmentProxy, undiciFetch } from '../../src/node/undici-fetch.js'
import { describeFetcher } from '../support/fetcher-contract.js'
import { certificate, privateKey, publicKeyPin } from '../support/localhost-certificate.js'
import { type Loopback, startLoopback } from '../support/loopback.js'
import { listen, stopListening } from '../support/listen.js'

describeFetcher('undici', undiciFetch({ proxy: 'none' }))

const closing: (() => Promise<void>)[] = []
const proxyNames = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']
const environment = { ...process.env }

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
  for (const name of proxyNames.flatMap((lower) => [lower, lower.toUpperCase()])) {
    if (environment[name] === undefined) delete process.env[name]
    else process.env[name] = environment[name]
  }
})

async function get(fetch: FetchFunction, url: string): Promise<string> {
  const { signal } = new AbortController()
  const answer = await fetch(url, { headers: {}, redirect: 'manual', signal })
  const reader = answer.body?.getReader()
  let text = ''
  for (;;) {
    const result = await reader?.read()
    if (result?.done !== false) return text
    text += Buffer.from(result.value).toString()
  }
}

function serve(text: string): Promise<Loopback> {
  return startLoopback((_request, response) => response.end(text))
}

async function serveTls(): Promise<string> {
  const server = createTlsServer({ cert: certificate, key: privateKey }, (_request, response) => {
    response.end('secret')
  })
  return `https://localhost:${await listen(server)}`
}

/** A proxy that answers plain requests itself and connects tunnels. */
async function serveProxy(): Promise<Loopback & { readonly tunnels: string[] }> {
  const { createServer } = await import('node:http')
  const tunnels: string[] = []
  const requests: Loopback['requests'][number][] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    requests.push(request)
    response.end('by proxy')
  })
  server.on('connect', (request, client: Socket) => {
    tunnels.push(request.url ?? '')
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
  })
  const port = await listen(server)
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await stopListening(server)
  }
  closing.push(close)
  return { url: `http://127.0.0.1:${port}`, requests, tunnels, close }
}

describe('environmentProxy', () => {
  test.each([
    [{}, undefined, undefined],
    [{ http_proxy: 'a' }, 'http://a', undefined],
    [{ HTTPS_PROXY: 'b' }, undefined, 'http://b'],
    [{ ALL_PROXY: 'c' }, 'http://c', 'http://c'],
    [{ all_proxy: 'c', HTTP_PROXY: 'a' }, 'http://a', 'http://c'],
    [{ https_proxy: '', ALL_PROXY: 'c' }, 'http://c', 'http://c'],
    [{ https_proxy: '', HTTPS_PROXY: 'b' }, undefined, undefined],
    [{ all_proxy: '', ALL_PROXY: 'c' }, undefined, undefined],
    [{ http_proxy: 'a', HTTP_PROXY: 'b' }, 'http://a', undefined],
  ])('%j means %p for http and %p for https', (variables, http, https) => {
    expect(environmentProxy(variables, 'http://example.org/')?.proxy).toBe(http)
    expect(environmentProxy(variables, 'https://example.org/')?.proxy).toBe(https)
  })
})

describe('environmentProxy', () => {
  test('takes host:port as curl and pip do', () => {
    const found = environmentProxy({ HTTP_PROXY: 'localhost:3128' }, 'http://example.org/')
    expect(found).toEqual({ variable: 'HTTP_PROXY', proxy: 'http://localhost:3128' })
  })

  test.each([
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['10.0.0.0/8', 'http://ten.example/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['fd00::/8', 'http://[fe80::1]/', false],
    ['10.0.0.0/99', 'http://10.1.2.3/', false],
    ['example.org', 'http://example.org/', true],
    ['example.org', 'http://tuf.example.org/', true],
    ['.example.org', 'http://tuf.example.org/', true],
    ['*.example.org', 'http://tuf.example.org/', true],
    ['example.org', 'http://badexample.org/', false],
    ['example.org:8080', 'http://example.org:8080/', true],
    ['example.org:8080', 'http://example.org/', false],
    ['a.test, EXAMPLE.org', 'https://example.org./', true],
    ['[::1]', 'http://[::1]:80/', true],
    ['::1', 'http://[::1]/', true],
    ['*', 'http://example.org/', true],
    [' * ', 'http://10.1.2.3/', true],
    ['a.test,*', 'http://example.org/', false],
    ['', 'http://example.org/', false],
  ])('NO_PROXY=%s and %s: exempt is %p', (NO_PROXY, url, exempt) => {
    const variables = { ALL_PROXY: 'http://proxy.test', NO_PROXY }
    expect(environmentProxy(variables, url) === undefined).toBe(exempt)
  })
})

describe('proxies', () => {
  test('without a scheme are asked by http', async () => {
    const proxy = await serveProxy()
    process.env['http_proxy'] = proxy.url.replace('http://', '')
    delete process.env['no_proxy']
    expect(await get(undiciFetch(), 'http://tuf.example/')).toBe('by proxy')
  })

  test.each([
    ['user:p%40ss', 'user:p@ss'],
    ['user', 'user:'],
    ['user:50%off', 'user:50%off'],
    ['us%C3%A9r:p', 'us\u00e9r:p'],
  ])('that want credentials get those of their URL: %s', async (given, sent) => {
    const proxy = await serveProxy()
    process.env['http_proxy'] = proxy.url.replace('http://', `${given}@`)
    delete process.env['no_proxy']
    await get(undiciFetch(), 'http://tuf.example/')
    const header = proxy.requests[0]?.headers['proxy-authorization']
    expect(Buffer.from(header?.replace('Basic ', '') ?? '', 'base64').toString()).toBe(sent)
  })

  test('that do not answer are blamed by the name of their variable', async () => {
    process.env['http_proxy'] = 'http://user:secret@127.0.0.1:1'
    delete process.env['no_proxy']
    const error = await get(undiciFetch(), 'http://tuf.example/').catch((one: unknown) => one)
    expect(error).toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      message: expect.stringContaining('the proxy that http_proxy names'),
      origin: { from: 'proxy', variable: 'http_proxy' },
    })
    expect(inspect(error)).not.toContain('secret')
  })

  test('that close the connection in place of a tunnel are asked once', async () => {
    let asked = 0
    const proxy = createNetServer((socket) => {
      asked++
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => proxy.close(() => resolve())))
    const address = proxy.address()
    process.env['https_proxy'] = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    delete process.env['no_proxy']
    await expect(get(undiciFetch(), 'https://tuf.example/')).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      origin: { from: 'proxy', variable: 'https_proxy' },
      cause: expect.objectContaining({ message: 'it closed the connection' }),
    })
    expect(asked).toBe(1)
  })

  test('of a kind that cannot be used are blamed by the name of their variable', async () => {
    process.env['ALL_PROXY'] = 'socks5://127.0.0.1:1'
    delete process.env['no_proxy']
    await expect(get(undiciFetch(), 'http://tuf.example/')).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
      origin: { from: 'proxy', variable: 'ALL_PROXY' },
    })
  })

  test('of the environment are used, and the path arrives as it was given', async () => {
    const proxy = await serveProxy()
    process.env['http_proxy'] = proxy.url
    delete process.env['no_proxy']
    expect(await get(undiciFetch(), 'http://tuf.example/a/..%2F/%7e')).toBe('by proxy')
    expect(proxy.requests[0]?.url).toBe('http://tuf.example/a/..%2F/%7e')
  })

  test('of the environment are not used for the hosts of NO_PROXY', async () => {
    const proxy = await serveProxy()
    const server = await serve('direct')
    process.env['http_proxy'] = proxy.url
    process.env['no_proxy'] = '127.0.0.1'
    expect(await get(undiciFetch(), server.url)).toBe('direct')
    expect(proxy.requests).toHaveLength(0)
  })

  test('are not used when the option says none', async () => {
    const server = await serve('direct')
    process.env['http_proxy'] = 'http://127.0.0.1:1'
    process.env['no_proxy'] = ''
    expect(await get(undiciFetch({ proxy: 'none' }), server.url)).toBe('direct')
  })

  test('that the option names are used whatever the environment says', async () => {
    const proxy = await serveProxy()
    process.env['no_proxy'] = '*'
    const fetch = undiciFetch({ proxy: proxy.url })
    expect(await get(fetch, 'http://tuf.example/')).toBe('by proxy')
  })

  test('connect to https, and cannot read the content', async () => {
    const proxy = await serveProxy()
    const url = await serveTls()
    const fetch = undiciFetch({ proxy: proxy.url, ca: certificate })
    expect(await get(fetch, url)).toBe('secret')
    expect(proxy.tunnels).toEqual([new URL(url).host])
    expect(proxy.requests).toHaveLength(0)
  })
})

describe('pinned keys', () => {
  const wrong = Buffer.alloc(32).toString('base64')

  test('let a certificate with one of these keys pass', async () => {
    const url = await serveTls()
    const pins = { localhost: [wrong, publicKeyPin] }
    expect(await get(undiciFetch({ pins, ca: certificate, proxy: 'none' }), url)).toBe('secret')
  })

  test('refuse every other certificate, also the second time and through a proxy', async () => {
    const url = await serveTls()
    const proxy = await serveProxy()
    const pins = { localhost: [wrong] }
    const direct = undiciFetch({ pins, ca: certificate, proxy: 'none' })
    for (const fetch of [
      direct,
      direct,
      undiciFetch({ pins, ca: certificate, proxy: proxy.url }),
    ]) {
      await expect(get(fetch, url)).rejects.toThrow('public key of localhost')
    }
  })

  test('do not make a certificate valid that is not', async () => {
    const url = await serveTls()
    const fetch = undiciFetch({ pins: { localhost: [publicKeyPin] }, proxy: 'none' })
    await expect(get(fetch, url)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })

  test('are not got around by http', async () => {
    const fetch = undiciFetch({ pins: { localhost: [publicKeyPin] } })
    await expect(get(fetch, 'http://localhost:1/')).rejects.toThrow('by https only')
  })

  test('are of a host in whatever case it is written', async () => {
    const url = await serveTls()
    const fetch = undiciFetch({ pins: { LocalHost: [wrong] }, ca: certificate, proxy: 'none' })
    await expect(get(fetch, url)).rejects.toThrow('public key of localhost')
    await expect(get(fetch, 'http://LOCALHOST:1/')).rejects.toThrow('by https only')
    const both = { localhost: [wrong], LOCALHOST: [publicKeyPin] }
    const either = undiciFetch({ pins: both, ca: certificate, proxy: 'none' })
    expect(await get(either, url)).toBe('secret')
  })

  test('are of a host with a dot at its end too', async () => {
    const url = await serveTls()
    for (const name of ['localhost', 'localhost.']) {
      const pins = { [name]: [wrong] }
      const fetch = undiciFetch({ ca: certificate, proxy: 'none', pins })
      await expect(get(fetch, url)).rejects.toThrow('public key of localhost')
      await expect(get(fetch, 'http://localhost:1/')).rejects.toThrow('by https only')
      await expect(get(fetch, 'http://localhost.:1/')).rejects.toThrow('by https only')
    }
  })

  test.each([[publicKeyPin], [[]], [['']], [[`sha256/${publicKeyPin}`]], [[7]]])(
    'that are %j and not a list of digests are refused unless the list is empty',
    (given) => {
      const pins = { localhost: given as unknown as string[] }
      const make = (): unknown => undiciFetch({ pins })
      if (Array.isArray(given) && given.length === 0) expect(make).not.toThrow()
      else expect(make).toThrow(TypeError)
    },
  )

  test.each(['https://localhost', 'localhost:443', 'a b', '', 'localhost/', 'user@localhost', '*'])(
    'of %j, which no URL has as its host, are refused',
    (name) => {
      expect(() => undiciFetch({ pins: { [name]: [publicKeyPin] } })).toThrow(TypeError)
    },
  )

  test.each(['::1', '[::1]', '127.0.0.1', 'b\u00fccher.example', 'xn--bcher-kva.example'])(
    'may be of %j',
    (name) => {
      expect(() => undiciFetch({ pins: { [name]: [publicKeyPin] } })).not.toThrow()
    },
  )

  test('are not used for other hosts', async () => {
    const url = await serveTls()
    const fetch = undiciFetch({ pins: { 'example.org': [wrong] }, ca: certificate, proxy: 'none' })
    expect(await get(fetch, url)).toBe('secret')
  })
})

describe('a proxy that cannot be used', () => {
  const password = 'hunter2'
  const urls = [
    `http://user:${password}@proxy:port/`,
    `http://user:${password}@/`,
    `user:${password}@proxy:80`,
    `socks5://user:${password}@proxy:80`,
    '',
  ]

  function chainOf(error: unknown): string {
    return inspect(error, { depth: 10, showHidden: true })
  }

  test.each(urls)('is refused at once, and its password is not in the error: %j', (proxy) => {
    let error: unknown
    try {
      nodeFetcher({ proxy })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(TypeError)
    expect(chainOf(error)).not.toContain(password)
  })

  test.each(urls.slice(0, 4))('is refused where the environment names it: %j', async (proxy) => {
    process.env['http_proxy'] = proxy
    delete process.env['no_proxy']
    const { signal } = new AbortController()
    const url = 'http://tuf.example/'
    const request = nodeFetcher().fetch({ url, kind: 'target', signal })
    const error: unknown = await request.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'ERR_TUF_FETCH_FAILED' })
    expect(chainOf(error)).not.toContain(password)
  })

  test.each(['', 'no certificate'])('certificates that are %j are refused', (ca) => {
    // An empty text would mean every certificate that the runtime trusts.
    expect(() => nodeFetcher({ ca })).toThrow(TypeError)
  })
})

describe('nodeFetcher', () => {
  async function read(fetcher = nodeFetcher(), url = ''): Promise<string> {
    const { signal } = new AbortController()
    const chunks = []
    const { body } = await fetcher.fetch({ url, kind: 'target', signal })
    for await (const chunk of body) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  test('goes straight to the server when no proxy is named', async () => {
    const server = await serve('direct')
    expect(await read(nodeFetcher({ proxy: 'none' }), server.url)).toBe('direct')
  })

  test('takes the proxy that the environment names at the time of the request', async () => {
    const proxy = await serveProxy()
    const fetcher = nodeFetcher({ userAgent: 'pip' })
    process.env['http_proxy'] = proxy.url
    delete process.env['no_proxy']
    expect(await read(fetcher, 'http://tuf.example/')).toBe('by proxy')
    expect(proxy.requests[0]?.headers['user-agent']).toBe('pip')
  })

  test.each([{}, { http2: true }, { connections: 1, connectTimeout: 1_000 }])(
    'speaks https with options %j',
    async (options) => {
      const url = await serveTls()
      const fetcher = nodeFetcher({ proxy: 'none', ca: certificate, ...options })
      expect(await read(fetcher, url)).toBe('secret')
    },
  )
})
