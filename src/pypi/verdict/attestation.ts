/**
 * The part of a verdict that comes from attestations (PEP 740). Rules:
 * - a file whose attestation the policy does not accept is refused, whatever else vouches for it;
 * - in a TUF repository the page or the target vouches, and an accepted attestation adds its reason;
 * - on an index without signatures an attestation alone vouches: without a pinned publisher the
 *   verdict is another word than `match`;
 * - an attestation counts for bytes with its SHA-256, and for no other hash of them;
 * - a publisher is remembered when the bytes of its file agreed, before they are used.
 */
import { isTufError } from '../../errors.js'
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

/** @internal The first verdict that agrees, without asking for more; else the first one. */
export async function agreedOrFirst<Found, Said extends Omit<Agreement, 'reason'>>(
  [first, ...others]: readonly [Found, ...Found[]],
  judge: (found: Found) => Promise<Said>,
): Promise<Said> {
  const verdict = await judge(first)
  if (isAgreed(verdict)) return verdict
  for (const other of others) {
    const another = await judge(other)
    if (isAgreed(another)) return another
  }
  return verdict
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

/**
 * @internal As {@link agreement}, of bytes that agreed: their publisher is remembered. Another one may have been
 * remembered since the file was found.
 *
 * @throws StoreFailedError
 */
export async function agreementOfBytes(vouched: VouchedFile, reason: string): Promise<Agreement> {
  try {
    await vouched.attestation?.keep?.()
  } catch (error) {
    if (!isTufError(error) || error.code !== 'ERR_TUF_PUBLISHER_CHANGED') throw error
    return { verdict: 'mismatch', reason: error.message }
  }
  return agreement(vouched, reason)
}

/**
 * @internal As {@link agreement}, of hashes that agreed. An attestation is about the SHA-256: an index can list
 * another hash of other bytes beside it. A hash that it does not list was computed from verified bytes.
 *
 * @throws StoreFailedError
 */
export async function agreementOfHashes(
  vouched: VouchedFile,
  hashes: ReadonlyMap<string, string>,
  reason: string,
): Promise<Agreement> {
  const isOfBytes = [...hashes.keys()].some((name) => !vouched.hashes.has(name))
  if (isOfBytes || hashes.has('sha256')) return agreementOfBytes(vouched, reason)
  const { verdict } = vouched.attestation ?? {}
  if (verdict !== 'match' && verdict !== 'signed') return agreement(vouched, reason)
  return { verdict: 'no-hash', reason: 'its attestation is about the SHA-256, which is not locked' }
}
