/** Work on many things, a few at a time. */
import { checkInteger } from '../core/number-option.js'

/**
 * The results in the order of `items`. When a piece of work fails, or the caller stops reading, the
 * signal given to the others aborts.
 */
export async function* inParallel<Item, Result>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result, void, undefined> {
  checkInteger('concurrency', most, 1)
  const ended = new AbortController()
  const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
  const running: Promise<Result>[] = []
  try {
    for (const item of items) {
      signal?.throwIfAborted()
      const result = work(item, either)
      // It is waited for in its turn; until then a failure is not unhandled.
      result.catch(() => undefined)
      running.push(result)
      const first = running.length < most ? undefined : running.shift()
      if (first) yield await first
    }
    for (const result of running) yield await result
  } finally {
    ended.abort()
  }
}
