import { connect } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { IndexRepository } from '../index-repository.js'
import { startAsking, type Asking } from './asking.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const token = 'a_token-of-24-letters-00'

let running: Asking[] = []
afterEach(async () => {
  await Promise.all(running.map(({ proxy }) => proxy.close(0)))
  running = []
})

async function start(options: Parameters<typeof startAsking>[1] = {}): Promise<Asking> {
  const index = new IndexRepository()
  index.add(wheel, 'a wheel')
  index.publish()
  const asking = await startAsking(index, options)
  running.push(asking)
  return asking
}

/** Lines as they are sent, and all that comes back until the connection ends. */
function raw(origin: string, ...lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => {
      socket.write([...lines, 'connection: close', '', ''].join('\r\n'))
    })
    let got = ''
    socket.on('data', (chunk) => {
      got += String(chunk)
    })
    socket.on('end', () => resolve(got))
    socket.on('error', reject)
  })
}

describe('a whole URL as the target of a request', () => {
  test.each(['127.0.0.1', 'localhost', 'LOCALHOST'])(
    'with the origin of the proxy, by the name %s, is one of its paths',
    async (name) => {
      const { ask, proxy, refusals } = await start()
      const { port } = new URL(proxy.origin)
      const page = await ask(`http://${name}:${port}/simple/foo-bar/`)
      expect([page.status, String(page.body).includes(wheel)]).toEqual([200, true])
      const file = await ask(`HTTP://${name}:${port}/files/foo-bar/${wheel}`)
      expect([file.status, String(file.body)]).toEqual([200, 'a wheel'])
      expect(refusals).toEqual([])
    },
  )

  test.each([
    'http://127.0.0.1:1/simple/foo-bar/',
    'http://127.0.0.1/simple/foo-bar/',
    'http://x.127.0.0.1:PORT/simple/foo-bar/',
    'http://x127.0.0.1:PORT/simple/foo-bar/',
    'http://127.0.0.1:PORT@evil.test/simple/foo-bar/',
    'http://evil.test/http://127.0.0.1:PORT/simple/foo-bar/',
    'https://127.0.0.1:PORT/simple/foo-bar/',
    'ftp://127.0.0.1:PORT/simple/foo-bar/',
  ])('%s is another host', async (template) => {
    const { ask, proxy, refusals } = await start()
    const url = template.replace('PORT', new URL(proxy.origin).port)
    expect(await ask(url)).toMatchObject({ status: 403 })
    expect(refusals).toMatchObject([
      { asked: url, reason: 'this proxy does not lead to other hosts' },
    ])
  })

  test('needs a Host that is the proxy too', async () => {
    const { ask, proxy } = await start()
    const url = `${proxy.origin}/simple/foo-bar/`
    expect(await ask(url, { headers: { host: 'evil.test' } })).toMatchObject({ status: 421 })
  })
})

describe('the Host of a request', () => {
  test.each([
    [['host: localhost', 'host: localhost'], '400 tuffet: there is more than one Host header'],
    [['host: localhost', 'Host: evil.test'], '400 tuffet: there is more than one Host header'],
    [['host: evil.test', 'HOST: localhost'], '400 tuffet: there is more than one Host header'],
    [['host: localhost, evil.test'], '421 '],
    [[], '421 '],
  ])('occurs once: %j', async (hosts, status) => {
    const { proxy } = await start()
    const answer = await raw(proxy.origin, 'GET /simple/foo-bar/ HTTP/1.1', ...hosts)
    expect(answer.slice('HTTP/1.1 '.length)).toMatch(new RegExp(`^${status}`))
    expect(answer.toLowerCase()).toContain('\r\nx-content-type-options: nosniff\r\n')
    expect(answer).not.toContain('foo_bar')
  })
})

describe('a page in a browser', () => {
  test.each([
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://localhost:9' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'what-is-new' },
  ])('of another site gets no page, %j', async (headers) => {
    const { ask } = await start()
    for (const path of ['/simple/foo-bar/', `/files/foo-bar/${wheel}`, '/nothing']) {
      const answer = await ask(path, { headers })
      expect([answer.status, String(answer.body).includes('foo_bar-')]).toEqual([403, false])
    }
  })

  test.each([{ 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }])(
    'of the proxy itself is answered, %j',
    async (headers) => {
      const { ask, proxy } = await start()
      const own = { ...headers, origin: proxy.origin }
      expect(await ask('/simple/foo-bar/', { headers: own })).toMatchObject({ status: 200 })
    },
  )

  test('gets nosniff with every answer', async () => {
    const { ask, proxy } = await start()
    const paths = ['/simple/foo-bar/', '/simple/Foo_Bar', `/files/foo-bar/${wheel}`, '/nothing']
    for (const path of [...paths, 'http://evil.test/', '/%']) {
      const { headers } = await ask(path)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
    for (const line of ['CONNECT evil.test:443 HTTP/1.1', 'NO HTTP AT ALL']) {
      const answer = await raw(proxy.origin, line, 'host: localhost')
      expect(answer).toMatch(/^HTTP\/1\.1 40[03] .*\r\nx-content-type-options: nosniff\r\n/)
    }
  })
})

describe('a token', () => {
  test('begins every path, and is in no report', async () => {
    const { ask, proxy, refusals } = await start({ token })
    expect(proxy.indexUrl).toBe(`${proxy.origin}/${token}/simple/`)
    const page = await ask(`/${token}/simple/foo-bar/`)
    expect([page.status, String(page.body).includes(`../../files/foo-bar/${wheel}`)]).toEqual([
      200,
      true,
    ])
    expect(await ask(`${proxy.origin}/${token}/files/foo-bar/${wheel}`)).toMatchObject({
      status: 200,
    })
    for (const path of ['/simple/Foo_Bar/', '/simple/foo-bar']) {
      expect((await ask(`/${token}${path}`)).headers.location).toBe(`/${token}/simple/foo-bar/`)
    }
    expect((await ask(`/${token}/simple`)).headers.location).toBe(`/${token}/simple/`)
    await ask(`/${token}/simple/none/`)
    await ask(`/${token}/simple/foo-bar/`, { method: 'POST' })
    expect(refusals.map(({ asked }) => asked)).toEqual(['/simple/none/', '/simple/foo-bar/'])
    expect(JSON.stringify(refusals)).not.toContain(token)
  })

  test.each([
    '/',
    '/simple/',
    '/simple/foo-bar/',
    `/files/foo-bar/${wheel}`,
    `/${token.slice(0, -1)}/simple/foo-bar/`,
    `/${token}x/simple/foo-bar/`,
    `//${token}/simple/foo-bar/`,
    `/${token.toUpperCase()}/simple/foo-bar/`,
    `/?/${token}/simple/foo-bar/`,
  ])('is required: %s is answered with 404, and not reported', async (path) => {
    const { ask, refusals } = await start({ token })
    const answer = await ask(path)
    expect([answer.status, answer.reason]).toEqual([404, 'tuffet: there is nothing here'])
    expect(refusals).toEqual([])
  })

  test.each(['', 'short', 'with/slash/and/more/more', 'x'.repeat(201), 'with a space in the text'])(
    'cannot be %j',
    async (text) => {
      await expect(start({ token: text })).rejects.toThrow(RangeError)
    },
  )
})
