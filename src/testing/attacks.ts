/**
 * Attacks by holders of some of the keys: each method says which keys. They work on a fork of the
 * repository, so the repository itself never lies.
 */

import type { Answer } from './answer.js'
import type { FileKind } from './file-history.js'
import { jsonText, type MutableJson } from './json-text.js'
import { ed25519Signer, withKeyid, type Signer } from './keys.js'
import { metadataSection, MirrorAttacks, type MirroredRepository } from './mirror-attacks.js'
import type { ChangeJson, Edit } from './publish.js'
import { stepOf, type Refusal } from './refusal.js'
import type { RotateOptions } from './rotate.js'

/** What holders of keys need besides: to change a fork of the repository and to publish it. */
interface AttackedRepository extends MirroredRepository {
  signers(role: string): readonly Signer[]
  delegatedSigners(delegator: string, role: string): readonly Signer[]
  threshold(role: string): number
  fork(): AttackedRepository
  addTarget(path: string, content: string, options: { readonly role: string }): void
  edit(role: string, edit: Edit | ChangeJson): number
  expire(role: string): number
  publish(...again: string[]): number
  rotate(role: string, options?: RotateOptions): number
  setNextVersion(role: string, version: number): void
  signWith(role: string, signers: readonly Signer[]): void
  answer(kind: FileKind, name: string): Answer
}

/** Every attack: those of a mirror, which needs no keys, and those with stolen keys. */
export class Attacks extends MirrorAttacks {
  readonly #repository: AttackedRepository

  /** @hidden */
  constructor(repository: AttackedRepository) {
    super(repository)
    this.#repository = repository
  }

  /** A role's file signed by a stranger under the role's keyids. `THRESHOLD_NOT_MET`. */
  forged(role = 'targets'): Refusal {
    const signers = this.#repository.signers(role)
    const mallory = ed25519Signer('mallory')
    const forged = signers.map((signer) => withKeyid(mallory, signer.keyid))
    this.#fork((fork) => fork.edit(role, { signers: forged }))
    return unsigned(role)
  }

  /** A role's file without any signature. `THRESHOLD_NOT_MET`. */
  unsigned(role = 'targets'): Refusal {
    this.#fork((fork) => fork.edit(role, { signers: [] }))
    return unsigned(role)
  }

