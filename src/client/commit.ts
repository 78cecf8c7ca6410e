/**
 * Compare and swap over a store: a change is made only while the store is as the cycle found it.
 * Users of one store object exclude each other even where the store lacks `exclusive`.
 */
import { areSame } from '../core/bytes.js'
import type { ExpectedEntry } from '../core/cycle/request.js'
import { StoreFailedError } from '../errors.js'
import { readEntry, type Store } from './store.js'

const queues = new WeakMap<Store, Promise<unknown>>()

/**
 * Runs `commit` while no other runs on the same store. Never around a request.
 *
 * @throws StoreFailedError when the store answers before it has called `commit`, and what it throws
 */
export function exclusively<T>(store: Store, commit: () => Promise<T>): Promise<T> {
  if (store.exclusive) return once(commit, (run) => store.exclusive?.(run))
  const before = queues.get(store) ?? Promise.resolve()
  const result = before.then(commit)
  queues.set(
    store,
    result.catch(() => undefined),
  )
  return result
}

/** The answer of the commit itself, which runs once: a store of the application may say otherwise. */
async function once<T>(
  commit: () => Promise<T>,
  exclusive: (run: () => Promise<T>) => Promise<T> | undefined,
): Promise<T> {
  let run: Promise<T> | undefined
  let isOver = false
  await exclusive(() => {
    // After the store has answered, another process may be at work.
    if (isOver) return Promise.reject(new Error('the commit is over'))
    return (run ??= commit())
  })
  isOver = true
  if (run === undefined) {
    const cause = new TypeError('the store did not run the commit')
    throw new StoreFailedError('lock', '', { cause })
  }
  return run
}

/**
 * Makes the change if every expected entry is as it was; else returns `changed` and does not touch
 * the store.
 */
export function compareAndChange(
  store: Store,
  expected: readonly ExpectedEntry[],
  change: () => Promise<void>,
): Promise<'done' | 'changed'> {
  return exclusively(store, async () => {
    for (const { entry, bytes, maxLength } of expected) {
      const stored = await readEntry(store, entry, maxLength)
      const there = stored && stored.length <= maxLength ? stored : undefined
      if (!areSame(there, bytes)) return 'changed'
    }
    await change()
    return 'done'
  })
}
