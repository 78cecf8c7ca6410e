/** A part of the mutants of a large group, drawn by lot. */
import { createHash } from 'node:crypto'
import type { Mutant } from './instrument.js'

/** The same ones for the same seed, as long as their files are the same; in the order of the sources. */
export function drawn<M extends Pick<Mutant, 'key'>>(
  mutants: readonly M[],
  { most, seed }: { readonly most: number; readonly seed: string },
): readonly M[] {
  if (mutants.length <= most) return mutants
  const lot = ({ key }: M): string => createHash('sha256').update(`${seed} ${key}`).digest('hex')
  const lots = new Map(mutants.map((mutant) => [mutant, lot(mutant)]))
  const last = [...lots.values()].sort()[most] ?? ''
  return mutants.filter((mutant) => (lots.get(mutant) ?? '') < last)
}
