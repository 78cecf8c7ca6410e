import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { FieldRefusal, integerBetween } from '../../src/core/fields.js'
import type { JsonObject, JsonValue } from '../../src/core/metadata.js'
import { tableFrom } from '../../src/core/row-table.js'
import { runs } from '../support/runs.js'

const readCount = integerBetween(0)

function tableOf(rows: JsonValue, isPlain: (row: JsonValue) => boolean = () => false) {
  const asked: string[] = []
  const read = (row: JsonValue, name: string) => {
    asked.push(name)
    return { name, count: readCount(row) }
  }
  const table = tableFrom(rows, { isPlain, read })
  return { table, asked }
}

function isCount(row: JsonValue): boolean {
  return typeof row === 'number' && Number.isSafeInteger(row) && row >= 0
}

/** As the JSON reader makes it: every name is an own one. */
function object(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  return JSON.parse(
    `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
  )
}

const awkward = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '0', '10', 'b', 'a']

describe('a table of rows', () => {
  test.each([
    ['plain', isCount],
    ['not plain', () => false],
  ])('is the map that all its rows make, where they are %s', (_, isPlain) => {
    const names = fc.oneof(fc.constantFrom(...awkward), fc.string())
    fc.assert(
      fc.property(fc.uniqueArray(names), names, (own, other) => {
        const rows = object(own.map((name, index) => [name, index]))
        const map = new Map(
          Object.keys(rows).map((name) => [name, { name, count: own.indexOf(name) }]),
        )
        const { table } = tableOf(rows, isPlain)
        expect(table.size).toBe(map.size)
        expect([...table]).toEqual([...map])
        expect([...table.entries()]).toEqual([...map])
        expect([...table.keys()]).toEqual([...map.keys()])
        expect([...table.values()]).toEqual([...map.values()])
        const each: unknown[] = []
        table.forEach((value, name, whole) => each.push([name, value, whole === table]))
        expect(each).toEqual([...map].map(([name, value]) => [name, value, true]))
        for (const name of [...own, ...awkward, other]) {
          expect([table.has(name), table.get(name)]).toEqual([map.has(name), map.get(name)])
        }
      }),
      runs(100),
    )
  })

  test('reads a plain row on demand, once', () => {
    const { table, asked } = tableOf({ a: 1, b: 2, c: 3 }, isCount)
    expect(asked).toEqual([])
    const b = table.get('b')
    expect(b).toEqual({ name: 'b', count: 2 })
    expect(table.get('b')).toBe(b)
    expect([...table.values()][1]).toBe(b)
    expect(asked).toEqual(['b', 'a', 'c'])
  })

  test('reads unusual rows at once, and refuses them with their name', () => {
    expect(tableOf({ a: 1, b: 2 }, (row) => row === 1).asked).toEqual(['b'])
    const refusal = (): unknown => tableOf({ a: 1, b: 'x', c: 'y' }, isCount)
    expect(refusal).toThrow(FieldRefusal)
    expect(refusal).toThrow(expect.objectContaining({ path: 'b' }))
  })

  test.each([[null], [[]], ['x'], [1]])('is not %j', (value) => {
    expect(() => tableOf(value)).toThrow(FieldRefusal)
  })

  test('gives forEach its own this', () => {
    const seen: unknown[] = []
    tableOf({ a: 1 }).table.forEach(function (this: unknown) {
      seen.push(this)
    }, 'it')
    expect(seen).toEqual(['it'])
  })
})
