import { describe, expect, jest, test } from '@jest/globals'
import { compareAndChange, exclusively, makeChange, updateEntry } from '../../src/client/commit.js'
import type { Store } from '../../src/index.js'
import { notedStore } from '../support/client.js'

const one = Uint8Array.of(1)
const two = Uint8Array.of(2)
const expected = [{ entry: 'a', bytes: one, maxLength: 9 }]

/** A store that compares; `before` runs at each comparison. */
function comparing(before: (entries: Map<string, Uint8Array>) => void = () => undefined) {
  const entries = new Map<string, Uint8Array>()
  const change = jest.fn<NonNullable<Store['change']>>(async (asked, all) => {
    before(entries)
    const isSame = all.every(({ entry, bytes }) => String(entries.get(entry)) === String(bytes))
    if (!isSame) return false
    if ('delete' in asked) entries.delete(asked.delete)
    else entries.set(asked.set, asked.bytes)
    return true
  })
  const store: Store = {
    get: async (name) => entries.get(name),
    set: () => Promise.reject(new Error('set')),
    delete: () => Promise.reject(new Error('delete')),
    exclusive: () => Promise.reject(new Error('exclusive')),
    change,
  }
  return { entries, store, change }
}

describe('a store that compares', () => {
  test('makes every change, and is not locked', async () => {
    const { store, entries } = comparing()
    entries.set('a', one)
    expect(await compareAndChange(store, { set: 'b', bytes: two }, expected)).toBe('done')
    expect(await compareAndChange(store, { delete: 'a' }, expected)).toBe('done')
    expect(await compareAndChange(store, { delete: 'b' }, expected)).toBe('changed')
    expect([...entries]).toEqual([['b', two]])
  })

  test('cannot change the bytes that a cycle verified', async () => {
    const { store, change } = comparing()
    await compareAndChange(store, { set: 'b', bytes: two }, expected)
    const [[asked, all] = []] = change.mock.calls
    expect(asked).toMatchObject({ bytes: two })
    expect(asked && 'bytes' in asked && asked.bytes).not.toBe(two)
    expect(all?.[0]?.bytes).toEqual(one)
    expect(all?.[0]?.bytes).not.toBe(one)
  })

  test('is asked for a deletion by its name alone', async () => {
    const { store, change } = comparing()
    await compareAndChange(store, { delete: 'a' }, [])
    expect(change.mock.calls).toStrictEqual([[{ delete: 'a' }, []]])
  })

  test.each([undefined, 'done', 1, null])('fails when it answers %j', async (answer) => {
    const cause = new TypeError('the store did not say whether it made the change')
    const store = { ...comparing().store, change: () => Promise.resolve(answer as never) }
    await expect(compareAndChange(store, { set: 'b', bytes: two }, [])).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'set',
      entry: 'b',
      cause,
    })
    await expect(compareAndChange(store, { delete: 'b' }, [])).rejects.toMatchObject({
      operation: 'delete',
      entry: 'b',
      cause,
    })
  })
})

describe('a store that neither compares nor locks', () => {
  test('makes a change while all expected entries are as they were', async () => {
    const store = notedStore()
    store.entries.set('a', one)
    expect(await compareAndChange(store, { set: 'b', bytes: two }, expected)).toBe('done')
    expect(await compareAndChange(store, { set: 'c', bytes: two }, expected)).toBe('done')
    expect(await compareAndChange(store, { delete: 'c' }, expected)).toBe('done')
    store.entries.set('a', two)
    for (const change of [{ set: 'b', bytes: one }, { delete: 'b' }]) {
      expect(await compareAndChange(store, change, expected)).toBe('changed')
    }
    expect([...store.entries]).toEqual([
      ['a', two],
      ['b', two],
    ])
  })

  test('gets the next change after one that failed', async () => {
    const store = notedStore()
    const failed = exclusively(store, () => Promise.reject(new Error('not now')))
    const next = exclusively(store, async () => 'next')
    await expect(failed).rejects.toThrow('not now')
    expect(await next).toBe('next')
  })

  test('is told whether an entry must last', async () => {
    const set = jest.fn<Store['set']>(async () => undefined)
    for (const lasting of [true, false]) {
      await makeChange({ ...notedStore(), set }, { set: 'a', bytes: one, lasting })
    }
    expect(set.mock.calls.map(([, , options]) => options)).toEqual([
      { lasting: true },
      { lasting: false },
    ])
  })
})

