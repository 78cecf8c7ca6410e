/** A server whose certificate a private authority signed. */
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { environmentFetcher } from '../../src/cli/environment-fetcher.js'
import type { Io } from '../../src/cli/io.js'
import { UsageError } from '../../src/cli/usage-error.js'
import { nodeFetcher } from '../../src/node/index.js'
import { certificate, privateKey } from '../support/localhost-certificate.js'
import { openDesk, type Desk } from './desk.js'

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
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  try {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
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
  } finally {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
}, 60_000)

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
