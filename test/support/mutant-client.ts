/**
 * Asks this library, as it lies in this tree of files, the vectors until one is not answered as it
 * must be. Runs from a copy of the sources: see test/support/play-mutants.ts.
 */
import { PortedUpdater } from '../../src/client/updater.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import type { VectorClient } from '../../src/vectors/client.js'
import type { VectorFile, VectorProfile } from '../../src/vectors/format.js'
import {
  playVector,
  selectVectors,
  type SelectedVector,
  type VectorFailure,
} from '../../src/vectors/runner.js'
import { tuffetClient } from '../../src/vectors/tuffet-client.js'

/** The first failure; vectors that bear on `step` are asked first. Undefined: no vector failed. */
export async function firstFailure(
  files: readonly VectorFile[],
  step: string,
  profiles?: readonly VectorProfile[],
): Promise<VectorFailure | undefined> {
  const client = mutantClient()
  const rank = ({ kind, vector }: SelectedVector): number =>
    (vector.requirements.some((id) => id.startsWith(step)) ? 0 : 2) + (kind === 'workflow' ? 0 : 1)
  const options = profiles ? { profiles } : {}
  const selected = selectVectors(files, options).sort((a, b) => rank(a) - rank(b))
  for (const one of selected) {
    const result = await playVector(one, client)
    if (result.outcome === 'failed') return result.failure
  }
  return undefined
}

/** Ids of the vectors with one of these tags that are not answered as they must be. */
export async function failuresOfTags(
  files: readonly VectorFile[],
  tags: readonly string[],
): Promise<readonly string[]> {
  const client = mutantClient()
  const failed: string[] = []
  for (const one of selectVectors(files)) {
    if (!one.vector.tags?.some((tag) => tags.includes(tag))) continue
    const { outcome } = await playVector(one, client)
    if (outcome === 'failed') failed.push(one.vector.id)
  }
  return failed
}

function mutantClient(): VectorClient {
  return tuffetClient({
    createUpdater: (options) => new PortedUpdater(options),
    cryptography: nodeCryptography,
  })
}
