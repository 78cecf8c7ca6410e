import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { IndexFile } from '../../../src/pypi/index.js'
import type { ProxyOptions } from '../../../src/pypi/proxy/proxy.js'
import { digestsOf, IndexRepository } from '../index-repository.js'
import { startAsking, type Asking } from './asking.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const wheelPath = `/files/foo-bar/${wheel}`
const short = Buffer.from('a wheel')
const long = Buffer.alloc(3_000_000, 'a long wheel ')

let folder: string
let running: Asking[] = []
beforeEach(() => {
  folder = temporaryFolder('proxy')
})
afterEach(async () => {
  await Promise.all(running.map(({ proxy }) => proxy.close(0)))
  running = []
  expect(await readdir(folder)).toEqual([])
})

async function start(index: IndexRepository, options: Partial<ProxyOptions> = {}): Promise<Asking> {
  const asking = await startAsking(index, { spool: { folder }, ...options })
  running.push(asking)
  return asking
}

function listed(content: Buffer, form: 'json' | 'html' = 'json'): IndexRepository {
  const index = new IndexRepository({ form })
  index.add(wheel, content)
  index.publish()
  return index
}

type Body = (request: { readonly signal: AbortSignal }) => AsyncIterable<Uint8Array>

/** From now on the wheel is served like this; the answer counts how often. */
function serveAs(index: IndexRepository, body: Body): { times: number } {
  const { url } = index.distributions.get(wheel)!
  const { fetch } = index.fetcher()
  const asked = { times: 0 }
  index.fetcher = () => ({
    fetch: async (request) => {
      if (request.url !== url) return fetch(request)
      asked.times++
      return { offset: 0, body: body(request) }
    },
  })
  return asked
}

