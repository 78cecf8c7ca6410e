import { describe, expect, test } from '@jest/globals'
import { tableLines, unlimited, wrap } from '../../src/cli/table.js'

const rows = [
  ['match', 'wheels/a-1.0-py3-none-any.whl', 'it is what its page vouches for'],
  ['mismatch', 'wheels/b.whl', 'its sha256 is 0b1f, the repository says 94c2'],
]

describe('a table', () => {
  test('has one line for each row where nothing ends a line', () => {
    expect(tableLines(rows, unlimited)).toEqual([
      'match     wheels/a-1.0-py3-none-any.whl  it is what its page vouches for',
      'mismatch  wheels/b.whl                   its sha256 is 0b1f, the repository says 94c2',
    ])
  })

  test('wraps its last column on a terminal', () => {
    expect(tableLines(rows, 70)).toEqual([
      'match     wheels/a-1.0-py3-none-any.whl  it is what its page vouches',
      '                                         for',
      'mismatch  wheels/b.whl                   its sha256 is 0b1f, the',
      '                                         repository says 94c2',
    ])
  })

  test('breaks the line behind a cell that is longer than half of the terminal', () => {
    expect(tableLines(rows, 50)).toEqual([
      'match     wheels/a-1.0-py3-none-any.whl',
      '                        it is what its page',
      '                        vouches for',
      'mismatch  wheels/b.whl  its sha256 is 0b1f, the',
      '                        repository says 94c2',
    ])
  })

  test('cuts nothing off, and is never wider than its longest word', () => {
    const words = (lines: readonly string[]): string[] => lines.join(' ').trim().split(/\s+/)
    const longest = Math.max(...words(tableLines(rows, unlimited)).map((word) => word.length))
    for (let width = 1; width < 100; width++) {
      const lines = tableLines(rows, width)
      expect(words(lines)).toEqual(words(tableLines(rows, unlimited)))
      const widest = Math.max(...lines.map((line) => line.length))
      expect(widest).toBeLessThanOrEqual(Math.max(width, longest + 12))
    }
  })

  test('counts characters, and not the units that they are made of', () => {
    expect(
      tableLines(
        [
          ['𝒶', 'x'],
          ['ab', 'y'],
        ],
        unlimited,
      ),
    ).toEqual(['𝒶   x', 'ab  y'])
  })

  test('is empty without rows', () => expect(tableLines([], 80)).toEqual([]))
})

test('a word that is longer than the room has a line of its own', () => {
  expect(wrap('a verylongword b', 6)).toEqual(['a', 'verylongword', 'b'])
})
