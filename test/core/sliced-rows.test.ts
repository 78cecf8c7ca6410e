/** A table as it stands in its file, beside a Map of the same rows. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SlicedRows } from '../../src/core/json/fast/rows.js'
import { scan } from '../../src/core/json/fast/scanner.js'
import type { JsonValue } from '../../src/core/json/value.js'
import { fileText } from '../support/proved-files.js'
import { runs } from '../support/runs.js'

type Versions = Readonly<Record<string, number>>

const encoder = new TextEncoder()

function textOf(versions: Versions): string {
  const meta: [string, JsonValue][] = Object.entries(versions).map(([name, version]) => [
    name,
    { version },
  ])
  return fileText('snapshot', { meta: Object.fromEntries(meta) })
}

/** Each row with its name. */
function tableOf(versions: Versions): SlicedRows<JsonValue> {
  const table = scan(encoder.encode(textOf(versions)), 'snapshot')?.table
  if (table === undefined) throw new Error('not proved')
  return new SlicedRows(table, (row, name) => ({ name, row }))
}

/** As a plain search finds them. */
function changed(before: Versions, now: Versions): string[] {
  return Object.keys(before)
    .filter((name) => !Object.hasOwn(now, name) || before[name] !== now[name])
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

test('half of a surrogate pair is not the name of the character that is written in its place', () => {
  const table = tableOf({ '\ufffd': 1 })
  expect([table.has('\ufffd'), table.has('\ud800'), table.has('\udc00')]).toEqual([
    true,
    false,
    false,
  ])
})

describe('the rows that another table does not have', () => {
  test.each<[string, Versions, Versions, string[]]>([
    ['none of the same table', { a: 1, b: 2 }, { a: 1, b: 2 }, []],
    ['none of a table that grew', { b: 1, d: 2 }, { a: 1, b: 1, c: 1, d: 2, e: 1 }, []],
    ['one with another version', { a: 1, b: 2, c: 3 }, { a: 1, b: 4, c: 3 }, ['b']],
    ['one with a longer version', { a: 1, b: 2, c: 3 }, { a: 1, b: 22, c: 3 }, ['b']],
    ['one that is missing at the start', { a: 1, b: 2, c: 3 }, { b: 2, c: 3 }, ['a']],
    ['one that is missing in the middle', { a: 1, b: 2, c: 3 }, { a: 1, c: 3 }, ['b']],
    ['one that is missing at the end', { a: 1, b: 2, c: 3 }, { a: 1, b: 2 }, ['c']],
    ['all of one that has others', { b: 1, d: 2, é: 3 }, { a: 1, c: 2, e: 3 }, ['b', 'd', 'é']],
    ['one whose name goes on', { a: 1, b: 2 }, { 'a!': 1, aa: 1, b: 2 }, ['a']],
    ['one whose name ends sooner', { 'a!': 1, aa: 1, b: 2 }, { a: 1, b: 2 }, ['a!', 'aa']],
    ['some of names around a quotation mark', { '!': 1, '#': 1 }, { ' ': 1, '#': 1 }, ['!']],
    ['the last, which stands in the middle', { a: 1, b: 2 }, { a: 1, b: 3, c: 1 }, ['b']],
    ['none of a last that stands in the middle', { a: 1, b: 2 }, { a: 1, b: 2, c: 1 }, []],
    ['none of a middle that stands last', { b: 2 }, { a: 1, b: 2 }, []],
  ])('are %s', (_, before, now, expected) => {
    expect([...tableOf(before).changedIn(tableOf(now))]).toEqual(expected)
    expect(changed(before, now)).toEqual(expected)
  })

  test('are those that a plain search finds', () => {
    const name = fc.string({
      unit: fc.constantFrom('', 'a', 'b', ' ', '!', '#', '{', '~', 'é', '\uE000', '😀'),
      maxLength: 3,
    })
    const version = fc.constantFrom(1, 2, 10, 11)
    const versions = fc.dictionary(name, version, { minKeys: 1, maxKeys: 8 })
    fc.assert(
      fc.property(versions, versions, (before, now) => {
        const [one, other] = [tableOf(before), tableOf({ ...now })]
        expect([...one.changedIn(other)]).toEqual(changed(before, now))
        const most = { ...now, ...before }
        expect([...one.changedIn(tableOf(most))]).toEqual([])
        expect([...tableOf(most).changedIn(one)]).toEqual(changed(most, before))
      }),
      runs(150),
    )
  })
})

describe('a row', () => {
  const versions = { '': 1, '\ufeff': 2, a: 3, 'a b': 4, aa: 5, é: 6, '😀': 7 }
  const names = Object.keys(versions)

  test('is found by its name, and no other', () => {
    const table = tableOf(versions)
    for (const [name, version] of Object.entries(versions)) {
      expect([table.has(name), table.get(name)]).toEqual([true, { name, row: { version } }])
    }
    const others = ['{', '{"', '"', 'A', 'a"', 'a\0', 'a b ', 'aaa', 'b', 'è', 'éa', '😁', '\uffff']
    for (const name of [...others, '\ufffd', '\ud83d']) {
      expect([name, table.has(name), table.get(name)]).toEqual([name, false, undefined])
    }
  })

  test('is found in tables of any size', () => {
    const all = Array.from({ length: 40 }, (_, i) => `n${i + 10}`)
    for (let size = 1; size <= all.length; size++) {
      const table = tableOf(Object.fromEntries(all.slice(0, size).map((name, i) => [name, i + 1])))
      expect(table.size).toBe(size)
      expect(all.map((name) => table.has(name))).toEqual(all.map((_, i) => i < size))
      // The bytes of the table begin with it.
      expect(table.has('{')).toBe(false)
    }
  })

  test('comes in the order of names, of which none loses its first character', () => {
    const table = tableOf(versions)
    const sorted = ['', 'a', 'a b', 'aa', 'é', '\ufeff', '😀']
    expect([...names].sort()).toEqual([...sorted].sort())
    expect([...table.keys()]).toEqual(sorted)
    expect([...table.entries()].map(([name, value]) => [name, value])).toEqual(
      sorted.map((name) => [name, table.get(name)]),
    )
  })

  test('is made once, when it is first asked for', () => {
    const made: string[] = []
    const { table } = scan(encoder.encode(textOf({ a: 1, b: 2 })), 'snapshot') ?? {}
    const rows = new SlicedRows(table!, (row, name) => {
      made.push(name)
      return row
    })
    expect([...rows.keys(), rows.has('a')]).toEqual(['a', 'b', true])
    expect(made).toEqual([])
    const row = rows.get('b')
    expect([rows.get('b') === row, [...rows.values()][1] === row]).toEqual([true, true])
    expect(made).toEqual(['b', 'a'])
    expect(Object.isFrozen(row)).toBe(true)
  })
})
