/**
 * The transitions of 5.2 to 5.3.10: from the delivered root to the newest one. The rules of
 * `roles.ts` apply here too.
 */
import { ExpiredError, RollbackError, VersionMismatchError, type Place } from '../../errors.js'
import type { Envelope, Root, Signed, TopLevelRole } from '../metadata/model.js'
import { parseMetadata } from '../metadata/parse.js'
import { checkTime } from '../number-option.js'
import { phase, trusted, type RootTrust, type SettledTrust, type Trusted } from './phases.js'
import {
  requireThreshold,
  type Authority,
  type SignatureReport,
  type TrustOptions,
} from './verify.js'

/**
 * 5.2: the root that was delivered with the application. It must be signed by its own threshold,
 * so that a damaged copy is noticed before any request.
 *
 * @throws MetadataInvalidError, SpecVersionError, ThresholdError
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { trustAnchor } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * const trust = trustAnchor(await readFile('root.json'), { cryptography: nodeCryptography })
 * trust.root.signed.version // the version to continue from
 * ```
 */
export function trustAnchor(bytes: Uint8Array, options: TrustOptions): RootTrust {
  const envelope = parseMetadata(bytes, 'root', 'root', options)
  const place = { role: 'root', step: '5.2' }
  const report = requireThreshold(place, envelope, rootAuthority(envelope.signed, 'root'), options)
  return { [phase]: 'root', root: believe('root', envelope, report), former: [] }
}

/**
 * 5.3.4 to 5.3.7: root N → root N+1, signed by a threshold of both.
 *
 * @throws MetadataInvalidError, SpecVersionError, ThresholdError, RollbackError for a version of at
 *   most N, VersionMismatchError for one beyond N+1
 *
 * @example
 * ```ts
 * import { rotateRoot, type RootTrust } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * // Follows the roots N+1, N+2, … of a repository.
 * function follow(trust: RootTrust, roots: readonly Uint8Array[]): RootTrust {
 *   const options = { cryptography: nodeCryptography }
 *   return roots.reduce((trusted, bytes) => rotateRoot(trusted, bytes, options), trust)
 * }
 * ```
 */
export function rotateRoot(trust: RootTrust, bytes: Uint8Array, options: TrustOptions): RootTrust {
  const old = trust.root.signed
  const envelope = parseMetadata(bytes, 'root', 'root', options)
  const signatures = { role: 'root', step: '5.3.4' }
  requireThreshold(signatures, envelope, rootAuthority(old, 'root'), options)
  const own = rootAuthority(envelope.signed, 'root')
  const report = requireThreshold(signatures, envelope, own, options)
  const { version } = envelope.signed
  const place = { role: 'root', step: '5.3.5' }
  if (version <= old.version) throw new RollbackError(place, 'root.json', old.version, version)
  if (version !== old.version + 1) throw new VersionMismatchError(place, old.version + 1, version)
  const former = hasSameFloorKeys(old, envelope.signed) ? trust.former : [...trust.former, old]
  return { [phase]: 'root', root: believe('root', envelope, report), former }
}

/** Then the newer of the two proves everything that the older does. */
function hasSameFloorKeys(older: Root, newer: Root): boolean {
  return (['timestamp', 'snapshot'] as const).every((role) => {
    const [one, other] = [rootAuthority(older, role), rootAuthority(newer, role)]
    return (
      one.threshold === other.threshold &&
      one.keyids.length === other.keyids.length &&
      one.keyids.every((keyid, at) => {
        const [key, same] = [one.keys.get(keyid), other.keys.get(keyid)]
        return (
          keyid === other.keyids[at] &&
          key?.public === same?.public &&
          key?.keytype === same?.keytype &&
          key?.scheme === same?.scheme
        )
      })
    )
  })
}

/**
 * 5.3.10: a newer root is not available, so this one must not have expired. Fixes the time.
 *
 * @param now milliseconds since 1970
 * @throws ExpiredError; RangeError for a time that is not a number
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { settleRoot, trustAnchor } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * const trust = trustAnchor(await readFile('root.json'), { cryptography: nodeCryptography })
 * settleRoot(trust, Date.now()) // throws ExpiredError for an expired root
 * ```
 */
export function settleRoot(trust: RootTrust, now: number): SettledTrust {
  checkTime('now', now)
  requireFresh({ role: 'root', step: '5.3.10' }, trust.root.signed, now)
  return { [phase]: 'settled', root: trust.root, former: trust.former, now }
}

/** @internal The keys that root declares for a top-level role. */
export function rootAuthority(root: Root, role: TopLevelRole): Authority {
  return { delegator: 'root', keys: root.keys, ...root.roles[role] }
}

/** @internal Only after every check. */
export function believe<T extends Signed>(
  role: string,
  envelope: Envelope<T>,
  report: SignatureReport,
): Trusted<T> {
  return { [trusted]: true, role, signed: envelope.signed, report }
}

/** @internal "MUST be higher than the fixed update start time": equal is expired. */
export function requireFresh(place: Place, signed: Signed, now: number): void {
  // Written so that a time which is not a number is refused too.
  if (!(signed.expires > now)) throw new ExpiredError(place, signed.expires, now)
}
