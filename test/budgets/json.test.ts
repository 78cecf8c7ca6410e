import { describe, expect, test } from '@jest/globals'
import { budget, mostEntries } from '../../src/core/budget.js'
import { olpc } from '../../src/core/json/canonical.js'
import { JsonSyntaxError } from '../../src/core/json/value.js'
import { readExact, readJson, readSorted } from '../../src/core/json/read.js'

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
function elements(count: number, length: number): Uint8Array {
  const list = `{"a":["",${'0,'.repeat(count - 3)}0]}`
  return encoder.encode(list.replace('""', `"${'x'.repeat(length - list.length)}"`))
}

function unsortedNames(count: number, length: number): Uint8Array {
  const names = Array.from({ length: count - 1 }, (_, i) => `"${(count - i).toString(36)}":0`)
  const object = `{"~":"",${names.join()}}`
  return encoder.encode(object.replace(':""', `:"${'x'.repeat(length - object.length)}"`))
}

describe('members and elements are counted', () => {
  test.each([200_000, 1_000_000, 8_000_000])('in order, in %d bytes', (length) => {
    const most = mostEntries(budget.jsonEntries, length)
    expect(readSorted(elements(most, length))).toBeDefined()
    expect(readSorted(elements(most + 1, length))).toBeUndefined()
    expect(reason(() => readJson(elements(most + 1, length), olpc))).toMatch(
      /^more than \d+ members and elements/,
    )
  })

  test.each([200_000, 2_500_000, 5_000_000])('out of order, in %d bytes', (length) => {
    const most = mostEntries(budget.jsonEntriesUnsorted, length)
    const refused = `more than ${most} members and elements`
    expect(reason(() => readExact(elements(most, length), olpc))).toBe('read')
    expect(reason(() => readExact(elements(most + 1, length), olpc))).toBe(refused)
  })

  test('a document in order may have more of them than another', () => {
    const length = 2_500_000
    const most = mostEntries(budget.jsonEntriesUnsorted, length)
    const { value } = readJson(elements(most + 1, length))
    expect((value as { readonly a: object }).a).toHaveLength(most)
  })

  test('names out of order too', () => {
    const length = 2_500_000
    const most = mostEntries(budget.jsonEntriesUnsorted, length)
    expect(reason(() => readJson(unsortedNames(most, length)))).toBe('read')
    expect(reason(() => readJson(unsortedNames(most + 1, length)))).toMatch(
      /^more than \d+ members/,
    )
  })

  test('an empty container counts as one, and the comma after it as another', () => {
    const list = (count: number): Uint8Array => encoder.encode(`[${'{},'.repeat(count - 1)}{}]`)
    const fits = (count: number): boolean =>
      2 * count <= mostEntries(budget.jsonEntries, 3 * count + 1)
    let most = 10_000
    while (fits(most + 1)) most++
    expect(readSorted(list(most))).toBeDefined()
    expect(readSorted(list(most + 1))).toBeUndefined()
  })

  test('a list of hash prefixes, the densest table of a repository, is read', () => {
    // Every prefix of four digits in one role.
    const prefixes = Array.from(
      { length: 65_536 },
      (_, i) => `"${i.toString(16).padStart(4, '0')}"`,
    )
    const list = encoder.encode(`{"path_hash_prefixes":[${prefixes.join()}]}`)
    expect(readSorted(list)).toBeDefined()
    expect(reason(() => readExact(list, olpc))).toBe('read')
  })

  test('the largest files of real repositories are far below, in any order', () => {
    const digest = 'ab'.repeat(32)
    const target = (i: number): string => `"${i}.txt":{"hashes":{"sha256":"${digest}"},"length":1}`
    // As wide as PyPI's hash bins, four times as many.
    const bin = (i: number): string =>
      `{"keyids":["${digest}"],"name":"${i}","path_hash_prefixes":["${i.toString(16)}"],"terminating":true,"threshold":1}`
    const many = (count: number, one: (i: number) => string): string =>
      Array.from({ length: count }, (_, i) => one(i)).join()
    expect(reason(() => readExact(encoder.encode(`{${many(100_000, target)}}`), olpc))).toBe('read')
    expect(reason(() => readExact(encoder.encode(`[${many(65_536, bin)}]`), olpc))).toBe('read')
  })
})

describe('containers are counted, where a long file may have more members', () => {
  const nest = '['.repeat(50) + ']'.repeat(50)
  // A million of them, with the outermost list and the last one.
  const list = (last: string): Uint8Array =>
    encoder.encode(
      `[${`${nest},`.repeat(19_999)}${'['.repeat(49)}${last}${']'.repeat(49)},"${'x'.repeat(21_000_000)}"]`,
    )

  test('a million of them are read', () => {
    expect(reason(() => readExact(list(''), olpc))).toBe('read')
  })

  test('one more is refused', () => {
    expect(reason(() => readExact(list('[]'), olpc))).toBe('more than 1000000 objects and arrays')
  })
})

describe('both roads return the same value', () => {
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