  /**
   * Extraneous dependencies: a target's `custom` names another one, written after signing.
   * `THRESHOLD_NOT_MET`.
   */
  extraneousDependencies(path: string, dependency: string, role = 'targets'): Refusal {
    this.#fork((fork) =>
      fork.edit(role, {
        envelope: (file) => {
          const target = member(member(member(file, 'signed'), 'targets'), path)
          target['custom'] = { dependencies: [dependency] }
        },
      }),
    )
    return unsigned(role)
  }

  /** Key compromise: one key fewer than the threshold signs. `THRESHOLD_NOT_MET`. */
  belowThreshold(role = 'targets'): Refusal {
    const signers = this.#repository.signers(role)
    const stolen = signers.slice(0, this.#repository.threshold(role) - 1)
    this.#fork((fork) => fork.edit(role, { signers: stolen }))
    return unsigned(role)
  }

  /**
   * One public key under two keyids, threshold two, signed under both (CVE-2026-6966). Its
   * delegator says so: keys are counted, not names. `THRESHOLD_NOT_MET`.
   */
  sameKeyTwice(role = 'timestamp'): Refusal {
    this.#fork((fork) => {
      const [first] = fork.signers(role)
      if (!first) throw new RangeError(`nobody signs ${role}`)
      const twice = [first, withKeyid(first, `${first.keyid}-again`)]
      fork.rotate(role, { add: twice, remove: fork.signers(role).length, threshold: 2 })
    })
    return unsigned(role)
  }

  /** One good signature, listed twice (4.2.1). `METADATA_INVALID`. */
  repeatedSignature(role = 'timestamp'): Refusal {
    this.#fork((fork) =>
      fork.edit(role, {
        envelope: (file) => {
          const signatures = file['signatures']
          if (Array.isArray(signatures)) file['signatures'] = [...signatures, ...signatures]
        },
      }),
    )
    return { code: 'ERR_TUF_METADATA_INVALID', role, step: metadataSection(role) }
  }

  /** A flood of signatures (CVE-2020-6173) by unknown keyids. `METADATA_INVALID`. */
  signatureFlood(role = 'timestamp', count = 1_025): Refusal {
    this.#fork((fork) =>
      fork.edit(role, {
        envelope: (file) => {
          file['signatures'] = Array.from({ length: count }, (_, i) => ({
            keyid: String(i),
            sig: '',
          }))
        },
      }),
    )
    return { code: 'ERR_TUF_METADATA_INVALID', role, step: metadataSection(role) }
  }

  /** Keys that were rotated away sign once more. `THRESHOLD_NOT_MET`. */
  revokedKeys(role = 'timestamp'): Refusal {
    const stolen = this.#repository.signers(role)
    this.#fork((fork) => {
      fork.rotate(role)
      fork.edit(role, { signers: stolen })
    })
    return unsigned(role)
  }

  /**
   * A role that two delegators name, with different keys, signed for one of them only: belief is
   * in the edge, not in the role (TOB-SIGSTORE-14). `THRESHOLD_NOT_MET` through the others.
   */
  foreignDelegator(role: string, delegator: string): Refusal {
    const signers = this.#repository.delegatedSigners(delegator, role)
    this.#fork((fork) => fork.edit(role, { signers }))
    return unsigned(role)
  }

  /** A delegated role lists a path outside its delegation. `TARGET_NOT_FOUND`, 5.7.2. */
  foreignPath(role: string, path: string): Refusal {
    this.#fork((fork) => {
      fork.addTarget(path, 'by somebody else', { role })
      fork.publish()
    })
    return { code: 'ERR_TUF_TARGET_NOT_FOUND', role: 'targets', step: '5.7.2' }
  }

  /** Signed by the right keys, and expired yesterday. `EXPIRED`, 5.3.10 and its likes. */
  expired(role = 'timestamp'): Refusal {
    this.#fork((fork) => fork.expire(role))
    return { code: 'ERR_TUF_EXPIRED', role, step: stepOf(role, 'expiry') }
  }

  /** Timestamp keys: a newer timestamp that lists an older snapshot. `ROLLBACK`, 5.4.3.2. */
  rollbackSnapshot(): Refusal {
    const version = this.#repository.version('snapshot') - 1
    this.#fork((fork) =>
      fork.edit('timestamp', (signed) => {
        member(member(signed, 'meta'), 'snapshot.json')['version'] = version
      }),
    )
    return { code: 'ERR_TUF_ROLLBACK', role: 'timestamp', step: '5.4.3.2' }
  }

  /** Snapshot and timestamp keys: a role's listed version goes back. `ROLLBACK`, 5.5.5. */
  rollbackRole(role = 'targets'): Refusal {
    const version = this.#repository.version(role) - 1
    this.#fork((fork) =>
      fork.edit('snapshot', (signed) => {
        member(member(signed, 'meta'), `${role}.json`)['version'] = version
      }),
    )
    return { code: 'ERR_TUF_ROLLBACK', role: 'snapshot', step: '5.5.5' }
  }

  /** Snapshot and timestamp keys: a role is listed no longer. `ROLLBACK`, 5.5.5. */
  droppedRole(role: string): Refusal {
    this.#fork((fork) =>
      fork.edit('snapshot', (signed) => {
        delete member(signed, 'meta')[`${role}.json`]
      }),
    )
    return { code: 'ERR_TUF_ROLLBACK', role: 'snapshot', step: '5.5.5' }
  }

  /**
   * Fast-forward, with the roles' keys: versions jump to `version`. Clients accept that; after
   * {@link stop} the honest repository looks like a rollback, until the keys are rotated: `stop();
   * repo.rotate('timestamp'); repo.rotate('snapshot')` must work again (5.3.11).
   */
  fastForward(
    roles: readonly string[] = ['timestamp', 'snapshot'],
    version: number = 2 ** 31,
  ): Refusal {
    this.#fork((fork) => {
      for (const role of roles) fork.setNextVersion(role, version)
      fork.publish(...roles)
    })
    return { code: undefined, role: undefined, step: '5.3.11' }
  }

  /** Root N+2 under the name of N+1. `VERSION_MISMATCH`, 5.3.5. */
  skippedRoot(): Refusal {
    const version = this.#repository.version('root')
    const fork = this.#repository.fork()
    fork.publish('root')
    fork.publish('root')
    this.serveFile(`${version + 1}.root.json`, fork.root(version + 2))
    return { code: 'ERR_TUF_VERSION_MISMATCH', role: 'root', step: '5.3.5' }
  }

  /** Root N+1 with new keys, signed by the new alone: no line of continuity. 5.3.4. */
  rootWithoutOldKeys(): Refusal {
    return this.#rotatedRoot((_old, fresh) => fresh)
  }

  /** Root N+1 with new keys, signed by the old ones alone. 5.3.4. */
  rootWithoutNewKeys(): Refusal {
    return this.#rotatedRoot((old) => old)
  }

  /** Root N+1 unsigned, N+2 signed by everybody: each step counts. 5.3.4. */
  unsignedIntermediateRoot(): Refusal {
    this.#fork((fork) => {
      fork.edit('root', { signers: [] })
      fork.publish('root')
    })
    return unsigned('root')
  }

  #rotatedRoot(
    choose: (old: readonly Signer[], fresh: readonly Signer[]) => readonly Signer[],
  ): Refusal {
    const old = this.#repository.signers('root')
    this.#fork((fork) => {
      const twin = fork.fork()
      twin.rotate('root')
      // After its own rotation the twin signs with the new keys alone.
      fork.signWith('root', choose(old, twin.signers('root')))
      fork.rotate('root')
    })
    return unsigned('root')
  }

  #fork(change: (fork: AttackedRepository) => void): void {
    const fork = this.#repository.fork()
    change(fork)
    this.begin((kind, name) => fork.answer(kind, name))
  }
}

function unsigned(role: string): Refusal {
  return { code: 'ERR_TUF_THRESHOLD_NOT_MET', role, step: stepOf(role, 'signatures') }
}

function member(value: MutableJson | undefined, name: string): { [name: string]: MutableJson } {
  const object = typeof value === 'object' && !Array.isArray(value) ? value?.[name] : undefined
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new RangeError(`${name} is missing in ${jsonText(value ?? null).slice(0, 80)}`)
  }
  return object
}
