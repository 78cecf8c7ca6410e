/** The updater and its views in a thread, which answer the calls of a page. */
import { defaultCryptography, defaultFetcher } from '#platform'
import { downloadTo } from '#thread'
import type { ReadOptions, Repository } from '../client/repository.js'
import type { TargetAddress } from '../client/target.js'
import { PortedUpdater } from '../client/updater.js'
import { TargetNotFoundError } from '../errors.js'
import type { PageCalls, Setup, StoreName, ThreadCalls } from './calls.js'
import { type Answers, type Asked, Channel, Moved, type Port } from './channel.js'
import type { ThreadOptions } from './options.js'
import { PendingWork } from './pending-work.js'
import { Streams } from './streams.js'
import { pageEvents, pageFetcher, PageStore } from './thread-ports.js'

/** Answers a page for as long as its port is open. */
export class ServedUpdater {
  readonly #options: ThreadOptions
  readonly #page: Channel<PageCalls>
  readonly #streams = new Streams(true)
  readonly #views = new Map<number, Repository>()
  readonly #work = new PendingWork()
  #updater: PortedUpdater | undefined
  #wantsEvents = false
  #time = 0

  constructor(port: Port, options: ThreadOptions) {
    this.#options = options
    this.#page = new Channel(port, this.#answers())
  }

  #answers(): Answers<ThreadCalls> {
    return {
      ...this.#streams.answers,
      start: (_, setup) => this.#start(setup),
      observe: (_, wanted) => void (this.#wantsEvents = wanted),
      refresh: (asked, view, options, time) =>
        this.#work.add(async () => {
          if (time !== undefined) this.#time = time
          const repository = await this.#started().refresh({ ...options, signal: asked.signal })
          this.#views.set(view, repository)
          const { now, root, timestamp } = repository
          return { now, root, timestamp }
        }),
      find: ({ signal }, view, path) =>
        this.#work.add(() => this.#view(view).find(path, { signal })),
      verify: ({ signal }, view, path, bytes) =>
        this.#work.add(() => this.#view(view).verify(path, bytes, { signal })),
      explain: ({ signal }, view, path) =>
        this.#work.add(() => this.#view(view).explain(path, { signal })),
      read: (asked, view, wanted) =>
        this.#work.add(async () => {
          const options = { ...wanted.address, ...optionsOf(asked, wanted) }
          return new Moved(await this.#view(view).read(wanted.path, options))
        }),
      stream: ({ signal }, view, id, { path, address }) =>
        this.#work.add(async () => {
          const target = await this.#view(view).find(path, { signal })
          if (!target) throw new TargetNotFoundError(path)
          this.#openStream(view, id, path, address)
          return target.length
        }),
      download: (asked, view, target, message) =>
        this.#work.add(() => {
          const { destination, isUrl, reuse } = message
          const to = isUrl ? new URL(destination) : destination
          return downloadTo(this.#view(view), target, to, { ...optionsOf(asked, message), reuse })
        }),
      release: (_, view) => void this.#views.delete(view),
      close: () => this.#close(),
    }
  }

  #start({ options, ports }: Setup): void {
    const has = new Set(ports)
    const page = this.#page
    const tell = pageEvents(page)
    const storeOf = (name: StoreName): PageStore | undefined =>
      has.has(name) ? new PageStore(page, name) : undefined
    const { cryptography = defaultCryptography, canonicalForm } = this.#options
    this.#updater = new PortedUpdater({
      ...options,
      cryptography,
      canonicalForm,
      store: storeOf('store'),
      targetStore: storeOf('targetStore'),
      fetcher: has.has('fetcher') ? pageFetcher(page, 'fetcher') : defaultFetcher(),
      ...(has.has('below') && { below: pageFetcher(page, 'below') }),
      ...(has.has('now') && { now: () => this.#time }),
      onEvent: (event) => {
        if (this.#wantsEvents) tell(event)
      },
    })
  }

  #started(): PortedUpdater {
    if (!this.#updater) throw new TypeError('the thread was not started')
    return this.#updater
  }

  #view(id: number): Repository {
    const view = this.#views.get(id)
    if (!view) throw new TypeError('the view was released')
    return view
  }

  /** The stream outlives the call. */
  #openStream(view: number, id: number, path: string, address: TargetAddress): void {
    const controller = new AbortController()
    const body = this.#view(view).stream(path, { ...address, signal: controller.signal })
    this.#streams.open(id, { body, encoded: undefined, onStop: () => controller.abort() })
  }

  async #close(): Promise<void> {
    this.#page.abortAsked()
    this.#streams.end()
    await this.#work.settled()
  }
}

/** The options of a call that brings a file. */
function optionsOf(
  { progress, signal }: Asked,
  wanted: { readonly progress: boolean },
): ReadOptions {
  return { signal, ...(wanted.progress && { onProgress: progress }) }
}
