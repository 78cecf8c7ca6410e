/**
 * Reads one file of `spec-vectors/`, strictly: it refuses members outside the format, and a file
 * whose number of vectors is not the stated one. The same rules as `spec-vectors/schema.json`.
 */
import { vectorFormat, type VectorFile } from './format.js'
import { isRecord } from './read-fields.js'
import { readFunctionVector, readWorkflowVector } from './vector-shapes.js'

/**
 * A file that is not a vector file of this format, or not a whole one.
 *
 * @example
 * ```ts runs
 * import { parseVectorFile, VectorFileError } from 'tuffet/vectors'
 *
 * try {
 *   parseVectorFile('{}')
 * } catch (error) {
 *   if (!(error instanceof VectorFileError)) throw error
 *   console.debug(error.message)
 * }
 * ```
 */
export class VectorFileError extends Error {
  override get name(): string {
    return 'VectorFileError'
  }
}

/**
 * The vectors of a file.
 *
 * @throws VectorFileError that says where the file is wrong
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { parseVectorFile } from 'tuffet/vectors'
 *
 * async function vectorsIn(path: string): Promise<number> {
 *   return parseVectorFile(await readFile(path, 'utf8')).vectors.length
 * }
 * ```
 */
export function parseVectorFile(text: string): VectorFile {
  const value = parseJson(text)
  if (!isRecord(value)) throw new VectorFileError('not an object')
  const { format, family, kind, about, count, vectors, $schema: _, ...others } = value
  if (format !== vectorFormat) {
    throw new VectorFileError(`format ${JSON.stringify(format)} is not ${vectorFormat}`)
  }
  const [other] = Object.keys(others)
  if (other !== undefined) throw new VectorFileError(`${JSON.stringify(other)} is not a field`)
  if (typeof family !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(family)) {
    throw new VectorFileError('family must be a name such as path-patterns')
  }
  if (typeof about !== 'string' || about === '') throw new VectorFileError('about must be text')
  if (!Array.isArray(vectors)) throw new VectorFileError('vectors must be a list')
  if (count !== vectors.length) {
    throw new VectorFileError(`count is ${JSON.stringify(count)}, there are ${vectors.length}`)
  }
  const common = { format: vectorFormat, family, about, count: vectors.length } as const
  switch (kind) {
    case 'function':
      return { ...common, kind, vectors: each(vectors, readFunctionVector) }
    case 'workflow':
      return { ...common, kind, vectors: each(vectors, readWorkflowVector) }
    default:
      throw new VectorFileError('kind must be function or workflow')
  }
}

function each<T>(vectors: readonly unknown[], read: (value: unknown) => T): readonly T[] {
  const ids = new Set<string>()
  return vectors.map((value, index) => {
    const id = isRecord(value) && typeof value['id'] === 'string' ? value['id'] : `number ${index}`
    if (ids.has(id)) throw new VectorFileError(`two vectors share the id ${id}`)
    ids.add(id)
    try {
      return read(value)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new VectorFileError(`${id}: ${error.message}`, { cause: error })
    }
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new VectorFileError('not JSON, or cut short', { cause: error })
  }
}
