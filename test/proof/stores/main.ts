/**
 * `npm run test:stores`: stores on other machines against real servers: the contract, many processes over
 * one store, servers that die and start again, replicas that take over. `-- --long --write`, `-- --seed N`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { redisPrograms, startRedis } from '../../support/stores/redis-server.js'
import { compileChild } from '../child-module.js'
import { Random } from '../random.js'
import { record } from '../record.js'
import { contractOfRedis } from './contract.js'
import { runCrowd } from './crowd.js'
import { failOver, killServers } from './failures.js'
import { tryObjectStorage } from './object-storage.js'
import { floors, storedVersion, Watch } from './stored.js'

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261129' },
  },
})
const { long } = values
const size = long
  ? { processes: 16, cycles: 50, kills: 24, deaths: 12 }
  : { processes: 16, cycles: 6, kills: 4, deaths: 2 }
const began = performance.now()
const seconds = (): number => Math.round((performance.now() - began) / 1_000)

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([code, times]) => `${code} ${times}`).join(', ') || 'none'
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, times) => all + times, 0)
}

const programs = redisPrograms()
const [first] = programs
if (first === undefined) {
  console.log('skipped: neither redis-server nor valkey-server is installed')
  process.exit()
}
const folder = mkdtempSync(join(tmpdir(), 'tuffet-stores-'))
const cache = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url))
mkdirSync(cache, { recursive: true })
// Below the package: its dependencies are found from there.
const compiled = mkdtempSync(join(cache, 'tuffet-stores-'))
try {
  const script = compileChild(compiled, new URL('child.ts', import.meta.url))
  let cases = 0
  for (const { path, name } of programs) {
    cases += await contractOfRedis(path, join(folder, name.replace(' ', '-')))
    console.log(`the contract is kept on ${name}, after ${seconds()} s`)
  }
  for (const kind of ['redis', 'valkey']) {
    if (!programs.some(({ name }) => name.startsWith(kind))) console.log(`skipped: ${kind}`)
  }

  const random = new Random(Number(values.seed))
  const plan = { script, folder, random, ...size, program: first.path }
  const server = await startRedis(first.path, join(folder, 'crowd'))
  const key = 'proof'
  const client = { port: server.port, host: '127.0.0.1' }
  const reader = new Redis(client)
  const watch = new Watch(reader, key)
  const crowd = await runCrowd({ ...plan, connection: { client, store: { key } } })
  const reads = await watch.stop()
  for (const role of floors) {
    const version = await storedVersion(reader, key, role)
    if (version > crowd.repo.version(role))
      throw new Error(`${role} ${version} was never published`)
  }
  if ((await storedVersion(reader, key, 'timestamp')) < crowd.acknowledged.timestamp) {
    throw new Error('the end is older than what was acknowledged')
  }
  reader.disconnect()
  await server.kill()
  console.log(`cycles that failed: ${listed(crowd.codes)}, after ${seconds()} s`)

  const few = { ...plan, kills: 0, cycles: size.cycles }
  const restarted = await killServers(few)
  console.log(`with restarts: ${listed(restarted.codes)}, after ${seconds()} s`)
  const failedOver = await failOver(few)
  console.log(`with failover: ${listed(failedOver.codes)}, after ${seconds()} s`)
  const small = long ? { cycles: 10, kills: 6 } : { cycles: 2, kills: 1 }
  const objects = await tryObjectStorage({ ...plan, ...small })
  if ('reason' in objects) console.log(`skipped: object storage, ${objects.reason}`)
  else console.log(`on object storage: ${listed(objects.crowd.codes)}, after ${seconds()} s`)
  await record(
    {
      proof: 'stores',
      about:
        'Machines that share a store on Redis never make it torn or older, also when its server dies and starts again, and when a replica takes over.',
      command: 'npm run test:stores -- --long',
      seed: values.seed,
      seconds: seconds(),
      date: new Date().toISOString().slice(0, 10),
      figures: {
        servers: programs.map(({ name }) => name).join(' and '),
        'cases of the contract': cases,
        processes: size.processes,
        cycles: crowd.cycles,
        'of these failed with a code': sum(crowd.codes),
        publications: crowd.publications,
        'rotations among them': crowd.rotations,
        'processes killed': crowd.kills,
        'files read meanwhile': reads,
        'restarts of the server': restarted.deaths,
        'cycles meanwhile': restarted.cycles,
        'of these failed': sum(restarted.codes),
        'failovers to a replica': failedOver.deaths,
        'cycles across them': failedOver.cycles,
        'of those failed': sum(failedOver.codes),
        'longest failover with a new replica, ms': failedOver.longest,
        ...('crowd' in objects && {
          'cases on S3 (moto)': objects.cases,
          'cycles over it': objects.crowd.cycles,
          'of them failed': sum(objects.crowd.codes),
        }),
      },
      found: [],
    },
    { write: long && values.write },
  )
} finally {
  rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 100 })
  rmSync(compiled, { recursive: true })
}
