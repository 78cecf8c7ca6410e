/**
 * Notices a clock that went back: expiry can only be judged by a clock that moves on. The time of
 * the newest accepted online cycle is kept in the store.
 */
import { clockEntry } from '../core/names.js'
import { ClockBehindError } from '../errors.js'
import type { Ports } from './drive.js'
import type { Store } from './store.js'

/**
 * The newest time recorded, in milliseconds since 1970, or undefined where there is none that can
 * be read.
 *
 * @throws ClockBehindError when `now` is earlier by more than the tolerance, unless the application
 *   asked for that time
 */
export async function checkClock(
  store: Store,
  now: number,
  options: { readonly tolerance: number; readonly asked: boolean },
): Promise<number | undefined> {
  const latest = await recorded(store)
  if (latest !== undefined && !options.asked && now < latest - options.tolerance) {
    throw new ClockBehindError(now, latest)
  }
  return latest
}

/** Records the time of an accepted online cycle; it never goes back. */
export async function recordClock(
  ports: Pick<Ports, 'store' | 'onEvent'>,
  now: number,
  latest: number | undefined,
): Promise<void> {
  if (latest !== undefined && now <= latest) return
  const { store, onEvent } = ports
  async function commit(): Promise<void> {
    // Another process may have finished a later cycle meanwhile.
    const newest = await recorded(store)
    if (newest !== undefined && now <= newest) return
    await store.set(clockEntry, new TextEncoder().encode(`${Math.floor(now)}\n`))
    onEvent({ type: 'write', entry: clockEntry })
  }
  await (store.exclusive ? store.exclusive(commit) : commit())
}

/** Bytes: 15 digits and the end of the line. */
const longestClock = 16

async function recorded(store: Store): Promise<number | undefined> {
  const bytes = await store.get(clockEntry, { maxLength: longestClock })
  if (bytes === undefined) return undefined
  const text = new TextDecoder().decode(bytes)
  return /^\d{1,15}\n?$/.test(text) ? Number(text) : undefined
}
