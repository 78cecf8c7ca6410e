import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { keepWaiting } from '../../../src/pypi/proxy/keep-waiting.js'
import { listen } from '../../support/listen.js'

test('a pipelined request gets its file as it is, and no line that was to keep it waiting', async () => {
  let isThere = (): void => undefined
  const second = new Promise<void>((resolve) => {
    isThere = resolve
  })
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const stop = keepWaiting(response, 10)
    // The second answer is there first, when it would have been kept waiting for a while.
    if (request.url === '/1') await second
    await setTimeout(100)
    response.writeHead(200, { 'content-length': 4 }).end(Buffer.from(`${request.url}--`))
    if (request.url === '/2') isThere()
    stop()
  }
  const server = createServer((request, response) => void reply(request, response))
  const socket = connect(await listen(server), '127.0.0.1')
  const close = 'Connection: close\r\n'
  socket.write(`GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n${close}\r\n`)
  let received = ''
  for await (const chunk of socket) received += String(chunk)
  const interim = /(?:HTTP\/1\.1 100 Continue\r\n\r\n)*/y
  const answer = /HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)+\r\n/y
  let at = 0
  const bodies = [0, 1].map(() => {
    for (const part of [interim, answer]) {
      part.lastIndex = at
      at += part.exec(received)?.[0].length ?? 0
    }
    at += 4
    return received.slice(at - 4, at)
  })
  expect([bodies, received.slice(at)]).toEqual([['/1--', '/2--'], ''])
})
