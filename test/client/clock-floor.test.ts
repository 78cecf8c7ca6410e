/** The recorded time at its edges; how whole cycles use it, `test/workflow/clock.test.ts` shows. */
import { describe, expect, test } from '@jest/globals'
import { checkClock, recordClock } from '../../src/client/clock-floor.js'
import { resolveLimits } from '../../src/client/limits.js'
import { isTufError, StoreConflictError, StoreFailedError } from '../../src/errors.js'
import { jcs } from '../../src/jcs.js'
import type { Store, UpdaterEvent } from '../../src/index.js'
import { notedStore, type NotedStore } from '../support/client.js'
import { publishedWith } from '../support/published.js'

const minute = 60_000
const options = { tolerance: 5 * minute }
const timestamp = publishedWith({}).file('timestamp.json')
const expires = Date.parse(
  /"expires": ?"([^"]+)"/.exec(new TextDecoder().decode(timestamp))?.[1] ?? '',
)

/** Ports over a store with the timestamp, and this time on record. */
function portsOf(recorded?: number | string, store: NotedStore = notedStore()) {
  store.entries.set('timestamp.json', timestamp)
  if (recorded !== undefined) {
    store.entries.set('state/clock', new TextEncoder().encode(String(recorded)))
  }
  const events: UpdaterEvent[] = []
  const onEvent = (event: UpdaterEvent): void => void events.push(event)
  return { store, limits: resolveLimits(), events, onEvent }
}

/** Reads the time of a clock that is far behind, or says that the record counts. */
function judge(ports: ReturnType<typeof portsOf>, more = {}): Promise<number | string> {
  return checkClock(ports, 0, { ...options, asked: false, ...more }).catch((error: unknown) =>
    isTufError(error) ? error.code : 'a defect',
  )
}

describe('a recorded time', () => {
  test.each([
    [-1, 'ERR_TUF_CLOCK_BEHIND'],
    [0, -Infinity],
    [1, -Infinity],
  ])(
    'counts up to the last moment that the tolerance lets a timestamp be used in: %d ms from then',
    async (from, outcome) => {
      const latest = expires + options.tolerance + from
      const ports = portsOf(latest)
      expect(await judge(ports)).toBe(outcome)
      const ignored = { type: 'clock-ignored', entry: 'state/clock', recorded: latest }
      expect(ports.events).toEqual(outcome === -Infinity ? [ignored] : [])
    },
  )

  test('counts where the timestamp is as long as its limit, and not where it is longer', async () => {
    const limited = (timestampLength: number) => ({
      ...portsOf(expires),
      limits: resolveLimits({ timestampLength }),
    })
    expect(await judge(limited(timestamp.length))).toBe('ERR_TUF_CLOCK_BEHIND')
    expect(await judge(limited(timestamp.length - 1))).toBe(-Infinity)
  })

  test.each(['', 'soon', 'x1', '1x', '1\n1', '1 ', '1'.repeat(16), `${expires}\n\n`])(
    'that cannot be read, as %j, counts as missing and reports nothing',
    async (text) => {
      const ports = portsOf(text)
      expect(await judge(ports)).toBe(-Infinity)
      expect(ports.events).toEqual([])
    },
  )

  test('a defect of the canonical form is thrown as it is', async () => {
    const defect = new RangeError('a defect')
    const encode = (): never => {
      throw defect
    }
    const task = checkClock(portsOf(expires), 0, {
      ...{ ...options, asked: false },
      canonicalForm: { ...jcs, encode },
    })
    await expect(task).rejects.toBe(defect)
  })
})

describe('the record of a time', () => {
  test.each([
    [999, 0],
    [1_000, 1],
  ])(
    'is renewed when it is a second old: after %d ms there are %d writes',
    async (after, writes) => {
      const ports = portsOf(5_000)
      await recordClock(ports, 5_000 + after, 5_000, options)
      expect(ports.store.written).toHaveLength(writes)
      expect(ports.events).toHaveLength(writes)
    },
  )

  test.each([
    ['the same time', 5_000, 0],
    ['a later time', 6_000, 0],
    ['an earlier time', 4_999, 1],
    ['a time that cannot be', expires + 10 * minute, 1],
  ])('where another process recorded %s meanwhile', async (_what, recorded, writes) => {
    const ports = portsOf(recorded)
    await recordClock(ports, 5_000, -Infinity, options)
    expect(ports.store.written).toHaveLength(writes)
    const write = { type: 'write', entry: 'state/clock' }
    expect(ports.events).toEqual(writes === 1 ? [write] : [])
  })

  test.each([
    new StoreFailedError('set', 'state/clock'),
    new StoreConflictError('state/clock'),
    new RangeError('a defect'),
    Object.assign(new Error('not of this package'), { readOnly: true }),
  ])('that the store refuses fails the cycle, unless it can only be read: %s', async (error) => {
    const set: Store['set'] = () => Promise.reject(error)
    const ports = portsOf(undefined, { ...notedStore(), set })
    await expect(recordClock(ports, 5_000, -Infinity, options)).rejects.toBe(error)
    expect(ports.events).toEqual([])
  })
})
