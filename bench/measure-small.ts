/** Cold starts with repositories smaller than PyPI's, beside peers in every language. */
import { measureProcesses, usualShape, whileServed, type Bench } from './bench.js'
import { ableToRead, coldJob, floor, onNode, taskFor, tuffet, tufJs } from './clients.js'
import type { Scenario } from './results.js'
import type { Shape } from './shape.js'

/** The titles of these measurements. */
export const smallTitles = {
  prefixes: 'Cold: 1,024 bins by prefixes',
  succinct: 'Cold: 1,024 succinct bins',
  dozen: 'Cold: a dozen targets in one role',
} as const

const shapes: readonly { readonly title: string; readonly shape: Shape }[] = [
  {
    title: smallTitles.prefixes,
    shape: { ...usualShape, layout: 'path-hash-prefixes', size: 1_024 },
  },
  { title: smallTitles.succinct, shape: { ...usualShape, layout: 'succinct', size: 1_024 } },
  {
    title: smallTitles.dozen,
    shape: { ...usualShape, layout: 'one-role', size: 11, apart: 1, together: 0 },
  },
]

/** Each table, with every client that can read such a repository. */
export async function measureSmall(bench: Bench): Promise<Scenario[]> {
  const { python, nodes, native, workshop } = bench
  const scenarios: Scenario[] = []
  for (const { title, shape } of shapes) {
    bench.progress(title)
    const onOthers = nodes.slice(1).flatMap((one) => [onNode(tuffet, one), onNode(floor, one)])
    const peers = [...(python ? [python] : []), tufJs, ...native]
    const clients = [tuffet, floor, ...onOthers, ...ableToRead(peers, shape.layout)]
    const rows = await whileServed(bench, shape, (served) =>
      measureProcesses(
        bench,
        clients.map((client) => coldJob(client, taskFor(served, workshop.newFolder(), client))),
        { served },
      ),
    )
    scenarios.push({ title, rows })
  }
  return scenarios
}
