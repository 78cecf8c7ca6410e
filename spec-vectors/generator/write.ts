/**
 * Vector files as text: the same bytes on each run. Only ASCII, so that no editor, font or tool
 * between the generator and a reader in another language can change or hide a character.
 */
import {
  vectorFormat,
  type FunctionVector,
  type VectorFile,
  type WorkflowVector,
} from '../../src/vectors/format.js'

/** A file of function vectors; `about` explains input and output to an implementer. */
export function functionFamily(
  family: string,
  about: string,
  vectors: readonly FunctionVector[],
): VectorFile {
  return { format: vectorFormat, family, kind: 'function', about, count: vectors.length, vectors }
}

/** A file of workflow vectors. */
export function workflowFamily(
  family: string,
  about: string,
  vectors: readonly WorkflowVector[],
): VectorFile {
  return { format: vectorFormat, family, kind: 'workflow', about, count: vectors.length, vectors }
}

/** The content of `<family>.json`. */
export function vectorFileText(file: VectorFile): string {
  return `${asciiJson(file)}\n`
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * The faults of a set of families: ids that occur twice, requirements that are not listed, titles
 * that occur twice in one family, choices without a reason.
 */
export function familyFaults(
  files: readonly VectorFile[],
  requirements: ReadonlySet<string>,
): readonly string[] {
  const faults: string[] = []
  const ids = new Set<string>()
  for (const { family, vectors } of files) {
    const titles = new Set<string>()
    for (const { id, title, requirements: named, profile, note } of vectors) {
      if (ids.has(id)) faults.push(`${family}: the id ${id} occurs twice`)
      if (titles.has(title)) faults.push(`${family}: the title "${title}" occurs twice`)
      ids.add(id)
      titles.add(title)
      if (profile === 'tuffet' && note === undefined) faults.push(`${id}: a choice needs a note`)
      if (named.length === 0) faults.push(`${id}: bears on no requirement`)
      for (const requirement of named) {
        if (!requirements.has(requirement)) faults.push(`${id}: no requirement ${requirement}`)
      }
    }
  }
  return faults
}
