import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { sendFile } from '../../../src/pypi/proxy/send-file.js'

/** Milliseconds to send `length` bytes in chunks of two. */
async function timeOf(length: number): Promise<number> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < length; at += 2) yield Uint8Array.of(at & 255, (at + 1) & 255)
  }
  const { signal } = new AbortController()
  const options = { length, clientChecks: true, heldBack: length - 4, signal }
  const server = createServer((_, response) => void sendFile(response, chunks(), options))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const started = performance.now()
  const { port } = server.address() as AddressInfo
  const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage]
  const received: Buffer[] = []
  for await (const chunk of response) received.push(chunk as Buffer)
  const time = performance.now() - started
  server.close()
  const bytes = Buffer.concat(received)
  expect(bytes.length).toBe(length)
  expect(bytes.every((byte, at) => byte === (at & 255))).toBe(true)
  return time
}

test('a file in the smallest chunks takes a time that grows as the file does', async () => {
  await timeOf(50_000)
  const short = await timeOf(400_000)
  const long = await timeOf(1_600_000)
  // 4 is linear, 16 is quadratic.
  expect(long / short).toBeLessThan(10)
}, 60_000)
