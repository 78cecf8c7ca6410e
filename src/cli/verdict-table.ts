/** Verdicts, one on each line, and how many there are of each. */
import { maskCredentials } from '../errors/mask-credentials.js'
import type { Difference, Verdict } from '../pypi/verdict/verdict.js'
import { NotVerifiedError } from './not-verified-error.js'
import type { Line, Style } from './paint.js'
import { printable } from '../words/printable.js'
import { tableLines } from './table.js'
import { count } from '../words/amounts.js'

/** One line of it. */
export interface VerdictRow {
  readonly verdict: Verdict
  /** Where attestations count: the policy asks for no more than this verdict. */
  readonly accepted?: true
  /** The subject of the verdict. */
  readonly subject: string
  readonly reason: string
}

const styles: Readonly<Record<Verdict, Style>> = {
  match: 'good',
  mismatch: 'bad',
  unknown: 'bad',
  failed: 'bad',
  'not-covered': 'doubtful',
  'no-hash': 'doubtful',
  signed: 'doubtful',
  'no-attestation': 'doubtful',
  'cannot-be-judged': 'doubtful',
}

/** Columns: verdict, subject, reason; then the numbers. Lines that go on are indented. */
export function verdictLines(rows: readonly VerdictRow[], noun: string, width: number): Line[] {
  const widest = Math.max(0, ...rows.map(({ verdict }) => verdict.length))
  const cells = rows.map(({ verdict, subject, reason }) => [
    verdict.padEnd(widest),
    shown(subject),
    shown(reason),
  ])
  const lines = tableLines(cells, width).map((line): Line => {
    const verdict = line.split(' ', 1)[0] ?? ''
    // A line that goes on begins with spaces.
    if (verdict === '') return line
    return [
      { text: verdict, style: styles[verdict as Verdict] },
      { text: line.slice(verdict.length) },
    ]
  })
  return [...lines, `${count(rows.length, noun, pluralOf(noun))}: ${inNumbers(rows)}`]
}

/** Before it is wrapped: what was cut in two would not be known for credentials. */
function shown(text: string): string {
  return printable(maskCredentials(text))
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
  const others = rows.filter((row) => row.verdict !== 'match' && row.accepted !== true).length
  if (others === 0) return undefined
  const all = count(rows.length, noun, pluralOf(noun))
  return {
    error: new NotVerifiedError(`the repository does not vouch for ${others} of ${all}`),
  }
}

/** The part of a row, or of an object of `--json`. */
export function acceptance({ accepted }: { readonly accepted?: true }): {
  readonly accepted?: true
} {
  return accepted === true ? { accepted } : {}
}

/** For `--json`. */
export function differenceJson(difference: Difference | undefined): object {
  return difference ? { difference } : {}
}

function inNumbers(rows: readonly VerdictRow[]): string {
  const counts = Object.entries(countVerdicts(rows))
  const accepted = rows.filter((row) => row.accepted === true).length
  const words = counts.map(([verdict, number]) => `${number} ${verdict}`).join(', ') || 'none'
  return accepted === 0 ? words : `${words}; ${accepted} without a pinned publisher, and accepted`
}

function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}
