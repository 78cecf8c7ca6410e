/**
 * Whether each requirement is covered by a vector that must be accepted and one that must be
 * refused.
 */
import type {
  FunctionVector,
  Requirement,
  VectorFile,
  WorkflowVector,
} from '../../src/vectors/format.js'

/** How many vectors bear on a requirement. */
export interface Coverage {
  readonly accepting: number
  readonly refusing: number
}

/** The number of vectors for each requirement with vectors. */
function coverageOf(files: readonly VectorFile[]): ReadonlyMap<string, Coverage> {
  const found = new Map<string, Coverage>()
  for (const vector of files.flatMap(({ vectors }): readonly Vector[] => vectors)) {
    const refusing = refuses(vector) ? 1 : 0
    for (const id of vector.requirements) {
      const before = found.get(id) ?? { accepting: 0, refusing: 0 }
      found.set(id, {
        accepting: before.accepting + 1 - refusing,
        refusing: before.refusing + refusing,
      })
    }
  }
  return found
}

/** Requirements without a vector of either kind, and exemptions that are not needed. */
export function coverageFaults(
  files: readonly VectorFile[],
  requirements: readonly Requirement[],
): readonly string[] {
  const found = coverageOf(files)
  return requirements.flatMap(({ id, only, reason }) => {
    const faults: string[] = []
    const has = found.get(id) ?? { accepting: 0, refusing: 0 }
    for (const kind of ['accepting', 'refusing'] as const) {
      const exempt = only !== undefined && only !== kind
      if (has[kind] === 0 && !exempt) faults.push(`${id} has no ${kind} vector`)
      if (has[kind] > 0 && exempt) faults.push(`${id} has a ${kind} vector and says it has none`)
    }
    if ((only === undefined) !== (reason === undefined)) faults.push(`${id}: only needs a reason`)
    return faults
  })
}

type Vector = FunctionVector | WorkflowVector

/** A workflow refuses when one of its commands is refused, or finds no target. */
function refuses(vector: Vector): boolean {
  if ('result' in vector) return vector.result === 'refused'
  return vector.steps.some(({ expect }) => expect.result !== 'accepted')
}
