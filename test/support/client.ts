/** A client of an in-memory repository, and its effects that are visible from outside. */
import { Updater, type Store, type UpdaterEvent } from '../../src/index.js'
import type { UpdaterOptions } from '../../src/index.js'
import type { MemoryFetcher, TestRepository } from '../../src/testing/index.js'

/** A store that records writes and deletions, in order. */
export interface NotedStore extends Store {
  readonly entries: Map<string, Uint8Array>
  /** Empty it at will. */
  readonly written: string[]
}

export function notedStore(): NotedStore {
  const entries = new Map<string, Uint8Array>()
  const written: string[] = []
  return {
    entries,
    written,
    get: (name) => Promise.resolve(entries.get(name)?.slice()),
    set(name, bytes) {
      written.push(name)
      entries.set(name, bytes.slice())
      return Promise.resolve()
    },
    delete(name) {
      written.push(`-${name}`)
      entries.delete(name)
      return Promise.resolve()
    },
  }
}

export interface TestClient {
  readonly updater: Updater
  readonly fetcher: MemoryFetcher
  readonly store: NotedStore
  readonly events: UpdaterEvent[]
  /** The requests since the last call. */
  requested(): string[]
  /** The writes since the last call, but for the clock and the anchor's digest. */
  written(): string[]
}

/** Further settings besides the repository's own. */
export type ClientOptions = Partial<Omit<UpdaterOptions, 'store' | 'fetcher'>> & {
  readonly store?: NotedStore
  readonly fetcher?: MemoryFetcher
  /** No root is given: the store holds one. */
  readonly initialized?: boolean
}

export function clientOf(repo: TestRepository, options: ClientOptions = {}): TestClient {
  const { store = notedStore(), fetcher = repo.fetcher(), initialized = false, ...others } = options
  const events: UpdaterEvent[] = []
  const updater = new Updater({
    metadataUrl: fetcher.metadataUrl,
    targetsUrl: fetcher.targetsUrl,
    ...(!initialized && { root: repo.root() }),
    now: () => repo.now,
    // Most tests look at the effect of a failure, and at the requests before it.
    retries: 0,
    onEvent: (event) => events.push(event),
    ...others,
    store,
    fetcher,
  })
  return {
    updater,
    fetcher,
    store,
    events,
    requested: () => fetcher.requested.splice(0),
    written: () => store.written.splice(0).filter((name) => !name.startsWith('state/')),
  }
}

/** Resolves when a test says so. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

export function gate(): Gate {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Serves these bytes for one metadata file, but not before the gate opens. */
export function serveLater(repo: TestRepository, name: string, until: Gate): () => void {
  const bytes = repo.file(name)
  return repo.intercept((kind, asked) => {
    if (kind !== 'metadata' || asked !== name) return undefined
    return async function* () {
      await until.opened
      yield bytes
    }
  })
}

/** Resolves when a request for `name` reaches `fetcher`: a busy machine takes its time. */
export async function askedFor(fetcher: MemoryFetcher, name: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited++) {
    if (fetcher.requests.at(-1)?.url.endsWith(`/${name}`) === true) return
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error(`${name} has not been asked for`)
}
