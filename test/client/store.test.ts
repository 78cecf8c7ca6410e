import { describe, expect, test } from '@jest/globals'
import { memoryStore, readEntry, type GetOptions, type Store } from '../../src/client/store.js'

describe('memoryStore', () => {
  test('returns values that were set, and undefined for unset or deleted ones', async () => {
    const store = memoryStore()
    expect(await store.get('timestamp.json')).toBeUndefined()
    await store.set('timestamp.json', Uint8Array.of(1))
    await store.set('timestamp.json', Uint8Array.of(2))
    expect(await store.get('timestamp.json')).toEqual(Uint8Array.of(2))
    await store.delete('timestamp.json')
    await store.delete('timestamp.json')
    expect(await store.get('timestamp.json')).toBeUndefined()
  })

  test('keeps its own copy', async () => {
    const store = memoryStore()
    const bytes = Uint8Array.of(1)
    await store.set('a.json', bytes)
    bytes[0] = 9
    const read = await store.get('a.json')
    expect(read).toEqual(Uint8Array.of(1))
    read?.fill(9)
    expect(await store.get('a.json')).toEqual(Uint8Array.of(1))
  })
})

describe('an entry that is read', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5)

  test('is given as the bytes of the caller where a store of this package has the same', async () => {
    const store = memoryStore()
    await store.set('a.json', bytes)
    expect(await readEntry(store, 'a.json', 9, bytes)).toBe(bytes)
    const other = await readEntry(store, 'a.json', 9)
    expect(other).toEqual(bytes)
    expect(other).not.toBe(bytes)
  })

  test('comes with one byte more than its limit, whatever the caller has', async () => {
    const store = memoryStore()
    await store.set('a.json', bytes)
    for (const known of [undefined, Uint8Array.of(9)]) {
      expect(await readEntry(store, 'a.json', 2, known)).toEqual(Uint8Array.of(1, 2, 3))
    }
    expect(await readEntry(store, 'b.json', 2, bytes)).toBeUndefined()
  })

  test('is asked for without the bytes of the caller where another store could change them', async () => {
    const asked: unknown[] = []
    const store: Store = {
      ...memoryStore(),
      get(name: string, options?: GetOptions) {
        asked.push([name, options])
        return Promise.resolve(undefined)
      },
    }
    await readEntry(store, 'a.json', 9, bytes)
    expect(asked).toStrictEqual([['a.json', { maxLength: 9 }]])
  })

  test.each([null, 'text', [1], {}])('that is %j is refused by name', async (given) => {
    const get = (): Promise<Uint8Array> => Promise.resolve(given as unknown as Uint8Array)
    await expect(readEntry({ ...memoryStore(), get }, 'a.json', 9)).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'get',
      entry: 'a.json',
      cause: new TypeError('the store gave something other than a Uint8Array'),
    })
  })
})
