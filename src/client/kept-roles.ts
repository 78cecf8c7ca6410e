/**
 * The delegated roles that a view keeps in memory, by edge. Rules:
 * - of roles that delegate to none (hash bins) the latest used stay, up to a weight;
 * - roles that delegate have as much room again, and at least those of one search stay;
 * - of others only a digest stays: who needs one again has it judged again, and it is the same.
 */
import type { Cryptography } from '../core/cryptography.js'
import type { Targets } from '../core/metadata.js'
import type { Edge, Trusted } from '../core/phases.js'
import { signedDigest, type LoadedRole } from '../core/role-cycle.js'
import type { Limits } from './limits.js'

/** @internal */
export class KeptRoles {
  readonly cryptography: Cryptography
  readonly #leaves: LatestUsed
  readonly #delegators: LatestUsed
  /** Of files that the snapshot lists without hashes, by role. */
  readonly #digests = new Map<string, string>()
  // Weak, so that a delegator that is not kept is not held by what it delegated to.
  readonly #numbers = new WeakMap<Trusted<Targets>, number>()
  #numbered = 0

  constructor(limits: Limits, cryptography: Cryptography) {
    this.cryptography = cryptography
    this.#leaves = new LatestUsed(limits.keptMetadata, 0)
    this.#delegators = new LatestUsed(limits.keptMetadata, limits.searchedRoles)
  }

  /** A name for the edge; a delegator that is loaded again has other edges. */
  nameOf({ delegator, role }: Edge): string {
    let number = this.#numbers.get(delegator)
    if (number === undefined) {
      number = this.#numbered++
      this.#numbers.set(delegator, number)
    }
    return `${number} ${role.name}`
  }

  get(edge: Edge): Trusted<Targets> | undefined {
    const name = this.nameOf(edge)
    return this.#leaves.get(name) ?? this.#delegators.get(name)
  }

  /** What was signed when the role was had before, where the snapshot does not tell. */
  digestOf(role: string): string | undefined {
    return this.#digests.get(role)
  }

  keep(edge: Edge, { trusted, file }: LoadedRole): void {
    const { role } = file
    const digest = this.#digests.has(role) ? undefined : signedDigest(file, this)
    if (digest !== undefined) this.#digests.set(role, digest)
    const { delegations } = trusted.signed
    const delegates = delegations?.succinct !== undefined || (delegations?.roles?.length ?? 0) > 0
    const kept = delegates ? this.#delegators : this.#leaves
    kept.set(this.nameOf(edge), trusted, file.envelope.signedBytes.length)
  }
}

interface Weighed {
  readonly role: Trusted<Targets>
  readonly weight: number
}

class LatestUsed {
  readonly #most: number
  readonly #fewest: number
  /** The latest used last. */
  readonly #entries = new Map<string, Weighed>()
  #weight = 0

  /**
   * @param most what all may weigh together
   * @param fewest how many stay, whatever they weigh
   */
  constructor(most: number, fewest: number) {
    this.#most = most
    this.#fewest = fewest
  }

  get(key: string): Trusted<Targets> | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.role
  }

  set(key: string, role: Trusted<Targets>, weight: number): void {
    this.#forget(key)
    this.#entries.set(key, { role, weight })
    this.#weight += weight
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#most || this.#entries.size <= this.#fewest) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0
    this.#entries.delete(key)
  }
}
