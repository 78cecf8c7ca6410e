/** The attestations of a run, in numbers. Each file counts once, however often it was asked for. */
import { isAcceptable } from '../attestations/policy.js'
import type { Attestations } from './attestations.js'
import { count } from '../words/amounts.js'

/** Verdict → how many files. */
export interface AttestationCounts {
  readonly verdicts: Readonly<Record<string, number>>
  /** Of projects without a pinned publisher, and taken. */
  readonly accepted: number
  /** That `report` alone lets through: another policy refuses them for their publisher. */
  readonly reported: number
  /** Files that the policy would take, and whose bytes did not arrive, or differ. */
  readonly notDelivered: number
}

export function countAttestations({ judged }: Pick<Attestations, 'judged'>): AttestationCounts {
  const verdicts: Record<string, number> = {}
  let accepted = 0
  let reported = 0
  let notDelivered = 0
  for (const { finding, agreed } of judged()) {
    if (finding.accepted && !agreed) {
      notDelivered += 1
      continue
    }
    verdicts[finding.verdict] = (verdicts[finding.verdict] ?? 0) + 1
    if (!finding.accepted || finding.verdict === 'match') continue
    if (isAcceptable(finding.judged, 'pinned')) accepted += 1
    else reported += 1
  }
  return { verdicts, accepted, reported, notDelivered }
}

/** One line. */
export function summaryOf({
  verdicts,
  accepted,
  reported,
  notDelivered,
}: AttestationCounts): string {
  const entries = Object.entries(verdicts)
  const total = entries.reduce((sum, [, number]) => sum + number, 0)
  const words = entries.map(([verdict, number]) => `${number} ${verdict}`).join(', ') || 'none'
  const rest =
    accepted === 0
      ? ''
      : `; ${accepted} without a pinned publisher (--attestations all refuses more)`
  const refused = reported === 0 ? '' : `; ${reported} taken only by --attestations report`
  const others =
    notDelivered === 0 ? '' : `; ${count(notDelivered, 'more file')} differed or did not arrive`
  return `attestations of ${count(total, 'file')}: ${words}${rest}${refused}${others}`
}
