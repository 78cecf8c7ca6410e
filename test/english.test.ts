/** The English of comments, messages, pages and titles: the worst habits, each held to a bound. */
import { describe, expect, test } from '@jest/globals'
import { sourceFile } from './support/source-files.js'
import {
  allPassages,
  kinds,
  markdownPassages,
  passagesOf,
  vectorPassages,
} from './support/english/passages.js'
import { figuresOf, hitsOf, patterns, phrases } from './support/english/patterns.js'

/** The most that each pattern may occur per 1,000 words: the figures of well-read libraries. */
const goal: Readonly<Record<string, number>> = {
  what: 1.1,
  'who as a subject': 0,
  'is no, is none': 0.7,
  'has, have, had': 4.9,
  nothing: 2,
}

describe('the English of the project', () => {
  const passages = allPassages()
  const figures = figuresOf(passages)
  const hits = hitsOf(passages, patterns)

  test.each(kinds)('%s stay within the bound of each pattern', (kind) => {
    const over = patterns.flatMap(({ name }) => {
      const figure = figures.get(kind)?.get(name) ?? Infinity
      const bound = goal[name] ?? 0
      if (figure <= bound) return []
      const places = hits.filter((hit) => hit.kind === kind && hit.name === name)
      return [
        `${name}: ${figure} per 1,000 words, bound ${bound}`,
        ...places.map((hit) => hit.place),
      ]
    })
    expect(over).toEqual([])
  })

  test('phrases that say little do not occur', () => {
    expect(hitsOf(passages, phrases).map(({ place }) => place)).toEqual([])
  })
})

describe('the scanner', () => {
  test('finds comments, messages and titles with their lines', () => {
    const text = [
      '/** What a key is.',
      ' *',
      ' * A `what` in code. */',
      'const a = 1 // It says what is',
      '// wrong. A new sentence.',
      "throw new Error('the file ' + name + ' says ' + `what ${a} is`)",
    ].join('\n')
    const [first, second, third] = hitsOf(passagesOf(sourceFile('src/a.ts', text)), patterns)
    expect(first).toMatchObject({ kind: 'doc comments of src' })
    expect(first?.place).toMatch(/^src\/a\.ts:1: What a key is\. /)
    expect(second).toMatchObject({ kind: 'comments of src' })
    expect(second?.place).toMatch(/^src\/a\.ts:4: It says what is wrong\. /)
    expect(third).toMatchObject({ kind: 'messages and help' })
    expect(third?.place).toMatch(/^src\/a\.ts:6: the file code says what code is /)
  })

  test('finds titles, also in tables', () => {
    const text = [
      "describe('what a client does', () => {",
      "  (posix ? test : test.skip)('what is skipped', () => {})",
      "  test.each([['what one is', 'what is an input']])('%s', () => {})",
      "  test.each([{ title: 'what two are' }])('$title', () => {})",
      '})',
    ].join('\n')
    const found = hitsOf(passagesOf(sourceFile('test/a.test.ts', text)), patterns)
    expect(found.map(({ place }) => place.replace(/ \[.*/, ''))).toEqual([
      'test/a.test.ts:1: what a client does',
      'test/a.test.ts:2: what is skipped',
      'test/a.test.ts:3: what one is',
      'test/a.test.ts:4: what two are',
    ])
  })

  test('finds the prose of a page, not its code', () => {
    const text = '# Keys\n\n```\nwhat\n```\n\nA key says\nwhat it [signs](what.md), not `what`.\n'
    const found = hitsOf(markdownPassages('docs/a.md', text), patterns)
    expect(found.map(({ place }) => place.replace(/ \[name.*/, ''))).toEqual([
      'docs/a.md:8: A key says what it [signs], not code.',
    ])
  })

  test('finds titles and notes of vectors, not their data', () => {
    const text = JSON.stringify(
      { about: 'says what it is', vectors: [{ title: 'what a key is', input: { x: 'what is' } }] },
      undefined,
      2,
    )
    const found = hitsOf(vectorPassages('spec-vectors/a.json', text), patterns)
    expect(found.map(({ place }) => place.replace(/: .*/, ''))).toEqual([
      'spec-vectors/a.json:2',
      'spec-vectors/a.json:5',
    ])
  })

  test.each([
    ['Who waits longest goes first.', true],
    ['Who signs this?', false],
    ['A person who waits.', false],
    ['It says no, and who asks is refused.', true],
    ['The file goes to whoever asks.', true],
  ])('%s: a person without a name is found', (text, found) => {
    const hits = hitsOf(markdownPassages('docs/a.md', text), patterns)
    expect(hits.some(({ name }) => name === 'who as a subject')).toBe(found)
  })

  test('the rate of a pattern is counted per 1,000 words', () => {
    const text = `what is this, ${'word '.repeat(197)}`
    expect(figuresOf(markdownPassages('docs/a.md', text)).get('docs')?.get('what')).toBe(5)
  })
})
