import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Updater } from '../../../src/index.js'
import { allowRemote, startProxy, type ProxyOptions } from '../../../src/pypi/proxy/proxy.js'
import {
  jsonPageType,
  parsePage,
  parsePageJson,
  rstufLayout,
  type IndexPage,
  type ProxyRefusal,
} from '../../../src/pypi/index.js'
import { IndexRepository, type LayoutName } from '../index-repository.js'
import { startAsking, updaterOf, type Asking } from './asking.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const wheelPath = `/files/foo-bar/${wheel}`
const layouts: LayoutName[] = ['pages', 'pages-and-files', 'rstuf']

let running: Asking[] = []
beforeEach(() => {
  running = []
})
afterEach(async () => {
  await Promise.all(running.map(({ proxy }) => proxy.close(0)))
})

async function start(...given: Parameters<typeof startAsking>): Promise<Asking> {
  const asking = await startAsking(...given)
  running.push(asking)
  return asking
}

function filled(layout: LayoutName = 'pages'): IndexRepository {
  const index = new IndexRepository({ layout })
  index.add(wheel, 'a wheel')
  index.add('foo_bar-1.0.tar.gz', 'a source distribution')
  index.publish()
  return index
}

test('a file of unknown length may be as long as the caller allows', async () => {
  const index = new IndexRepository({ form: 'html' })
  index.add(wheel, 'a wheel')
  index.publish()
  const refusals: ProxyRefusal[] = []
  const options = { onRefusal: (refusal: ProxyRefusal) => refusals.push(refusal) }
  const short = await start(index, { ...options, maxUnsizedLength: 6 })
  expect((await short.ask(wheelPath)).status).toBe(403)
  expect(refusals).toMatchObject([
    {
      asked: wheelPath,
      status: 403,
      error: { code: 'ERR_TUF_FETCH_TOO_LONG', limit: 6 },
      reason: expect.stringContaining('maxUnsizedLength (--unsized-bytes)'),
    },
  ])
  const enough = await start(index, { maxUnsizedLength: 7 })
  expect((await enough.ask(wheelPath)).body.toString()).toBe('a wheel')
})

function pageOf(origin: string, body: Uint8Array): Promise<IndexPage> {
  return parsePage(body, { project: 'foo-bar', baseUrl: `${origin}/simple/foo-bar/` })
}

describe.each(layouts)('a proxy over the layout %s', (layout) => {
  test.each([
    ['application/vnd.pypi.simple.v1+json', 'application/vnd.pypi.simple.v1+json'],
    ['application/vnd.pypi.simple.v1+html', 'application/vnd.pypi.simple.v1+html'],
    ['*/*', 'text/html; charset=utf-8'],
  ])('serves the verified page for %s, with all its files on the proxy', async (accept, type) => {
    const { proxy, ask } = await start(filled(layout))
    const page = await ask('/simple/foo-bar/', { headers: { accept } })
    expect([page.status, page.headers['content-type']]).toEqual([200, type])
    expect(page.headers).toMatchObject({ vary: 'Accept', 'cache-control': 'no-store' })
    const { files } = await pageOf(proxy.origin, page.body)
    expect(files.map(({ url }) => url)).toEqual([
      `${proxy.origin}${wheelPath}`,
      `${proxy.origin}/files/foo-bar/foo_bar-1.0.tar.gz`,
    ])
  })

  test('serves verified files, whole or as the head alone', async () => {
    const { ask, refusals } = await start(filled(layout))
    const got = await ask(wheelPath)
    expect([got.status, String(got.body), got.headers['content-length']]).toEqual([
      200,
      'a wheel',
      '7',
    ])
    const head = await ask(wheelPath, { method: 'HEAD' })
    expect([head.status, String(head.body), head.headers['content-length']]).toEqual([200, '', '7'])
    expect(refusals).toEqual([])
  })

  test('refuses a changed file, with the reason', async () => {
    const index = filled(layout)
    const { ask, refusals } = await start(index)
    swap(index, wheel, 'b wheel')
    const got = await ask(wheelPath)
    expect(got.status).toBe(403)
    expect(got.reason).toMatch(/^tuffet: .* expected .*\[ERR_TUF_HASH_MISMATCH\]$/)
    expect(JSON.parse(String(got.body))).toMatchObject({ status: 403, detail: got.reason.slice(8) })
    expect(refusals).toMatchObject([{ asked: wheelPath, status: 403 }])
  })
})

