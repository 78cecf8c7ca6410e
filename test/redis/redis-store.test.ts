import { createClient, createClientPool } from '@redis/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Store } from '../../src/index.js'
import { redisStore, type RedisClient, type SendToRedis } from '../../src/redis/index.js'
import { storeContract } from '../../src/testing/index.js'
import { published, updaterOf } from '../support/held-cycle.js'
import { redisPrograms, startRedis, type RedisServer } from '../support/stores/redis-server.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const one = Uint8Array.of(1)
const two = Uint8Array.of(2, 2)
const programs = redisPrograms()

describe('the port', () => {
  test.each(['', '..', 'a/b/c', 'a+b', '+bytes', 'ä', 'a b', 'a\0'])(
    'has no entry %j, as a name or as an expected one',
    async (name) => {
      const store = redisStore(() => Promise.reject(new Error('asked')))
      await expect(store.get(name)).rejects.toThrow(RangeError)
      await expect(store.set(name, one)).rejects.toThrow(RangeError)
      await expect(store.delete(name)).rejects.toThrow(RangeError)
      const expected = [{ entry: name, bytes: undefined, maxLength: 1 }]
      await expect(store.change?.({ set: 'a', bytes: one }, expected)).rejects.toThrow(RangeError)
    },
  )

  test('takes a client of a known form, and options in their range', () => {
    expect(() => redisStore(JSON.parse('{}'))).toThrow(TypeError)
    const send: SendToRedis = () => Promise.resolve(null)
    for (const options of [
      { timeout: 0 },
      { maxBytes: NaN },
      { maxEntries: 0 },
      { replicas: -1 },
    ]) {
      expect(() => redisStore(send, options)).toThrow(RangeError)
    }
    expect(() => redisStore(send, { key: '' })).toThrow(RangeError)
    expect(() => redisStore(send, { maxEntryBytes: 512_000_001 * 2 })).toThrow(RangeError)
  })
})

test('a client whose errors nobody can catch is refused', () => {
  const client = new Redis({ lazyConnect: true, enableAutoPipelining: true })
  expect(() => redisStore(client)).toThrow(TypeError)
  expect(() => redisStore(new Redis({ lazyConnect: true }))).not.toThrow()
})

test('a Buffer that its owner changes before the client sends it is kept as it was', async () => {
  const sent: (readonly (string | Uint8Array)[])[] = []
  const store = redisStore(async (args) => {
    await setTimeout(5)
    sent.push(args)
    return 1
  })
  const [bytes, expectedBytes] = [Buffer.from('bytes'), Buffer.from('found')]
  const expected = [{ entry: 'b', bytes: expectedBytes, maxLength: 9 }]
  const done = store.change?.({ set: 'a', bytes }, expected)
  bytes.fill(0)
  expectedBytes.fill(0)
  await done
  const texts = sent[0]?.map((arg) => (typeof arg === 'string' ? arg : Buffer.from(arg).toString()))
  expect(texts).toEqual(expect.arrayContaining(['bytes', 'found']))
})

