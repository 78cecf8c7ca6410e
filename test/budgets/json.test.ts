import { describe, expect, test } from '@jest/globals'
import { budget } from '../../src/core/budget.js'
import { olpc } from '../../src/core/canonical-json.js'
import { JsonSyntaxError, readExact, readJson, readSorted } from '../../src/core/json.js'

const encoder = new TextEncoder()

function reason(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.reason
    throw error
  }
  return 'read'
}

/** So many members and elements in all: those of the list, and the list in its object. */
function elements(count: number): Uint8Array {
  return encoder.encode(`{"a":[${'0,'.repeat(count - 2)}0]}`)
}

function unsortedNames(count: number): Uint8Array {
  const names = Array.from({ length: count }, (_, index) => `"${(count - index).toString(36)}":0`)
  return encoder.encode(`{${names.join()}}`)
}

describe('members and elements are counted', () => {
  test('two million in order are read, one more is not', () => {
    expect(readSorted(elements(budget.jsonEntries))).toBeDefined()
    expect(readSorted(elements(budget.jsonEntries + 1))).toBeUndefined()
    expect(reason(() => readJson(elements(budget.jsonEntries + 1), olpc))).toMatch(
      /^more than \d+ members and elements/,
    )
  })

  test('a million out of order are read, one more is not', () => {
    const most = budget.jsonEntriesUnsorted
    expect(reason(() => readExact(elements(most), olpc))).toBe('read')
    expect(reason(() => readExact(elements(most + 1), olpc))).toMatch(/^more than 1000000 members/)
    expect(reason(() => readJson(unsortedNames(most + 1)))).toMatch(/^more than 1000000 members/)
  })

  test('an empty container counts as one', () => {
    const list = (count: number): Uint8Array => encoder.encode(`[${'{},'.repeat(count - 1)}{}]`)
    // The million of containers is reached first: the list is one.
    expect(readSorted(list(budget.jsonContainers - 1))).toBeDefined()
    expect(readSorted(list(budget.jsonContainers))).toBeUndefined()
  })
})

describe('both roads give the same', () => {
  test.each([1, 4_095, 4_096, 4_097, 100_000])('for %d escapes in one string', (count) => {
    const text = `{"b":1,"signed":"${String.raw`\n\u00e9x`.repeat(count)}"}`
    const fast = readSorted(encoder.encode(text))
    const exact = readExact(encoder.encode(text), olpc)
    expect(fast?.value).toEqual(exact.value)
    expect(exact.value).toEqual({ b: 1, signed: '\né'.concat('x').repeat(count) })
    expect(Buffer.from(exact.signedBytes ?? []).equals(fast?.signedBytes ?? Buffer.of())).toBe(true)
  })

  test('names that objects inherit, in any order, and names beyond the basic plane', () => {
    const text =
      '{"z":1,"signed":{"valueOf":1,"__proto__":{"toString":2},"constructor":3,"\u{1f600}":4,"\uffff":5}}'
    const { signedBytes, value } = readExact(encoder.encode(text), olpc)
    expect(new TextDecoder().decode(signedBytes)).toBe(
      '{"__proto__":{"toString":2},"constructor":3,"valueOf":1,"\uffff":5,"\u{1f600}":4}',
    )
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(reason(() => readExact(encoder.encode('{"__proto__":1,"__proto__":1}'), olpc))).toBe(
      'duplicate name',
    )
  })
})
