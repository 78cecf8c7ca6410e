/**
 * An in-memory TUF repository for tests: it makes its keys from a seed, signs, publishes, rotates,
 * answers requests and misbehaves on demand. It uses no clock, randomness or disk, so the same
 * script makes the same bytes everywhere.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { JsonObject } from '../core/json/value.js'
import type { HashName } from '../core/keys/cryptography.js'
import type { Answer, Intercept } from './answer.js'
import { Attacks } from './attacks.js'
import * as delegations from './delegate.js'
import type { DelegateOptions, HashBinOptions, SuccinctOptions } from './delegate.js'
import { hashesOf } from './digests.js'
import type { FileKind } from './file-history.js'
import { copyJson } from './json-text.js'
import type { Signer } from './keys.js'
import { memoryFetcher, type MemoryFetcher, type MemoryFetcherOptions } from './memory-fetcher.js'
import {
  type ChangeJson,
  type Edit,
  fileName,
  listedLength,
  publishState,
  replaceFile,
  signersOf,
  targetNames,
  versionOf,
} from './publish.js'
import { rotateKeys, type RotateOptions } from './rotate.js'
import { dateText } from './signed.js'
import { changeRole, forkState, type RepositoryState, type TargetEntry } from './state.js'

/** How a target is listed. All optional. */
export interface AddTargetOptions {
  /** The role that lists it. Default: its hash bin when there are bins, else `targets`. */
  readonly role?: string | undefined
  readonly custom?: JsonObject | undefined
  /** Digests to list. Default `['sha256']`. */
  readonly hashes?: readonly HashName[] | undefined
}

const day = 86_400_000

/** Made by `createRepository`. It serves no files before the first `publish()`. */
export class TestRepository {
  /** One method for each attack of section 1.5.2, and for each that defeated a client since. */
  readonly attack: Attacks
  readonly #state: RepositoryState
  readonly #instead = new Map<string, Answer>()
  readonly #intercepts: Intercept[] = []

  /** @hidden */
  constructor(state: RepositoryState) {
    this.#state = state
    this.attack = new Attacks(this)
  }

  /** The repository's time, milliseconds since 1970: files expire some days after it. */
  get now(): number {
    return this.#state.now
  }

  /** The newest publication: 0 before the first, then 1, 2, … */
  get publication(): number {
    return this.#state.history.publication
  }

  /** Moves the repository's time. */
  advance(days: number): void {
    this.#state.now += days * day
  }

  /** Lists a target in a role, with the next publication; text is UTF-8. */
  addTarget(path: string, content: Uint8Array | string, options: AddTargetOptions = {}): void {
    const bytes = typeof content === 'string' ? utf8ToBytes(content) : content
    const { role, custom, hashes = ['sha256'] } = options
    const entry: TargetEntry = {
      length: bytes.length,
      hashes: hashesOf(bytes, hashes),
      content: () => bytes,
      ...(custom && { custom }),
    }
    this.addTargetEntry(path, entry, role)
  }

