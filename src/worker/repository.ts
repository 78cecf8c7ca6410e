/** A verified view that lives in a thread. */
import type { DownloadProgress } from '../client/download.js'
import type { Explanation } from '../client/explanation.js'
import type { AskOptions, ReadOptions } from '../client/repository.js'
import { deepFreeze } from '../core/deep-freeze.js'
import { opaqueObject } from '../core/metadata/fields.js'
import type { JsonObject } from '../core/json/value.js'
import type { Root, TargetFile, Timestamp } from '../core/metadata/model.js'
import type { ThreadCalls, ViewMessage, Wanted } from './calls.js'
import type { Channel } from './channel.js'
import type { WorkerDownload } from './options.js'
import { streamFrom } from './streams.js'

/** How a file is brought to disk. */
export interface WorkerDownloadOptions extends AskOptions {
  /** Whether a destination with the right length and hashes is kept. Default true. */
  readonly reuse?: boolean | undefined
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
}

let lastStream = 0

/** A view that nobody can ask any more is released in its thread. */
const views = new FinalizationRegistry<() => void>((release) => release())

/**
 * `Repository` in a thread, made by `WorkerUpdater.refresh`. It has the same questions with the same
 * answers, as copies. It does not have the snapshot and the targets role, which can be large.
 *
 * @example
 * ```ts
 * import type { WorkerRepository } from 'tuffet/worker'
 *
 * async function fetchWheel(repository: WorkerRepository): Promise<void> {
 *   const target = await repository.find('pkgs/a.whl')
 *   if (target) await repository.downloadFile(target, 'a.whl')
 * }
 * ```
 */
export class WorkerRepository {
  readonly #thread: Channel<ThreadCalls>
  readonly #view: number
  /** The fixed time (5.1), in milliseconds since 1970. */
  readonly now: number
  readonly root: Root
  readonly timestamp: Timestamp

  private constructor(
    thread: Channel<ThreadCalls>,
    view: number,
    { now, root, timestamp }: ViewMessage,
  ) {
    this.#thread = thread
    this.#view = view
    this.now = now
    this.root = opaque(root, root.unrecognized)
    this.timestamp = opaque(timestamp, timestamp.unrecognized)
    views.register(this, () => thread.tell('release', [view]), this)
  }

  /** @internal The view of that number in the thread. */
  static of(thread: Channel<ThreadCalls>, view: number, message: ViewMessage): WorkerRepository {
    return new WorkerRepository(thread, view, message)
  }

  /**
   * As `Repository.find`.
   *
   * @throws as `Repository.find`; WorkerEndedError, as every method does
   */
  async find(path: string, { signal }: AskOptions = {}): Promise<TargetFile | undefined> {
    const target = await this.#thread.call('find', [this.#view, path], { signal })
    return target && opaque(target, target.custom)
  }

  /**
   * As `Repository.verify`. The bytes are copied.
   *
   * @throws as `Repository.verify`
   */
  async verify(path: string, bytes: Uint8Array, { signal }: AskOptions = {}): Promise<TargetFile> {
    const copy = new Uint8Array(bytes)
    const options = { signal, transfer: [copy.buffer] }
    const target = await this.#thread.call('verify', [this.#view, path, copy], options)
    return opaque(target, target.custom)
  }

  /**
   * As `Repository.explain`.
   *
   * @throws as `Repository.explain`
   */
  async explain(path: string, { signal }: AskOptions = {}): Promise<Explanation> {
    const explanation = await this.#thread.call('explain', [this.#view, path], { signal })
    return opaque(explanation, explanation.target?.custom)
  }

  /**
   * As `Repository.read`. The bytes are moved from the thread, not copied.
   *
   * @throws as `Repository.read`
   */
  read(path: string, { signal, onProgress, ...address }: ReadOptions = {}): Promise<Uint8Array> {
    const wanted: Wanted = { path, address, progress: onProgress !== undefined }
    return this.#thread.call('read', [this.#view, wanted], { signal, onProgress })
  }

  /**
   * As `Repository.stream`: the bytes **are unverified until the stream ends**.
   *
   * @throws as `Repository.stream`
   */
  async *stream(
    path: string,
    { signal, onProgress, ...address }: ReadOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const id = ++lastStream
    const chunks = streamFrom(this.#thread, id, signal)
    try {
      const total = await this.#thread.call('stream', [this.#view, id, { path, address }], {
        signal,
      })
      let received = 0
      for await (const chunk of chunks) {
        received += chunk.length
        onProgress?.({ received, total })
        yield chunk
      }
    } finally {
      await chunks.return()
    }
  }

  /**
   * As `downloadFile` of `tuffet/node`, in the thread. Not in browsers.
   *
   * @throws as `downloadFile`; TypeError in a browser
   */
  downloadFile(
    target: TargetFile,
    destination: string | URL,
    { signal, onProgress, reuse }: WorkerDownloadOptions = {},
  ): Promise<WorkerDownload> {
    const isUrl = destination instanceof URL
    const message = {
      destination: isUrl ? destination.href : destination,
      isUrl,
      reuse,
      progress: onProgress !== undefined,
    }
    return this.#thread.call('download', [this.#view, target, message], { signal, onProgress })
  }

  /** Frees the view's memory in the thread; questions after that are a `TypeError`. */
  release(): void {
    views.unregister(this)
    this.#thread.tell('release', [this.#view])
  }
}

/** As the updater hands values out: frozen, and without prototypes in `data`. */
function opaque<T>(value: T, data: JsonObject | undefined): T {
  if (data) opaqueObject(data)
  return deepFreeze(value)
}
