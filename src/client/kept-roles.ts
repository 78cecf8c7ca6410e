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
import type { Edge, ListedFile, Trusted } from '../core/trust/phases.js'
import { LatestUsed } from './latest-used.js'
import type { Limits } from './limits.js'

/** @internal */
export class KeptRoles {
  readonly cryptography: Cryptography
  readonly #leaves: LatestUsed<WeighedRole>
  readonly #delegators: LatestUsed<WeighedRole>
  /** Of files that the snapshot lists without hashes, by role; computed when a role is forgotten. */
  readonly #digests = new Map<string, string | ListedFile>()
  // Weak, so that a delegated role does not keep its delegator in memory.
  readonly #numbers = new WeakMap<Trusted<Targets>, number>()
  #numbered = 0

  constructor(limits: Limits, cryptography: Cryptography) {
    this.cryptography = cryptography
    const forgotten = ({ role }: WeighedRole): void => void this.digestOf(role.role)
    this.#leaves = new LatestUsed(limits.keptMetadata, forgotten)
    this.#delegators = new LatestUsed(limits.searchedBytes, forgotten)
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
    const digest = this.#digests.get(role)
    if (digest === undefined || typeof digest === 'string') return digest
    const computed = signedDigest(digest, this)
    if (computed !== undefined) this.#digests.set(role, computed)
    return computed
  }

  keep(edge: Edge, { trusted, file, digest }: LoadedRole): WeighedRole {
    const { role } = file
    if (file.expected.hashes === undefined && !this.#digests.has(role)) {
      this.#digests.set(role, digest ?? file)
    }
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
