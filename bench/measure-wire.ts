/** Requests and bytes at PyPI's size, beside the table of PEP 458. */
import { trafficOf, usualShape, whileServed, type Bench } from './bench.js'
import { taskAt, tuffet } from './clients.js'
import { countRequests } from './measure-refresh.js'
import type { WireLine } from './results.js'
import { rmSync } from 'node:fs'
import type { Served } from './serve.js'

/** PEP 458: bytes of an average distribution as it is downloaded. */
const averageDistribution = 2_184_393

/** The traffic. */
export interface Wire {
  readonly lines: readonly WireLine[]
  /** Requests of a second process: its refresh, and its first search after that. */
  readonly requests: { readonly refresh: number; readonly find: number }
}

/** Measures a new user, and returning ones before and after the daily signing. */
export async function measureWire(bench: Bench, size: number): Promise<Wire> {
  return whileServed(bench, { ...usualShape, size, together: 0 }, async (served) => {
    bench.progress('bytes on the wire')
    const requests = await countRequests(bench, served)
    const stores = { plain: bench.workshop.newFolder(), gzip: bench.workshop.newFolder() }
    const [first = '', second = ''] = served.ready.apart
    const lines = [
      await lineOf(bench, served, stores, first, 'new user', '69 %'),
      await lineOf(bench, served, stores, second, 'returning user, same snapshot, new bin', '5 %'),
    ]
    await served.nextDay()
    const next = 'returning user, new snapshot'
    lines.push(await lineOf(bench, served, stores, second, next, '9 %'))
    for (const store of Object.values(stores)) rmSync(store, { recursive: true })
    return { lines, requests }
  })
}

async function lineOf(
  bench: Bench,
  served: Served,
  stores: Readonly<Record<'plain' | 'gzip', string>>,
  find: string,
  user: string,
  expected: string,
): Promise<WireLine> {
  const ask = async (origin: 'plain' | 'gzip'): Promise<{ requests: number; bytes: number }> => {
    const task = taskAt(served.ready.origins[origin], served, stores[origin], {})
    const job = { name: tuffet.name, program: tuffet.program, task: { ...task, find } }
    const { requests = 0, received = 0 } = await trafficOf(bench, served, job)
    return { requests, bytes: received }
  }
  const plain = await ask('plain')
  const gzip = await ask('gzip')
  return {
    user,
    requests: gzip.requests,
    received: gzip.bytes,
    plain: plain.bytes,
    overhead: (100 * gzip.bytes) / averageDistribution,
    expected,
  }
}
