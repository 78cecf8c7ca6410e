/** This library as a client of all vectors. */
import type { VectorClient } from './client.js'
import { functionClient } from './tuffet-functions.js'
import { startTuffet, type TuffetParts } from './tuffet-workflow.js'

/**
 * Answers function vectors by the parts of the library, and workflow vectors in memory.
 *
 * @example
 * ```ts runs
 * import { Updater } from 'tuffet'
 * import { nodeCryptography } from 'tuffet/node'
 * import { tuffetClient } from 'tuffet/vectors'
 *
 * const client = tuffetClient({
 *   createUpdater: (options) => new Updater(options),
 *   cryptography: nodeCryptography,
 * })
 * ```
 */
export function tuffetClient(parts: TuffetParts): VectorClient {
  return {
    name: 'tuffet',
    functions: functionClient(parts.cryptography),
    startWorkflow: (vector) => startTuffet(vector, parts),
  }
}
