/** How many vectors of each profile of each family were answered as they must be. */
import type { VectorProfile } from './format.js'

/** One profile of one family. */
export interface VectorCount {
  readonly family: string
  readonly profile: VectorProfile
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

type Place = Pick<VectorCount, 'family' | 'profile'>

/** The parts of a result that are counted. */
type Counted =
  | ({ readonly outcome: 'passed' } & Place)
  | { readonly outcome: 'failed'; readonly failure: Place }
  | { readonly outcome: 'skipped'; readonly skip: Place }

/** In the order in which a family and a profile first occur. */
export function countResults(results: readonly Counted[]): VectorCount[] {
  const counts = new Map<string, VectorCount>()
  for (const result of results) {
    const { family, profile } = placeOf(result)
    const key = `${family} ${profile}`
    const count = counts.get(key) ?? { family, profile, passed: 0, failed: 0, skipped: 0 }
    counts.set(key, { ...count, [result.outcome]: count[result.outcome] + 1 })
  }
  return [...counts.values()]
}

function placeOf(result: Counted): Place {
  if (result.outcome === 'failed') return result.failure
  return result.outcome === 'skipped' ? result.skip : result
}
