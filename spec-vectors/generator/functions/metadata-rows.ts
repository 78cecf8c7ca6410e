/** How the vectors of the family `metadata` are written: a good file with one field changed. */
import type { SignedByType } from '../../../src/core/metadata/model.js'
import type { FunctionVector } from '../../../src/vectors/format.js'
import { withOwnKeyids } from './own-keyids.js'
import { sampleFile, withField, type Json, type SampleFile } from './sample-files.js'
import { accepts, refuses, type Terms } from './vector.js'

type Type = keyof SignedByType
export type Path = readonly (string | number)[]

/** A row: the field at `path` of the good file of `type` becomes `value`, or goes. */
export type Row = readonly [
  id: string,
  title: string,
  type: Type,
  path: Path,
  value: Json | undefined,
  more?: Partial<Terms>,
]

/** A shape that a client broke on, and thresholds that a client took: 0, less, and none at all. */
export const parser = { tags: ['CVE-2026-23991'] } as const
export const thresholds = { tags: ['CVE-2026-23992'] } as const

export function accepted(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, type, path, value, more]) =>
    accepts(terms, `metadata-${id}`, title, changed(type, path, value), more),
  )
}

export function refused(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, type, path, value, more]) =>
    refuses(terms, `metadata-${id}`, title, changed(type, path, value), more),
  )
}

/** 4.3: a changed key needs another keyid, or the keyid would be the fault. */
function changed(type: Type, path: Path, value: Json | undefined): FunctionVector['input'] {
  const file = withField(sampleFile(type), path, value)
  return { type, document: withOwnKeyids(JSON.stringify(file)) }
}

export function input(type: Type, file: Json | SampleFile): FunctionVector['input'] {
  return { type, document: JSON.stringify(file) }
}
