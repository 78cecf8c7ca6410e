/**
 * Compare and swap over a store: a change is made only while the store is as the cycle found it.
 * Users of one store object exclude each other even where the store lacks `exclusive`.
 */
import { areSame } from '../core/bytes.js'
import type { ExpectedEntry } from '../core/cycle/request.js'
import { StoreConflictError, StoreFailedError } from '../errors.js'
import { bytesAcross, readEntry, type Store, type StoreChange } from './store.js'

const queues = new WeakMap<Store, Promise<unknown>>()

/**
 * Runs `commit` while no other runs on the same store. Never around a request.
 *
 * @throws StoreFailedError when the store answers before it has called `commit`, and what it throws
 */
export function exclusively<T>(store: Store, commit: () => Promise<T>): Promise<T> {
  const lock = store.exclusive?.bind(store)
  return lock ? once(commit, lock) : inTurn(store, commit)
}

function inTurn<T>(store: Store, commit: () => Promise<T>): Promise<T> {
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
  exclusive: (run: () => Promise<T>) => Promise<T>,
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
 *
 * @throws StoreFailedError when the store's own comparison gives no answer, and what it throws
 */
export async function compareAndChange(
  store: Store,
  change: StoreChange,
  expected: readonly ExpectedEntry[],
): Promise<'done' | 'changed'> {
  if (store.change) {
    const made: unknown = await store.change(
      changeAcross(store, change),
      expected.map((one) => ({ ...one, bytes: one.bytes && bytesAcross(store, one.bytes) })),
    )
    if (typeof made === 'boolean') return made ? 'done' : 'changed'
    const cause = new TypeError('the store did not say whether it made the change')
    throw 'set' in change
      ? new StoreFailedError('set', change.set, { cause })
      : new StoreFailedError('delete', change.delete, { cause })
  }
  return exclusively(store, async () => {
    for (const { entry, bytes, maxLength } of expected) {
      const stored = await readEntry(store, entry, maxLength)
      if (!areSame(upTo(maxLength, stored), bytes)) return 'changed'
    }
    await makeChange(store, change)
    return 'done'
  })
}

/** Makes the change, whatever is stored. */
export async function makeChange(store: Store, change: StoreChange): Promise<void> {
  if ('delete' in change) return store.delete(change.delete)
  return store.set(change.set, bytesAcross(store, change.bytes), { lasting: change.lasting })
}

/** The most rounds that one entry is judged in. Each time another process was faster. */
const mostRounds = 64

/**
 * Stores the bytes that `judge` makes of the stored ones; undefined leaves them. `judge` runs again where
 * another process changed the entry meanwhile. Of a longer entry it gets `maxLength + 1` bytes.
 *
 * @returns whether it was stored
 * @throws StoreConflictError, and the errors of the store and of `judge`
 */
export function updateEntry(
  store: Store,
  { entry, maxLength }: Pick<ExpectedEntry, 'entry' | 'maxLength'>,
  judge: (
    stored: Uint8Array | undefined,
  ) => Uint8Array | undefined | Promise<Uint8Array | undefined>,
): Promise<boolean> {
  if (!store.change) {
    return exclusively(store, async () => {
      const next = await judge(await readEntry(store, entry, maxLength))
      if (next) await makeChange(store, { set: entry, bytes: next })
      return next !== undefined
    })
  }
  // In turn: the users of one store would only make each other judge again.
  return inTurn(store, async () => {
    for (let round = 0; round < mostRounds; round++) {
      const stored = await readEntry(store, entry, maxLength)
      const next = await judge(stored)
      if (!next) return false
      const expected = [{ entry, bytes: upTo(maxLength, stored), maxLength }]
      const made = await compareAndChange(store, { set: entry, bytes: next }, expected)
      if (made === 'done') return true
    }
    throw new StoreConflictError(entry)
  })
}

function changeAcross(store: Store, change: StoreChange): StoreChange {
  return 'delete' in change ? change : { ...change, bytes: bytesAcross(store, change.bytes) }
}

/** A longer entry counts as absent. */
function upTo(maxLength: number, stored: Uint8Array | undefined): Uint8Array | undefined {
  return stored && stored.length <= maxLength ? stored : undefined
}
