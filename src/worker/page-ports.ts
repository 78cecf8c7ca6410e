/** The page's side of the ports: a thread asks for the application's fetcher and stores here. */
import { compareAndChange } from '../client/commit.js'
import type { OnEvent, UpdaterEvent } from '../client/events.js'
import type { Fetcher } from '../client/fetcher.js'
import { readEntry, type Store } from '../client/store.js'
import { checkedAnswer, release } from '../client/checked-answer.js'
import type { FetcherName, PageCalls, StoreName } from './calls.js'
import { Moved, type Answers } from './channel.js'
import { errorFrom } from './error-message.js'
import type { PendingWork } from './pending-work.js'
import type { Streams } from './streams.js'

/** The application's objects; the thread asks only for those that are there. */
export interface PagePorts
  extends
    Partial<Record<StoreName, Store | undefined>>,
    Partial<Record<FetcherName, Fetcher | undefined>> {
  readonly onEvent: OnEvent
}

/** What the answers need of the page. */
export interface PageSide {
  /** The bodies that the fetcher brings. */
  readonly streams: Streams
  /** The work of stores. */
  readonly storing: PendingWork
}

/** Answers the thread. */
export function pageAnswers(ports: PagePorts, page: PageSide): Answers<PageCalls> {
  const { streams, storing } = page
  const storeOf = (name: StoreName): Store => {
    const store = ports[name]
    if (!store) throw new TypeError(`there is no ${name}`)
    return store
  }
  return {
    ...streams.answers,
    async fetch({ signal }, from, id, request) {
      const fetcher = ports[from]
      if (!fetcher) throw new TypeError(`there is no ${from}`)
      // The body outlives the call, and ends with the same signal.
      const controller = new AbortController()
      const abort = (): void => controller.abort(signal.reason)
      signal.addEventListener('abort', abort)
      const found = await fetcher.fetch({ ...request, signal: controller.signal })
      const { body, encoded, ...rest } = checkedAnswer(found)
      if (signal.aborted) {
        release(body[Symbol.asyncIterator]()).catch(() => undefined)
        throw signal.reason
      }
      signal.removeEventListener('abort', abort)
      streams.open(id, { body, encoded: encoded?.body, onStop: () => controller.abort() })
      if (!encoded) return rest
      const { body: sent, ...coding } = encoded
      return { ...rest, encoded: { ...coding, hasBody: sent !== undefined } }
    },
    async get(_, name, entry, options) {
      const bytes = await readEntry(storeOf(name), entry, options?.maxLength ?? Infinity)
      // A copy: the store may keep its own.
      return bytes && new Moved(new Uint8Array(bytes))
    },
    set: (_, name, entry, bytes, options) =>
      storing.add(() => storeOf(name).set(entry, bytes, options)),
    delete: (_, name, entry) => storing.add(() => storeOf(name).delete(entry)),
    // The whole comparison is made here: a thread that dies leaves no lock and no half of it.
    change: (_, name, asked, expected) =>
      storing.add(async () => (await compareAndChange(storeOf(name), asked, expected)) === 'done'),
    event(_, { event, error }) {
      const restored = error === undefined ? event : { ...event, error: errorFrom(error) }
      ports.onEvent(restored as UpdaterEvent)
    },
  }
}
