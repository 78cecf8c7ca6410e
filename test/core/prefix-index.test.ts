import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { PrefixIndex } from '../../src/core/search/prefix-index.js'
import { runs } from '../support/runs.js'

function indexOf(prefixes: readonly string[]): PrefixIndex {
  return new PrefixIndex(prefixes.map((prefix) => ({ pathHashPrefixes: [prefix] })))
}

function sorted(positions: readonly number[]): number[] {
  return [...positions].sort((a, b) => a - b)
}

describe('an index of prefixes', () => {
  test('finds the same roles as one prefix after another', () => {
    const text = (unit: fc.Arbitrary<string>, lengths: object) => fc.string({ unit, ...lengths })
    const digit = fc.constantFrom('0', '1', 'a', 'f')
    const prefix = fc.oneof(
      { weight: 8, arbitrary: text(digit, { maxLength: 6 }) },
      // None of these is the beginning of a digest.
      text(
        fc.constantFrom('0', 'a', 'A', 'F', 'g', 'x', '+', '-', ' ', '.', '\u0130', '\u{1f600}'),
        {
          maxLength: 4,
        },
      ),
    )
    const digest = text(digit, { minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 40 }), digest, (prefixes, asked) => {
        const expected = [...prefixes.keys()].filter((at) => asked.startsWith(prefixes[at]!))
        expect(sorted(indexOf(prefixes).positionsOf(asked))).toEqual(expected)
      }),
      runs(1000),
    )
  })

  test('distinguishes a prefix from the same number with leading zeros', () => {
    const index = indexOf(['', '0', '00', '000', '0000', '00000', '0001', '1'])
    expect(sorted(index.positionsOf('0'.repeat(64)))).toEqual([0, 1, 2, 3, 4, 5])
    expect(sorted(index.positionsOf(`0001${'f'.repeat(60)}`))).toEqual([0, 1, 2, 3, 6])
  })

  test('finds a whole digest, but not a longer one', () => {
    const digest = '8a4f'.repeat(16)
    expect(indexOf([digest, `${digest}0`]).positionsOf(digest)).toEqual([0])
  })

  test('finds all entries under one prefix', () => {
    const prefixes = Array.from({ length: 300_000 }, () => '8')
    expect(indexOf(prefixes).positionsOf('8'.repeat(64))).toHaveLength(300_000)
  })

  test('names an owner once that repeats a prefix', () => {
    const index = new PrefixIndex(
      [['8', '8'], ['8'], ['8', '8a', '8']].map((pathHashPrefixes) => ({ pathHashPrefixes })),
    )
    expect(index.positionsOf(`8${'0'.repeat(63)}`)).toEqual([0, 1, 2])
    expect(index.positionsOf('8a'.repeat(32))).toEqual([0, 1, 2, 2])
  })

  test('is empty until it contains a possible beginning of a digest', () => {
    expect(indexOf([]).isEmpty).toBe(true)
    expect(indexOf(['0'.repeat(65)]).isEmpty).toBe(true)
    expect(indexOf(['0']).isEmpty).toBe(false)
  })
})
