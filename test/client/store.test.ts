import { describe, expect, test } from '@jest/globals'
import { memoryStore } from '../../src/client/store.js'

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
