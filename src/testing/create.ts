/** The options of a test repository and their defaults. */

import type { TopLevelRole } from '../core/metadata/model.js'
import type { KeyOptions } from './delegate.js'
import { FileHistory } from './file-history.js'
import type { JsonStyle } from './json-text.js'
import { ed25519Signer, seedFrom, type MakeSigner } from './keys.js'
import { TestRepository } from './repository.js'
import { makeSigners, newRole, type Authority, type RepositoryState } from './state.js'

/** All optional; equal options make equal bytes. */
export interface RepositoryOptions extends JsonStyle {
  /** Every key is made from it. Default `tuffet`. */
  readonly seed?: string | undefined
  /** Milliseconds since 1970. Default 2026-01-01T00:00:00Z. */
  readonly now?: number | undefined
  /** Default true. */
  readonly consistentSnapshot?: boolean | undefined
  /** Keys of the top-level roles. Default: one each. */
  readonly keys?: { readonly [R in TopLevelRole]?: KeyOptions | undefined } | undefined
  /** How keys are made of 32 bytes. Default: Ed25519 in portable JavaScript. */
  readonly makeSigner?: MakeSigner | undefined
  /** Days until files expire. Default: 1 for timestamp, 7 for snapshot, 365 for the others. */
  readonly lifetimes?:
    { readonly [R in TopLevelRole | 'delegated']?: number | undefined } | undefined
  /** Whether snapshot lists lengths and hashes; all its files are made then. Default false. */
  readonly snapshotHashes?: boolean | undefined
  /** Whether timestamp lists length and hash of the snapshot. Default false. */
  readonly timestampHashes?: boolean | undefined
  /** Default `1.0.34`. */
  readonly specVersion?: string | undefined
}

/** The default start of a repository's time: 2026-01-01T00:00:00Z, in milliseconds since 1970. */
export const defaultNow: number = Date.UTC(2026, 0, 1)

/**
 * A repository with four top-level roles and no targets.
 *
 * @example
 * ```ts runs
 * import { createRepository } from 'tuffet/testing'
 *
 * const repository = createRepository()
 * repository.addTarget('pkgs/a.whl', 'a wheel')
 * repository.publish()
 * const fetcher = repository.fetcher() // give it to an Updater, with repository.root() as `root`
 * ```
 */
export function createRepository(options: RepositoryOptions = {}): TestRepository {
  const days = options.lifetimes ?? {}
  const none: Authority = { signers: [], threshold: 0 }
  const state: RepositoryState = {
    settings: {
      seed: options.seed ?? 'tuffet',
      makeSigner: options.makeSigner ?? ed25519Signer,
      style: { indent: options.indent ?? 0, sorted: options.sorted ?? true },
      specVersion: options.specVersion ?? '1.0.34',
      lifetimes: {
        root: days.root ?? 365,
        timestamp: days.timestamp ?? 1,
        snapshot: days.snapshot ?? 7,
        targets: days.targets ?? 365,
        delegated: days.delegated ?? 365,
      },
      snapshotHashes: options.snapshotHashes ?? false,
      timestampHashes: options.timestampHashes ?? false,
    },
    now: options.now ?? defaultNow,
    consistentSnapshot: options.consistentSnapshot ?? true,
    keysMade: new Map(),
    authorities: { root: none, timestamp: none, snapshot: none, targets: none },
    rootSigners: [],
    rootChanged: true,
    versions: { root: 0, timestamp: 0, snapshot: 0 },
    roles: new Map(),
    bins: undefined,
    signWith: new Map(),
    pending: new Map(),
    signed: new Map(),
    history: new FileHistory(),
  }
  for (const role of ['root', 'timestamp', 'snapshot', 'targets'] as const) {
    const { count = 1, signers, threshold } = options.keys?.[role] ?? {}
    const all = signers ?? makeSigners(state, role, count, seedFrom)
    state.authorities[role] = { signers: all, threshold: threshold ?? all.length }
  }
  state.roles.set('targets', newRole('targets', [], state.settings.lifetimes.targets))
  return new TestRepository(state)
}
