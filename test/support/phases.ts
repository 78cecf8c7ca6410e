/** The phases of the update cycle over a repository in the hand, without any client. */
import type {
  RecalledTrust,
  RootTrust,
  SettledTrust,
  SnapshotTrust,
  TargetsTrust,
  TimestampTrust,
} from '../../src/core/trust/phases.js'
import { rotateRoot, settleRoot, trustAnchor } from '../../src/core/trust/root.js'
import { recall } from '../../src/core/trust/recall.js'
import { acceptSnapshot, acceptTargets, acceptTimestamp } from '../../src/core/trust/roles.js'
import type { TrustOptions } from '../../src/core/trust/verify.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import type { TestRepository } from '../../src/testing/index.js'

export const options: TrustOptions = { cryptography: nodeCryptography }

/** The bytes that are served under a name now, attacks and all. */
export function served(repo: TestRepository, name: string): Uint8Array {
  const answer = repo.answer('metadata', name)
  if (!(answer instanceof Uint8Array)) throw new RangeError(`${name} is not served`)
  return answer
}

/** The newest file of a role, as it was published. */
export function newest(repo: TestRepository, role: string): Uint8Array {
  return repo.file(repo.fileName(role))
}

/** The files stored before, if any. */
export interface Stored {
  readonly timestamp?: Uint8Array
  readonly snapshot?: Uint8Array
}

/** From root 1 over every root that is published. */
export function rootOf(repo: TestRepository): RootTrust {
  let trust = trustAnchor(repo.root(), options)
  for (let version = 2; version <= repo.version('root'); version++) {
    trust = rotateRoot(trust, repo.root(version), options)
  }
  return trust
}

export function settledOf(repo: TestRepository, now: number = repo.now): SettledTrust {
  return settleRoot(rootOf(repo), now)
}

export function recalledOf(repo: TestRepository, stored: Stored = {}): RecalledTrust {
  return recall(settledOf(repo), stored, options)
}

export function timestampOf(repo: TestRepository, stored: Stored = {}): TimestampTrust {
  return acceptTimestamp(recalledOf(repo, stored), newest(repo, 'timestamp'), options)
}

export function snapshotOf(repo: TestRepository, stored: Stored = {}): SnapshotTrust {
  return acceptSnapshot(timestampOf(repo, stored), newest(repo, 'snapshot'), options)
}

export function targetsOf(repo: TestRepository): TargetsTrust {
  return acceptTargets(snapshotOf(repo), newest(repo, 'targets'), options)
}
