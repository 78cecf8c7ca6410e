/**
 * The delegated roles that a view keeps in memory, by edge. Rules:
 * - roles that do not delegate (hash bins) stay while they are the latest used, up to a weight;
 * - roles that delegate get room of their own, as much as one search may need;
 * - a role weighs as much as its whole file, which it may keep in memory, and the index over its
 *   delegations;
 * - of the others only a digest stays; a role needed again is judged again, and must be the same.
 */
import { signedDigest, type LoadedRole } from '../core/cycle/role.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import type { Targets } from '../core/metadata/model.js'
import { delegatesAny, indexWeight } from '../core/search/delegation.js'
import type { Edge, Trusted } from '../core/trust/phases.js'
import type { Limits } from './limits.js'

/** @internal */
export class KeptRoles {
  readonly cryptography: Cryptography
  readonly #leaves: LatestUsed
  readonly #delegators: LatestUsed
  /** Of files that the snapshot lists without hashes, by role. */
  readonly #digests = new Map<string, string>()
  // Weak, so that a delegated role does not keep its delegator in memory.
  readonly #numbers = new WeakMap<Trusted<Targets>, number>()
  #numbered = 0

  constructor(limits: Limits, cryptography: Cryptography) {
    this.cryptography = cryptography
    this.#leaves = new LatestUsed(limits.keptMetadata)
    this.#delegators = new LatestUsed(limits.searchedBytes)
  }

  /** A name for the edge; a delegator that is loaded again gets new edges. */
  nameOf({ delegator, role }: Edge): string {
    let number = this.#numbers.get(delegator)
    if (number === undefined) {
      number = this.#numbered++
      this.#numbers.set(delegator, number)
    }
    return `${number} ${role.name}`
  }

  get(edge: Edge): WeighedRole | undefined {
    const name = this.nameOf(edge)
    return this.#leaves.get(name) ?? this.#delegators.get(name)
  }

  /**
   * The digest of the signed bytes when the role was last loaded, where the snapshot lists no
   * hashes.
   */
  digestOf(role: string): string | undefined {
    return this.#digests.get(role)
  }

  keep(edge: Edge, { trusted, file }: LoadedRole): WeighedRole {
    const { role } = file
    const digest = this.#digests.has(role) ? undefined : signedDigest(file, this)
    if (digest !== undefined) this.#digests.set(role, digest)
    const { delegations } = trusted.signed
    const kept = delegatesAny(delegations) ? this.#delegators : this.#leaves
    const index = delegations === undefined ? 0 : indexWeight(delegations)
    const weighed = { role: trusted, weight: file.length + index }
    kept.set(this.nameOf(edge), weighed)
    return weighed
  }
}

/** @internal A role, and the bytes that it counts for. */
export interface WeighedRole {
  readonly role: Trusted<Targets>
  readonly weight: number
}

class LatestUsed {
  readonly #most: number
  /** The latest used last. */
  readonly #entries = new Map<string, WeighedRole>()
  #weight = 0

  /** @param most the most that all may weigh together */
  constructor(most: number) {
    this.#most = most
  }

  get(key: string): WeighedRole | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  set(key: string, weighed: WeighedRole): void {
    this.#forget(key)
    this.#entries.set(key, weighed)
    this.#weight += weighed.weight
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#most) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0
    this.#entries.delete(key)
  }
}
