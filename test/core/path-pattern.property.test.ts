import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { matchesPathPattern } from '../../src/core/search/path-pattern.js'
import { runs } from '../support/runs.js'

/** The slow, obvious way: as CPython does it, by a regular expression for each segment. */
function referenceMatches(pattern: string, path: string): boolean {
  const patterns = pattern.split('/')
  const segments = path.split('/')
  return (
    patterns.length === segments.length &&
    patterns.every((part, i) =>
      new RegExp(`^${translate(Array.from(part))}$`, 'su').test(segments[i]!),
    )
  )
}

function translate(pattern: string[]): string {
  const [first, ...rest] = pattern
  if (first === undefined) return ''
  if (first === '*') return `.*${translate(rest)}`
  if (first === '?') return `.${translate(rest)}`
  if (first !== '[') return escape(first) + translate(rest)
  const close = rest.indexOf(']', rest[0] === '!' ? 2 : 1)
  if (close < 0) return escape('[') + translate(rest)
  return translateClass(rest.slice(0, close)) + translate(rest.slice(close + 1))
}

/** Cuts the class at the hyphens of its ranges, and joins the rest without reversed ranges. */
function translateClass(body: string[]): string {
  const chunks: string[][] = []
  let start = 0
  let hyphen = body.indexOf('-', body[0] === '!' ? 2 : 1)
  while (hyphen >= 0) {
    chunks.push(body.slice(start, hyphen))
    start = hyphen + 1
    hyphen = body.indexOf('-', hyphen + 3)
  }
  if (start < body.length) chunks.push(body.slice(start))
  else chunks.at(-1)!.push('-')
  for (let i = chunks.length - 1; i > 0; i -= 1) {
    const [left, right] = [chunks[i - 1]!, chunks[i]!]
    if (left.at(-1)!.codePointAt(0)! > right[0]!.codePointAt(0)!) {
      chunks.splice(i - 1, 2, [...left.slice(0, -1), ...right.slice(1)])
    }
  }
  const negated = chunks[0]![0] === '!'
  if (negated) chunks[0]!.shift()
  const content = chunks.map((chunk) => chunk.map(escape).join('')).join('-')
  return `[${negated ? '^' : ''}${content}]`
}

function escape(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}

const pathText = fc.string({
  unit: fc.constantFrom(...Array.from('aabb-!^[]\\./\n😀é')),
  maxLength: 10,
})
const plain = fc.string({ unit: fc.constantFrom(...Array.from('aabb*?*?[]-!/😀')), maxLength: 12 })
const classes = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...Array.from('abc-!^]\\[😀é')), maxLength: 7 }),
    fc.string({ unit: fc.constantFrom(...Array.from('ab*?')), maxLength: 3 }),
  )
  .map(([body, rest]) => `[${body}]${rest}`)

test('the matcher agrees with a naive one', () => {
  fc.assert(
    fc.property(fc.oneof(plain, classes), pathText, (pattern, path) => {
      return matchesPathPattern(pattern, path) === referenceMatches(pattern, path)
    }),
    runs(3000),
  )
})

test('a class agrees with a naive one for each single character', () => {
  fc.assert(
    fc.property(classes, fc.constantFrom(...Array.from('abcd-!^]\\[😀é')), (pattern, path) => {
      return matchesPathPattern(pattern, path) === referenceMatches(pattern, path)
    }),
    runs(3000),
  )
})

test('a text without `*`, `?` and `[` matches only itself', () => {
  const literal = fc.string({ unit: 'grapheme' }).filter((text) => !/[*?[]/.test(text))
  fc.assert(
    fc.property(literal, literal, (pattern, path) => {
      expect(matchesPathPattern(pattern, pattern)).toBe(true)
      expect(matchesPathPattern(pattern, path)).toBe(pattern === path)
    }),
  )
})

test('a path is found by the pattern made of it by putting in stars and question marks', () => {
  const characters = fc.array(
    fc.record({
      character: fc.constantFrom(...Array.from('ab.-/😀')),
      as: fc.constantFrom('itself', 'any', 'star', 'class'),
    }),
  )
  fc.assert(
    fc.property(characters, (parts) => {
      const path = parts.map(({ character }) => character).join('')
      const pattern = parts
        .map(({ character, as }) => {
          if (character === '/' || as === 'itself') return character
          return { any: '?', star: '*', class: `[${character}]` }[as]
        })
        .join('')
      expect(matchesPathPattern(pattern, path)).toBe(true)
    }),
  )
})
