/**
 * Attacks without a key from between repository and client (1.5.2): old files, wrong files, files
 * without end, missing files. `attacks.ts` adds those with stolen keys.
 */

import type { Answer, Intercept } from './answer.js'
import type { FileKind } from './file-history.js'
import { contentRefusal, stepOf, type Refusal } from './refusal.js'

/** What the attacks need to know of the repository: its published files, and their names. */
export interface MirroredRepository {
  readonly publication: number
  version(role: string): number
  root(version: number): Uint8Array
  file(name: string, kind?: FileKind, publication?: number): Uint8Array
  has(name: string, kind?: FileKind, publication?: number): boolean
  fileName(role: string, version?: number): string
  targetNames(path: string): string[]
  listedLength(role: string): number | undefined
  intercept(intercept: Intercept): () => void
}

/**
 * Each method begins an attack, which lasts until {@link stop}, and returns the refusal that a
 * client must answer with. Replays need an earlier publication.
 */
export class MirrorAttacks {
  readonly #repository: MirroredRepository
  readonly #endings: (() => void)[] = []

  /** @hidden */
  constructor(repository: MirroredRepository) {
    this.#repository = repository
  }

  /** Ends every attack: the repository is served as it is. */
  stop(): void {
    for (const end of this.#endings.splice(0)) end()
  }

  /** Arbitrary installation: other bytes of the same length. `HASH_MISMATCH`, 5.7.3. */
  arbitraryInstallation(path: string): Refusal {
    const other = Uint8Array.from(this.#target(path), (byte) => byte ^ 0xff)
    this.#serveTarget(path, other)
    return { code: 'ERR_TUF_HASH_MISMATCH', role: undefined, step: '5.7.3' }
  }

  /** Wrong software: another target's bytes under this name. Length or `HASH_MISMATCH`, 5.7.3. */
  wrongSoftware(path: string, other: string): Refusal {
    const bytes = this.#target(other)
    const promised = this.#target(path).length
    this.#serveTarget(path, bytes)
    return contentRefusal(undefined, '5.7.3', promised, bytes.length)
  }

  /** Endless data: a role's file that never ends. `FETCH_TOO_LONG`, 5.4.1 and its likes. */
  endlessMetadata(role = 'timestamp'): Refusal {
    this.serveFile(this.#nextName(role), endless)
    return { code: 'ERR_TUF_FETCH_TOO_LONG', role, step: stepOf(role, 'fetch') }
  }

  /** Endless data: a target that continues after its last byte. `FETCH_TOO_LONG`, 5.7.3. */
  endlessTarget(path: string): Refusal {
    const bytes = this.#target(path)
    this.#serveTarget(path, async function* () {
      yield bytes
      yield* endless()
    })
    return { code: 'ERR_TUF_FETCH_TOO_LONG', role: undefined, step: '5.7.3' }
  }

  /**
   * Slow retrieval: one byte for each `wait()`, of every file or of the named ones.
   * `FETCH_TOO_SLOW`. The wait is yours, so that tests need not wait in earnest.
   */
  slowRetrieval(
    wait: () => Promise<void>,
    which: (kind: FileKind, name: string) => boolean = () => true,
  ): Refusal {
    this.begin((kind, name) => {
      const bytes = which(kind, name) ? this.#published(kind, name) : undefined
      return bytes && (() => drip(bytes, wait))
    })
    return { code: 'ERR_TUF_FETCH_TOO_SLOW', role: undefined, step: '1.5.2' }
  }

  /** Indefinite freeze: this moment's metadata for ever. `EXPIRED`, 5.4.4, once it expires. */
  indefiniteFreeze(): Refusal {
    const { publication } = this.#repository
    this.begin((kind, name) => {
      if (kind === 'target') return undefined
      return this.#published(kind, name, publication) ?? 'missing'
    })
    return { code: 'ERR_TUF_EXPIRED', role: 'timestamp', step: '5.4.4' }
  }

  /** Malicious mirror: that status for everything. `FETCH_NOT_FOUND` or `FETCH_FAILED`. */
  unavailable(status = 404): Refusal {
    this.begin(() => ({ status }))
    // 404 for root N+1 is how the walk ends (5.3.3); a timestamp is always there.
    if (status === 404 || status === 403) {
      return { code: 'ERR_TUF_FETCH_NOT_FOUND', role: 'timestamp', step: '5.4.1' }
    }
    return { code: 'ERR_TUF_FETCH_FAILED', role: 'root', step: '5.3.3' }
  }

  /** A file that the newest snapshot lists is gone (PEP 458). `SNAPSHOT_GONE`. */
  vanished(role = 'targets'): Refusal {
    this.serveFile(this.#repository.fileName(role), 'missing')
    return { code: 'ERR_TUF_SNAPSHOT_GONE', role, step: stepOf(role, 'fetch') }
  }

  /** Rollback: the previous timestamp. `ROLLBACK`, 5.4.3.1, for a client that saw the newest. */
  rollbackTimestamp(): Refusal {
    this.serveFile('timestamp.json', this.#before('timestamp'))
    return { code: 'ERR_TUF_ROLLBACK', role: 'timestamp', step: '5.4.3.1' }
  }

  /**
   * Mix and match: the previous version under the newest name, beside current files.
   * `VERSION_MISMATCH`, 5.5.4 or 5.6.4, or a wrong length or digest where those are listed.
   */
  mixAndMatch(role = 'targets'): Refusal {
    const bytes = this.#before(role)
    this.serveFile(this.#repository.fileName(role), bytes)
    const promised = this.#repository.listedLength(role)
    if (promised !== undefined) {
      return contentRefusal(role, stepOf(role, 'hashes'), promised, bytes.length)
    }
    return { code: 'ERR_TUF_VERSION_MISMATCH', role, step: stepOf(role, 'version') }
  }

  /** The trusted root again, as version N+1. `ROLLBACK`, 5.3.5. */
  repeatedRoot(): Refusal {
    const version = this.#repository.version('root')
    this.serveFile(`${version + 1}.root.json`, this.#repository.root(version))
    return { code: 'ERR_TUF_ROLLBACK', role: 'root', step: '5.3.5' }
  }

  /** Half a file: not JSON. `METADATA_INVALID`. */
  truncated(role = 'timestamp'): Refusal {
    const name = this.#repository.fileName(role)
    const bytes = this.#repository.file(name)
    this.serveFile(name, bytes.subarray(0, bytes.length / 2))
    const promised = this.#repository.listedLength(role)
    if (promised !== undefined) {
      return { code: 'ERR_TUF_LENGTH_MISMATCH', role, step: stepOf(role, 'hashes') }
    }
    return { code: 'ERR_TUF_METADATA_INVALID', role, step: metadataSection(role) }
  }

  /** One role's file in another's place: the snapshot as timestamp. `METADATA_INVALID`, 4.6. */
  roleConfusion(): Refusal {
    this.serveFile('timestamp.json', this.#repository.file(this.#repository.fileName('snapshot')))
    return { code: 'ERR_TUF_METADATA_INVALID', role: 'timestamp', step: '4.6' }
  }

  /** @hidden Begins to answer requests until {@link stop}. */
  protected begin(intercept: Intercept): void {
    this.#endings.push(this.#repository.intercept(intercept))
  }

  /** @hidden Serves something else for one metadata file until {@link stop}. */
  protected serveFile(name: string, answer: Answer): void {
    this.begin((kind, asked) => (kind === 'metadata' && asked === name ? answer : undefined))
  }

  #serveTarget(path: string, answer: Answer): void {
    const names = new Set(this.#repository.targetNames(path))
    this.begin((kind, asked) => (kind === 'target' && names.has(asked) ? answer : undefined))
  }

  #target(path: string): Uint8Array {
    const [name = path] = this.#repository.targetNames(path)
    return this.#repository.file(name, 'target')
  }

  #published(kind: FileKind, name: string, publication?: number): Uint8Array | undefined {
    const repository = this.#repository
    return repository.has(name, kind, publication)
      ? repository.file(name, kind, publication)
      : undefined
  }

  /** The file of a role as it was before its newest version. */
  #before(role: string): Uint8Array {
    const repository = this.#repository
    const name = repository.fileName(role)
    const older = repository.fileName(role, repository.version(role) - 1)
    if (older !== name) return repository.file(older)
    const newest = repository.file(name)
    for (let publication = repository.publication - 1; publication > 0; publication--) {
      const bytes = this.#published('metadata', name, publication)
      if (bytes && bytes !== newest) return bytes
    }
    throw new RangeError(`the newest ${role} is the first: publish twice`)
  }

  #nextName(role: string): string {
    const repository = this.#repository
    if (role === 'root') return `${repository.version('root') + 1}.root.json`
    return repository.fileName(role)
  }
}

/** The section of the specification that a role's file must keep to. */
export function metadataSection(role: string): string {
  if (role === 'root') return '4.3'
  if (role === 'snapshot') return '4.4'
  return role === 'timestamp' ? '4.6' : '4.5'
}

async function* endless(): AsyncGenerator<Uint8Array> {
  const spaces = new Uint8Array(65_536).fill(0x20)
  while (true) yield spaces
}

async function* drip(bytes: Uint8Array, wait: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    await wait()
    yield bytes.subarray(at, at + 1)
  }
}
