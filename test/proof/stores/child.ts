/**
 * A process beside others, over one store on another server: `FOLDER COUNT METADATA TARGETS NOW CONNECTION` refreshes,
 * and prints the versions or the code of each cycle. CONNECTION is JSON: options of a client and of the store.
 */
import { readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { isTufError } from '../../../src/errors.js'
import { type Store, Updater } from '../../../src/index.js'
import { redisStore } from '../../../src/redis/index.js'
import { s3Store, type S3Client } from '../../../src/s3/index.js'

const [folder = '', count = '0', metadataUrl = '', targetsUrl = '', now = '0', connection = '{}'] =
  process.argv.slice(2)
const { client: redis, s3, store: storeOptions } = JSON.parse(connection)
const floors = ['root', 'timestamp', 'snapshot', 'targets'] as const
const newest = new Map<string, number>()

async function openStore(): Promise<Store> {
  if (s3 !== undefined) {
    const { S3 }: { S3: new (options: object) => S3Client } = await import(s3.sdk)
    return s3Store(new S3(s3.options), storeOptions)
  }
  const client = new Redis({ ...redis, retryStrategy: () => 20, maxRetriesPerRequest: null })
  // Each command that fails says so itself.
  client.on('error', () => undefined)
  return redisStore(client, storeOptions)
}

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

const updater = new Updater({
  ...{ metadataUrl, targetsUrl, store: await openStore() },
  root: readFileSync(join(folder, 'root.json')),
  now: () => Number(now),
  // A busy machine may hold a request, and the store, for long.
  limits: { minimumRate: 0, metadataDeadline: 600_000 },
})
for (let done = 0; done < Number(count); done++) {
  try {
    const view = await updater.refresh()
    for (const role of floors) {
      const { version } = view[role]
      const before = newest.get(role) ?? 0
      if (version < before) throw new Error(`${role} fell from ${before} to ${version}`)
      newest.set(role, version)
    }
    say({ timestamp: view.timestamp.version, root: view.root.version })
  } catch (error) {
    if (!isTufError(error)) throw error
    const [role, step] = ['role' in error ? error.role : '', 'step' in error ? error.step : '']
    say({ code: error.code, place: `${role} ${step}`.trim() })
    await setTimeout(50)
  }
}
process.exit()
