import { setMaxListeners } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { fetchBytes } from '../../src/client/fetch-bytes.js'
import type { FetchResponse } from '../../src/client/fetcher.js'
import { noteQueued } from '../../src/client/queued.js'
import type { FetchFunction } from '../../src/client/web-fetcher.js'
import { ConnectionPool } from '../../src/node/connection-pool.js'
import { httpFetch } from '../../src/node/http-fetch.js'
import { nodeFetcher } from '../../src/node/node-fetcher.js'
import { describeFetcher } from '../support/fetcher-contract.js'
import { listen } from '../support/listen.js'
import { manualClock, type ManualClock } from '../support/manual-clock.js'

const unlimited = { kind: 'target', maxLength: 1_000, minimumRate: 0, rateWindow: 1 } as const

function pooled(most: number): FetchFunction {
  const pool = new ConnectionPool(most)
  return (url, init) => httpFetch(url, init, pool)
}

describeFetcher('node:http with two connections', pooled(2))

/** Answers with the path, and notes how many connections and unanswered requests there are. */
async function serve(
  closes = false,
): Promise<{ url: string; most: { open: number; unanswered: number }; order: string[] }> {
  const most = { open: 0, unanswered: 0 }
  const order: string[] = []
  let [open, unanswered] = [0, 0]
  const server = createServer((request, response) => {
    order.push(request.url ?? '')
    most.unanswered = Math.max(most.unanswered, ++unanswered)
    // Others that may come do so meanwhile.
    setTimeout(() => {
      unanswered--
      if (closes) response.setHeader('connection', 'close')
      response.end(request.url)
    }, 5)
  })
  server.on('connection', (socket) => {
    most.open = Math.max(most.open, ++open)
    socket.once('close', () => open--)
  })
  const port = await listen(server)
  return { url: `http://127.0.0.1:${port}`, most, order }
}

async function askAll(connections: number, url: string, count: number): Promise<string[]> {
  const fetcher = nodeFetcher({ proxy: 'none', connections })
  const paths = Array.from({ length: count }, (_, at) => `/${at}`)
  const bodies = await Promise.all(paths.map((path) => fetchBytes(fetcher, url + path, unlimited)))
  expect(bodies.map((body) => Buffer.from(body).toString())).toEqual(paths)
  return paths
}

