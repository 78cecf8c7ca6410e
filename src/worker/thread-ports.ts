/** The thread's side of the ports: a fetcher and stores that the page answers for. */
import type { OnEvent } from '../client/events.js'
import type { Fetcher } from '../client/fetcher.js'
import type { Store, StoreChange } from '../client/store.js'
import type { ExpectedEntry } from '../core/cycle/request.js'
import type { FetcherName, PageCalls, StoreName } from './calls.js'
import type { Channel } from './channel.js'
import { errorMessage } from './error-message.js'
import { streamFrom } from './streams.js'

type Page = Channel<PageCalls>

/** Of the bodies of all fetchers. */
let lastBody = 0

/** One of the application's fetchers. */
export function pageFetcher(page: Page, name: FetcherName): Fetcher {
  return {
    async fetch({ signal, ...request }) {
      const id = ++lastBody
      let answer
      try {
        answer = await page.call('fetch', [name, id, request], { signal })
      } catch (error) {
        // The page may have answered already.
        page.tell('stop', [id])
        throw error
      }
      const { encoded, ...rest } = answer
      const body = streamFrom(page, id, signal)
      if (!encoded) return { ...rest, body }
      const { hasBody, ...coding } = encoded
      const sent = hasBody ? { body: streamFrom(page, -id, signal) } : {}
      return { ...rest, body, encoded: { ...coding, ...sent } }
    },
  }
}

/** One of the application's stores. */
export class PageStore implements Store {
  readonly #page: Page
  readonly #name: StoreName

  constructor(page: Page, name: StoreName) {
    this.#page = page
    this.#name = name
  }

  get(entry: string, options?: Parameters<Store['get']>[1]): Promise<Uint8Array | undefined> {
    return this.#page.call('get', [this.#name, entry, options])
  }

  set(entry: string, bytes: Uint8Array, options?: Parameters<Store['set']>[2]): Promise<void> {
    // The copy is made here: the page only takes it over.
    const copy = new Uint8Array(bytes)
    return this.#page.call('set', [this.#name, entry, copy, options], { transfer: [copy.buffer] })
  }

  delete(entry: string): Promise<void> {
    return this.#page.call('delete', [this.#name, entry])
  }

  async change(change: StoreChange, expected: readonly ExpectedEntry[]): Promise<boolean> {
    return this.#page.call('change', [this.#name, change, expected])
  }
}

/** Sends events to the page. */
export function pageEvents(page: Page): OnEvent {
  return ({ ...event }) => {
    const error = 'error' in event ? errorMessage(event.error) : undefined
    const { error: _, ...fields }: Record<string, unknown> = event
    page.tell('event', [{ event: fields, error }])
  }
}
