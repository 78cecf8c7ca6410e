/**
 * The part of a verdict that comes from attestations (PEP 740). Rules:
 * - a file whose attestation the policy does not accept is refused, whatever else vouches for it;
 * - in a TUF repository the page or the target vouches, and an accepted attestation adds its reason;
 * - on an index without signatures an attestation alone vouches: without a pinned publisher the
 *   verdict is another word than `match`.
 */
import type { Verdict, VouchedFile } from './verdict.js'

/** @internal What a verdict says when every hash agrees. */
export interface Agreement {
  readonly verdict: Verdict
  readonly reason: string
  readonly accepted?: true
}

/** @internal Whether every hash agreed, and the policy asks for no more. */
export function isAgreed({ verdict, accepted }: Omit<Agreement, 'reason'>): boolean {
  return verdict === 'match' || accepted === true
}

/** @internal The verdict when every hash of `vouched` agrees. */
export function agreement({ attestation, unsigned }: VouchedFile, reason: string): Agreement {
  if (attestation === undefined) return { verdict: 'match', reason }
  if (unsigned === true) {
    const { verdict } = attestation
    const accepted = verdict === 'match' ? {} : { accepted: true as const }
    return { verdict, reason: attestation.reason, ...accepted }
  }
  return { verdict: 'match', reason: `${reason}; ${attestation.reason}` }
}
