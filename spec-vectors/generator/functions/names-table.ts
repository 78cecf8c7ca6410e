/** How the vectors of the family `names` are written. */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { gives, type Terms } from './vector.js'

/** SHA-256 of the file `abc`. */
export const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

type Row = readonly [
  id: string,
  title: string,
  input: FunctionVector['input'],
  output: string,
  more?: Partial<Terms>,
]

export function namesTable(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, input, output, more]) =>
    gives(terms, `names-${id}`, title, input, output, more),
  )
}
