/** The answer that a client must give to an attack, and the steps where roles are checked. */

import type { TufErrorCode } from '../errors.js'

/** How an attack must end. */
export interface Refusal {
  /** The `code` of the error; undefined while a client must not refuse yet. */
  readonly code: TufErrorCode | undefined
  /** The role whose file is refused; undefined for a target file. */
  readonly role: string | undefined
  /** The step of section 5 that refuses. */
  readonly step: string
}

type Check = 'fetch' | 'hashes' | 'signatures' | 'version' | 'expiry'

const steps: Readonly<Record<string, Readonly<Record<Check, string>>>> = {
  root: section('5.3', 3, 3, 4, 5, 10),
  timestamp: section('5.4', 1, 1, 2, 3, 4),
  snapshot: section('5.5', 1, 2, 3, 4, 6),
  targets: section('5.6', 1, 2, 3, 4, 5),
}

function section(number: string, ...items: number[]): Readonly<Record<Check, string>> {
  const [fetch, hashes, signatures, version, expiry] = items.map((item) => `${number}.${item}`)
  if (!fetch || !hashes || !signatures || !version || !expiry) throw new RangeError(number)
  return { fetch, hashes, signatures, version, expiry }
}

/** The step at which a role is checked; delegated roles as targets. */
export function stepOf(role: string, check: Check): string {
  return (steps[role] ?? steps['targets'])?.[check] ?? ''
}

/** A file is not of the length or the digest that was promised. Lengths are in bytes. */
export function contentRefusal(
  role: string | undefined,
  step: string,
  promised: number,
  actual: number,
): Refusal {
  // One byte more than was promised is never read.
  if (actual > promised) return { code: 'ERR_TUF_FETCH_TOO_LONG', role, step }
  const code = actual < promised ? 'ERR_TUF_LENGTH_MISMATCH' : 'ERR_TUF_HASH_MISMATCH'
  return { code, role, step }
}