describe('a fetcher with a bounded number of connections', () => {
  test('opens no more of them, and serves requests in their order', async () => {
    const { url, most, order } = await serve()
    const paths = await askAll(3, url, 60)
    expect(most.open).toBeLessThanOrEqual(3)
    // Each connection delivers for itself, so neighbours may change places.
    for (const [at, path] of paths.entries()) {
      expect(Math.abs(order.indexOf(path) - at)).toBeLessThanOrEqual(6)
    }
  })

  test('asks a server that keeps connections open as often as its bound allows', async () => {
    const { url, most } = await serve()
    await askAll(12, url, 120)
    expect(most.unanswered).toBeGreaterThan(6)
    expect(most.unanswered).toBeLessThanOrEqual(12)
  })

  test('keeps at most six waiting on a server that closes each connection', async () => {
    const { url, most } = await serve(true)
    await askAll(32, url, 100)
    expect(most.unanswered).toBeLessThanOrEqual(6)
  })

  test('gives the place of an aborted request to the next one', async () => {
    const pool = new ConnectionPool(1)
    const never = new AbortController().signal
    const first = await pool.take('a', never)
    const leaving = new AbortController()
    const second = pool.take('a', leaving.signal)
    const third = pool.take('a', never)
    leaving.abort(new Error('left'))
    await expect(second).rejects.toThrow('left')
    first.leave()
    first.leave()
    await third
    // Another origin has connections of its own.
    await pool.take('b', never)
  })

  test('remembers after a pause whether the server keeps connections open', async () => {
    const pool = new ConnectionPool(40)
    const { signal } = new AbortController()
    const askOnce = async (name: string, keepsOpen: boolean): Promise<void> => {
      const connection = await pool.take(name, signal)
      connection.answered(keepsOpen)
      connection.leave()
    }
    const waiting = async (name: string): Promise<number> => {
      const leaving = new AbortController()
      setMaxListeners(0, leaving.signal)
      const taken = Array.from({ length: 40 }, () => pool.take(name, leaving.signal))
      let waits = taken.length
      for (const one of taken) one.then(() => waits--).catch(() => undefined)
      await new Promise((resolve) => setImmediate(resolve))
      leaving.abort()
      for (const one of await Promise.allSettled(taken)) {
        if (one.status === 'fulfilled') one.value.leave()
      }
      return waits
    }
    await askOnce('a', true)
    expect(await waiting('a')).toBe(0)
    await askOnce('a', false)
    expect(await waiting('a')).toBe(34)
    await askOnce('a', true)
    // Of a bounded number of servers.
    for (let at = 0; at < 100; at++) await askOnce(`other ${at}`, true)
    expect(await waiting('a')).toBe(34)
    expect(await waiting('other 99')).toBe(0)
  })

  test('keeps its place while it asks once more over a new connection', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
    let closed = 0
    const server = createTcpServer((socket) => {
      let answered = false
      socket.on('error', () => undefined)
      socket.on('data', () => {
        // The second request finds its idle connection closed.
        if (answered) {
          closed += 1
          socket.destroy()
        } else socket.write(answer)
        answered = true
      })
    })
    const url = `http://127.0.0.1:${await listen(server)}`
    const fetcher = nodeFetcher({ proxy: 'none', connections: 1 })
    for (let at = 0; at < 4; at++) {
      expect(await fetchBytes(fetcher, url, unlimited)).toHaveLength(2)
    }
    expect(closed).toBeGreaterThan(0)
  })

  test('gives a place back when the server cannot be reached, or closes without an answer', async () => {
    const server = createServer((request) => request.socket.destroy())
    const url = `http://127.0.0.1:${await listen(server)}`
    const fetcher = nodeFetcher({ proxy: 'none', connections: 1 })
    for (let at = 0; at < 3; at++) {
      await expect(fetchBytes(fetcher, url, unlimited)).rejects.toMatchObject({
        code: 'ERR_TUF_FETCH_FAILED',
      })
    }
    server.close()
    const gone = `http://127.0.0.1:${(server.address() as AddressInfo | null)?.port ?? 1}`
    for (let at = 0; at < 3; at++) {
      await expect(fetchBytes(fetcher, gone, unlimited)).rejects.toMatchObject({
        code: 'ERR_TUF_FETCH_FAILED',
      })
    }
  })
})

describe('the wait for a connection', () => {
  const silent = { ...unlimited, minimumRate: 1, rateWindow: 10_000 }

  function fetchWith(
    clock: ManualClock,
    ask: (signal: AbortSignal) => Promise<FetchResponse>,
  ): Promise<Uint8Array> {
    const fetcher = { fetch: ({ signal }: { signal: AbortSignal }) => ask(signal) }
    return fetchBytes(fetcher, 'http://a.example/', { ...silent, clock })
  }

  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.from('x')
  }

  test('is not a silence of the server', async () => {
    const clock = manualClock()
    const bytes = await fetchWith(clock, async (signal) => {
      noteQueued(signal, true)
      await clock.pass(60_000)
      noteQueued(signal, false)
      await clock.pass(9_000)
      return { offset: 0, body: body() }
    })
    expect(bytes).toHaveLength(1)
  })

  test('sets no timer, however little silence was left before it', async () => {
    const clock = manualClock()
    let timers = 0
    const counting: ManualClock = {
      ...clock,
      setTimer: (delay, run) => {
        timers += 1
        return clock.setTimer(delay, run)
      },
    }
    const asked = fetchWith(counting, async (signal) => {
      await clock.pass(9_990)
      noteQueued(signal, true)
      timers = 0
      await clock.pass(60_000)
      expect(timers).toBeLessThanOrEqual(1)
      noteQueued(signal, false)
      await clock.pass(20)
      return new Promise(() => undefined)
    })
    await expect(asked).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW' })
  })

  test('hides neither the silence before it nor the one after it', async () => {
    const clock = manualClock()
    const asked = fetchWith(clock, async (signal) => {
      await clock.pass(6_000)
      noteQueued(signal, true)
      await clock.pass(60_000)
      noteQueued(signal, false)
      await clock.pass(5_000)
      return new Promise(() => undefined)
    })
    await expect(asked).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TOO_SLOW' })
  })
})