describe('a server that answers anything', () => {
  const history = 'a'.repeat(40)
  const other = 'b'.repeat(40)
  test.each<[string, unknown, unknown]>([
    ['no history of the change', 1, `${history} 10 10`],
    ['a history that is not one', Buffer.from('x y'), `${history} 10 10`],
    ['another history', Buffer.from(history), `${other} 10 10`],
    ['of a replica', Buffer.from(history), 'replica'],
    ['no lengths', Buffer.from(history), history],
    ['words', Buffer.from(history), `${history} many many`],
    ['a replica that has less', Buffer.from(history), `${history} 10 9`],
    ['no replica', Buffer.from(history), `${history} 10`],
  ])('with `replicas`, %s is not a change that was made', async (_, made, progress) => {
    const store = redisStore(
      ([command, script]) => {
        if (command === 'WAIT') return Promise.resolve(7)
        const isChange = String(script).includes('HSET')
        return Promise.resolve(isChange ? made : Buffer.from(String(progress)))
      },
      { replicas: 1, timeout: 50 },
    )
    await expect(store.set('a', one)).rejects.toMatchObject({ code: 'ERR_TUF_STORE_FAILED' })
  })

  test.each([['text'], [7], [{}], [[]], [true], ['2'], [-1], [NaN]])(
    '%j is a failure',
    async (answer) => {
      const store = redisStore(() => Promise.resolve(answer))
      await expect(store.get('a')).rejects.toMatchObject({ operation: 'get', entry: 'a' })
      await expect(store.set('a', one)).rejects.toMatchObject({ operation: 'set', entry: 'a' })
      await expect(store.delete('a')).rejects.toMatchObject({ operation: 'delete', entry: 'a' })
    },
  )

  test('more bytes than were asked for are cut off', async () => {
    const store = redisStore(() => Promise.resolve(new Uint8Array(1_000)))
    expect(await store.get('a', { maxLength: 10 })).toHaveLength(11)
  })

  test('an error of the client is the cause', async () => {
    const cause = new Error('NOAUTH Authentication required.')
    const store = redisStore(() => Promise.reject(cause))
    await expect(store.get('a')).rejects.toMatchObject({ code: 'ERR_TUF_STORE_FAILED', cause })
    await expect(store.set('a', one)).rejects.toMatchObject({ code: 'ERR_TUF_STORE_FAILED', cause })
  })

  test('without an answer a call ends in time, and the client is told to give up', async () => {
    const given: AbortSignal[] = []
    const silent: SendToRedis = (_, { signal }) => {
      given.push(signal)
      return new Promise(() => undefined)
    }
    const store = redisStore(silent, { timeout: 20 })
    const late = { code: 'ERR_TUF_STORE_FAILED', cause: { name: 'TimeoutError' } }
    await expect(store.get('a')).rejects.toMatchObject(late)
    await expect(store.set('a', one)).rejects.toMatchObject(late)
    expect(given.map(({ aborted }) => aborted)).toEqual([true, true])
  })

  test("the application's signal ends calls that wait, and those to come", async () => {
    const controller = new AbortController()
    let asked = 0
    const silent: SendToRedis = () => {
      asked += 1
      return new Promise(() => undefined)
    }
    const store = redisStore(silent, { signal: controller.signal })
    const waiting = store.get('a')
    const reason = new Error('the program ends')
    controller.abort(reason)
    await expect(waiting).rejects.toMatchObject({ operation: 'get', cause: reason })
    await expect(store.set('a', one)).rejects.toMatchObject({ operation: 'set', cause: reason })
    expect(asked).toBe(1)
  })
})

test.each(['redis', 'valkey'])('%s is here, or its tests are skipped', (kind) => {
  if (!programs.some(({ name }) => name.startsWith(kind))) {
    console.warn(`skipped: ${kind}-server is not installed`)
  }
})

