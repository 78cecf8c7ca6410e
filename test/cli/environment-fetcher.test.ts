/** A server whose certificate a private authority signed. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { environmentFetcher } from '../../src/cli/environment-fetcher.js'
import type { Io } from '../../src/cli/io.js'
import { UsageError } from '../../src/cli/usage-error.js'
import { nodeFetcher } from '../../src/node/index.js'
import { certificate, privateKey } from '../support/localhost-certificate.js'
import { openDesk, type Desk } from './desk.js'
import { listen } from '../support/listen.js'

const main = resolve('dist/cli/main.cjs')
const none = new Map<string, never>()

let desk: Desk
let io: Io

beforeEach(async () => {
  desk = await openDesk()
  const { fetcher, ...others } = desk.io()
  expect(fetcher).toBeDefined()
  io = others
  await writeFile(join(desk.folder, 'ca.pem'), certificate)
})

afterEach(() => desk.clear())

test('is reached with SSL_CERT_FILE, and not without', async () => {
  const server = createServer({ cert: certificate, key: privateKey }, (_, response) => {
    response.end('metadata')
  })
  const port = await listen(server)
  const { signal } = new AbortController()
  const request = { url: `https://localhost:${port}/`, kind: 'metadata', signal } as const
  const fetcher = await environmentFetcher(io, none, { SSL_CERT_FILE: 'ca.pem' })
  const answer = await fetcher?.fetch({ ...request, maxLength: 100 })
  let text = ''
  for await (const chunk of answer?.body ?? []) text += new TextDecoder().decode(chunk)
  expect(text).toBe('metadata')
  await expect(
    nodeFetcher({ proxy: 'none' }).fetch({ ...request, maxLength: 100 }),
  ).rejects.toThrow('the request failed')
})

describe('the command, with a repository behind such a certificate,', () => {
  /** Reads the variables as a user's shell gives them: Node takes one of them when it starts. */
  async function refresh(
    environment: NodeJS.ProcessEnv,
    hooks = '',
  ): Promise<[number | null, string]> {
    const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
      const file = publishedFile(request.url?.slice(1) ?? '')
      if (file) response.end(file)
      else response.writeHead(404).end()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    try {
      const address = server.address()
      const url = `https://localhost:${typeof address === 'object' ? address?.port : 0}/`
      const options = ['--metadata-url', url, '--root', 'root.json', '--store', 'tls']
      const clock = `const now = ${desk.repository.now}; Date.now = () => now; ${hooks}`
      const preload = `data:text/javascript,${encodeURIComponent(clock)}`
      const args = ['--import', preload, main, 'refresh', ...options, '--retries', '0']
      const others = Object.entries(process.env).filter(([name]) => !/cert|proxy/i.test(name))
      const child = spawn(process.execPath, args, {
        cwd: desk.folder,
        env: { ...Object.fromEntries(others), ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let stderr = ''
      child.stderr.on('data', (chunk) => (stderr += String(chunk)))
      const status = await new Promise<number | null>((done) => child.once('close', done))
      return [status, stderr]
    } finally {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }

  /** Undefined for a file that does not exist. */
  function publishedFile(name: string): Uint8Array | undefined {
    try {
      return desk.repository.file(name)
    } catch {
      return undefined
    }
  }

  test.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('reads %s', async (name) => {
    expect(await refresh({ [name]: 'ca.pem' })).toEqual([0, ''])
  })

  describe('where undici cannot be loaded,', () => {
    const noUndici = `import { writeSync } from 'node:fs'
      export const resolve = (name, context, next) => {
        if (!name.startsWith('undici')) return next(name, context)
        writeSync(2, 'undici is loaded')
        throw new Error('refused')
      }`
    const source = JSON.stringify(`data:text/javascript,${encodeURIComponent(noUndici)}`)
    const hooks = `(await import('node:module')).register(${source})`

    test.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('reads %s', async (name) => {
      expect(await refresh({ [name]: 'ca.pem' }, hooks)).toEqual([0, ''])
    })

    test('is refused with a proxy, which needs it', async () => {
      const proxy = { HTTPS_PROXY: 'http://127.0.0.1:9' }
      const [status, stderr] = await refresh({ SSL_CERT_FILE: 'ca.pem', ...proxy }, hooks)
      expect([status, stderr]).toEqual([1, expect.stringContaining('undici is loaded')])
    })
  })

  test('names both variables where neither is set', async () => {
    const [status, stderr] = await refresh({})
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /No known authority signed the certificate; for a private one, name its certificate file in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE/,
    )
  })
})

test('without SSL_CERT_FILE the platform decides', async () => {
  expect(await environmentFetcher(io, none, {})).toBeUndefined()
  expect(await environmentFetcher(io, none, { NODE_EXTRA_CA_CERTS: 'none.pem' })).toBeUndefined()
})

test('SSL_CERT_FILE without a certificate is refused, and named', async () => {
  await writeFile(join(desk.folder, 'empty.pem'), '')
  const refused = environmentFetcher(io, none, { SSL_CERT_FILE: 'empty.pem' })
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow('SSL_CERT_FILE: empty.pem contains no certificate in PEM')
})