describe('a path without a file', () => {
  test.each([
    ['/simple/nothing/', 'the repository has no page of nothing'],
    ['/files/foo-bar/foo_bar-9.0-py3-none-any.whl', 'foo_bar-9.0-py3-none-any.whl: the page of'],
    ['/files/nothing/nothing-9.0-py3-none-any.whl', 'nothing-9.0-py3-none-any.whl: the repository'],
    ['/files/foo-bar/readme.txt', 'readme.txt: it is not the name of a wheel'],
    [`/files/foo_bar/${wheel}`, 'it is not the name of a file of a project'],
    ['/files/foo-bar/..%2f..%2fetc%2fpasswd', 'it is not the name of a file of a project'],
    ['/simple/%2e%2e/', 'it is not the name of a project'],
    ['/simple/a/b/', 'there is nothing here'],
    ['/', 'there is nothing here'],
    ['/../../etc/passwd', 'there is nothing here'],
  ])('%s is answered with 404: %s', async (path, reason) => {
    const { ask } = await start(filled())
    const got = await ask(path, { headers: { 'user-agent': 'pip/26.3' } })
    expect(got.status).toBe(404)
    expect(got.reason).toContain(`tuffet: ${reason}`)
  })

  test('a path that is not percent-encoded is answered with 400', async () => {
    const { ask } = await start(filled())
    expect(await ask('/simple/%zz/')).toMatchObject({ status: 400 })
  })
})

describe('names', () => {
  test.each([
    ['/simple', '/simple/'],
    ['/simple/foo-bar', '/simple/foo-bar/'],
    ['/simple/Foo.Bar/', '/simple/foo-bar/'],
    ['/simple/Foo__Bar', '/simple/foo-bar/'],
  ])('%s is redirected to %s', async (path, location) => {
    const { ask } = await start(filled())
    const got = await ask(path)
    expect([got.status, got.headers.location]).toEqual([301, location])
  })
})

describe('the list of projects', () => {
  test('is refused where delegated roles may list more of them', async () => {
    const { ask } = await start(filled())
    const got = await ask('/simple/')
    expect([got.status, got.reason]).toEqual([
      501,
      'tuffet: this repository does not list its projects',
    ])
  })
})

describe('core metadata', () => {
  const metadata = 'Name: foo-bar'
  const digest = '9a1b1a3bd9ee7e23d9ff9ec86bfe3ffac2b5b3ee05e4d5e0d2b9fcc0ba5b5b5b'

  function withMetadata(coreMetadata: boolean | ReadonlyMap<string, string>): IndexRepository {
    const index = new IndexRepository()
    const { url } = index.add(wheel, 'a wheel', { coreMetadata })
    index.served.set(`${url}.metadata`, Buffer.from(metadata))
    index.publish()
    return index
  }

  test('is given when its hash is on the verified page', async () => {
    const { createHash } = await import('node:crypto')
    const sha256 = createHash('sha256').update(metadata).digest('hex')
    const { ask, proxy } = await start(withMetadata(new Map([['sha256', sha256]])))
    const page = await ask('/simple/foo-bar/', { headers: { accept: jsonPageType } })
    const [file] = (await pageOf(proxy.origin, page.body)).files
    expect(file?.coreMetadata).toEqual(new Map([['sha256', sha256]]))
    expect(String((await ask(`${wheelPath}.metadata`)).body)).toBe(metadata)
  })

  test('is refused when its digest differs', async () => {
    const { ask } = await start(withMetadata(new Map([['sha256', digest]])))
    const got = await ask(`${wheelPath}.metadata`)
    expect([got.status, got.reason]).toEqual([
      403,
      expect.stringContaining('ERR_TUF_HASH_MISMATCH'),
    ])
  })

  test.each([[true], [new Map([['md5', '00'.repeat(16)]])]])(
    'is not offered when no hash is known for it: %p',
    async (coreMetadata) => {
      const { ask, proxy } = await start(withMetadata(coreMetadata))
      const page = await ask('/simple/foo-bar/', { headers: { accept: jsonPageType } })
      const [file] = (await pageOf(proxy.origin, page.body)).files
      expect(file).toMatchObject({ filename: wheel })
      expect(file?.coreMetadata).toBeUndefined()
      expect(await ask(`${wheelPath}.metadata`)).toMatchObject({ status: 403 })
    },
  )
})

