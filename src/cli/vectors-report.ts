/** The results of a run of the vectors, for people. */
import type { VectorCount } from '../vectors/counts.js'
import { vectorProfiles, type Requirement } from '../vectors/format.js'
import { groupFailures, saidIn } from '../vectors/group-failures.js'
import type { KnownFailureReport } from '../vectors/known-failures.js'
import type { VectorFailure, VectorReport, VectorSkipped } from '../vectors/runner.js'
import { count } from '../words/amounts.js'

/** The failures by cause, the skipped vectors with their reasons, a table, and the totals. */
export function vectorLines(
  report: VectorReport,
  requirements: readonly Requirement[],
  known?: KnownFailureReport,
): string[] {
  const { passed, failed, skipped, failures, skips, counts } = report
  const expected = new Set(known?.known)
  const shown = failures.filter(({ id }) => !expected.has(id))
  const ofThem = known === undefined ? '' : ` (${expected.size} known)`
  return [
    ...failureLines(shown, sentencesOf(requirements)),
    ...skipLines(skips),
    ...(known?.unexpectedPasses ?? []).map((id) => `passes, and is listed as a failure: ${id}`),
    ...(known?.unknown ?? []).map((id) => `is listed as a failure, and is not a vector: ${id}`),
    ...countLines(counts),
    `${passed} passed, ${failed} failed${ofThem}, ${skipped} skipped`,
  ]
}

/** By id: `5.4.3.1-rollback, MUST NOT: …`. */
export function sentencesOf(requirements: readonly Requirement[]): ReadonlyMap<string, string> {
  return new Map(requirements.map(({ id, level, text }) => [id, `${id}, ${level}: ${text}`]))
}

function failureLines(
  failures: readonly VectorFailure[],
  sentences: ReadonlyMap<string, string>,
): string[] {
  return groupFailures(failures).flatMap((group) => [
    `${count(group.failures.length, 'vector')}: ${group.cause}`,
    ...group.failures.flatMap(({ family, id, profile, message, title, requirements, actual }) => [
      `  ${family} ${id} (${profile}): ${message}`,
      `    ${title}`,
      ...requirements.map((one) => `    ${sentences.get(one) ?? one}`),
      ...wordsOf(actual, group.cause).map((line) => `    | ${line}`),
    ]),
  ])
}

/** The client's message, if it says more than the group's cause. */
function wordsOf(actual: unknown, cause: string): string[] {
  const said = saidIn(actual)
  return said === '' || said === cause ? [] : said.split('\n')
}

function skipLines(skips: readonly VectorSkipped[]): string[] {
  const reasons = new Map<string, string[]>()
  for (const { id, reason } of skips) reasons.set(reason, [...(reasons.get(reason) ?? []), id])
  return [...reasons].map(([reason, ids]) => `skipped, ${reason}: ${ids.join(' ')}`)
}

/** A row for each family, a column for each profile that was asked. */
function countLines(counts: readonly VectorCount[]): string[] {
  const profiles = vectorProfiles.filter((one) => counts.some(({ profile }) => profile === one))
  const families = [...new Set(counts.map(({ family }) => family))]
  const rows = families.map((family) => [
    family,
    ...profiles.map((profile) => cellOf(counts, family, profile)),
  ])
  const table = [['family', ...profiles], ...rows]
  const widthOf = (column: number): number =>
    Math.max(...table.map((row) => row[column]?.length ?? 0))
  const widths = ['family', ...profiles].map((_, column) => widthOf(column))
  return table.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column === 0 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** `54`, `52 of 54`, or `52 of 54, 1 skipped`. */
function cellOf(counts: readonly VectorCount[], family: string, profile: string): string {
  const found = counts.find((one) => one.family === family && one.profile === profile)
  if (!found) return ''
  const { passed, failed, skipped } = found
  const asked = passed + failed + skipped
  if (passed === asked) return String(passed)
  return `${passed} of ${asked}${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
