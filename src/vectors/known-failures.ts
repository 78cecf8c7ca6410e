/**
 * A list of vectors that a client is known to fail, so that its tests fail only on a change. One id
 * on each line; `#` starts a comment.
 */
import type { VectorFailure, VectorReport } from './runner.js'
import type { VectorFile } from './format.js'

/** A run against the list. All ids are in the order of the vector files. */
export interface KnownFailureReport {
  /** Failed, and listed. */
  readonly known: readonly string[]
  /** Failed, and not listed. */
  readonly unexpectedFailures: readonly string[]
  /** Passed, and listed. */
  readonly unexpectedPasses: readonly string[]
  /** Listed, and in none of the files. */
  readonly unknown: readonly string[]
}

const idPattern = /^[a-z0-9]+([.-][a-z0-9]+)*$/

/**
 * The ids of a list.
 *
 * @throws SyntaxError that names the line, for text that is not an id, and for an id that occurs twice
 *
 * @example
 * ```ts runs
 * import { parseKnownFailures } from 'tuffet/vectors'
 *
 * parseKnownFailures('# not yet\nkeys.ecdsa-hex\n') // ['keys.ecdsa-hex']
 * ```
 */
export function parseKnownFailures(text: string): string[] {
  const ids = new Set<string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const id = line.replace(/#.*$/, '').trim()
    if (id === '') continue
    if (!idPattern.test(id)) throw new SyntaxError(`line ${index + 1} is not the id of a vector`)
    if (ids.has(id)) throw new SyntaxError(`line ${index + 1}: ${id} occurs twice`)
    ids.add(id)
  }
  return [...ids]
}

/**
 * Compares a run with a list. Listed vectors that were skipped or not selected are in no group.
 *
 * @example
 * ```ts
 * import { compareKnownFailures, type VectorFile, type VectorReport } from 'tuffet/vectors'
 *
 * function surprises(report: VectorReport, listed: readonly string[], files: readonly VectorFile[]) {
 *   const { unexpectedFailures, unexpectedPasses } = compareKnownFailures(report, listed, files)
 *   return [...unexpectedFailures, ...unexpectedPasses]
 * }
 * ```
 */
export function compareKnownFailures(
  { failures, passes }: Pick<VectorReport, 'failures' | 'passes'>,
  listed: readonly string[],
  files: readonly VectorFile[],
): KnownFailureReport {
  const list = new Set(listed)
  const failed = failures.map(({ id }) => id)
  const all = new Set(files.flatMap(({ vectors }) => vectors.map(({ id }) => id)))
  return {
    known: failed.filter((id) => list.has(id)),
    unexpectedFailures: failed.filter((id) => !list.has(id)),
    unexpectedPasses: passes.filter((id) => list.has(id)),
    unknown: listed.filter((id) => !all.has(id)),
  }
}

/**
 * The list after a run: every failure, with its title, and of `before` those that this run did not
 * ask. The same failures give the same text.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { writeKnownFailures, type VectorFile, type VectorReport } from 'tuffet/vectors'
 *
 * async function save(report: VectorReport, files: readonly VectorFile[]): Promise<void> {
 *   await writeFile('known-failures.txt', writeKnownFailures(report, [], files))
 * }
 * ```
 */
export function writeKnownFailures(
  { failures, passes }: Pick<VectorReport, 'failures' | 'passes'>,
  before: readonly string[],
  files: readonly VectorFile[],
): string {
  const asked = new Set([...passes, ...failures.map(({ id }: VectorFailure) => id)])
  const failed = new Set(failures.map(({ id }) => id))
  const kept = new Set(before.filter((id) => !asked.has(id)))
  const lines = files.flatMap(({ family, vectors }) => {
    const rows = vectors.flatMap(({ id, title }) =>
      failed.has(id) || kept.has(id) ? `${id}  # ${title}` : [],
    )
    return rows.length > 0 ? [`\n# ${family}`, ...rows] : []
  })
  return ['# Vectors that this client is known to fail.', ...lines, ''].join('\n')
}
