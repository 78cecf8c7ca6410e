/** Bodies that one side reads and the other brings, chunk by chunk as they are asked for. */
import { release } from '../client/checked-answer.js'
import { type Answers, type Channel, Moved } from './channel.js'
import type { StreamCalls } from './calls.js'

interface Open {
  readonly body: AsyncIterable<Uint8Array>
  /** The same before it was decompressed; one of the two is read. */
  readonly encoded: AsyncIterable<Uint8Array> | undefined
  readonly onStop: () => void
  iterator?: AsyncIterator<Uint8Array>
}

/** The streams that this side brings. Their numbers are the reader's. */
export class Streams {
  readonly #open = new Map<number, Open>()
  readonly #mayMove: boolean

  /** `mayMove`: nobody else uses the chunks, so that they need not be copied. */
  constructor(mayMove: boolean) {
    this.#mayMove = mayMove
  }

  /** `onStop` is called when the reader lets the stream go before its end. */
  open(id: number, stream: Omit<Open, 'iterator'>): void {
    this.#open.set(id, { ...stream })
  }

  /** Lets all go. */
  end(): void {
    for (const id of [...this.#open.keys()]) this.#stop(id)
  }

  readonly answers: Answers<StreamCalls> = {
    next: async (_, id) => {
      const value = await this.#next(id)
      return value && new Moved(this.#mayMove ? value : new Uint8Array(value))
    },
    stop: (_, id) => this.#stop(Math.abs(id)),
  }

  async #next(signed: number): Promise<Uint8Array | undefined> {
    const id = Math.abs(signed)
    const open = this.#open.get(id)
    if (!open) return undefined
    const body = signed < 0 ? (open.encoded ?? open.body) : open.body
    open.iterator ??= body[Symbol.asyncIterator]()
    try {
      const result = await open.iterator.next()
      if (result.done !== true) return result.value
      this.#open.delete(id)
      return undefined
    } catch (error) {
      this.#open.delete(id)
      throw error
    }
  }

  #stop(id: number): void {
    const open = this.#open.get(id)
    if (!open) return
    this.#open.delete(id)
    open.onStop()
    // Not waited for: a body that hangs would hang here too.
    if (open.iterator) release(open.iterator).catch(() => undefined)
  }
}

/** Chunks that may be let go without being read. */
export interface Chunks extends AsyncIterableIterator<Uint8Array> {
  return(): Promise<IteratorResult<Uint8Array>>
}

/** A stream of the other side, `-id` for its encoded form. Its reader, or the signal, lets it go. */
export function streamFrom(
  channel: Pick<Channel<StreamCalls>, 'call' | 'tell'>,
  id: number,
  signal?: AbortSignal,
): Chunks {
  let isOver = false
  const stop = (): void => {
    if (!isOver) channel.tell('stop', [id])
    isOver = true
  }
  return {
    async next() {
      if (isOver) return { done: true, value: undefined }
      try {
        const value = await channel.call('next', [id], { signal })
        if (value === undefined) isOver = true
        return value === undefined ? { done: true, value } : { done: false, value }
      } catch (error) {
        stop()
        throw error
      }
    },
    return() {
      stop()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