async function* pieces(bytes: Buffer, until?: Promise<void>): AsyncGenerator<Uint8Array> {
  const half = bytes.length >> 1
  for (let at = 0; at < half; at += 10_000) yield bytes.subarray(at, Math.min(at + 10_000, half))
  await until
  for (let at = half; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

describe.each([
  ['short', short],
  ['long', long],
])('a %s file', (_, content) => {
  test.each(['json', 'html'] as const)('is sent with its length, page in %s', async (form) => {
    const { ask } = await start(listed(content, form))
    const got = await ask(wheelPath)
    expect([got.status, got.complete, got.body.equals(content)]).toEqual([200, true, true])
    expect(got.headers).toMatchObject({
      'content-length': String(content.length),
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    })
  })

  test('is sent in parts, all of one download', async () => {
    const index = listed(content)
    const asked = serveAs(index, () => pieces(content))
    const { ask } = await start(index)
    const { length } = content
    const head = await ask(wheelPath, { method: 'HEAD' })
    expect([head.status, head.headers['content-length']]).toEqual([200, String(length)])
    expect(head.body.length).toBe(0)
    for (const [range, start, end] of [
      ['bytes=0-2', 0, 3],
      ['bytes=-3', length - 3, length],
      [`bytes=2-${length + 5}`, 2, length],
    ] as const) {
      const got = await ask(wheelPath, { headers: { range } })
      expect([got.status, got.headers['content-range'], got.headers['content-length']]).toEqual([
        206,
        `bytes ${start}-${end - 1}/${length}`,
        String(end - start),
      ])
      expect(got.body.equals(content.subarray(start, end))).toBe(true)
    }
    const beyond = await ask(wheelPath, { headers: { range: `bytes=${length}-` } })
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${length}`])
    expect(asked.times).toBe(1)
  })

  test('is sent as a whole when the part is one of another file', async () => {
    const { ask } = await start(listed(content))
    const { etag = '' } = (await ask(wheelPath, { method: 'HEAD' })).headers
    const range = 'bytes=1-2'
    expect(await ask(wheelPath, { headers: { range, 'if-range': etag } })).toMatchObject({
      status: 206,
    })
    const other = await ask(wheelPath, { headers: { range, 'if-range': '"other"' } })
    expect([other.status, other.body.length]).toEqual([200, content.length])
  })

  test.each(['json', 'html'] as const)(
    'that is another is refused, and none of it is sent, page in %s',
    async (form) => {
      const index = listed(content, form)
      serveAs(index, () => pieces(Buffer.concat([content.subarray(1), Buffer.from('y')])))
      const { ask, refusals } = await start(index)
      for (const options of [{}, { headers: { range: 'bytes=0-0' } }, { method: 'HEAD' }]) {
        const got = await ask(wheelPath, options)
        expect([got.status, got.complete]).toEqual([403, true])
        expect(got.reason).toContain('ERR_TUF_HASH_MISMATCH')
        expect(got.headers['content-type']).toBe('application/problem+json')
      }
      expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403])
    },
  )

  test('is downloaded once for requests at the same time', async () => {
    const index = listed(content)
    const { opened, open } = gate()
    const asked = serveAs(index, () => pieces(content, opened))
    const { ask } = await start(index)
    const answers = Promise.all([1, 2, 3].map(() => ask(wheelPath)))
    setTimeout(open, 50)
    for (const { body } of await answers) expect(body.equals(content)).toBe(true)
    expect(asked.times).toBe(1)
  })

  test('whose connection breaks is refused, and sent on the next request', async () => {
    const index = listed(content)
    let broken = true
    serveAs(index, async function* () {
      yield* pieces(content.subarray(0, broken ? 3 : content.length))
      if (broken) throw new Error('ECONNRESET')
    })
    const { ask, refusals } = await start(index)
    expect((await ask(wheelPath)).status).toBe(504)
    broken = false
    expect((await ask(wheelPath)).body.equals(content)).toBe(true)
    expect(refusals).toHaveLength(1)
  })

  test('is judged, and the refusal reported, when its client has left', async () => {
    const index = listed(content)
    const { opened, open } = gate()
    const wrong = Buffer.from(content).fill('y', content.length - 1)
    const begun = gate()
    serveAs(index, () => {
      begun.open()
      return pieces(wrong, opened)
    })
    const { ask, refusals, proxy } = await start(index)
    const abort = new AbortController()
    const asked = ask(wheelPath, { signal: abort.signal })
    await begun.opened
    abort.abort()
    await expect(asked).rejects.toThrow()
    open()
    // It waits for verdicts that are on their way.
    await proxy.close(60_000)
    expect(refusals).toMatchObject([{ asked: wheelPath, error: { code: 'ERR_TUF_HASH_MISMATCH' } }])
  })

  test('that stalls is abandoned when the proxy closes', async () => {
    const index = listed(content)
    const begun = gate()
    const left = gate()
    serveAs(index, async function* ({ signal }) {
      try {
        yield content.subarray(0, 3)
        begun.open()
        await once(signal, 'abort')
        signal.throwIfAborted()
      } finally {
        left.open()
      }
    })
    const { ask, refusals, proxy } = await start(index)
    const asked = ask(wheelPath).catch((error: unknown) => error)
    await begun.opened
    await proxy.close(0)
    await left.opened
    expect(String(await asked)).toMatch(/hang up|ECONNRESET/)
    const reason = 'the proxy closed before the file was verified'
    expect(refusals).toMatchObject([{ asked: wheelPath, status: 503, reason }])
  })
})

test('a client is told to wait, every second, until a file is verified', async () => {
  const index = listed(long)
  const { opened, open } = gate()
  serveAs(index, () => pieces(long, opened))
  const { proxy } = await start(index)
  const request = httpRequest(`${proxy.origin}${wheelPath}`)
  let waits = 0
  request.on('continue', () => {
    waits++
    if (waits === 2) open()
  })
  request.end()
  const [response] = await once(request, 'response')
  const hash = createHash('sha256')
  for await (const chunk of response) hash.update(chunk)
  expect(hash.digest('hex')).toBe(createHash('sha256').update(long).digest('hex'))
  expect(waits).toBeGreaterThanOrEqual(2)
})

test('a client that leaves while a long file is sent is not a refusal', async () => {
  const { proxy, ask, refusals } = await start(listed(long))
  const request = httpRequest(`${proxy.origin}${wheelPath}`)
  request.on('error', () => undefined)
  request.end()
  const [response] = await once(request, 'response')
  response.destroy()
  expect((await ask(wheelPath)).body.equals(long)).toBe(true)
  await proxy.close(60_000)
  expect(refusals).toEqual([])
})

describe('while a file arrives', () => {
  test.each([
    ['is withdrawn', () => [], 404, 'does not list it'],
    [
      'is replaced',
      (files: readonly IndexFile[]) =>
        files.map((file) => ({ ...file, hashes: new Map([['sha256', digestsOf(short).sha256]]) })),
      403,
      'another file took its place while it arrived',
    ],
  ])('and %s, it is not sent to the client that waited', async (_, change, status, reason) => {
    const index = listed(long)
    const { opened, open } = gate()
    const asked = serveAs(index, () => pieces(long, opened))
    const { ask, refusals } = await start(index, { interval: 0 })
    const answer = ask(wheelPath)
    while (asked.times === 0) await setImmediate()
    index.publish((page) => ({ ...page, files: change(page.files) }))
    open()
    const got = await answer
    expect([got.status, got.reason]).toEqual([status, expect.stringContaining(reason)])
    expect(got.body.includes('a long wheel')).toBe(false)
    expect(refusals).toHaveLength(1)
  })

  test('and another is published, it is sent from one download', async () => {
    const index = listed(long)
    const { opened, open } = gate()
    const asked = serveAs(index, () => pieces(long, opened))
    const { ask } = await start(index, { interval: 0 })
    const answer = ask(wheelPath)
    while (asked.times === 0) await setImmediate()
    index.add('foo_bar-1.1-py3-none-any.whl', short)
    index.publish()
    open()
    expect((await answer).body.equals(long)).toBe(true)
    expect((await ask(wheelPath)).body.equals(long)).toBe(true)
    expect(asked.times).toBe(1)
  })
})
