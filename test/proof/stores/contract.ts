/** The contract of the port on one server, through each client. */
import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import type { Store } from '../../../src/index.js'
import { redisStore, type RedisClient } from '../../../src/redis/index.js'
import { storeContract } from '../../../src/testing/index.js'
import { type RedisProgram, startRedis } from '../../support/stores/redis-server.js'

/** @returns how many cases were kept. Throws Error with the title of one that was not */
export async function contractOfRedis(
  { path, name }: RedisProgram,
  folder: string,
): Promise<number> {
  const server = await startRedis(path, folder)
  const place = { port: server.port, host: '127.0.0.1' }
  const ioredis = new Redis(place)
  // The newer protocol came with version 6.
  const RESP = /^redis [45]\./.test(name) ? 2 : 3
  const nodeRedis = createClient({ socket: place, RESP })
  try {
    await nodeRedis.connect()
    return (await kept('ioredis', ioredis)) + (await kept('node-redis', nodeRedis))
  } finally {
    ioredis.disconnect()
    nodeRedis.destroy()
    await server.kill()
  }
}

async function kept(name: string, client: RedisClient): Promise<number> {
  const keys = new Map<Store, string>()
  const open = (key = `${name}:${keys.size}`): Store => {
    const store = redisStore(client, { key })
    keys.set(store, key)
    return store
  }
  const reopen = (store: Store): Store => open(keys.get(store))
  const cases = storeContract({ open: () => open(), shared: { by: 'change', reopen } })
  for (const { title, run } of cases) {
    await run().catch((cause: unknown) => {
      throw new Error(`${name}: ${title}`, { cause })
    })
  }
  return cases.length
}
