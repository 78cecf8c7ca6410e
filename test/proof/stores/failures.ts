/** The server dies in the middle of cycles: it starts again over its files, or a replica takes its place. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startRedis, type RedisServer } from '../../support/stores/redis-server.js'
import { type Crowd, type CrowdResult, runCrowd } from './crowd.js'
import { storedVersion } from './stored.js'

type Plan = Omit<Crowd, 'connection' | 'onCycle'> & {
  /** The server's program. */
  readonly program: string
  /** Deaths of the server. */
  readonly deaths: number
}

/** Counts. */
export interface FailureResult extends CrowdResult {
  deaths: number
  /** The longest time from a death to a server that takes changes, in milliseconds. */
  longest: number
}

const key = 'proof'

/** Every acknowledged change is flushed to the disk, so none is lost. @throws Error when one is */
export async function killServers(plan: Plan): Promise<FailureResult> {
  const folder = join(plan.folder, 'restarts')
  const server = await startRedis(plan.program, folder, [
    ...['--appendonly', 'yes', '--appendfsync', 'always'],
  ])
  const connection = {
    client: { port: server.port, host: '127.0.0.1' },
    store: { key, timeout: 5_000 },
  }
  const reader = new Redis({ ...connection.client, retryStrategy: () => 20 })
  reader.on('error', () => undefined)
  try {
    return await withDeaths(plan, connection, async (acknowledged) => {
      await server.kill()
      await server.restart()
      await requireFloor(reader, acknowledged)
    })
  } finally {
    reader.disconnect()
    await server.kill()
  }
}

/** A change counts as made when the replica has it, so the promoted one lacks none. @throws Error when it does */
export async function failOver(plan: Plan): Promise<FailureResult> {
  const { program, folder } = plan
  const servers = [await startRedis(program, join(folder, 'one'))]
  const first = servers[0]!
  servers.push(await startRedis(program, join(folder, 'two'), replicaOf(first.port)))
  const sentinel = await startSentinel(program, join(folder, 'sentinel'), first.port)
  const connection = {
    client: { sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'tuffet' },
    store: { key, timeout: 8_000, replicas: 1 },
  }
  const asked = new Redis({ port: sentinel.port, host: '127.0.0.1' })
  let master = first
  try {
    await inSync(first.port)
    return await withDeaths(plan, connection, async (acknowledged) => {
      await master.kill()
      const dead = master
      master = servers.find((one) => one !== dead)!
      await promoted(asked, master.port)
      const reader = new Redis({ port: master.port, host: '127.0.0.1' })
      try {
        await requireFloor(reader, acknowledged)
      } finally {
        reader.disconnect()
      }
      // The dead one comes back as a replica; until then no change counts as made.
      const place = join(folder, `again-${dead.port}-${master.port}`)
      servers[servers.indexOf(dead)] = await startRedis(
        ...([program, place, replicaOf(master.port), dead.port] as const),
      )
      await inSync(master.port)
    })
  } finally {
    asked.disconnect()
    await Promise.all([...servers, sentinel].map((one) => one.kill()))
  }
}

/** Runs the crowd, and the deaths one after another, spread over its cycles. */
async function withDeaths(
  plan: Plan,
  connection: object,
  die: (acknowledged: Acknowledged) => Promise<void>,
): Promise<FailureResult> {
  const total = plan.processes * plan.cycles
  let [deaths, longest] = [0, 0]
  let dying: Promise<void> | undefined
  let failure: Error | undefined
  const result = await runCrowd({
    ...plan,
    connection,
    onCycle({ cycles, acknowledged }) {
      if (failure !== undefined) throw failure
      if (dying || deaths === plan.deaths) return
      if (cycles < ((deaths + 0.5) * total) / plan.deaths / 1.2) return
      deaths += 1
      const began = performance.now()
      dying = setTimeout(plan.random.below(30))
        .then(() => die({ ...acknowledged }))
        .then(() => {
          longest = Math.max(longest, Math.round(performance.now() - began))
          dying = undefined
        })
        .catch((error: unknown) => {
          failure = new Error('after a death of the server', { cause: error })
        })
    },
  })
  await dying
  if (failure !== undefined) throw failure
  return { ...result, deaths, longest }
}

type Acknowledged = CrowdResult['acknowledged']

/** A timestamp may be away, after a rotation of its keys (5.3.11); a root may not. */
async function requireFloor(reader: Redis, acknowledged: Acknowledged): Promise<void> {
  for (const role of ['timestamp', 'root'] as const) {
    const version = await storedVersion(reader, key, role)
    if (version < acknowledged[role] && !(role === 'timestamp' && version === 0)) {
      throw new Error(`${role} fell from ${acknowledged[role]} to ${version}`)
    }
  }
}

function replicaOf(port: number): readonly string[] {
  return ['--replicaof', '127.0.0.1', String(port)]
}

function startSentinel(program: string, folder: string, master: number): Promise<RedisServer> {
  const settings = join(folder, '..', 'sentinel.conf')
  writeFileSync(
    settings,
    `sentinel monitor tuffet 127.0.0.1 ${master} 1
sentinel down-after-milliseconds tuffet 500
sentinel failover-timeout tuffet 3000
`,
  )
  return startRedis(program, folder, [], undefined, settings)
}

/** Waits until the master has a replica that is up to date. */
async function inSync(port: number): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1' })
  try {
    while (!/state=online/.test(await client.info('replication'))) await setTimeout(20)
  } finally {
    client.disconnect()
  }
}

/** Waits until the sentinel names the server on `port`, and it takes changes. */
async function promoted(sentinel: Redis, port: number): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1' })
  try {
    for (;;) {
      const named: unknown = await sentinel.call('SENTINEL', ['get-master-addr-by-name', 'tuffet'])
      const isNamed = Array.isArray(named) && String(named[1]) === String(port)
      if (isNamed && /role:master/.test(await client.info('replication'))) return
      await setTimeout(20)
    }
  } finally {
    client.disconnect()
  }
}