  /** Lists a target whose length and digests are known; its content is made when asked for. */
  addTargetEntry(path: string, entry: TargetEntry, role?: string): void {
    const home = role ?? delegations.homeOf(this.#state, path)
    changeRole(delegations.roleOf(this.#state, home)).targets.set(path, entry)
    this.#state.pending.set(path, entry)
  }

  /** More targets for a role, listed when its file is made: for weight, or for great numbers. */
  fill(role: string, filler: () => Iterable<readonly [path: string, TargetEntry]>): void {
    changeRole(delegations.roleOf(this.#state, role)).filler = filler
  }

  /** Removes a target from the list; its file stays, because older snapshots list it. */
  removeTarget(path: string, role?: string): void {
    const home = role ?? delegations.homeOf(this.#state, path)
    changeRole(delegations.roleOf(this.#state, home)).targets.delete(path)
  }

  /** Delegates some paths to a role; a new role is empty. Takes effect with `publish()`. */
  delegate(from: string, options: DelegateOptions): void {
    delegations.delegate(this.#state, from, options)
  }

  /** Delegates to 2^bitLength hash bins by `succinct_roles` (TAP 15). */
  delegateSuccinct(from: string, options: SuccinctOptions): void {
    delegations.delegateSuccinct(this.#state, from, options)
  }

  /** Delegates to hash bins by `path_hash_prefixes`, as PEP 458 does. */
  delegateHashBins(from: string, options: HashBinOptions): void {
    delegations.delegateHashBins(this.#state, from, options)
  }

  /** Takes a delegation back. The role stays listed by the snapshot (5.5.5). */
  revoke(from: string, name: string): void {
    delegations.revoke(this.#state, from, name)
  }

  /**
   * Signs every changed role (by its targets or delegations), the roles named here, then snapshot
   * if one changed, and always a new timestamp. Returns the number of the publication.
   */
  publish(...again: string[]): number {
    return publishState(this.#state, { again: ['timestamp', ...again] })
  }

  /**
   * Changes the keys of a role and publishes: the next root signed by the old and the new keys,
   * or the delegators, and the role itself.
   */
  rotate(role: string, options: RotateOptions = {}): number {
    return publishState(this.#state, { again: rotateKeys(this.#state, role, options) })
  }

  /** Publishes the next version of a role, expired since yesterday or as of `at` (ms). */
  expire(role: string, at: number = this.now - day): number {
    return this.edit(role, (signed) => {
      signed['expires'] = dateText(at)
    })
  }

  /**
   * Publishes the next version of a role with any change at all, and whatever lists it. The
   * change is forgotten with the version after it. A function changes `signed` before signing;
   * see {@link Edit} for the other stages.
   *
   * `repo.edit('targets', (signed) => { signed['targets'] = null })`
   */
  edit(role: string, edit: Edit | ChangeJson): number {
    return publishState(this.#state, { edits: new Map([[role, editOf(edit)]]) })
  }

  /**
   * Makes a role's newest file again with its name and version; roles that list it do not change.
   */
  editInPlace(role: string, edit: Edit | ChangeJson): void {
    replaceFile(this.#state, role, editOf(edit))
  }

  /** Sets the role's version in the next publication, even lower than the last. */
  setNextVersion(role: string, version: number): void {
    if (role === 'root' || role === 'timestamp' || role === 'snapshot') {
      this.#state.versions[role] = version - 1
    } else {
      delegations.roleOf(this.#state, role).version = version - 1
    }
  }

  /** Switches consistent snapshots: publishes a root, and every newest file by its new name. */
  setConsistentSnapshot(on: boolean): number {
    this.#state.consistentSnapshot = on
    this.#state.rootChanged = true
    return this.publish('snapshot')
  }

  /** From now on these keys sign the role's files instead of its own; undefined ends it. */
  signWith(role: string, signers: readonly Signer[] | undefined): void {
    if (signers) this.#state.signWith.set(role, signers)
    else this.#state.signWith.delete(role)
  }

  /** The keys that sign the next file of a role. */
  signers(role: string): readonly Signer[] {
    return signersOf(this.#state, role)
  }

  /** How many of a role's keys must sign, as root or the first delegator declares. */
  threshold(role: string): number {
    return delegations.authorityOf(this.#state, role).threshold
  }

  /** The keys that one delegator names for a role. */
  delegatedSigners(delegator: string, role: string): readonly Signer[] {
    return delegations.authorityOf(this.#state, role, delegator).signers
  }

  /** The newest published version of a role; 0 when it was never published. */
  version(role: string): number {
    return versionOf(this.#state, role)
  }

  /** The names of `targets` and every role that was ever delegated to. */
  roles(): string[] {
    return [...this.#state.roles.keys()]
  }

  /** A copy of the signed part of a role's newest file, before any edit. */
  signed(role: string): ReturnType<typeof copyJson> {
    const build = this.#state.signed.get(role)
    if (!build) throw new RangeError(`${role} is not published yet`)
    return copyJson(build())
  }

  /** The bytes of a root; version 1, the anchor, unless another is named. */
  root(version = 1): Uint8Array {
    return this.file(`${version}.root.json`)
  }

  /** The name under which a version of a role is served, not percent-encoded: `3.targets.json`. */
  fileName(role: string, version: number = this.version(role)): string {
    return fileName(this.#state, role, version)
  }

  /** The names under which a target is served, in the order of its digests. */
  targetNames(path: string): string[] {
    const { hashes } = delegations.targetOf(this.#state, path)
    return targetNames(path, hashes, this.#state.consistentSnapshot)
  }

  /** The length that snapshot or timestamp lists for a role's file, when it lists lengths. */
  listedLength(role: string): number | undefined {
    return listedLength(this.#state, role)
  }

  /** The bytes of a published file, whatever is served instead now. Default: metadata, newest. */
  file(
    name: string,
    kind: FileKind = 'metadata',
    publication: number = this.publication,
  ): Uint8Array {
    const file = this.#state.history.get(kind, name, publication)
    if (!file) throw new RangeError(`${JSON.stringify(name)} is not a published ${kind} file`)
    return file.bytes()
  }

  /** Whether a file of that name was published, by then. */
  has(name: string, kind: FileKind = 'metadata', publication: number = this.publication): boolean {
    return this.#state.history.get(kind, name, publication) !== undefined
  }

  /** The names of all published files, not percent-encoded. */
  fileNames(kind: FileKind = 'metadata', publication: number = this.publication): string[] {
    return this.#state.history.names(kind, publication)
  }

  /** Serves something else for a file from now on; undefined serves the file again. */
  serve(name: string, answer: Answer | undefined, kind: FileKind = 'metadata'): void {
    if (answer === undefined) this.#instead.delete(`${kind}/${name}`)
    else this.#instead.set(`${kind}/${name}`, answer)
  }

  /** Asks `intercept` before any file is served, the latest first. Returns a function to end it. */
  intercept(intercept: Intercept): () => void {
    this.#intercepts.unshift(intercept)
    return () => {
      const at = this.#intercepts.indexOf(intercept)
      if (at >= 0) this.#intercepts.splice(at, 1)
    }
  }

  /** The present answer for a name, including attacks. */
  answer(kind: FileKind, name: string): Answer {
    for (const intercept of this.#intercepts) {
      const answer = intercept(kind, name)
      if (answer !== undefined) return answer
    }
    const instead = this.#instead.get(`${kind}/${name}`)
    if (instead !== undefined) return instead
    return this.#state.history.get(kind, name, this.publication)?.bytes() ?? 'missing'
  }

  /** The repository as a `Fetcher` that notes every request. */
  fetcher(options?: MemoryFetcherOptions): MemoryFetcher {
    return memoryFetcher(this, options)
  }

  /** A second repository with the same keys and past: the material of an attacker with the keys. */
  fork(): TestRepository {
    return new TestRepository(forkState(this.#state))
  }
}

function editOf(edit: Edit | ChangeJson): Edit {
  return typeof edit === 'function' ? { signed: edit } : edit
}
