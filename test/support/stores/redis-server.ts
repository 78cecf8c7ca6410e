/** Real servers of Redis and Valkey on loopback, for tests and proofs. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { delimiter } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** A program that can be started. */
export interface RedisProgram {
  readonly path: string
  /** `redis 7.0.15`. */
  readonly name: string
}

/** The servers that are installed: Debian's, and the paths in `TUFFET_REDIS` and `TUFFET_VALKEY`; each may have several. */
export function redisPrograms(): readonly RedisProgram[] {
  const { TUFFET_REDIS: redis = 'redis-server', TUFFET_VALKEY: valkey = 'valkey-server' } =
    process.env
  return [redis, valkey]
    .flatMap((paths) => paths.split(delimiter))
    .flatMap((path) => {
      const { error, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
      if (error) return []
      const kind = /valkey/i.test(stdout) ? 'valkey' : 'redis'
      return [{ path, name: `${kind} ${/v=([\d.]+)/.exec(stdout)?.[1] ?? ''}` }]
    })
}

/** A running server. */
export interface RedisServer {
  readonly port: number
  /** As after a power failure of the machine, without a farewell; waits until it is gone. */
  kill(): Promise<void>
  /** On the same port, over the files that it left. */
  restart(): Promise<void>
}

/** Starts a server that keeps its files in `folder`, or a sentinel with the settings in a file; waits until it answers. */
export async function startRedis(
  program: string,
  folder: string,
  args: readonly string[] = [],
  port?: number,
  sentinel?: string,
): Promise<RedisServer> {
  mkdirSync(folder, { recursive: true })
  const own = port ?? (await freePort())
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    const place = ['--port', String(own), '--bind', '127.0.0.1', '--dir', folder]
    const all = sentinel
      ? [sentinel, '--sentinel', ...place]
      : [...place, '--save', '', '--repl-diskless-sync-delay', '0', '--loglevel', 'warning']
    const started = spawn(program, [...all, ...args], { stdio: 'ignore' })
    child = started
    const ended = once(started, 'exit').then(() => {
      throw new Error(`${program} ended at once`)
    })
    ended.catch(() => undefined)
    await Promise.race([answers(own), ended])
  }
  await start()
  return {
    port: own,
    async kill() {
      const running = child
      child = undefined
      if (running === undefined || running.exitCode !== null) return
      const ended = once(running, 'exit')
      running.kill('SIGKILL')
      await ended
    },
    restart: start,
  }
}

/** Waits until a server on `port` answers a PING with PONG: it has read its files. */
async function answers(port: number): Promise<void> {
  for (;;) {
    const said = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
      socket.once('data', (bytes) => {
        resolve(bytes.toString())
        socket.destroy()
      })
      socket.once('error', () => resolve(''))
      socket.once('close', () => resolve(''))
    })
    if (said.startsWith('+PONG')) return
    await setTimeout(20)
  }
}

/** One that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  return address.port
}
