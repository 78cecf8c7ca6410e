/** Questions about stored files that a root may vouch for. They never make a file trusted. */
import { isTufError } from '../../errors.js'
import type { Envelope, Root } from '../metadata/model.js'
import { parseMetadata } from '../metadata/parse.js'
import type { RootTrust } from './phases.js'
import { rootAuthority, rotateRoot, trustAnchor } from './root.js'
import { countSignatures, mayBeSigned, type Authority, type TrustOptions } from './verify.js'

/** @internal A believed root and its file. */
export interface RootFile {
  readonly trust: RootTrust
  readonly bytes: Uint8Array
}

/** @internal Undefined for bytes that are not a root. */
export function readableRoot(bytes: Uint8Array, options: TrustOptions): Envelope<Root> | undefined {
  return orUndefined(() => parseMetadata(bytes, 'root', 'root', options))
}

/** @internal A root that a threshold of its own keys signed. */
export function ownRoot(bytes: Uint8Array, options: TrustOptions): RootFile | undefined {
  const trust = orUndefined(() => trustAnchor(bytes, options))
  return trust && { trust, bytes }
}

/** @internal Whether the bytes are the root after `trust`. */
export function follows(trust: RootTrust, bytes: Uint8Array, options: TrustOptions): boolean {
  return orUndefined(() => rotateRoot(trust, bytes, options)) !== undefined
}

/**
 * @internal Whether the bytes are, or may be, the root after `trust`: signatures by keys that this
 * program cannot use may be the ones that are missing.
 */
export function mayFollow(trust: RootTrust, bytes: Uint8Array, options: TrustOptions): boolean {
  const envelope = readableRoot(bytes, options)
  if (envelope?.signed.version !== trust.root.signed.version + 1) return false
  return [trust.root.signed, envelope.signed].every((root) => {
    const authority = rootAuthority(root, 'root')
    return (
      reachesThreshold(envelope, authority, options) || mayBeSigned(envelope, authority, options)
    )
  })
}

/** @internal The root in `bytes`, when `later` is the root after it. */
export function leadsTo(
  bytes: Uint8Array,
  later: Uint8Array,
  options: TrustOptions,
): Root | undefined {
  const trust = ownRoot(bytes, options)?.trust
  return trust && follows(trust, later, options) ? trust.root.signed : undefined
}

/** @internal Whether a threshold of the keys of `trust` signed the root, whatever its version. */
export function vouchesForRoot(
  trust: RootTrust,
  root: Envelope<Root>,
  options: TrustOptions,
): boolean {
  return reachesThreshold(root, rootAuthority(trust.root.signed, 'root'), options)
}

/**
 * @internal The version of a stored root that shows that roots after `trust` are missing: the keys
 * of `trust` signed it, or it is signed by its own keys and too new to be the next root.
 */
export function laterRoot(
  trust: RootTrust,
  bytes: Uint8Array,
  options: TrustOptions,
): number | undefined {
  const root = readableRoot(bytes, options)
  const { version } = trust.root.signed
  if (!root || root.signed.version <= version) return undefined
  const shown =
    vouchesForRoot(trust, root, options) ||
    (root.signed.version > version + 1 && ownRoot(bytes, options) !== undefined)
  return shown ? root.signed.version : undefined
}

/** @internal Whether a threshold of the keys that `trust` names for the role signed the file. */
export function vouchesForFloor(
  trust: RootTrust,
  role: 'timestamp' | 'snapshot',
  bytes: Uint8Array,
  options: TrustOptions,
): boolean {
  const envelope = orUndefined(() => parseMetadata(bytes, role, role, options))
  const authority = rootAuthority(trust.root.signed, role)
  return envelope !== undefined && reachesThreshold(envelope, authority, options)
}

function reachesThreshold(
  envelope: Envelope,
  authority: Authority,
  options: TrustOptions,
): boolean {
  return countSignatures(envelope, authority, options).signed >= authority.threshold
}

function orUndefined<T>(judge: () => T): T | undefined {
  try {
    return judge()
  } catch (error) {
    if (!isTufError(error)) throw error
    return undefined
  }
}
