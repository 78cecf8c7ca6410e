/** The language of the families of function vectors: one line for each vector. */
import type { FunctionVector, VectorProfile } from '../../../src/vectors/format.js'
import type { JsonValue } from '../../../src/core/json/value.js'

/** The common fields of the vectors of a group. */
export interface Terms {
  readonly requirements: readonly string[]
  /** Default `spec`. */
  readonly profile?: VectorProfile
  readonly tags?: readonly string[]
  readonly note?: string
}

type Input = FunctionVector['input']

/** An input that every client answers with `output`. */
export function gives(
  terms: Terms,
  id: string,
  title: string,
  input: Input,
  output: JsonValue,
  more: Partial<Terms> = {},
): FunctionVector {
  return { ...common({ ...terms, ...more }, id, title), input, result: 'accepted', output }
}

/** An input that must be taken, whatever else a client says of it. */
export function accepts(
  terms: Terms,
  id: string,
  title: string,
  input: Input,
  more: Partial<Terms> = {},
): FunctionVector {
  return { ...common({ ...terms, ...more }, id, title), input, result: 'accepted' }
}

/** An input that is an error, or does not count. */
export function refuses(
  terms: Terms,
  id: string,
  title: string,
  input: Input,
  more: Partial<Terms> = {},
): FunctionVector {
  return { ...common({ ...terms, ...more }, id, title), input, result: 'refused' }
}

function common(
  { requirements, profile = 'spec', tags, note }: Terms,
  id: string,
  title: string,
): Omit<FunctionVector, 'input' | 'result' | 'output'> {
  return { id, title, requirements, profile, ...(tags?.length && { tags }), ...(note && { note }) }
}
