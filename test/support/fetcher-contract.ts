/** The duties of every client that becomes a fetcher, on a server that misbehaves. */
import { gzipSync } from 'node:zlib'
import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { fetchBytes } from '../../src/client/fetch-bytes.js'
import type { Fetcher, FetchRequest, FetchResponse } from '../../src/client/fetcher.js'
import {
  fetchFetcher as createFetcher,
  type FetchFetcherOptions,
  type FetchFunction,
} from '../../src/client/web-fetcher.js'
import { type Loopback, startLoopback } from './loopback.js'
import { listen } from './listen.js'

export function describeFetcher(name: string, fetch: FetchFunction | undefined): void {
  function fetchFetcher(options: FetchFetcherOptions = {}): Fetcher {
    return createFetcher(fetch === undefined ? options : { ...options, fetch })
  }

  describe(`a fetcher over ${name}`, () => {
    const serve = startLoopback

    function request(url: string, more: Partial<FetchRequest> = {}): FetchRequest {
      return { url, kind: 'target', signal: new AbortController().signal, ...more }
    }

    async function readAll(response: FetchResponse): Promise<string> {
      const chunks = []
      for await (const chunk of response.body) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    }

    const guard = {
      kind: 'metadata',
      minimumRate: 0,
      rateWindow: 1_000,
      deadline: 200_000,
    } as const

    describe('a sent request', () => {
      test('the path arrives as it was given, escapes included', async () => {
        const server = await serve((_request, response) => response.end('x'))
        const paths = ['/a%2Fb%3Fc%23d/..%2F/%7e/1.root.json', "/a..b/.../x~!$&'()*+,;=:@.json"]
        for (const path of paths) {
          await readAll(await fetchFetcher().fetch(request(server.url + path)))
        }
        expect(server.requests.map(({ url }) => url)).toEqual(paths)
      })

      test('metadata is requested compressed, target files as they are', async () => {
        const server = await serve((_request, response) => response.end('x'))
        await readAll(await fetchFetcher().fetch(request(server.url, { kind: 'metadata' })))
        await readAll(await fetchFetcher().fetch(request(server.url)))
        const [metadata, target] = server.requests
        expect(metadata?.headers['accept-encoding']).toContain('gzip')
        expect(target?.headers['accept-encoding']).toBe('identity')
      })

      test('headers and user agent of the options', async () => {
        const server = await serve((_request, response) => response.end('x'))
        const fetcher = fetchFetcher({ headers: { authorization: 'Basic eA==' }, userAgent: 'pip' })
        await readAll(await fetcher.fetch(request(server.url)))
        expect(server.requests[0]?.headers).toMatchObject({
          authorization: 'Basic eA==',
          'user-agent': 'pip',
        })
      })
    })

    describe('statuses', () => {
      test.each([404, 403])('%i means that the file does not exist', async (status) => {
        const server = await serve((_request, response) => response.writeHead(status).end('no'))
        await expect(fetchFetcher().fetch(request(server.url))).rejects.toMatchObject({
          code: 'ERR_TUF_FETCH_NOT_FOUND',
          status,
        })
      })

      test('403 is an error where the options say so', async () => {
        const server = await serve((_request, response) => response.writeHead(403).end('no'))
        const fetcher = fetchFetcher({ notFoundStatuses: [404] })
        await expect(fetcher.fetch(request(server.url))).rejects.toMatchObject({
          code: 'ERR_TUF_FETCH_FAILED',
          status: 403,
        })
      })

      test.each([204, 206, 304, 410, 416, 500, 503])(
        'end of the root chain (rust-tuf#306): %i is an error, not a missing file',
        async (status) => {
          const server = await serve((_request, response) => response.writeHead(status).end())
          await expect(fetchFetcher().fetch(request(server.url))).rejects.toMatchObject({
            code: 'ERR_TUF_FETCH_FAILED',
            status,
          })
        },
      )

      test('a connection that is refused or closed without an answer is an error', async () => {
        const server = await serve((incoming) => incoming.socket.destroy())
        await expect(fetchFetcher().fetch(request(server.url))).rejects.toMatchObject({
          code: 'ERR_TUF_FETCH_FAILED',
          cause: expect.anything(),
        })
        await server.close()
        await expect(fetchFetcher().fetch(request(server.url))).rejects.toMatchObject({
          code: 'ERR_TUF_FETCH_FAILED',
        })
      })

      test('the connection is used again after a missing file', async () => {
        const server = await serve((_request, response) => response.writeHead(404).end('no'))
        const fetcher = fetchFetcher()
        for (let count = 0; count < 8; count++) {
          await expect(fetcher.fetch(request(server.url))).rejects.toThrow('not found')
        }
        // Not always 1: the runtime may open a second one before it knows that the first is free.
        const connections = new Set(server.requests.map(({ socket }) => socket))
        expect(connections.size).toBeLessThan(4)
      })

      test('endless data (1.5.2): the endless page of an error is not read to its end', async () => {
        const server = await serve((_request, response) => {
          response.writeHead(404)
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          }
          response.on('drain', more)
          more()
        })
        await expect(fetchFetcher().fetch(request(server.url))).rejects.toMatchObject({
          status: 404,
        })
      })
    })

    describe('bodies', () => {
      test('endless data (1.5.2): the cap of a gzip bomb holds after decompression', async () => {
        const bomb = gzipSync(Buffer.alloc(20_000_000))
        const server = await serve((_request, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
        })
        const options = { ...guard, maxLength: 64_000 }
        expect(bomb.length).toBeLessThan(options.maxLength)
        await expect(fetchBytes(fetchFetcher(), server.url, options)).rejects.toMatchObject({
          code: 'ERR_TUF_FETCH_TOO_LONG',
        })
      })

      test('endless data (1.5.2): a Content-Length that is too large or missing does not help', async () => {
        const server = await serve((incoming, response) => {
          if (incoming.url === '/large') response.writeHead(200, { 'content-length': 10 ** 10 })
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          }
          response.on('drain', more)
          more()
        })
        for (const path of ['/large', '/endless']) {
          const options = { ...guard, maxLength: 1_000_000 }
          await expect(
            fetchBytes(fetchFetcher(), server.url + path, options),
          ).rejects.toMatchObject({
            code: 'ERR_TUF_FETCH_TOO_LONG',
          })
        }
      })

      test('a body shorter than its Content-Length is a broken connection', async () => {
        const server = await serve((_request, response) => {
          response.writeHead(200, { 'content-length': 10 })
          response.write('abc', () => response.destroy())
        })
        const options = { ...guard, maxLength: 100 }
        await expect(fetchBytes(fetchFetcher(), server.url, options)).rejects.toMatchObject({
          code: 'ERR_TUF_FETCH_FAILED',
        })
      })

      test("an HTTP/1.0 server's bytes until it closes are the file", async () => {
        const server = createServer((socket) => {
          socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nabc'))
        })
        const url = `http://127.0.0.1:${await listen(server)}/`
        expect(await fetchBytes(fetchFetcher(), url, { ...guard, maxLength: 9 })).toHaveLength(3)
      })

      test('ending the iteration early releases the connection', async () => {
        let closed: () => void
        const wasClosed = new Promise<void>((resolve) => (closed = resolve))
        const server = await serve((_request, response) => {
          response.on('close', () => closed())
          response.write(Buffer.alloc(1_000))
        })
        const response = await fetchFetcher().fetch(request(server.url))
        for await (const chunk of response.body) {
          expect(chunk).toHaveLength(1_000)
          break
        }
        await wasClosed
      })

      test('an abort ends the request with its reason', async () => {
        const server = await serve(() => undefined)
        const controller = new AbortController()
        const reason = new Error('enough')
        const result = fetchFetcher().fetch(request(server.url, { signal: controller.signal }))
        controller.abort(reason)
        await expect(result).rejects.toBe(reason)
      })
    })

    describe('the rest of a file', () => {
      const content = 'abcdefgh'

      function rangeServer(etag: string, more: Record<string, string> = {}): Promise<Loopback> {
        return serve((incoming, response) => {
          const { range, 'if-range': ifRange } = incoming.headers
          if (range === undefined || ifRange !== etag) {
            response.writeHead(200, { etag, 'content-length': content.length }).end(content)
            return
          }
          const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1])
          const headers = { etag, 'content-range': `bytes ${start}-7/8`, ...more }
          response.writeHead(206, headers).end(content.slice(start))
        })
      }

      test('comes with Range and If-Range when the validator is still valid', async () => {
        const server = await rangeServer('"v1"')
        const first = await fetchFetcher().fetch(request(server.url))
        expect(first).toMatchObject({ offset: 0, validator: '"v1"', length: 8 })
        await readAll(first)
        const rest = await fetchFetcher().fetch(
          request(server.url, { offset: 3, validator: '"v1"' }),
        )
        expect(rest).toMatchObject({ offset: 3, validator: '"v1"' })
        expect(await readAll(rest)).toBe('defgh')
      })

      test('is the whole file again when the file has changed', async () => {
        const server = await rangeServer('"v2"')
        const again = await fetchFetcher().fetch(
          request(server.url, { offset: 3, validator: '"v1"' }),
        )
        expect(again).toMatchObject({ offset: 0, validator: '"v2"' })
        expect(await readAll(again)).toBe(content)
      })

      test.each([
        ['another start', { 'content-range': 'bytes 2-7/8' }],
        ['no start', { 'content-range': '' }],
        ['another file', { etag: '"v2"' }],
        ['an encoding', { 'content-encoding': 'deflate' }],
      ])('is requested from the beginning when the answer is of %s', async (_what, headers) => {
        const server = await rangeServer('"v1"', headers)
        const again = await fetchFetcher().fetch(
          request(server.url, { offset: 3, validator: '"v1"' }),
        )
        expect(again.offset).toBe(0)
        expect(await readAll(again)).toBe(content)
        expect(server.requests).toHaveLength(2)
      })

      test('is requested from the beginning when the range does not exist (416)', async () => {
        const server = await serve((incoming, response) => {
          if (incoming.headers.range === undefined) response.end(content)
          else response.writeHead(416).end()
        })
        const again = await fetchFetcher().fetch(
          request(server.url, { offset: 9, validator: '"v1"' }),
        )
        expect(again.offset).toBe(0)
        expect(await readAll(again)).toBe(content)
      })

      test.each([
        ['a weak one', { etag: 'W/"v1"' }],
        ['one of encoded bytes', { etag: '"v1"', 'content-encoding': 'gzip' }],
      ])('has no validator when the server gives %s', async (_what, headers) => {
        const server = await serve((_request, response) => {
          const encoded = 'content-encoding' in headers
          const sent = encoded ? gzipSync(content) : content
          response.writeHead(200, { 'content-length': sent.length, ...headers }).end(sent)
        })
        const response = await fetchFetcher().fetch(request(server.url))
        expect(response.validator).toBeUndefined()
        if ('content-encoding' in headers) expect(response.length).toBeUndefined()
        expect(await readAll(response)).toBe(content)
      })
    })

    describe('redirects', () => {
      test('are followed, relative ones too, and distinguished from loops', async () => {
        const server = await serve((incoming, response) => {
          const next = { '/a': 'b', '/b': '/c', '/loop': '/loop', '/none': '' }[incoming.url ?? '']
          if (next === undefined) response.end('found')
          else response.writeHead(302, next === '' ? {} : { location: next }).end()
        })
        const fetcher = fetchFetcher()
        expect(await readAll(await fetcher.fetch(request(`${server.url}/a`)))).toBe('found')
        expect(server.requests).toHaveLength(3)
        for (const path of ['/loop', '/none']) {
          await expect(fetcher.fetch(request(server.url + path))).rejects.toMatchObject({
            code: 'ERR_TUF_FETCH_FAILED',
          })
        }
        expect(server.requests).toHaveLength(3 + 6 + 1)
      })

      test('the answer names where they led, without what may be a key to the file', async () => {
        const other = await serve((_request, response) => response.end('found'))
        const { port } = new URL(other.url)
        const server = await serve((incoming, response) => {
          const location = `http://user:hunter2@127.0.0.1:${port}/file?sig=hunter2#hunter2`
          if (incoming.url === '/direct' || incoming.url === '/same?sig=hunter2') response.end('x')
          else if (incoming.url === '/same') {
            response.writeHead(302, { location: '/same?sig=hunter2' }).end()
          } else response.writeHead(302, { location }).end()
        })
        const urls = []
        for (const path of ['/direct', '/same', '/moved']) {
          const answer = await fetchFetcher().fetch(request(server.url + path))
          await readAll(answer)
          urls.push(answer.url)
        }
        expect(urls).toEqual([undefined, undefined, `${other.url}/file`])
      })

      test.each([
        [404, 'ERR_TUF_FETCH_NOT_FOUND'],
        [500, 'ERR_TUF_FETCH_FAILED'],
      ])('a status %d at their end is an error that names it', async (status, code) => {
        const server = await serve((incoming, response) => {
          if (incoming.url === '/a') response.writeHead(302, { location: '/sign-in?next=a' }).end()
          else response.writeHead(status).end()
        })
        const url = `${server.url}/a`
        const redirectedTo = `${server.url}/sign-in`
        await expect(fetchFetcher().fetch(request(url))).rejects.toMatchObject({
          code,
          message: expect.stringMatching(/; redirected to \S+\/sign-in$/),
          url,
          origin: { from: 'network', url, redirectedTo },
        })
      })

      test('a server at their end that does not answer is named, and no key', async () => {
        const dead = await serve(() => undefined)
        await dead.close()
        const server = await serve((_request, response) => {
          response.writeHead(302, { location: `${dead.url}/file?sig=hunter2` }).end()
        })
        const error = await fetchFetcher()
          .fetch(request(server.url))
          .catch((one: unknown) => one)
        expect(error).toMatchObject({
          code: 'ERR_TUF_FETCH_FAILED',
          message: `${server.url}: the request failed; redirected to ${dead.url}/file`,
          cause: expect.anything(),
        })
        expect(inspect(error, { depth: 10 })).not.toContain('hunter2')
      })

      test('headers of the options are not sent to another origin', async () => {
        const other = await serve((_request, response) => response.end('found'))
        const server = await serve((_request, response) => {
          response.writeHead(307, { location: other.url }).end()
        })
        const fetcher = fetchFetcher({ headers: { authorization: 'secret' } })
        await readAll(await fetcher.fetch(request(server.url)))
        expect(server.requests[0]?.headers.authorization).toBe('secret')
        expect(other.requests[0]?.headers.authorization).toBeUndefined()
      })
    })
  })
}
