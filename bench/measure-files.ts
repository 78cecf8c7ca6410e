/** Downloads of one large file and of many small ones, and a batch of many questions. */
import { measureCalls, usualShape, whileServed, type Bench } from './bench.js'
import { coldJob, taskFor, tuffet, tufJs, tufJsLimit, type Client } from './clients.js'
import type { Row, Scenario } from './results.js'
import { runOnce, type Job } from './run-client.js'
import type { Served } from './serve.js'
import { largeFile, smallFiles } from './shape.js'
import type { Http, Task } from './task.js'

/** The titles of these measurements. */
export const fileTitles = {
  large: 'Download of 100 MiB, the download alone',
  finds: 'Batch: 10,000 finds over 2,000 bins, a call',
  small: 'Batch: 1,000 downloads of 4 KiB, a call',
} as const

/** The number of requests at a time. */
const parallel = 32

/** This client beside those by hand and the peers. */
export async function measureDownload(bench: Bench): Promise<Scenario> {
  const { workshop, python } = bench
  const shape = { ...usualShape, size: 1_024, files: true }
  return whileServed(bench, shape, async (served) => {
    bench.progress(fileTitles.large)
    const byHand = (['node:http', 'undici', 'fetch'] as const).map((http: Http): Client => ({
      name: `by hand, ${http}`,
      program: 'clients/by-hand',
      http,
    }))
    const clients = [
      tuffet,
      ...byHand,
      ...(python ? [python] : []),
      ...(bench.quick ? [] : [tufJs]),
      ...bench.native.filter(({ downloads }) => downloads === true),
    ]
    const jobs = clients.map((client) => {
      const folder = workshop.newFolder()
      const path = client.program === 'clients/by-hand' ? served.ready.largeName : largeFile.path
      const task: Task = {
        ...taskFor(served, workshop.newFolder(), client),
        download: { paths: [path], folder },
      }
      return coldJob(client, task)
    })
    const base = byHand.map(({ name }) => name)
    return { title: fileTitles.large, rows: await measureCalls(bench, jobs, base) }
  })
}

/** Throughput, with the memory and connections in use. */
export async function measureBatch(bench: Bench): Promise<Scenario[]> {
  const { workshop, python } = bench
  const bins = tufJsLimit
  const shape = { ...usualShape, size: bins, apart: 2_000, together: 0, files: true }
  return whileServed(bench, shape, async (served) => {
    bench.progress('batch')
    const { apart } = served.ready
    const many = Array.from({ length: 10_000 }, (_, i) => apart[i % apart.length] ?? '')
    const finds = [tuffet, ...(python ? [python] : [])].map((client) => {
      const task = taskFor(served, workshop.newFolder(), client)
      const then = client === tuffet ? many : [...apart.slice(0, 40), ...many.slice(0, 160)]
      return coldJob(client, { ...task, then, parallel })
    })
    const folder = workshop.newFolder()
    const paths = smallFiles()
    const native = bench.native.filter(({ downloads }) => downloads === true)
    const small = [tuffet, ...(python ? [python] : []), tufJs, ...native]
    const downloads = small.map((client) => {
      const task = taskFor(served, workshop.newFolder(), client)
      const some = client === tuffet ? paths : paths.slice(0, client === tufJs ? 10 : 100)
      return coldJob(client, { ...task, download: { paths: some, folder }, parallel })
    })
    const scenarios: Scenario[] = []
    for (const [title, jobs] of [
      [fileTitles.finds, finds],
      [fileTitles.small, downloads],
    ] as const) {
      const rows: Row[] = []
      for (const job of jobs) rows.push(await oneRun(bench, served, job))
      const note = 'One run each. The peers are asked fewer times, one after another.'
      scenarios.push({ title, note, rows })
    }
    return scenarios
  })
}

async function oneRun({ workshop }: Bench, served: Served, job: Job): Promise<Row> {
  await served.traffic()
  const { section, peak } = await runOnce(workshop, job)
  if (section === undefined) throw new Error(`${job.name} measured no calls`)
  const { calls } = section
  const { requests, bytesReceived, connections } = await served.traffic()
  return {
    client: job.name,
    cpu: section.cpu / calls,
    wall: section.wall / calls,
    calls,
    peak,
    requests,
    received: bytesReceived,
    connections,
  }
}
