/**
 * The delegated roles that a view keeps in memory, by edge. Rules:
 * - of roles that delegate to none (hash bins) the latest used stay, up to a weight;
 * - roles that delegate have as much room again, and at least those of one search stay;
 * - of others only a digest stays: who needs one again has it judged again, and it is the same.
 */
import type { Cryptography } from '../core/cryptography.js'
import { encodeHex } from '../core/hex.js'
import type { Targets } from '../core/metadata.js'
import { metadataFileName } from '../core/names.js'
import type { Edge, ListedFile, Trusted } from '../core/phases.js'
import type { LoadedRole } from '../core/role-cycle.js'
import { SnapshotGoneError } from '../errors.js'
import type { Limits } from './limits.js'

/** @internal */
export class KeptRoles {
  readonly #cryptography: Cryptography
  readonly #leaves: LatestUsed
  readonly #delegators: LatestUsed
  /** Of files that the snapshot lists without hashes, by role. */
  readonly #digests = new Map<string, string>()
  // Weak, so that a delegator that is not kept is not held by what it delegated to.
  readonly #numbers = new WeakMap<Trusted<Targets>, number>()
  #numbered = 0

  constructor(limits: Limits, cryptography: Cryptography) {
    this.#cryptography = cryptography
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

  /**
   * @throws SnapshotGoneError when the role was another file before: where the snapshot lists no
   *   hashes, its keys may have signed two of one version, and a view says one thing.
   */
  keep(edge: Edge, { trusted, file }: LoadedRole): void {
    this.#requireSame(file)
    const { delegations } = trusted.signed
    const delegates = delegations?.succinct !== undefined || (delegations?.roles?.length ?? 0) > 0
    const kept = delegates ? this.#delegators : this.#leaves
    kept.set(this.nameOf(edge), trusted, file.envelope.signedBytes.length)
  }

  #requireSame({ role, expected, envelope }: ListedFile): void {
    if (expected.hashes !== undefined) return
    const digest = encodeHex(this.#cryptography.hash('sha256', envelope.signedBytes))
    const before = this.#digests.get(role) ?? digest
    if (digest !== before) {
      const name = metadataFileName(role, expected.version)
      throw new SnapshotGoneError({ role, step: '5.6.1' }, name)
    }
    this.#digests.set(role, digest)
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
