import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { sendFile } from '../../../src/pypi/proxy/send-file.js'

/** Sends `length` bytes in chunks of two. */
async function send(length: number): Promise<void> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < length; at += 2) yield Uint8Array.of(at & 255, (at + 1) & 255)
  }
  const { signal } = new AbortController()
  const options = { length, clientChecks: true, heldBack: length - 4, signal }
  const server = createServer((_, response) => void sendFile(response, chunks(), options))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage]
  const received: Buffer[] = []
  for await (const chunk of response) received.push(chunk as Buffer)
  server.close()
  const bytes = Buffer.concat(received)
  expect(bytes.length).toBe(length)
  expect(bytes.every((byte, at) => byte === (at & 255))).toBe(true)
}

// Quadratic work would take minutes.
test('a file in the smallest chunks is sent in linear time', () => send(1_600_000), 60_000)
