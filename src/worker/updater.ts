/** The page's side: an updater whose work is done in a worker, and which only waits for answers. */
import { eventOutlets } from '#platform'
import { startWorker } from '#worker'
import { guarded } from '../client/callback.js'
import type { OnEvent } from '../client/events.js'
import { withoutRetries } from '../client/retry.js'
import type { RefreshOptions, UpdaterOptions } from '../client/updater.js'
import { WorkerEndedError } from '../errors.js'
import { Updater } from '../platform/updater.js'
import type { PortOption, ThreadCalls } from './calls.js'
import { Channel } from './channel.js'
import type { Line, WorkerLike } from './line.js'
import { pageAnswers } from './page-ports.js'
import { PendingWork } from './pending-work.js'
import { WorkerRepository } from './repository.js'
import { Streams } from './streams.js'

/** Options of {@link WorkerUpdater}: those of `Updater`, but for two that are functions. */
export interface WorkerUpdaterOptions extends Omit<
  UpdaterOptions,
  'cryptography' | 'canonicalForm'
> {
  /**
   * A worker whose program calls `serveUpdater` from `tuffet/worker/thread`; this updater ends it.
   * Default: a new one with the package's own program.
   */
  readonly worker?: WorkerLike | undefined
}

/** Milliseconds until a thread that does not answer is ended. */
const longestClose = 5_000

/**
 * An `Updater` in a thread of its own: the event loop of this one stays free while large metadata is
 * read and verified. Fetcher, stores, clock and listener stay here, and the thread asks for them;
 * without a fetcher the thread makes the requests itself.
 *
 * The process does not wait for an idle updater; {@link close} ends its thread.
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { fileStore } from 'tuffet/node'
 * import { WorkerUpdater } from 'tuffet/worker'
 *
 * const updater = new WorkerUpdater({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   targetsUrl: 'https://tuf.example.com/targets/',
 *   root: await readFile('root.json'),
 *   store: fileStore('./tuf'),
 * })
 * const repository = await updater.refresh()
 * await repository.read('pkgs/a.whl')
 * await updater.close()
 * ```
 */
export class WorkerUpdater {
  readonly #line: Line
  readonly #thread: Channel<ThreadCalls>
  readonly #streams = new Streams(false)
  readonly #storing = new PendingWork()
  readonly #now: (() => number) | undefined
  readonly #hasListener: boolean
  #observed = false
  #closed: Promise<void> | undefined
  #lastView = 0

  /**
   * @throws TypeError for a URL that cannot be a base, and for a function that cannot be sent to a
   *   thread; RangeError for a number out of range
   */
  constructor(options: WorkerUpdaterOptions) {
    const { worker, fetcher, below, store, targetStore, now, onEvent, ...data } = options
    for (const name of ['cryptography', 'canonicalForm']) {
      if (Object.entries(data).some(([given, value]) => given === name && value !== undefined)) {
        throw new TypeError(`${name} cannot be sent to a thread: give it to serveUpdater there`)
      }
    }
    // For its checks of the options: they throw here, not in the thread.
    new Updater({ ...data, ...(fetcher && { fetcher }) })
    this.#now = now
    this.#hasListener = onEvent !== undefined
    const { root, retries, metadataUrl } = data
    const tell = guarded('onEvent', onEvent)
    const told: OnEvent = (event) => {
      tell(event)
      eventOutlets.publish(event, metadataUrl)
      // Not in the thread: its last lines are lost when it ends.
      eventOutlets.print(event)
    }
    const { fetcher: bare, policy } = fetcher ? withoutRetries(fetcher) : {}
    // A fetcher that repeats its requests by rules of its own is left to do so.
    const repeats = policy !== undefined && retries === undefined
    this.#line = startWorker(worker, (reason) => this.#die(reason))
    const ports = { fetcher: repeats ? fetcher : bare, below, store, targetStore }
    const answers = pageAnswers(
      { ...ports, onEvent: told },
      {
        streams: this.#streams,
        storing: this.#storing,
      },
    )
    this.#thread = new Channel(this.#line.port, answers, this.#line.hold)
    const setup = {
      options: {
        ...data,
        ...(root && { root: new Uint8Array(root) }),
        ...(repeats && { retries: 0 }),
      },
      ports: Object.entries({ ...ports, now })
        .filter(([, port]) => port !== undefined)
        .map(([name]) => name as PortOption),
    }
    this.#thread.call('start', [setup]).catch((error: unknown) => this.#die(error))
  }

  /**
   * As `Updater.refresh`. The view stays in the thread.
   *
   * @throws as `Updater.refresh`; WorkerEndedError
   */
  async refresh(options: RefreshOptions = {}): Promise<WorkerRepository> {
    const { signal, mode, now } = options
    const view = ++this.#lastView
    this.#observe()
    try {
      const message = await this.#thread.call('refresh', [view, { mode, now }, this.#now?.()], {
        signal,
      })
      return WorkerRepository.of(this.#thread, view, message)
    } catch (error) {
      // The thread may have answered before the signal aborted.
      this.#thread.tell('release', [view])
      throw error
    }
  }

  /**
   * Ends the thread when it has stopped its work, or after five seconds. Calls that wait reject with
   * `WorkerEndedError`, and so does every later one.
   */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    const reason = new WorkerEndedError(true)
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestClose)
    })
    // An ended thread is stopped too.
    const stopped = this.#thread.finish('close', reason).catch(() => undefined)
    // A commit in the store goes on after the call that it was for.
    await Promise.race([stopped.then(() => this.#storing.settled()), late])
    clearTimeout(timer)
    this.#thread.end(reason)
    this.#streams.end()
    await this.#line.terminate()
  }

  /** Events are sent only while somebody takes them. */
  #observe(): void {
    const wanted = this.#hasListener || eventOutlets.isWanted()
    if (wanted !== this.#observed) this.#thread.tell('observe', [wanted])
    this.#observed = wanted
  }

  #die(cause: unknown): void {
    this.#thread.end(new WorkerEndedError(false, { cause }))
    this.#streams.end()
    this.#line.terminate()
  }
}
