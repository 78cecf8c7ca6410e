/**
 * Compare and swap over a store: a change is made only while the store is as the cycle found it.
 * Users of one store object exclude each other even where the store lacks `exclusive`.
 */
import type { ExpectedEntry } from '../core/cycle-request.js'
import { areSame } from '../core/same-bytes.js'
import type { Store } from './store.js'

const queues = new WeakMap<Store, Promise<unknown>>()

/** Runs `commit` while no other runs on the same store. Never around a request. */
export function exclusively<T>(store: Store, commit: () => Promise<T>): Promise<T> {
  if (store.exclusive) return store.exclusive(commit)
  const before = queues.get(store) ?? Promise.resolve()
  const result = before.then(commit)
  queues.set(
    store,
    result.catch(() => undefined),
  )
  return result
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
      const stored = await store.get(entry, { maxLength })
      const there = stored && stored.length <= maxLength ? stored : undefined
      if (!areSame(there, bytes)) return 'changed'
    }
    await change()
    return 'done'
  })
}
