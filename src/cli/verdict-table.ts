/** Verdicts, one on each line, and how many there are of each. */
import type { Difference, Verdict } from '../pypi/verdict.js'
import { NotVerifiedError } from './not-verified-error.js'
import { count } from './words.js'

/** One line of it. */
export interface VerdictRow {
  readonly verdict: Verdict
  /** The subject of the verdict. */
  readonly subject: string
  readonly reason: string
}

/** Columns: verdict, subject, reason; then the numbers. */
export function verdictLines(rows: readonly VerdictRow[], noun: string): string[] {
  const widths = [
    Math.max(0, ...rows.map(({ verdict }) => verdict.length)),
    Math.max(0, ...rows.map(({ subject }) => subject.length)),
  ] as const
  return [
    ...rows.map(({ verdict, subject, reason }) =>
      `${verdict.padEnd(widths[0])}  ${subject.padEnd(widths[1])}  ${reason}`.trimEnd(),
    ),
    `${count(rows.length, noun, pluralOf(noun))}: ${inNumbers(rows)}`,
  ]
}

/** Verdict → how often. */
export function countVerdicts(rows: readonly VerdictRow[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { verdict } of rows) counts[verdict] = (counts[verdict] ?? 0) + 1
  return counts
}

/** Why the status is 1, when anything is not a match. */
export function verdictError(
  rows: readonly VerdictRow[],
  noun: string,
): { error: NotVerifiedError } | undefined {
  const others = rows.filter(({ verdict }) => verdict !== 'match').length
  if (others === 0) return undefined
  const all = count(rows.length, noun, pluralOf(noun))
  return {
    error: new NotVerifiedError(`the repository does not vouch for ${others} of ${all}`),
  }
}

/** For `--json`. */
export function differenceJson(difference: Difference | undefined): object {
  return difference ? { difference } : {}
}

function inNumbers(rows: readonly VerdictRow[]): string {
  const counts = Object.entries(countVerdicts(rows))
  return counts.map(([verdict, number]) => `${number} ${verdict}`).join(', ') || 'none'
}

function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}
