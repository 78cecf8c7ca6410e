/**
 * `npm run test:stores`: stores on other machines against real servers: the contract, many processes over
 * one store, servers that die and start again, replicas that take over. `-- --long --write`, `-- --seed N`.
 */
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { redisPrograms, startRedis } from '../../support/stores/redis-server.js'
import { s3Programs } from '../../support/stores/s3-servers.js'
import { listed, openProof, sum } from '../open-proof.js'
import { contractOfRedis } from './contract.js'
import { runCrowd } from './crowd.js'
import { failOver, killServers } from './failures.js'
import { tryObjectStorage } from './object-storage.js'
import { floors, storedVersion, Watch } from './stored.js'

const programs = redisPrograms()
const [first] = programs
if (first === undefined) {
  console.log('skipped: neither redis-server nor valkey-server is installed')
  process.exit()
}
const proof = openProof('stores')
const { folder, long, random, seconds } = proof
const size = long
  ? { processes: 16, cycles: 50, kills: 24, deaths: 12 }
  : { processes: 16, cycles: 6, kills: 4, deaths: 2 }
try {
  const script = proof.compile(new URL('child.ts', import.meta.url))
  let cases = 0
  for (const program of programs) {
    const { name } = program
    cases += await contractOfRedis(program, join(folder, name.replace(' ', '-')))
    console.log(`the contract is kept on ${name}, after ${seconds()} s`)
  }
  for (const kind of ['redis', 'valkey']) {
    if (!programs.some(({ name }) => name.startsWith(kind))) console.log(`skipped: ${kind}`)
  }

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
  const s3 = { tried: [] as string[], refused: [] as string[], cases: 0, cycles: 0, failed: 0 }
  for (const one of s3Programs()) {
    const result = 'reason' in one ? one : await tryObjectStorage(one, { ...plan, ...small })
    if ('reason' in result) {
      console.log(`skipped: ${one.name}, ${result.reason}`)
    } else if ('refused' in result) {
      console.log(`${one.name} ignores conditions, and is refused, after ${seconds()} s`)
      s3.refused.push(one.name)
    } else {
      console.log(`on ${one.name}: ${listed(result.crowd.codes)}, after ${seconds()} s`)
      s3.tried.push(one.name)
      s3.cases += result.cases
      s3.cycles += result.crowd.cycles
      s3.failed += sum(result.crowd.codes)
    }
  }
  await proof.record({
    about:
      'Machines that share a store on Redis or S3 never make it torn or older; on Redis also when its server dies and starts again, and when a replica takes over.',
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
      'servers of S3': s3.tried.join(' and ') || 'none',
      'cases on them': s3.cases,
      'cycles over them': s3.cycles,
      'of them failed': s3.failed,
      'refused, since they ignore conditions': s3.refused.join(' and ') || 'none',
    },
    found: [],
  })
} finally {
  proof.close()
}
