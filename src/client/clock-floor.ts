/**
 * Notices a clock that went back: expiry can only be judged by a clock that moves on. The time of
 * the newest accepted online cycle is kept in the store.
 */
import type { CanonicalForm } from '../core/json/canonical.js'
import { parseMetadata } from '../core/metadata/parse.js'
import { clockEntry } from '../core/names.js'
import { ClockBehindError, isTufError } from '../errors.js'
import { updateEntry } from './commit.js'
import type { Ports } from './drive.js'
import { readEntry, type Store } from './store.js'

type ClockPorts = Pick<Ports, 'store' | 'limits' | 'onEvent'>

/** How the recorded time is judged. */
export interface ClockOptions {
  /** The most milliseconds that the clock may be late. */
  readonly tolerance: number
  /** Of the stored timestamp. */
  readonly canonicalForm?: CanonicalForm | undefined
}

/** Where no readable and possible time is recorded. */
const noTime = -Infinity

/**
 * The newest time recorded, in milliseconds since 1970, or `-Infinity` where no readable and
 * possible time is recorded.
 *
 * @throws ClockBehindError when `now` is earlier by more than the tolerance, unless the application
 *   asked for that time
 */
export async function checkClock(
  ports: ClockPorts,
  now: number,
  options: ClockOptions & { readonly asked: boolean },
): Promise<number> {
  const latest = await recorded(ports.store)
  if (options.asked || now >= latest - options.tolerance) return latest
  if (await isPossible(latest, options, ports)) throw new ClockBehindError(now, latest)
  ports.onEvent({ type: 'clock-ignored', entry: clockEntry, recorded: latest })
  return noTime
}

/**
 * A cycle records its time after it accepts an unexpired timestamp. Something else wrote a later
 * time than the stored timestamp allows, and that time would stop every cycle until then.
 */
async function isPossible(
  latest: number,
  { tolerance, canonicalForm }: ClockOptions,
  { store, limits }: Pick<Ports, 'store' | 'limits'>,
): Promise<boolean> {
  const maxLength = limits.timestampLength
  const bytes = await readEntry(store, timestampEntry, maxLength)
  if (bytes === undefined || bytes.length > maxLength) return false
  try {
    const { expires } = parseMetadata(bytes, 'timestamp', 'timestamp', { canonicalForm }).signed
    return latest < expires + tolerance
  } catch (error) {
    if (!isTufError(error)) throw error
    return false
  }
}

/**
 * Milliseconds: a record is renewed when it is this old. Writing it takes as long as all else in a
 * cycle without news.
 */
const recordEvery = 1_000

/** Records the time of an accepted online cycle, unless that or a later one is recorded. */
export async function recordClock(
  ports: ClockPorts,
  now: number,
  latest: number,
  options: ClockOptions,
): Promise<void> {
  if (now < latest + recordEvery) return
  const { store, onEvent } = ports
  const place = { entry: clockEntry, maxLength: longestClock }
  try {
    const isWritten = await updateEntry(store, place, async (stored) => {
      // Another process may finish a later cycle meanwhile.
      const newest = timeIn(stored)
      if (now <= newest && (await isPossible(newest, options, ports))) return undefined
      return new TextEncoder().encode(`${Math.floor(now)}\n`)
    })
    if (isWritten) onEvent({ type: 'write', entry: clockEntry })
  } catch (error) {
    // Every new file is stored already, so do not fail over the time alone on a read-only store.
    // Checked by field: the store may be from another copy of this package.
    if (!isTufError(error) || !('readOnly' in error && error.readOnly)) throw error
    onEvent({ type: 'not-kept', entry: clockEntry, error })
  }
}

/** Bytes: 15 digits and the end of the line. */
const longestClock = 16

const timestampEntry = 'timestamp.json'

async function recorded(store: Store): Promise<number> {
  return timeIn(await readEntry(store, clockEntry, longestClock))
}

function timeIn(bytes: Uint8Array | undefined): number {
  const text = new TextDecoder().decode(bytes)
  return /^\d{1,15}\n?$/.test(text) ? Number(text) : noTime
}
