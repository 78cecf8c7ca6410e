/** Which of two verdicts is worse, where one stands for several files. */
import type { Verdict } from './verdict.js'

/** Worse ones first. */
const ranks: Readonly<Record<Verdict, number>> = {
  failed: 0,
  mismatch: 1,
  unknown: 2,
  'not-covered': 3,
  'no-hash': 4,
  'no-attestation': 5,
  'cannot-be-judged': 6,
  signed: 7,
  match: 8,
}

/** @internal The first one, unless the other is worse. */
export function worseOf<Said extends { readonly verdict: Verdict }>(one: Said, other: Said): Said {
  return ranks[other.verdict] < ranks[one.verdict] ? other : one
}
