import { expect, test } from '@jest/globals'
import { deepFreeze } from '../../src/core/deep-freeze.js'

test('objects, lists and maps are frozen at every depth, and are the same values', () => {
  const inner = { list: [{ deep: 1 }] }
  const map = new Map([['a', { inside: [1] }]])
  const value = { inner, map, nothing: null, text: 'x' }
  expect(deepFreeze(value)).toBe(value)
  for (const one of [
    value,
    inner,
    inner.list,
    inner.list[0],
    map,
    map.get('a'),
    map.get('a')?.inside,
  ]) {
    expect(Object.isFrozen(one)).toBe(true)
  }
})

test('a frozen map can be read, and says why it cannot be changed', () => {
  const map = deepFreeze(new Map([['a', 1]]))
  expect([map.get('a'), map.size, [...map]]).toEqual([1, 1, [['a', 1]]])
  for (const change of [() => map.set('b', 2), () => map.delete('a'), () => map.clear()]) {
    expect(change).toThrow(new TypeError('a verified value cannot be changed'))
  }
  expect([...map]).toEqual([['a', 1]])
})

test('a member without a value does not end the freezing', () => {
  const [before, after] = [{}, {}]
  deepFreeze({ before, absent: undefined, after })
  expect([before, after].map((one) => Object.isFrozen(one))).toEqual([true, true])
})

test('bytes stay as they are, and so do functions', () => {
  const bytes = Uint8Array.of(1)
  const make = (): number => 1
  deepFreeze({ bytes, make })
  expect(Object.isFrozen(bytes)).toBe(false)
  expect(Object.isFrozen(make)).toBe(false)
})

test('a value that contains itself, or more members than a call takes arguments, is frozen', () => {
  const loop: { self?: unknown } = {}
  loop.self = loop
  expect(Object.isFrozen(deepFreeze(loop))).toBe(true)
  const many = Array.from({ length: 200_000 }, (_, index) => ({ index }))
  expect(Object.isFrozen(deepFreeze(many).at(-1))).toBe(true)
  expect(Object.isFrozen(deepFreeze(many)[0])).toBe(true)
})
