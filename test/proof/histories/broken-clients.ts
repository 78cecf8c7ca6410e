/**
 * Clients with one fault each, of those that the vectors know, and the seed of a history that notices it.
 * After a change of the histories other seeds may be the ones that notice.
 */
import { mutants as ofSteps } from '../../vectors/mutants.js'
import type { Mutant } from '../../vectors/mutant.js'
import { weakMutants } from '../../vectors/weak-mutants.js'

const rows = [
  [24, 'accepts a new root that the old keys did not sign'],
  [8, 'keeps one floor when the keys of the other were rotated'],
  [1, 'forgets the previously trusted file'],
  [3, 'accepts an unsigned timestamp'],
  [1, 'accepts an older timestamp'],
  [18, 'accepts a timestamp that lists an older snapshot'],
  [1, 'accepts an expired timestamp'],
  [21, 'does not check length and hashes of the snapshot'],
  [3, 'accepts an unsigned snapshot'],
  [1, 'accepts a snapshot of another version than the timestamp lists'],
  [6, 'accepts a snapshot that lists older files'],
  [35, 'accepts a snapshot that no longer lists a file'],
  [15, 'accepts an expired snapshot'],
  [2, 'accepts unsigned top-level targets'],
  [10, 'accepts unsigned delegated targets'],
  [4, 'accepts one signature, whatever the threshold'],
  [14, 'accepts expired targets'],
  [50, 'does not check the hashes of a target file'],
  [216, 'goes on with an expired root'],
  [1, 'keeps a timestamp before it compares it'],
] as const

export interface BrokenClient {
  readonly seed: number
  readonly mutant: Mutant
}

export const brokenClients: readonly BrokenClient[] = rows.map(([seed, name]) => {
  const mutant = [...ofSteps, ...weakMutants].find((one) => one.name === name)
  if (!mutant) throw new Error(`no broken client ${JSON.stringify(name)}`)
  return { seed, mutant }
})
