/** One target in each of many bins, one after another in one process: its time and its memory. */
import { measureCalls, usualShape, whileServed, type Bench } from './bench.js'
import { ableToRead, coldJob, floor, onNode, taskFor, tuffet } from './clients.js'
import type { Scenario } from './results.js'

/** The title of this measurement. */
export const binsTitle = 'One target in each of 500 new bins, a call'

/** This client and both floors. The peers take 18 ms a bin, and are in the table of 50. */
export async function measureBins(bench: Bench, size: number): Promise<Scenario> {
  const layout = 'path-hash-prefixes'
  const shape = { ...usualShape, layout, size, apart: 501, together: 0 } as const
  return whileServed(bench, shape, async (served) => {
    bench.progress(binsTitle)
    const onOthers = bench.nodes.slice(1).map((one) => onNode(tuffet, one))
    const native = ableToRead(bench.native, layout).filter(({ finds }) => finds === true)
    const jobs = [tuffet, floor, ...onOthers, ...native].map((client) => {
      const task = taskFor(served, bench.workshop.newFolder(), client)
      return coldJob(client, { ...task, then: served.ready.apart.slice(1) })
    })
    return { title: binsTitle, rows: await measureCalls(bench, jobs, [floor.name]) }
  })
}
