import { describe, expect, test } from '@jest/globals'
import { StoreFailedError } from '../../src/errors.js'
import { jcs } from '../../src/jcs.js'
import { initialize, type Store } from '../../src/index.js'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf, notedStore, type NotedStore } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { publishedWith } from '../support/published.js'

const minute = 60_000
const behind = { code: 'ERR_TUF_CLOCK_BEHIND' }

function published(): TestRepository {
  return publishedWith({})
}

/** The time that the store remembers, in milliseconds since 1970. */
function remembered({ entries }: NotedStore): number | undefined {
  const bytes = entries.get('state/clock')
  return bytes && Number(new TextDecoder().decode(bytes))
}

describe('a clock that goes back', () => {
  test('is noticed by the next cycle of any mode, before any request', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    const now = repo.now - 5 * minute - 1
    const later = clientOf(repo, { store, now: () => now })
    for (const mode of ['online', 'cached', 'offline'] as const) {
      await expect(later.updater.refresh({ mode })).rejects.toMatchObject({
        ...behind,
        now,
        latest: repo.now,
      })
    }
    expect(later.requested()).toEqual([])
  })

  test('by no more than the tolerance is let pass, and is not recorded', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    await clientOf(repo, { store, now: () => repo.now - 5 * minute }).updater.refresh()
    expect(remembered(store)).toBe(repo.now)
  })

  test.each([
    [0, 1, true],
    [0, 0, false],
    [10 * minute, 10 * minute, false],
    [Infinity, 24 * 60 * minute, false],
  ])('with a tolerance of %d ms, %d ms: refused is %s', async (clockTolerance, back, refused) => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    const later = clientOf(repo, { store, clockTolerance, now: () => repo.now - back })
    const task = later.updater.refresh()
    if (refused) expect(await refusalOfTask(task)).toEqual(behind)
    else await expect(task).resolves.toBeDefined()
  })

  test.each([
    ['a day', 24 * 60 * minute],
    ['a year', 365 * 24 * 60 * minute],
    ['to 1970', Infinity],
  ])('by %s stops every cycle until it is right again', async (_how, back) => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    const kept = new Map(store.entries)
    const wrong = clientOf(repo, { store, now: () => Math.max(0, repo.now - back) })
    expect(await refusalOfTask(wrong.updater.refresh())).toEqual(behind)
    expect(store.entries).toEqual(kept)
    repo.publish('targets')
    const right = clientOf(repo, { store })
    expect((await right.updater.refresh()).timestamp.version).toBe(2)
  })

  test.each([NaN, Infinity, -Infinity, '2026', null])(
    'to %p is refused before any request, and is not recorded',
    async (now) => {
      const repo = published()
      const { store, updater } = clientOf(repo)
      await updater.refresh()
      const wrong = clientOf(repo, { store, now: () => now as number })
      await expect(wrong.updater.refresh()).rejects.toThrow(RangeError)
      expect(wrong.requested()).toEqual([])
      expect(remembered(store)).toBe(repo.now)
    },
  )

  test('a past time that the application names for looking back is not the clock', async () => {
    const repo = published()
    const { updater } = clientOf(repo)
    await updater.refresh()
    const now = repo.now - 60 * minute
    expect((await updater.refresh({ mode: 'offline', now })).now).toBe(now)
    expect(await refusalOfTask(updater.refresh({ now }))).toEqual(behind)
    expect(await refusalOfTask(updater.refresh({ mode: 'cached', now }))).toEqual(behind)
  })
})

