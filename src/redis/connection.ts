/**
 * The application's client of Redis, in one of three forms. This package imports no client: each form
 * is the one method that is called.
 */
import { Buffer } from 'node:buffer'

/** node-redis (the packages `redis` and `@redis/client`, from version 4). */
export interface NodeRedisClient {
  /** Sends one command. */
  sendCommand(args: readonly (string | Uint8Array)[], options?: object): Promise<unknown>
}

/** ioredis from version 5, with its clusters and sentinels, and iovalkey. */
export interface IoRedisClient {
  /** Sends one command. Its answer has bytes, not text. */
  callBuffer(command: string, args: (string | Uint8Array | number)[]): Promise<unknown>
}

/**
 * Any other client: sends one command, and answers with bulk strings as `Uint8Array`, numbers as numbers, nil as
 * null or undefined. The call is given up when the signal aborts.
 */
export type SendToRedis = (
  args: readonly (string | Uint8Array)[],
  options: { readonly signal: AbortSignal },
) => Promise<unknown>

/** A connected client. The application closes it. */
export type RedisClient = NodeRedisClient | IoRedisClient | SendToRedis

/** Bytes for bulk strings, in the two ways in which node-redis is told so: from version 5, and in 4. */
const asBytes = { typeMapping: { [36]: Buffer }, returnBuffers: true }

/** @internal One way to send, whatever the client. TypeError for something that is not a usable client. */
export function senderOf(client: RedisClient): SendToRedis {
  if (typeof client === 'function') return client
  // The `sendCommand` of ioredis takes something else.
  if ('callBuffer' in client) {
    requirePlainPipeline(client)
    return ([command, ...args]) => client.callBuffer(String(command), args.map(forClient))
  }
  if ('sendCommand' in client) {
    return (args, { signal }) =>
      // Both names of the option: version 4 calls it `signal`.
      client.sendCommand(args.map(forClient), { ...asBytes, abortSignal: signal, signal })
  }
  throw new TypeError('this is not a client of Redis')
}

/** With this option ioredis looks for the key among the strings, and throws where nobody can catch it. */
function requirePlainPipeline(client: object): void {
  const options: unknown = 'options' in client ? client.options : undefined
  const isObject = typeof options === 'object' && options !== null
  if (!isObject || !('enableAutoPipelining' in options) || !options.enableAutoPipelining) return
  throw new TypeError('enableAutoPipelining of ioredis must be off for the client of a store')
}

/** Clients take a Buffer for bytes. */
function forClient(arg: string | Uint8Array): string | Buffer {
  if (typeof arg === 'string') return arg
  return Buffer.from(arg.buffer, arg.byteOffset, arg.byteLength)
}
