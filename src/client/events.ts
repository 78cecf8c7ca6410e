/** The events that a client reports while it works. Applications bring their own logger. */
import type { Decision } from '../core/cycle/request.js'
import type { TufError } from '../errors.js'
import type { Retry } from './retry.js'

/** Each request, answer, decision and write, in order. */
export type UpdaterEvent =
  | { readonly type: 'request'; readonly url: string }
  /** Bytes received, after decompression. */
  | { readonly type: 'response'; readonly url: string; readonly length: number }
  /**
   * The server says that the file does not exist. For the next root this is the expected answer.
   */
  | { readonly type: 'absent'; readonly url: string }
  /** Bytes that `below` had; they are judged like a response. */
  | { readonly type: 'from-below'; readonly url: string; readonly length: number }
  /** `below` failed, or a file from it was refused: the repository is asked instead. */
  | { readonly type: 'below-not-used'; readonly error: TufError }
  /** A request failed for a passing reason, and is about to be repeated; targets' too. */
  | ({ readonly type: 'retry' } & Retry)
  | ({ readonly type: 'decision' } & Decision)
  /**
   * The store took a write or a deletion under this name. It may leave out a file that need not last, as
   * `redisStore` does when it is nearly full. Absent where a client repeated a change whose answer was lost:
   * the store found the change made, and could not know by whom.
   */
  | { readonly type: 'write' | 'delete'; readonly entry: string }
  /** Another process wrote something newer; it stays. */
  | { readonly type: 'yield'; readonly entry: string }
  /** The recorded time, in milliseconds since 1970, cannot be that of any cycle: not the clock's fault. */
  | { readonly type: 'clock-ignored'; readonly entry: string; readonly recorded: number }
  /** The store is read-only, so this entry, which is not metadata, is not kept. */
  | { readonly type: 'not-kept'; readonly entry: string; readonly error: TufError }
  /** Another process stored a newer root, under this name; the cycle starts again with it. */
  | { readonly type: 'superseded'; readonly entry: string }
  /** The stored files do not suffice for an answer without a request (mode `cached`). */
  | { readonly type: 'cache-miss'; readonly error: TufError }
  /**
   * The repository may be publishing: a file of the snapshot is gone (PEP 458), or was signed by keys
   * that the root does not name. The cycle starts again, once, from the root.
   */
  | { readonly type: 'restart'; readonly error: TufError }

/**
 * Takes events. An error that it throws, or its promise's, becomes a warning of the process, or in a
 * browser goes to `reportError`: no observer changes a cycle.
 */
export type OnEvent = (event: UpdaterEvent) => void

/** The message of a channel: an event, and the updater's `metadataUrl`. */
export type PublishedEvent = UpdaterEvent & { readonly metadataUrl: string }

/** Where a platform sends events besides `onEvent`. */
export interface EventOutlets {
  /** To the subscribers of its channel. */
  publish(event: UpdaterEvent, metadataUrl: string): void
  /** Whether any channel has subscribers, or events are printed. */
  isWanted(): boolean
  /** For a person who debugs. */
  print(event: UpdaterEvent): void
}
