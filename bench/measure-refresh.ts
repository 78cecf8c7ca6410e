/** Refresh and find: cold, warm, and more targets after the first, at PyPI's size. */
import { measureCalls, measureProcesses, trafficOf, usualShape, whileServed } from './bench.js'
import type { Bench } from './bench.js'
import { coldJob, floor, onNode, otherFloors, taskAt, taskFor, tuffet } from './clients.js'
import { ableToRead, tufJs, tufJsLimit, type Client } from './clients.js'
import type { Scenario } from './results.js'
import { runOnce, type Job } from './run-client.js'
import type { Served } from './serve.js'

/** The titles of the results of {@link measureRefresh}. */
export const titles = {
  cold: 'Cold: empty store, refresh, find one target',
  warm: 'Warm: new process, filled store',
  loaded: 'One more target in a loaded bin, a call',
  apart: 'One target in each of 50 new bins, a call',
} as const

/** The four scenarios of one repository, all clients. */
export async function measureRefresh(bench: Bench, size: number): Promise<Scenario[]> {
  const { workshop, python, quick } = bench
  return whileServed(bench, { ...usualShape, size }, async (served) => {
    const peers = [...(python ? [python] : []), ...(size <= tufJsLimit ? [tufJs] : [])]
    const onOthers = bench.nodes
      .slice(1)
      .flatMap((one) => [onNode(tuffet, one), onNode(floor, one)])
    const native = ableToRead(bench.native, served.shape.layout)
    const clients = [tuffet, floor, ...(quick ? [] : otherFloors), ...onOthers, ...peers, ...native]
    const stores = new Map(clients.map(({ name }) => [name, workshop.newFolder()]))
    const job = (client: Client, more: object = {}): Job =>
      coldJob(client, { ...taskFor(served, stores.get(client.name) ?? '', client), ...more })

    bench.progress(`cold, ${size} bins`)
    const cold = await measureProcesses(
      bench,
      clients.map((client) => job(client)),
      { served },
    )

    bench.progress(`warm, ${size} bins`)
    // The clients that write a store filled it before; the floors read this client's.
    const filled = [tuffet, floor, ...onOthers, ...peers, ...native].map((client): Job => {
      const reads = client.program === floor.program ? tuffet : client
      const { name, program, node } = client
      const task = { ...taskFor(served, stores.get(reads.name) ?? '', client), filled: true }
      return { name, program, node, task }
    })
    const warm = await measureProcesses(bench, filled, { served })

    bench.progress(`one target after another, ${size} bins`)
    const { apart, together } = served.ready
    const after = async (paths: readonly string[]): Promise<Scenario['rows']> => {
      const jobs = [tuffet, floor].map((client) => job(client, { then: paths }))
      // The peers take a thousand times as long.
      const asked = quick ? [] : peers
      const few = asked.map((client) => job(client, { then: paths.slice(0, 10) }))
      return measureCalls(bench, [...jobs, ...few], ['floor'])
    }
    return [
      { title: titles.cold, rows: cold },
      { title: titles.warm, rows: warm },
      { title: titles.loaded, rows: await after(together) },
      { title: titles.apart, rows: await after(apart.slice(1)) },
    ]
  })
}

/** The cold start of other repositories of the same size: other layouts, white space, gzip. */
export async function measureVariants(bench: Bench, size: number): Promise<Scenario[]> {
  const scenarios: Scenario[] = []
  for (const layout of ['path-hash-prefixes', 'succinct'] as const) {
    for (const indent of [0, 1]) {
      const shape = { ...usualShape, layout, indent, size }
      scenarios.push(
        ...(await whileServed(bench, shape, (served) => measureVariant(bench, served))),
      )
    }
  }
  return scenarios
}

async function measureVariant(bench: Bench, served: Served): Promise<Scenario[]> {
  const { layout, indent } = served.shape
  const { workshop, python } = bench
  const clients = [tuffet, floor, ...otherFloors.slice(-1), ...(python ? [python] : [])]
  const scenarios: Scenario[] = []
  for (const origin of ['plain', 'gzip'] as const) {
    const title = `Cold: ${layout}, ${indent === 0 ? 'compact' : 'indented'}, ${origin}`
    bench.progress(title)
    const jobs = clients.map((client) =>
      coldJob(client, taskAt(served.ready.origins[origin], served, workshop.newFolder(), client)),
    )
    scenarios.push({ title, rows: await measureProcesses(bench, jobs, { served }) })
  }
  return scenarios
}

/** How many requests a second process makes, and its first search. */
export async function countRequests(
  bench: Bench,
  served: Served,
): Promise<{ readonly refresh: number; readonly find: number }> {
  const store = bench.workshop.newFolder()
  const task = taskFor(served, store, tuffet)
  const { name, program } = tuffet
  await runOnce(bench.workshop, { name, program, task })
  const whole = (await trafficOf(bench, served, { name, program, task })).requests ?? Number.NaN
  const alone = { ...task, find: '' }
  const refresh = (await trafficOf(bench, served, { name, program, task: alone })).requests
  return { refresh: refresh ?? Number.NaN, find: whole - (refresh ?? Number.NaN) }
}
