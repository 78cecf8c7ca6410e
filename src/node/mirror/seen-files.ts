/**
 * The metadata files of an updater's cycles as bytes: a store hands them through, and the latest of each is
 * kept until it is taken. A cycle believes a role by the bytes that it read from the store last, or wrote.
 */
import { exclusively } from '../../client/commit.js'
import type { UpdaterEvent } from '../../client/events.js'
import { markIsolated, type Store } from '../../client/store.js'
import { storedRoleName, storedRootName, type TextDigest } from '../../core/names.js'

/** A delegated role that a cycle believed. */
export interface SeenRole {
  readonly role: string
  readonly version: number
  readonly bytes: Uint8Array
}

const topLevel: ReadonlySet<string> = new Set(['root', 'timestamp', 'snapshot', 'targets'])

/** @internal */
export class SeenFiles {
  readonly #digest: TextDigest
  /** Entry → its latest bytes. */
  readonly #bytes = new Map<string, Uint8Array>()
  /** Delegated roles that were believed and not taken yet → their versions. */
  readonly #believed = new Map<string, number>()

  constructor(digest: TextDigest) {
    this.#digest = digest
  }

  /** The same store, whose users are watched. It must be one of this package, which keeps copies. */
  watch(store: Store): Store {
    return markIsolated({
      get: async (name, options) => {
        const bytes = await store.get(name, options)
        if (bytes) this.#note(name, bytes)
        return bytes
      },
      set: async (name, bytes, options) => {
        this.#note(name, bytes)
        await store.set(name, bytes, options)
      },
      delete: async (name) => {
        this.#bytes.delete(name)
        await store.delete(name)
      },
      exclusive: (commit) => exclusively(store, commit),
    })
  }

  /** Takes every event of the updater. */
  note(event: UpdaterEvent): void {
    if (event.type !== 'decision' || topLevel.has(event.role)) return
    if (event.verdict === 'trusted') this.#believed.set(event.role, event.version)
    // The stored file was refused; a fetched one is written next.
    else this.#bytes.delete(this.#entryOf(event.role))
  }

  /** The believed roles whose bytes are complete, each once. */
  *take(): Generator<SeenRole, void, undefined> {
    for (const [role, version] of this.#believed) {
      const entry = this.#entryOf(role)
      const bytes = this.#bytes.get(entry)
      if (bytes === undefined) continue
      this.#believed.delete(role)
      this.#bytes.delete(entry)
      yield { role, version, bytes }
    }
  }

  /** The latest bytes of a top-level role. */
  topLevel(role: 'timestamp' | 'snapshot' | 'targets'): Uint8Array | undefined {
    return this.#bytes.get(this.#entryOf(role))
  }

  root(version: number): Uint8Array | undefined {
    return this.#bytes.get(storedRootName(version))
  }

  #note(name: string, bytes: Uint8Array): void {
    // Pages, targets and the state of the store are not files of the repository's metadata.
    if (!name.includes('/') || name.startsWith('root_history/')) this.#bytes.set(name, bytes)
  }

  #entryOf(role: string): string {
    return storedRoleName(role, this.#digest)
  }
}
