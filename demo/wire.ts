/** Counts the traffic on loopback: bytes both ways, headers included. */
import { subscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'

const sockets = new Set<Socket>()

/** Call it before the first connection. */
export function watchWire(): void {
  subscribe('net.server.socket', (message) => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return
    if (message.socket instanceof Socket) sockets.add(message.socket)
  })
}

/** Bytes so far. */
export function bytesOnWire(): number {
  let sum = 0
  for (const { bytesRead, bytesWritten } of sockets) sum += bytesRead + bytesWritten
  return sum
}
