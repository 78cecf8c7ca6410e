/** Clients of a history: each a store, an anchor, a clock, and updaters that come and go. */
import type { FetchResponse, Fetcher } from '../../../src/client/fetcher.js'
import type { Store } from '../../../src/client/store.js'
import type { PortedOptions, RefreshOptions } from '../../../src/client/updater.js'
import type { Answer, FileKind } from '../../../src/testing/index.js'
import { defaultMetadataUrl, defaultTargetsUrl, memoryFetcher } from '../../../src/testing/index.js'
import { isVouchedByRoot, readSigned, rootChain } from './judge.js'

/** As much of a view as a history asks. */
export interface View {
  readonly timestamp: { readonly version: number }
  readonly root: { readonly version: number }
  find(path: string, options: { signal: AbortSignal }): Promise<object | undefined>
  read(path: string, options: { signal: AbortSignal }): Promise<Uint8Array>
}

export interface Subject {
  refresh(options: RefreshOptions): Promise<View>
}

/** Makes the client under test: this library's, or a broken one. */
export type MakeSubject = (options: Omit<PortedOptions, 'cryptography'>) => Subject

/** The process ended: no further answer of a port ever comes. */
export class Crash {
  left: number
  readonly happened: Promise<void>
  #happen: () => void = () => {}

  constructor(left: number) {
    this.left = left
    this.happened = new Promise((resolve) => (this.#happen = resolve))
  }

  /** Before each call of a port. */
  async step(): Promise<void> {
    if (this.left-- > 0) return
    this.#happen()
    await new Promise<never>(() => {})
  }
}

/** A store that several clients may share, and that is watched. */
export class WatchedStore {
  readonly entries = new Map<string, Uint8Array>()
  readonly faults: string[] = []
  readonly anchor: Uint8Array
  #last: Promise<unknown> = Promise.resolve()

  constructor(anchor: Uint8Array) {
    this.anchor = anchor
  }

  /** A lock, which a process that ends gives back. */
  #exclusive<T>(commit: () => Promise<T>, ended: () => Promise<void>): Promise<T> {
    const held = this.#last.then(commit)
    this.#last = Promise.race([held.catch(() => undefined), ended()])
    return held
  }

  /** @param before is awaited before each call; `ended` when the process ends */
  port(before: () => Promise<void>, ended: () => Promise<void>): Store {
    const { entries } = this
    return {
      exclusive: (commit) => this.#exclusive(commit, ended),
      get: async (name) => {
        await before()
        return entries.get(name)?.slice()
      },
      set: async (name, bytes) => {
        await before()
        this.#watch(name, bytes)
        entries.set(name, bytes.slice())
      },
      delete: async (name) => {
        await before()
        this.#watchDeletion(name)
        entries.delete(name)
      },
    }
  }

  #watch(name: string, bytes: Uint8Array): void {
    if (!['timestamp.json', 'snapshot.json', 'root.json'].includes(name)) return
    const [old, fresh] = [readSigned(this.entries.get(name)), readSigned(bytes)]
    if (!fresh) this.faults.push(`${name} is written and is not a file`)
    else if (old && fresh.version < old.version) {
      this.faults.push(`${name} fell in the store from ${old.version} to ${fresh.version}`)
    }
  }

  /** Only a rotation, seen in the store itself, may take floors away. */
  #watchDeletion(name: string): void {
    if (name !== 'timestamp.json' && name !== 'snapshot.json') return
    const root = rootChain(this.entries, this.anchor).at(-1)!
    const proof = (['timestamp', 'snapshot'] as const).some((role) => {
      const bytes = this.entries.get(`${role}.json`)
      return bytes && !isVouchedByRoot(bytes, root, role)
    })
    if (!proof) this.faults.push(`${name} was deleted although no key was rotated`)
  }
}

export interface Client {
  readonly store: WatchedStore
  /** Milliseconds that its clock is ahead. */
  skew: number
  /** The newest time at which it accepted a cycle. */
  latest: number
  /** Undefined: the next cycle is one of a new process. */
  process: Process | undefined
}

/** An updater, which remembers files, and the ports of its present cycle. */
export interface Process {
  readonly subject: Subject
  now: number
  answer: (kind: FileKind, name: string) => Answer
  step: () => Promise<void>
  ended: Promise<void>
}

/** Of a process that goes on. */
export const never: Promise<never> = new Promise(() => {})

export function clientOf(store: WatchedStore): Client {
  return { store, skew: 0, latest: 0, process: undefined }
}

/** The client's process; a new one after the last has ended. */
export function processOf(client: Client, makeSubject: MakeSubject): Process {
  if (client.process) return client.process
  const step = (): Promise<void> => process.step()
  const subject = makeSubject({
    metadataUrl: defaultMetadataUrl,
    targetsUrl: defaultTargetsUrl,
    root: client.store.anchor,
    store: client.store.port(step, () => process.ended),
    fetcher: fetcherOf((kind, name) => process.answer(kind, name), step),
    retries: 0,
    limits: { minimumRate: 0, metadataDeadline: 3_600_000 },
    now: () => process.now,
  })
  const process: Process = { subject, now: 0, answer: () => 'missing', step, ended: never }
  client.process = process
  return process
}

/** A fetcher that asks `answer`, and waits before each request. */
function fetcherOf(
  answer: (kind: FileKind, name: string) => Answer,
  before: () => Promise<void>,
): Fetcher {
  const inner = memoryFetcher({ answer })
  return {
    async fetch(request): Promise<FetchResponse> {
      await before()
      return inner.fetch(request)
    },
  }
}
