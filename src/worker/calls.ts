/** The calls that page and thread make of each other. Arguments and answers can be copied. */
import type { Explanation } from '../client/explanation.js'
import type { EncodedBody, FetchRequest, FetchResponse } from '../client/fetcher.js'
import type { GetOptions, SetOptions, StoreChange } from '../client/store.js'
import type { TargetAddress } from '../client/target.js'
import type { RefreshOptions, UpdaterOptions } from '../client/updater.js'
import type { ExpectedEntry } from '../core/cycle/request.js'
import type { Root, TargetFile, Timestamp } from '../core/metadata/model.js'
import type { ErrorMessage } from './error-message.js'
import type { WorkerDownload } from './options.js'

/** The options that are functions or objects of the application. */
export type PortOption = FetcherName | StoreName | 'now'

/** How a thread starts. */
export interface Setup {
  readonly options: Omit<UpdaterOptions, PortOption | 'onEvent' | 'cryptography' | 'canonicalForm'>
  /** Those that the page answers for. */
  readonly ports: readonly PortOption[]
}

/** The small parts of a view. */
export interface ViewMessage {
  readonly now: number
  readonly root: Root
  readonly timestamp: Timestamp
}

/** A file whose bytes are asked for. */
export interface Wanted {
  readonly path: string
  readonly address: TargetAddress
  /** Whether progress is reported, as {@link DownloadProgress}. */
  readonly progress: boolean
}

/** How a file is brought to disk. */
export interface DownloadMessage {
  readonly destination: string
  readonly isUrl: boolean
  readonly reuse: boolean | undefined
  readonly progress: boolean
}

/** The two that streams of either side answer. */
export interface StreamCalls {
  /** The next bytes of a stream, or undefined at its end. */
  next(id: number): Uint8Array | undefined
  /** Lets a stream go; nothing for one that is not there. */
  stop(id: number): void
}

/** Answered by the thread. */
export interface ThreadCalls extends StreamCalls {
  start(setup: Setup): void
  /** Whether the page wants events. */
  observe(wanted: boolean): void
  /** The view's number is the page's. `time`: of the page's `now`, where the application gave one. */
  refresh(
    view: number,
    options: Omit<RefreshOptions, 'signal'>,
    time: number | undefined,
  ): ViewMessage
  find(view: number, path: string): TargetFile | undefined
  verify(view: number, path: string, bytes: Uint8Array): TargetFile
  explain(view: number, path: string): Explanation
  read(view: number, wanted: Wanted): Uint8Array
  /** The body becomes the stream `id`; the answer is the file's length. */
  stream(view: number, id: number, wanted: Omit<Wanted, 'progress'>): number
  download(view: number, target: TargetFile, message: DownloadMessage): WorkerDownload
  release(view: number): void
  /** Answered when nothing is at work any more. */
  close(): void
}

/** Which of the application's two fetchers. */
export type FetcherName = 'fetcher' | 'below'

/** Which of the application's two stores. */
export type StoreName = 'store' | 'targetStore'

/** An answer to a request; its bodies are streams. */
export interface AnswerMessage extends Omit<FetchResponse, 'body' | 'encoded'> {
  readonly encoded?: (Omit<EncodedBody, 'body'> & { readonly hasBody: boolean }) | undefined
}

/** Answered by the page. */
export interface PageCalls extends StreamCalls {
  /** The body becomes the stream `id`, an encoded one `-id`. */
  fetch(from: FetcherName, id: number, request: Omit<FetchRequest, 'signal'>): AnswerMessage
  get(store: StoreName, entry: string, options: GetOptions | undefined): Uint8Array | undefined
  set(store: StoreName, entry: string, bytes: Uint8Array, options: SetOptions | undefined): void
  delete(store: StoreName, entry: string): void
  change(store: StoreName, change: StoreChange, expected: readonly ExpectedEntry[]): boolean
  event(event: EventMessage): void
}

/** An event, with its error as a message. */
export interface EventMessage {
  readonly event: Readonly<Record<string, unknown>>
  readonly error: ErrorMessage | undefined
}
