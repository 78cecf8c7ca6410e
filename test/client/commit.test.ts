import { describe, expect, jest, test } from '@jest/globals'
import { compareAndChange, updateEntry } from '../../src/client/commit.js'
import type { Store } from '../../src/index.js'

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

  test.each([undefined, 'done', 1, null])('fails when it answers %j', async (answer) => {
    const store = { ...comparing().store, change: () => Promise.resolve(answer as never) }
    await expect(compareAndChange(store, { set: 'b', bytes: two }, [])).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'set',
      entry: 'b',
    })
    await expect(compareAndChange(store, { delete: 'b' }, [])).rejects.toMatchObject({
      operation: 'delete',
    })
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
  })

  test('that is longer than its limit is replaced as an absent one', async () => {
    const { store, entries, change } = comparing()
    entries.set('a', new Uint8Array(10))
    change.mockResolvedValueOnce(true)
    expect(await updateEntry(store, place, () => one)).toBe(true)
    expect(change.mock.calls[0]?.[1]).toEqual([{ ...place, bytes: undefined }])
  })
})