describe('a store that locks', () => {
  /** Locks in a way of its own, with `this`. */
  function locking(exclusive: NonNullable<Store['exclusive']>): Store {
    return { ...notedStore(), exclusive }
  }

  test('gives the answer of the commit, whatever it answers itself', async () => {
    const store = locking(async function <T>(this: Store, commit: () => Promise<T>): Promise<T> {
      expect(this).toBe(store)
      await commit()
      return 'its own' as T
    })
    expect(await exclusively(store, async () => 'of the commit')).toBe('of the commit')
  })

  test('runs the commit once, however often it calls it', async () => {
    let runs = 0
    const twice = locking(async (commit) => {
      await commit()
      return commit()
    })
    expect(await exclusively(twice, async () => ++runs)).toBe(1)
    expect(runs).toBe(1)
  })

  test('fails when it answers without a run of the commit, which it cannot run any more', async () => {
    const commit = jest.fn(() => Promise.resolve())
    let late: (() => Promise<unknown>) | undefined
    const store = locking(async (run) => {
      late = run
      return undefined as never
    })
    await expect(exclusively(store, commit)).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'lock',
      entry: '',
      cause: new TypeError('the store did not run the commit'),
    })
    await expect(late?.()).rejects.toThrow('the commit is over')
    expect(commit).not.toHaveBeenCalled()
  })
})

describe('one entry', () => {
  const place = { entry: 'a', maxLength: 9 }
  const plusOne = (stored: Uint8Array | undefined) => Uint8Array.of((stored?.[0] ?? 0) + 1)

  test('is judged again where another process was faster', async () => {
    let others = 3
    const { store, entries, change } = comparing((all) => {
      if (others-- > 0) all.set('a', plusOne(all.get('a')))
    })
    expect(await updateEntry(store, place, plusOne)).toBe(true)
    expect(entries.get('a')).toEqual(Uint8Array.of(4))
    expect(change).toHaveBeenCalledTimes(4)
  })

  test('is given up when others are faster each time', async () => {
    const { store, change } = comparing((all) => all.set('a', plusOne(all.get('a'))))
    await expect(updateEntry(store, place, plusOne)).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_CONFLICT',
      entry: 'a',
    })
    expect(change).toHaveBeenCalledTimes(64)
  })

  test('is judged by one user of a store at a time', async () => {
    const { store, entries, change } = comparing()
    await Promise.all(Array.from({ length: 100 }, () => updateEntry(store, place, plusOne)))
    expect(entries.get('a')).toEqual(Uint8Array.of(100))
    expect(change).toHaveBeenCalledTimes(100)
  })

  test('stays when the judge gives nothing', async () => {
    const { store, change } = comparing()
    expect(await updateEntry(store, place, () => undefined)).toBe(false)
    expect(change).not.toHaveBeenCalled()
    const plain = notedStore()
    expect(await updateEntry(plain, place, () => undefined)).toBe(false)
    expect(await updateEntry(plain, place, () => one)).toBe(true)
    expect(plain.written).toEqual(['a'])
  })

  test('that is longer than its limit is replaced as an absent one', async () => {
    const { store, entries, change } = comparing()
    entries.set('a', new Uint8Array(10))
    change.mockResolvedValueOnce(true)
    expect(await updateEntry(store, place, () => one)).toBe(true)
    expect(change.mock.calls[0]?.[1]).toEqual([{ ...place, bytes: undefined }])
  })

  test('that is as long as its limit is replaced as it is', async () => {
    const { store, entries } = comparing()
    entries.set('a', new Uint8Array(9))
    expect(await updateEntry(store, place, () => one)).toBe(true)
    expect(entries.get('a')).toEqual(one)
  })
})
