/**
 * A server on loopback that sends bytes as they are: no HTTP library stands between.
 * It reads requests only as far as their first line.
 */
import { createServer, type Socket } from 'node:net'

/** Bytes for the wire, and the end of the connection after them. */
export interface Wire {
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
  /** `hold` leaves it open and silent until the client goes; `keep` awaits the next request. */
  readonly end: 'close' | 'reset' | 'hold' | 'keep'
}

export interface RawServer {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly origin: string
  /** The paths asked for, in order. */
  readonly requests: string[]
  /** How many connections are open. */
  open(): number
  close(): Promise<void>
}

export async function startRawServer(
  answer: (path: string) => Wire | undefined,
): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client may break the connection at any time; that is no fault of this server.
    socket.on('error', () => socket.destroy())
    let text = ''
    let busy = Promise.resolve()
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const path = /^\S+ (\S+)/.exec(text)?.[1] ?? ''
        text = text.slice(end + 4)
        requests.push(path)
        const wire = answer(path)
        busy = busy.then(() => (wire ? send(socket, wire) : void socket.destroy()))
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    open: () => sockets.size,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function send(socket: Socket, { pieces, end }: Wire): Promise<void> {
  for await (const piece of pieces) {
    if (socket.destroyed) return
    if (!socket.write(piece)) await drained(socket)
  }
  if (end === 'close') {
    socket.end()
  } else if (end === 'reset') {
    // The client gets the bytes before the reset.
    await new Promise<void>((resolve) => socket.write('', () => resolve()))
    socket.resetAndDestroy()
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
}
