/** What a run found out about attestations, in numbers. */
import type { Attestations } from './attestations.js'
import { count } from './words.js'

/** Verdict → how many files; those that were taken without a pinned publisher are counted apart. */
export interface AttestationCounts {
  readonly verdicts: Readonly<Record<string, number>>
  readonly accepted: number
}

export function countAttestations({ judged }: Pick<Attestations, 'judged'>): AttestationCounts {
  const verdicts: Record<string, number> = {}
  let accepted = 0
  for (const { finding } of judged) {
    verdicts[finding.verdict] = (verdicts[finding.verdict] ?? 0) + 1
    if (finding.accepted && finding.verdict !== 'match') accepted += 1
  }
  return { verdicts, accepted }
}

/** One line. */
export function summaryOf({ verdicts, accepted }: AttestationCounts): string {
  const entries = Object.entries(verdicts)
  const total = entries.reduce((sum, [, number]) => sum + number, 0)
  const words = entries.map(([verdict, number]) => `${number} ${verdict}`).join(', ') || 'none'
  const rest =
    accepted === 0
      ? ''
      : `; ${accepted} without a pinned publisher (--attestations all refuses more)`
  return `attestations of ${count(total, 'file')}: ${words}${rest}`
}