describe.each(programs)('$name', ({ path }) => {
  let server: RedisServer
  let lastKey = 0
  const clients: Redis[] = []
  const nodeClients: { destroy(): void }[] = []

  beforeAll(async () => {
    server = await startRedis(path, temporaryFolder('redis'))
  })

  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect()
    for (const client of nodeClients.splice(0)) client.destroy()
  })

  afterAll(() => server.kill())

  function ioredis(): Redis {
    return connected({})
  }

  function connectedTo({ port }: RedisServer): Redis {
    const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null })
    client.on('error', () => undefined)
    clients.push(client)
    return client
  }

  function connected(options: { username?: string; password?: string }): Redis {
    const client = new Redis({ ...options, port: server.port, host: '127.0.0.1' })
    clients.push(client)
    return client
  }

  async function nodeRedis() {
    const client = createClient({ socket: { port: server.port, host: '127.0.0.1' } })
    client.on('error', () => undefined)
    nodeClients.push(client)
    return client.connect()
  }

  function throughFunction(): SendToRedis {
    const client = ioredis()
    return ([command, ...args]) =>
      client.callBuffer(
        String(command),
        args.map((arg) => Buffer.from(arg)),
      )
  }

  const newKey = (): string => `store:${++lastKey}`

  describe.each<[string, () => RedisClient | Promise<RedisClient>]>([
    ['ioredis', ioredis],
    ['node-redis', nodeRedis],
    ['a function', throughFunction],
  ])('through %s', (_, connect) => {
    const keys = new WeakMap<Store, string>()
    async function open(key = newKey()): Promise<Store> {
      const store = redisStore(await connect(), { key })
      keys.set(store, key)
      return store
    }
    const subject = {
      open: () => open(),
      shared: { by: 'change' as const, reopen: (store: Store) => open(keys.get(store)) },
    }
    for (const { title, run } of storeContract(subject)) test(title, run)
  })

  test('an update cycle finds the state of the last one', async () => {
    const [key, repo] = [newKey(), published()]
    const refresh = async (): Promise<string[]> => {
      const fetcher = repo.fetcher()
      await updaterOf(repo, redisStore(ioredis(), { key }), fetcher).refresh()
      return fetcher.requested
    }
    expect(await refresh()).toHaveLength(4)
    expect(await refresh()).toEqual(['2.root.json', 'timestamp.json'])
  })

  test('a change that is late, after a pause of its process, is refused', async () => {
    const key = newKey()
    const client = ioredis()
    let goOn: () => void = () => undefined
    const paused = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const slow = redisStore(
      async ([command, ...args]) => {
        const sent = args.map((arg) => Buffer.from(arg))
        if (args.includes('snapshot.json')) await paused
        return client.callBuffer(String(command), sent)
      },
      { key, timeout: 100 },
    )
    const fast = redisStore(ioredis(), { key })
    await fast.set('timestamp.json', one)
    const expected = [{ entry: 'timestamp.json', bytes: one, maxLength: 9 }]
    const late = slow.change?.({ set: 'snapshot.json', bytes: one }, expected)
    await expect(late).rejects.toMatchObject({ cause: { name: 'TimeoutError' } })
    await fast.set('timestamp.json', two)
    goOn()
    await setTimeout(100)
    expect(await fast.get('snapshot.json')).toBeUndefined()
  })

  test('stores of different keys do not share entries, and a deleted store leaves nothing', async () => {
    const [client, a, b] = [ioredis(), newKey(), newKey()]
    const store = redisStore(client, { key: a })
    await store.set('a', one)
    await store.set('b', two)
    expect(await redisStore(client, { key: b }).get('a')).toBeUndefined()
    await store.delete('a')
    await store.delete('b')
    expect(await client.exists(a, b)).toBe(0)
  })

  test('a key that holds something else is a failure, and stays', async () => {
    const [client, key] = [ioredis(), newKey()]
    await client.set(key, 'mine')
    const store = redisStore(client, { key })
    const of = { cause: { message: expect.stringContaining('WRONGTYPE') } }
    await expect(store.get('a')).rejects.toMatchObject(of)
    await expect(store.set('a', one)).rejects.toMatchObject(of)
    expect(await client.get(key)).toBe('mine')
  })

  test('a user with the rights that the guide lists is enough', async () => {
    const guide = readFileSync('docs/guides/many-machines.md', 'utf8')
    const [, own = '', replicas = '', clients = ''] =
      /key with `([^`]+)`. `replicas` needs\s+`([^`]+)` too, and client libraries need `([^`]+)`/.exec(
        guide,
      ) ?? []
    const key = newKey()
    const rights = [...own.split(' '), ...replicas.split(' '), ...clients.split(' ')]
    await ioredis().call('ACL', ['SETUSER', 'tuffet', 'on', '>pass', `~${key}`, ...rights])
    const user = connected({ username: 'tuffet', password: 'pass' })
    const store = redisStore(user, { key, maxEntries: 3 })
    await store.set('a', one)
    const careful = redisStore(user, { key, replicas: 1, timeout: 400 })
    await expect(careful.set('a', one)).rejects.toMatchObject({
      cause: { message: '0 of 1 replicas have the change' },
    })
    await user.hdel(key, '+bytes')
    await store.set('b', two)
    expect(await store.get('a')).toEqual(one)
    await store.delete('a')
    await store.delete('b')
    const other = redisStore(user, { key: newKey() })
    await expect(other.get('a')).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/NOPERM|No permissions/) },
    })
  })

  describe('limits', () => {
    const bytesOf = (length: number): Uint8Array => new Uint8Array(length).fill(3)
    const refused = {
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'set',
      cause: expect.any(RangeError),
    }

    test('an entry of maxEntryBytes is kept, a longer one is not', async () => {
      const store = redisStore(ioredis(), { key: newKey(), maxEntryBytes: 10 })
      await store.set('a', bytesOf(10))
      await expect(store.set('a', bytesOf(11))).rejects.toMatchObject(refused)
      expect(await store.get('a')).toHaveLength(10)
    })

    test('entries of maxBytes together are kept, and replaced; not a byte more', async () => {
      const store = redisStore(ioredis(), { key: newKey(), maxBytes: 100 })
      await store.set('a', bytesOf(60))
      await store.set('b', bytesOf(40))
      await expect(store.set('c', bytesOf(1))).rejects.toMatchObject(refused)
      await expect(store.set('a', bytesOf(61))).rejects.toMatchObject(refused)
      await store.set('a', bytesOf(50))
      await store.set('c', bytesOf(10))
      await store.delete('b')
      await store.set('d', bytesOf(40))
      await expect(store.set('e', one)).rejects.toMatchObject(refused)
    })

    test('maxEntries entries are kept, and replaced; not one more', async () => {
      const store = redisStore(ioredis(), { key: newKey(), maxEntries: 2 })
      await store.set('a', one)
      await store.set('b', one)
      await expect(store.set('c', one)).rejects.toMatchObject(refused)
      await store.set('a', two)
      await store.delete('b')
      await store.set('c', one)
    })

    test('the last tenth is for what must last: another file is not kept, and its old bytes go', async () => {
      const store = redisStore(ioredis(), { key: newKey(), maxBytes: 100, maxEntries: 100 })
      await store.set('role.json', bytesOf(50), { lasting: false })
      await store.set('role.json', bytesOf(90), { lasting: false })
      expect(await store.get('role.json')).toHaveLength(90)
      await store.set('role.json', bytesOf(91), { lasting: false })
      expect(await store.get('role.json')).toBeUndefined()
      await store.set('role.json', bytesOf(90), { lasting: false })
      await store.set('other.json', one, { lasting: false })
      expect(await store.get('other.json')).toBeUndefined()
      await store.set('timestamp.json', bytesOf(10))
      expect(await store.get('timestamp.json')).toHaveLength(10)
    })

    test('a store that is above a limit that was lowered can shrink', async () => {
      const key = newKey()
      const client = ioredis()
      await redisStore(client, { key }).set('a', bytesOf(100))
      const store = redisStore(client, { key, maxBytes: 10 })
      await expect(store.set('a', bytesOf(101))).rejects.toMatchObject(refused)
      await store.set('a', bytesOf(99))
      expect(await store.get('a')).toHaveLength(99)
    })

    test('a lost or damaged sum is counted anew', async () => {
      const [client, key] = [ioredis(), newKey()]
      const store = redisStore(client, { key, maxBytes: 100 })
      await store.set('a', bytesOf(60))
      for (const damage of [
        () => client.hdel(key, '+bytes'),
        ...['x', 'nan', 'inf', '-1e9', '0.5'].map((sum) => () => client.hset(key, '+bytes', sum)),
      ]) {
        await damage()
        await expect(store.set('b', bytesOf(41))).rejects.toMatchObject(refused)
        await store.set('b', bytesOf(40))
        expect(await client.hget(key, '+bytes')).toBe('100')
      }
    })
  })

  test('a failover loses a change that no replica has, which with `replicas` was not made', async () => {
    const place = temporaryFolder('failover')
    const master = await startRedis(path, join(place, 'master'))
    let promoted: RedisServer | undefined
    const replica = await startRedis(path, join(place, 'replica'), [
      ...['--replicaof', '127.0.0.1', String(master.port)],
    ])
    try {
      const [first, second] = [connectedTo(master), connectedTo(replica)]
      const store = redisStore(first, { timeout: 300 })
      const careful = redisStore(first, { timeout: 300, replicas: 1 })
      // Only once the replica is there.
      while (
        !(await careful.set('timestamp.json', one).then(
          () => true,
          () => false,
        ))
      );
      // Its copy is this one from now on.
      await second.save()
      await replica.kill()
      await expect(careful.set('root.json', one)).rejects.toMatchObject({
        cause: { message: '0 of 1 replicas have the change' },
      })
      await store.set('timestamp.json', two)
      await master.kill()
      promoted = await startRedis(path, join(place, 'replica'))
      const after = redisStore(connectedTo(promoted))
      expect(await after.get('timestamp.json')).toEqual(one)
      // A cycle that judged by what was lost is refused.
      const expected = [{ entry: 'timestamp.json', bytes: two, maxLength: 9 }]
      expect(await after.change?.({ set: 'snapshot.json', bytes: two }, expected)).toBe(false)
    } finally {
      await Promise.all([master, replica, promoted].map(async (one) => one?.kill()))
    }
  })

  test('another server, or another connection, does not answer for the replicas', async () => {
    const place = temporaryFolder('two-masters')
    const servers = [await startRedis(path, join(place, 'one'))]
    servers.push(await startRedis(path, join(place, 'two')))
    const [master, other] = servers as [RedisServer, RedisServer]
    for (const { port } of [master, other]) {
      const of = ['--replicaof', '127.0.0.1', String(port)]
      servers.push(await startRedis(path, join(place, `of-${port}`), of))
    }
    try {
      const [to, second] = [connectedTo(master), connectedTo(other)]
      for (const client of [to, second]) {
        while (!/state=online/.test(await client.info('replication'))) await setTimeout(20)
      }
      const late = redisStore(
        ([command, ...args]) => {
          const all = args.map((arg) => Buffer.from(arg))
          const isChange = String(args[0]).includes('HSET')
          return (isChange ? to : second).callBuffer(String(command), all)
        },
        { replicas: 1, timeout: 2_000 },
      )
      await expect(late.set('a', one)).rejects.toMatchObject({
        cause: { message: 'the server that made the change is not the master any more' },
      })
      const socket = { port: master.port, host: '127.0.0.1' }
      const pool = createClientPool({ socket }, { minimum: 2, maximum: 3 })
      pool.on('error', () => undefined)
      await pool.connect()
      const pooled = redisStore(pool, { replicas: 1, timeout: 3_000 })
      await pooled.set('a', two)
      await pooled.delete('a')
      await servers[2]?.kill()
      await expect(pooled.set('a', one)).rejects.toMatchObject({
        cause: { message: '0 of 1 replicas have the change' },
      })
      pool.destroy()
    } finally {
      await Promise.all(servers.map(async (one) => one.kill()))
    }
  })

  test('a change that must last waits for the replicas, and fails without them', async () => {
    const [key, client] = [newKey(), ioredis()]
    const alone = redisStore(client, { key, replicas: 1, timeout: 200 })
    const failure: unknown = await alone.set('a', one).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ERR_TUF_STORE_FAILED', operation: 'set' })
    await alone.set('b', one, { lasting: false })
    const replica = await startRedis(path, temporaryFolder('replica'), [
      ...['--replicaof', '127.0.0.1', String(server.port)],
    ])
    try {
      // A server begins a new history with its first replica.
      while (!/state=online/.test(await client.info('replication'))) await setTimeout(20)
      const replicated = redisStore(client, { key, replicas: 1 })
      await replicated.set('a', two)
      const other = new Redis({ port: replica.port, host: '127.0.0.1' })
      clients.push(other)
      expect(await other.hgetBuffer(key, 'a')).toEqual(Buffer.from(two))
    } finally {
      await replica.kill()
    }
  })
})
