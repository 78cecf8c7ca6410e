/** A process that lives long, on each Node that is there. */
import { usualShape, whileServed, type Bench } from './bench.js'
import { coldJob, taskFor, tuffet } from './clients.js'
import type { LongLived } from './results.js'
import { inTurn } from './run-client.js'

/** Its figures, by the version of Node. */
export async function measureLong(bench: Bench, size: number): Promise<LongLived[]> {
  return whileServed(bench, { ...usualShape, size, together: 0 }, async (served) => {
    bench.progress('a process that lives long')
    const jobs = bench.nodes.map(({ name, node }) => ({
      ...coldJob(
        { ...tuffet, program: 'clients/long-lived' },
        taskFor(served, bench.workshop.newFolder(), tuffet),
      ),
      name,
      node,
    }))
    const measured = await inTurn(bench.workshop, jobs, bench.rounds)
    return [...measured].map(([node, { figures = {} }]) => ({ node, figures }))
  })
}
