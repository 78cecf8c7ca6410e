/** How many vectors of each profile of each family were answered as they must be. */
import type { VectorProfile } from './format.js'
import type { VectorResult } from './runner.js'

/** One profile of one family. */
export interface VectorCount {
  readonly family: string
  readonly profile: VectorProfile
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** In the order in which a family and a profile first occur. */
export function countResults(results: readonly VectorResult[]): VectorCount[] {
  const counts = new Map<string, VectorCount>()
  for (const result of results) {
    const { family, profile } = placeOf(result)
    const key = `${family} ${profile}`
    const count = counts.get(key) ?? { family, profile, passed: 0, failed: 0, skipped: 0 }
    counts.set(key, { ...count, [result.outcome]: count[result.outcome] + 1 })
  }
  return [...counts.values()]
}

function placeOf(result: VectorResult): Pick<VectorCount, 'family' | 'profile'> {
  if (result.outcome === 'failed') return result.failure
  return result.outcome === 'skipped' ? result.skip : result
}