describe('the recorded time', () => {
  test('the time of each accepted online cycle, when it moves on', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    await updater.refresh()
    expect(store.written.filter((name) => name === 'state/clock')).toHaveLength(1)
    repo.advance(0.25)
    await updater.refresh()
    expect(remembered(store)).toBe(repo.now)
  })

  test('no record by init, offline, from the cache, or by a failed cycle', async () => {
    const repo = published()
    const store = notedStore()
    await initialize(store, repo.root())
    expect(remembered(store)).toBeUndefined()
    const { updater } = clientOf(repo, { store })
    repo.attack.forged('targets')
    await refusalOfTask(updater.refresh())
    expect(remembered(store)).toBeUndefined()
    repo.attack.stop()
    for (const role of ['timestamp', 'snapshot', 'targets']) repo.setNextVersion(role, 9)
    repo.publish('targets')
    await updater.refresh()
    const { now } = repo
    repo.advance(0.25)
    await updater.refresh({ mode: 'offline' })
    await updater.refresh({ mode: 'cached' })
    expect(remembered(store)).toBe(now)
  })

  test('an unreadable record counts as a missing one', async () => {
    const repo = published()
    for (const text of ['', 'soon', '-1\n', 'x1\n', '1e30', '9'.repeat(16), '1\n1\n', '1 \n']) {
      const { store, updater } = clientOf(repo)
      store.entries.set('state/clock', new TextEncoder().encode(text))
      await updater.refresh()
      expect(remembered(store)).toBe(repo.now)
    }
  })

  test('fractions of a millisecond are dropped', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo, { now: () => repo.now + 0.7 })
    await updater.refresh()
    expect(remembered(store)).toBe(repo.now)
  })
})

describe('a recorded time in the future', () => {
  const days = 24 * 60 * minute

  test.each([
    ["beyond the stored timestamp's range", true],
    ['without a stored timestamp', false],
  ])('%s does not stop a cycle, is reported and replaced', async (_what, stored) => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    const planted = repo.now + 900 * days
    store.entries.set('state/clock', new TextEncoder().encode(`${planted}\n`))
    if (!stored) store.entries.delete('timestamp.json')
    const next = clientOf(repo, { store })
    await next.updater.refresh()
    expect(next.events).toContainEqual({
      type: 'clock-ignored',
      entry: 'state/clock',
      recorded: planted,
    })
    expect(remembered(store)).toBe(repo.now)
  })

  test('that the stored timestamp allows is believed', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    const text = `${repo.now + days / 2}\n`
    store.entries.set('state/clock', new TextEncoder().encode(text))
    await expect(clientOf(repo, { store }).updater.refresh()).rejects.toMatchObject(behind)
    // The end of the line may be missing.
    store.entries.set('state/clock', new TextEncoder().encode(text.trim()))
    await expect(clientOf(repo, { store }).updater.refresh()).rejects.toMatchObject(behind)
  })

  test("that a stored timestamp in the repository's own form allows is believed", async () => {
    const repo = published()
    repo.edit('timestamp', {
      bytes: (bytes) =>
        Buffer.from(
          Buffer.from(bytes)
            .toString()
            .replace(/"version":1/, '$&e0'),
        ),
    })
    const { store, updater } = clientOf(repo, { canonicalForm: jcs })
    await updater.refresh()
    const now = repo.now - days
    const next = clientOf(repo, { store, canonicalForm: jcs, now: () => now })
    await expect(next.updater.refresh()).rejects.toMatchObject(behind)
  })

  test('does not stop a cycle where the stored timestamp cannot be read', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    store.entries.set('timestamp.json', new TextEncoder().encode('{}'))
    const now = repo.now - 10 * minute
    const next = clientOf(repo, { store, now: () => now })
    await next.updater.refresh()
    expect(next.events).toContainEqual(expect.objectContaining({ type: 'clock-ignored' }))
  })
})

describe('a store that can only be read', () => {
  test('does not fail a cycle without changes, and the time is reported as not kept', async () => {
    const repo = published()
    const { store, updater } = clientOf(repo)
    await updater.refresh()
    const readOnly: Store = {
      get: (name) => store.get(name),
      set: (name) => Promise.reject(new StoreFailedError('set', name, { readOnly: true })),
      delete: (name) => Promise.reject(new StoreFailedError('delete', name, { readOnly: true })),
    }
    const later = repo.now + minute
    const next = clientOf(repo, { store: { ...store, ...readOnly }, now: () => later })
    await next.updater.refresh()
    expect(next.events).toContainEqual(
      expect.objectContaining({ type: 'not-kept', entry: 'state/clock' }),
    )
    repo.publish()
    await expect(next.updater.refresh()).rejects.toMatchObject({ code: 'ERR_TUF_STORE_FAILED' })
  })
})
