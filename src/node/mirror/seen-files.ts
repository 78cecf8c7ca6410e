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
  /** Entry → the delegated role that was believed as fetched, and is written next. */
  readonly #fetched = new Map<string, Omit<SeenRole, 'bytes'>>()
  /** Delegated roles that were believed and not taken yet. One edge suffices, others may refuse them. */
  readonly #believed = new Map<string, SeenRole>()

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
        const role = this.#fetched.get(name)
        if (role) this.#believe({ ...role, bytes })
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
    const { role } = event
    const entry = this.#entryOf(role)
    this.#fetched.delete(entry)
    if (event.verdict !== 'trusted') {
      // The stored file was refused; a fetched one is written next.
      this.#bytes.delete(entry)
      return
    }
    const { version, from } = event
    const bytes = this.#bytes.get(entry)
    if (from === 'network') this.#fetched.set(entry, { role, version })
    else if (bytes) this.#believe({ role, version, bytes })
  }

  /** The believed roles, each once. */
  *take(): Generator<SeenRole, void, undefined> {
    for (const [role, seen] of this.#believed) {
      this.#believed.delete(role)
      yield seen
    }
  }

  /** The latest bytes of a top-level role. */
  topLevel(role: 'timestamp' | 'snapshot' | 'targets'): Uint8Array | undefined {
    return this.#bytes.get(this.#entryOf(role))
  }

  root(version: number): Uint8Array | undefined {
    return this.#bytes.get(storedRootName(version))
  }

  #believe(seen: SeenRole): void {
    const entry = this.#entryOf(seen.role)
    this.#believed.set(seen.role, seen)
    this.#fetched.delete(entry)
    this.#bytes.delete(entry)
  }

  #note(name: string, bytes: Uint8Array): void {
    // Pages, targets and the state of the store are not files of the repository's metadata.
    if (!name.includes('/') || name.startsWith('root_history/')) this.#bytes.set(name, bytes)
  }

  #entryOf(role: string): string {
    return storedRoleName(role, this.#digest)
  }
}
