/** The store on object storage: its contract, and many processes, over one server, with the client of AWS. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Store } from '../../../src/index.js'
import { s3Store, type S3Client } from '../../../src/s3/index.js'
import { storeContract } from '../../../src/testing/index.js'
import { pinnedPackage } from '../../support/pinned-package.js'
import { freePort } from '../../support/stores/redis-server.js'
import { s3Credentials, type S3Program } from '../../support/stores/s3-servers.js'
import { type Crowd, type CrowdResult, runCrowd } from './crowd.js'

const bucket = 'tuffet'

/** As much of the client as the proof uses besides. */
type Client = S3Client & {
  createBucket(input: { readonly Bucket: string }): Promise<unknown>
  destroy(): void
}

/** The class `S3` of the package. */
export type S3Class = new (options: object) => Client

/** The counts of a server that compares; true for one that does not, which the store refused. */
export type ObjectStorageResult =
  { readonly cases: number; readonly crowd: CrowdResult } | { readonly refused: true }

/** @returns the counts, or the reason to skip it */
export async function tryObjectStorage(
  program: S3Program,
  plan: Omit<Crowd, 'connection'>,
): Promise<ObjectStorageResult | { readonly reason: string }> {
  const installed = pinnedPackage(
    fileURLToPath(new URL('.', import.meta.url)),
    '@aws-sdk/client-s3',
  )
  if ('reason' in installed) return installed
  // It warns of Node 20 in each process.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const sdk = import.meta.resolve('@aws-sdk/client-s3')
  const { S3 }: { S3: S3Class } = await import(sdk)
  const { server, client, options } = await start(program, plan.folder, S3)
  const ended = once(server, 'exit')
  try {
    if (!program.heedsConditions) {
      await requireRefusal(s3Store(client, { bucket }))
      return { refused: true }
    }
    const cases = await kept(client)
    const connection = { s3: { sdk, options }, store: { bucket, prefix: 'crowd/' } }
    const crowd = await runCrowd({ ...plan, connection })
    const store = s3Store(client, { bucket, prefix: 'crowd/' })
    const bytes = await store.get('timestamp.json')
    const { signed }: { signed: { version: number } } = JSON.parse(
      new TextDecoder().decode(bytes ?? new Uint8Array()),
    )
    if (signed.version < crowd.acknowledged.timestamp)
      throw new Error('the end is older than acknowledged')
    return { cases, crowd }
  } finally {
    client.destroy()
    server.kill()
    await ended
  }
}

/** Another process may take the port before the server does: then it ends, and gets another one. */
async function start(
  program: S3Program,
  folder: string,
  S3: S3Class,
): Promise<{ server: ChildProcess; client: Client; options: object }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort()
    const options = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      forcePathStyle: true,
      // A copy: the client notes things of its own in it.
      credentials: { ...s3Credentials },
    }
    const server = await program.start(mkdtempSync(join(folder, 's3-')), port)
    const client = new S3(options)
    const ended = once(server, 'exit').then(() => 'ended' as const)
    if ((await Promise.race([answers(client), ended])) !== 'ended')
      return { server, client, options }
    client.destroy()
    if (tries === 3)
      throw new Error(`${program.name} ended at once, with status ${server.exitCode}`)
  }
}

async function requireRefusal(store: Store): Promise<void> {
  const error: unknown = await store
    .set('timestamp.json', Uint8Array.of(1))
    .catch((one: unknown) => one)
  const { cause } = error instanceof Error ? error : {}
  if (!/does not heed If-Match/.test(String(cause))) throw new Error('it was not refused')
}

async function kept(client: Client): Promise<number> {
  const prefixes = new Map<Store, string>()
  const open = (prefix = `case-${prefixes.size}/`): Store => {
    const store = s3Store(client, { bucket, prefix })
    prefixes.set(store, prefix)
    return store
  }
  const reopen = (store: Store): Store => open(prefixes.get(store))
  const cases = storeContract({ open: () => open(), shared: { by: 'change', reopen } })
  for (const { title, run } of cases) {
    await run().catch((cause: unknown) => {
      throw new Error(`S3: ${title}`, { cause })
    })
  }
  return cases.length
}

async function answers(client: Client): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await client.createBucket({ Bucket: bucket })
      return
    } catch (error) {
      if (tries === 1_200) throw error
      await setTimeout(100)
    }
  }
}