describe('a refused page', () => {
  test.each([
    ['pip/26.3 {}', 300, 'refused (tuffet: '],
    ['uv/0.13.9 {}', 300, 'refused (tuffet: '],
    ['Mozilla/5.0', 403, 'application/problem+json'],
  ])('is shown to %s with status %d', async (userAgent, status, type) => {
    const index = filled()
    const { ask } = await start(index)
    swapPage(index)
    const got = await ask('/simple/foo-bar/', { headers: { 'user-agent': userAgent } })
    expect(got.status).toBe(status)
    expect(got.headers['content-type']).toContain(type)
    expect(got.reason).toContain('ERR_TUF_HASH_MISMATCH')
    expect(JSON.parse(String(got.body))).toMatchObject({ status: 403 })
  })

  test('needs a layout with pages', async () => {
    const layout = rstufLayout({ file: 'files/{filename}' })
    const { ask } = await start(filled('rstuf'), { layout })
    expect(await ask('/simple/foo-bar/')).toMatchObject({
      status: 501,
      reason: 'tuffet: the layout rstuf lacks a template for index pages (page)',
    })
  })
})

describe('the view', () => {
  test('is one for as long as the proxy runs', async () => {
    const index = filled()
    const { ask, refreshes } = await start(index)
    index.add('foo_bar-2.0-py3-none-any.whl')
    index.publish()
    await ask('/simple/foo-bar/')
    await ask(wheelPath)
    expect(refreshes()).toBe(1)
    expect(await ask('/files/foo-bar/foo_bar-2.0-py3-none-any.whl')).toMatchObject({ status: 404 })
  })

  test('is renewed after an interval', async () => {
    const index = filled()
    const { ask, refreshes } = await start(index, { interval: 0 })
    index.add('foo_bar-2.0-py3-none-any.whl')
    index.publish()
    expect(await ask('/files/foo-bar/foo_bar-2.0-py3-none-any.whl')).toMatchObject({ status: 200 })
    // With an interval of 0 the file outlasts the view that it was asked of.
    expect(refreshes()).toBe(3)
  })

  test('is renewed once when a page was written and signed anew', async () => {
    const index = filled('rstuf')
    const { ask, refreshes } = await start(index)
    index.add('foo_bar-2.0-py3-none-any.whl')
    index.publish()
    const answers = await Promise.all([ask('/simple/foo-bar/'), ask('/simple/foo-bar/')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(String(answers[0].body)).toContain('foo_bar-2.0')
    expect(refreshes()).toBe(2)
  })

  test('is not renewed again and again for a page that was never signed', async () => {
    const index = filled()
    const { ask, refreshes } = await start(index)
    swapPage(index)
    for (let count = 0; count < 3; count++) {
      const { status, reason } = await ask('/simple/foo-bar/')
      expect([status, reason]).toEqual([
        403,
        expect.stringContaining('the file changed since it was signed, or the view is older'),
      ])
    }
    expect(refreshes()).toBe(2)
  })

  test('that cannot be renewed is no longer used, and works again afterwards', async () => {
    const index = filled()
    const { ask } = await start(index, { interval: 0 })
    index.repo.attack.indefiniteFreeze()
    index.repo.advance(3)
    const got = await ask(wheelPath)
    expect([got.status, got.reason]).toEqual([403, expect.stringContaining('ERR_TUF_EXPIRED')])
    index.repo.attack.stop()
    index.repo.publish('snapshot', ...index.repo.roles())
    expect(await ask(wheelPath)).toMatchObject({ status: 200 })
  })

  test('is renewed once when its snapshot has vanished', async () => {
    const index = filled()
    const { ask, refreshes } = await start(index)
    const old = index.repo.fileNames()
    index.add('foo_bar-2.0-py3-none-any.whl')
    index.publish()
    const gone = index.repo.intercept((kind, name) =>
      kind === 'metadata' && old.includes(name) && /^\d+\.[0-9a-f]/.test(name)
        ? 'missing'
        : undefined,
    )
    index.repo.publish('snapshot', ...index.repo.roles())
    const answers = await Promise.all([ask(wheelPath), ask('/simple/foo-bar/'), ask(wheelPath)])
    gone()
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(refreshes()).toBe(2)
  })
})

describe('the proxy', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1', 'index.internal'])(
    'does not listen on %s by itself',
    async (host) => {
      const index = filled()
      const options = { updater: updaterOf(index), layout: index.layout, host }
      await expect(startProxy(options)).rejects.toThrow(TypeError)
      expect(index.asked).toEqual([])
    },
  )

  test('listens beyond loopback only as an option', async () => {
    const { proxy } = await start(filled(), { host: '0.0.0.0', [allowRemote]: true })
    expect(proxy.indexUrl).toMatch(/^http:\/\/0\.0\.0\.0:\d+\/simple\/$/)
  })

  test('does not start from a repository that is refused', async () => {
    const index = filled()
    index.repo.advance(30)
    await expect(startAsking(index)).rejects.toMatchObject({ code: 'ERR_TUF_EXPIRED' })
  })

  test('refuses a name that is not its own (DNS rebinding)', async () => {
    const { ask } = await start(filled())
    const got = await ask('/simple/foo-bar/', { headers: { host: 'evil.example' } })
    expect([got.status, String(got.body).includes('foo_bar')]).toEqual([421, false])
  })

  test.each([
    ['POST', 405],
    ['DELETE', 405],
  ])('refuses %s', async (method, status) => {
    const { ask } = await start(filled())
    expect(await ask('/simple/foo-bar/', { method })).toMatchObject({ status })
  })

  test('does not forward to other hosts', async () => {
    const { ask, proxy, refusals } = await start(filled())
    expect(await ask('http://pypi.test/simple/')).toMatchObject({ status: 403 })
    const answer = await raw(proxy.origin, 'CONNECT pypi.test:443 HTTP/1.1\r\nhost: a\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 403 tuffet: this proxy does not lead to other hosts\r\n/)
    expect(refusals.map(({ asked }) => asked)).toEqual([
      'http://pypi.test/simple/',
      'pypi.test:443',
    ])
  })

  test('answers even when a refusal cannot be reported', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const onRefusal = ({ asked }: ProxyRefusal): void => {
      throw new Error(`no space left for ${asked}`)
    }
    const { ask, proxy } = await start(filled(), { onRefusal })
    expect(await ask('/nothing')).toMatchObject({ status: 404 })
    const answer = await raw(proxy.origin, 'CONNECT pypi.test:443 HTTP/1.1\r\nhost: a\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 403 tuffet: /)
    const details = ['/nothing', 'pypi.test:443'].map((asked) => {
      return { detail: expect.stringContaining(`no space left for ${asked}`) }
    })
    expect(warnings.mock.calls).toMatchObject(details.map((detail) => ['onRefusal threw', detail]))
    warnings.mockRestore()
  })

  test('keeps no connection of a client that was refused another host', async () => {
    const { proxy } = await start(filled())
    const port = Number(new URL(proxy.origin).port)
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(`CONNECT pypi.test:443 HTTP/1.1\r\nhost: a\r\n\r\n${'x'.repeat(1_000)}`)
    socket.resume()
    await once(socket, 'end')
    // It still writes, into a closed connection.
    const gone = once(socket, 'error')
    const writing = setInterval(() => socket.write('x'), 10)
    expect(await gone).toMatchObject([{ code: expect.stringMatching(/EPIPE|ECONNRESET/) }])
    clearInterval(writing)
    socket.destroy()
  })

  test('refuses clients that would not notice a file without its end', async () => {
    const { proxy } = await start(filled())
    const answer = await raw(proxy.origin, 'GET /simple/ HTTP/1.0\r\nhost: localhost\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 505 /)
  })

  test('answers many at once, over connections that stay', async () => {
    const { ask } = await start(filled())
    const agent = new Agent({ keepAlive: true, maxSockets: 4 })
    const paths = Array.from({ length: 40 }, (_, at) =>
      at % 2 === 0 ? wheelPath : '/simple/foo-bar/',
    )
    const answers = await Promise.all(paths.map((path) => ask(path, { agent })))
    agent.destroy()
    expect(answers.every(({ status, complete }) => status === 200 && complete)).toBe(true)
  })

  test('closes while clients are still connected', async () => {
    const index = filled()
    let asked: () => void = () => undefined
    const waiting = new Promise<void>((resolve) => {
      asked = resolve
    })
    const { ask, proxy } = await startAsking(index)
    const stuck = index.repo.intercept(() => {
      asked()
      return async function* () {
        await new Promise(() => undefined)
        yield new Uint8Array()
      }
    })
    const socket = connect(Number(new URL(proxy.origin).port), '127.0.0.1')
    const broken = ask('/simple/foo-bar/').catch((error: unknown) => error)
    await waiting
    await proxy.close(0)
    stuck()
    socket.destroy()
    expect(String(await broken)).toMatch(/hang up|ECONNRESET/)
    await expect(ask('/simple/foo-bar/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

test('a page as pip reads it can be read as a page again', async () => {
  const { ask, proxy } = await start(filled())
  const { body } = await ask('/simple/foo-bar/', { headers: { accept: jsonPageType } })
  const baseUrl = `${proxy.origin}/simple/foo-bar/`
  const { files } = parsePageJson(body, { project: 'foo-bar', baseUrl })
  for (const { url } of files)
    expect(await ask(new URL(url).pathname)).toMatchObject({ status: 200 })
})

/** Other bytes than the repository vouches for, wherever the layout puts the file. */
function swap(index: IndexRepository, filename: string, content: string): void {
  const { url } = index.distributions.get(filename)!
  const other = Buffer.from(content)
  index.served.set(url, other)
  index.repo.intercept((kind, name) =>
    kind === 'target' && name.endsWith(filename) ? other : undefined,
  )
}

function swapPage(index: IndexRepository): void {
  const path = index.pagePath('foo-bar')
  index.repo.intercept((kind, name) =>
    kind === 'target' && name.endsWith(path)
      ? Uint8Array.from(index.repo.file(name, 'target'), (byte) => byte ^ 1)
      : undefined,
  )
}

function raw(origin: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(text))
    let got = ''
    socket.on('data', (chunk) => {
      got += String(chunk)
    })
    socket.on('end', () => resolve(got))
    socket.on('error', reject)
  })
}

describe('a client that leaves without an answer', () => {
  test.each([
    ['a page', '/simple/foo-bar/'],
    ['a file', wheelPath],
  ])('is reported with the time that it waited: %s', async (_, path) => {
    const left = await leaving(path, 15_000)
    expect(left.refusals).toEqual([
      {
        asked: path,
        status: 499,
        reason: expect.stringMatching(
          /^the client left after 15 s, before the repository's answer/,
        ),
        error: expect.any(Error),
      },
    ])
  })

  test('is not reported with the token in its path', async () => {
    const token = 'a'.repeat(24)
    const { refusals } = await leaving(`/${token}/simple/foo-bar/`, 1_000, { token })
    expect(refusals).toMatchObject([{ asked: '/simple/foo-bar/', status: 499 }])
  })

  test('is not reported when it leaves within a second', async () => {
    expect((await leaving('/simple/foo-bar/', 999)).refusals).toEqual([])
  })

  /** Asks while the repository is silent, and leaves after this time. */
  async function leaving(path: string, ms: number, options: Partial<ProxyOptions> = {}) {
    const index = filled()
    let now = 0
    let silent = false
    const fetcher = index.fetcher()
    const asked = new AbortController()
    const noticed = new AbortController()
    const refusals: ProxyRefusal[] = []
    const updater = new Updater({
      metadataUrl: 'https://repository.test/metadata/',
      targetsUrl: 'https://repository.test/targets/',
      root: index.repo.root(),
      store: index.store,
      now: () => index.repo.now,
      fetcher: {
        fetch(request) {
          if (!silent) return fetcher.fetch(request)
          request.signal.addEventListener('abort', () => noticed.abort())
          asked.abort()
          return new Promise(() => undefined)
        },
      },
    })
    const onRefusal = (refusal: ProxyRefusal): void => {
      refusals.push(refusal)
      noticed.abort()
    }
    const asking = await start(index, { ...options, updater, onRefusal, clock: { now: () => now } })
    silent = true
    const client = new AbortController()
    const answer = asking.ask(path, { signal: client.signal }).catch((error: unknown) => error)
    if (!asked.signal.aborted) await once(asked.signal, 'abort')
    now = ms
    client.abort()
    await answer
    if (!noticed.signal.aborted) await once(noticed.signal, 'abort')
    return { refusals }
  }
})
