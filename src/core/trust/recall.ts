/**
 * The transition 5.3.11: which stored files are floors against rollback. The rules of `roles.ts`
 * apply here too. A floor is dropped on proof that its keys were rotated, never for lack of proof
 * that they were not (docs/adr/0006-stored-floors.md).
 */
import { isTufError, ThresholdError } from '../../errors.js'
import type { Envelope, Root, SignedByType, Snapshot, Timestamp } from '../metadata/model.js'
import { parseMetadata } from '../metadata/parse.js'
import {
  phase,
  type FloorRefusal,
  type Recalled,
  type RecalledTrust,
  type SettledTrust,
} from './phases.js'
import { believe, rootAuthority } from './root.js'
import { countSignatures, mayBeSigned, requireThreshold, type TrustOptions } from './verify.js'

/** The stored bytes that may be floors. */
export interface StoredFloors {
  readonly timestamp?: Uint8Array
  readonly snapshot?: Uint8Array
}

/**
 * 5.3.11: which of the stored files are floors. A file that the newest root vouches for is one. If
 * an earlier root vouches for one of them and the newest does not, keys were rotated and neither
 * counts, which is the recovery from a fast-forward attack. A file that no root vouches for counts
 * as absent. One that this program cannot judge stays a floor and is not believed.
 *
 * @param older more earlier roots, of before the anchor
 *
 * @example
 * ```ts
 * import { recall, type SettledTrust } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * // The floors of an empty store: the first cycle has none.
 * function withoutFloors(trust: SettledTrust) {
 *   return recall(trust, {}, { cryptography: nodeCryptography })
 * }
 * ```
 */
export function recall(
  trust: SettledTrust,
  stored: StoredFloors,
  options: TrustOptions,
  older: readonly Root[] = [],
): RecalledTrust {
  const { root, now } = trust
  const former = [...older, ...trust.former]
  const timestamp = judge('timestamp', stored.timestamp, root.signed, former, options)
  const snapshot = judge('snapshot', stored.snapshot, root.signed, former, options)
  const refusals = [timestamp.refusal, snapshot.refusal].filter((one) => one !== undefined)
  const rotated = refusals.some(({ why }) => why === 'replaced')
  const counts = !rotated
  return {
    [phase]: 'recalled',
    root,
    now,
    rotated,
    refusals,
    undecided: {
      ...(counts && timestamp.undecided && { timestamp: timestamp.undecided }),
      ...(counts && snapshot.undecided && { snapshot: snapshot.undecided }),
    },
    ...(counts && timestamp.floor && { timestamp: timestamp.floor }),
    ...(counts && snapshot.floor && { snapshot: snapshot.floor }),
  }
}

interface Judged<T extends Timestamp | Snapshot> {
  readonly floor?: Recalled<T>
  readonly undecided?: T
  readonly refusal?: FloorRefusal
}

function judge<T extends 'timestamp' | 'snapshot'>(
  role: T,
  bytes: Uint8Array | undefined,
  root: Root,
  former: readonly Root[],
  options: TrustOptions,
): Judged<SignedByType[T]> {
  if (bytes === undefined) return {}
  let envelope: Envelope<SignedByType[T]> | undefined
  const authority = rootAuthority(root, role)
  try {
    envelope = parseMetadata(bytes, role, role, options)
    const report = requireThreshold({ role, step: '5.3.11' }, envelope, authority, options)
    return { floor: { trusted: believe(role, envelope, report), bytes } }
  } catch (error) {
    if (!isTufError(error)) throw error
    if (envelope === undefined || !(error instanceof ThresholdError)) {
      return { refusal: { role, error, why: 'unreadable' } }
    }
    if (mayBeSigned(envelope, authority, options)) {
      return { undecided: envelope.signed, refusal: { role, error, why: 'undecided' } }
    }
    const why = isVouchedFor(role, envelope, former, options) ? 'replaced' : 'unknown'
    return { refusal: { role, error, why } }
  }
}

/** By a root that was believed before the newest. */
function isVouchedFor(
  role: 'timestamp' | 'snapshot',
  envelope: Envelope,
  former: readonly Root[],
  options: TrustOptions,
): boolean {
  return former.some((root) => {
    const authority = rootAuthority(root, role)
    return countSignatures(envelope, authority, options).signed >= authority.threshold
  })
}
