/** The vectors that findings of an audit stand for. */
import { readFileSync } from 'node:fs'
import { isFindingCode } from '../../src/audit/index.js'
import type { VectorFile } from '../../src/vectors/format.js'
import { typescriptFiles } from './source-tree.js'

/** The ids of vectors that the sources of the audit name, apart from the table of answers. */
export function vectorsInSource(files: readonly VectorFile[]): ReadonlySet<string> {
  const ids = new Set(files.flatMap(({ vectors }) => vectors.map(({ id }) => id)))
  const texts = typescriptFiles('src/audit')
    .filter((path) => !path.endsWith('answers.ts'))
    .flatMap((path) => readFileSync(path, 'utf8').match(/(?<=')[a-z0-9-]+(?=')/g) ?? [])
  return new Set(texts.filter((text) => ids.has(text) && !isFindingCode(text)))
}
