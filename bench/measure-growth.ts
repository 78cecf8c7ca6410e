/** Cost against size: more bins, and more targets in one role. */
import { measureProcesses, usualShape, whileServed, type Bench } from './bench.js'
import { coldJob, floor, taskFor, tuffet, tufJs, tufJsLimit } from './clients.js'
import type { Curve } from './results.js'
import type { Shape } from './shape.js'
import { logSlope } from './statistics.js'

/** Cold starts over repositories of several sizes, for each client. */
export async function measureGrowth(
  bench: Bench,
  layout: Shape['layout'],
  sizes: readonly number[],
): Promise<Curve[]> {
  const curves = new Map<string, Curve['points'][number][]>()
  const { workshop, python } = bench
  for (const size of sizes) {
    bench.progress(`growth: ${size} ${layout === 'one-role' ? 'targets in one role' : 'bins'}`)
    const shape = { ...usualShape, layout, size, apart: 1, together: 0 }
    const rows = await whileServed(bench, shape, (served) => {
      const bins = layout !== 'one-role'
      const clients = [
        tuffet,
        floor,
        ...(python && !bench.quick ? [python] : []),
        ...(bins && size <= tufJsLimit && !bench.quick ? [tufJs] : []),
      ]
      const jobs = clients.map((client) =>
        coldJob(client, taskFor(served, workshop.newFolder(), client)),
      )
      return measureProcesses(bench, jobs)
    })
    for (const { client, cpu, peak = Number.NaN } of rows) {
      curves.set(client, [...(curves.get(client) ?? []), { size, cpu, peak }])
    }
  }
  const of = layout === 'one-role' ? 'targets' : 'bins'
  return [...curves].map(([client, points]) => ({ client, of, points }))
}

/**
 * The exponent with which a client's cost grows, less the cost of a process that only imports it:
 * with that cost, every curve would look flat.
 */
export function slopeOf(
  { points }: Curve,
  figure: 'cpu' | 'peak',
  start: { readonly cpu: number; readonly peak: number },
): number {
  return logSlope(
    points.map((point) => ({
      size: point.size,
      cost: Math.max(point[figure] - start[figure], 0.01 * point[figure]),
    })),
  )
}
