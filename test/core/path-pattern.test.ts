import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import {
  codePoints,
  compilePathPattern,
  matchesPathPattern,
} from '../../src/core/search/path-pattern.js'

/** Pattern, paths that CPython's fnmatchcase matches segment by segment, paths that it does not. */
type Row = [pattern: string, yes: string[], no: string[]]

const table = JSON.parse(
  readFileSync(new URL('./fnmatch-table.json', import.meta.url), 'utf8'),
) as Row[]

describe('the table made by CPython', () => {
  test('is complete', () => {
    const verdicts = table.reduce((sum, [, yes, no]) => sum + yes.length + no.length, 0)
    expect(table.length).toBeGreaterThan(1000)
    expect(verdicts).toBeGreaterThan(15_000)
  })

  test('GHSA-qp9x-wp8f-qgjj, GHSA-pmwq-pjrm-6p5r: agrees with the matcher in every row', () => {
    const differences: string[] = []
    for (const [pattern, yes, no] of table) {
      for (const path of yes)
        if (!matchesPathPattern(pattern, path)) differences.push(`${pattern} should match ${path}`)
      for (const path of no)
        if (matchesPathPattern(pattern, path))
          differences.push(`${pattern} should not match ${path}`)
    }
    expect(differences).toEqual([])
  })
})

describe('a path pattern', () => {
  test.each([
    [
      'a star matches any run of characters, also an empty one',
      '*.tgz',
      ['.tgz', 'foo.tgz', 'a.b.tgz'],
      ['foo.tgzz', 'foo.TGZ'],
    ],
    ['a star never matches a slash', 'foo/*', ['foo/', 'foo/a'], ['foo', 'foo/a/b', 'foo/a/']],
    ['two stars are one star', '**/a', ['/a', 'x/a'], ['a', 'x/y/a']],
    [
      'a question mark matches one code point',
      '?',
      ['a', 'é', '😀', '\n', '.'],
      ['', 'ab', '/', '😀😀'],
    ],
    ['a star leaves no half of an astral character', '*??', ['ab', 'a😀'], ['😀', 'a']],
    [
      'the number of segments must be the same',
      'a/b',
      ['a/b'],
      ['a', 'a/b/c', 'a//b', '/a/b', 'a/b/'],
    ],
    ['an empty pattern is an empty path', '', [''], ['a', '/']],
    ['empty segments count', '*/*', ['/', 'a/', '/b', 'a/b'], ['', 'a', '//']],
    [
      'a class matches one of its characters',
      'a[bc]d',
      ['abd', 'acd'],
      ['aed', 'ad', 'abcd', 'aBd'],
    ],
    ['an exclamation mark negates a class', '[!ab]', ['c', '!', '😀'], ['a', 'b', '', '/']],
    ['a negated exclamation mark', '[!!]', ['a'], ['!']],
    ['a negated range ends', '[!- ]', ['b', '!'], ['-', ' ', '']],
    ['a circumflex is a character of the class', '[^a]', ['^', 'a'], ['b']],
    ['a bracket that is not closed is literal', '[a', ['[a'], ['a', '[']],
    ['an exclamation mark alone does not close', '[!]', ['[!]'], ['a', '!']],
    ['an empty class is not closed', '[]', ['[]'], ['', ']']],
    ['a closing bracket first is a character of the class', '[]a]', [']', 'a'], ['[]a]', 'b']],
    ['a closing bracket after the negation too', '[!]a]', ['b'], [']', 'a']],
    ['a closing bracket alone is literal', 'a]', ['a]'], ['a']],
    ['a hyphen at the end is a character', '[a-]', ['a', '-'], ['b']],
    ['a hyphen at the beginning is a character', '[-a]', ['a', '-'], ['b']],
    ['a range can begin with a closing bracket', '[]-a]', [']', '^', '_', '`', 'a'], ['-', 'b']],
    ['a range can begin with a hyphen', '[--0]', ['-', '.', '0'], ['1', ',']],
    ['a range ends once', '[a-c-e]', ['a', 'b', 'c', '-', 'e'], ['d']],
    ['a reversed range matches no character', '[b-a]', [], ['a', 'b', '-', '']],
    [
      'a negated reversed range matches any one character',
      '[!b-a]',
      ['a', '-', '😀'],
      ['', '/', 'ab'],
    ],
    ['a reversed range leaves the rest of its class', '[b-ac-d]', ['c', 'd'], ['a', 'b', '-']],
    ['an exclamation mark that comes to the front negates', '[b-a!c]', ['a', '!'], ['c']],
    ['and so does one that began a range', '[b-a!-z]', ['a', '!'], ['-', 'z']],
    ['ranges go by code point', '[😀-😂]', ['😀', '😁', '😂'], ['😃', '\ud83d']],
    ['U+E000 is below U+1F600', '[\ue000-😀]', ['\ue000', '\uffff', '😀'], ['\ud7ff', '😁']],
    ['a class ends with its segment', '[a/b]', ['[a/b]'], ['a', '/', 'b', '[a', 'a/b']],
    ['a range over the slash does not match it', 'a[.-0]b', ['a.b', 'a0b'], ['a/b']],
    ['a negated class does not match a slash', 'a[!x]b', ['a.b'], ['a/b']],
    ['a star of an earlier segment has ended', 'abc/*cc/d', ['abc/cc/d'], ['abc/cc/cc/d']],
    ['brackets of a later segment do not close', '[a/]b]', ['[a/]b]'], ['a', '[']],
    ['a backslash is a character', '\\*', ['\\', '\\a'], ['*', '']],
    ['a backslash in a class is a character', '[\\]', ['\\'], ['[\\]']],
    ['braces are characters', '{a,b}', ['{a,b}'], ['a', 'b']],
    ['a leading dot is an ordinary character', '*', ['.a', '..', '.'], ['./a']],
    ['a newline is a character', 'a*', ['a\n', 'a\nb'], ['\na']],
    ['a newline at the end counts', 'a', ['a'], ['a\n']],
    ['case matters', 'Ab', ['Ab'], ['ab', 'AB']],
    ['no Unicode folding or normalisation', 'é', ['é'], ['É', 'e\u0301']],
  ] as const)('%s', (_title, pattern, yes, no) => {
    expect([...yes].filter((path) => !matchesPathPattern(pattern, path))).toEqual([])
    expect([...no].filter((path) => matchesPathPattern(pattern, path))).toEqual([])
  })

  test('can be compiled once and used for many paths', () => {
    const matches = compilePathPattern('a/[!b]*')
    expect(matches(codePoints('a/cd'))).toBe(true)
    expect(matches(codePoints('a/bd'))).toBe(false)
    expect(matches(codePoints('a/cd'))).toBe(true)
  })
})

test.each([
  ['', []],
  ['aé', [0x61, 0xe9]],
  ['\uffffa', [0xffff, 0x61]],
  ['\u{10000}a', [0x1_0000, 0x61]],
  ['\u{10ffff}a', [0x10_ffff, 0x61]],
  ['\ud83da', [0xd83d, 0x61]],
  ['\ude00\ud83d', [0xde00, 0xd83d]],
])('%j is read as code points', (text, points) => {
  expect(codePoints(text)).toEqual(points)
})

describe('lengths', () => {
  const longest = 'a'.repeat(4096)

  test('names of 4,096 code points match, longer ones never do', () => {
    expect(matchesPathPattern('*', longest)).toBe(true)
    expect(matchesPathPattern(longest, longest)).toBe(true)
    expect(matchesPathPattern('*', `${longest}a`)).toBe(false)
    expect(matchesPathPattern(`${longest}a`, `${longest}a`)).toBe(false)
    expect(matchesPathPattern(`${longest}*`, longest)).toBe(false)
  })

  test('an astral character counts as one', () => {
    expect(matchesPathPattern('*', '😀'.repeat(4096))).toBe(true)
    expect(matchesPathPattern('*', '😀'.repeat(4097))).toBe(false)
  })
})

describe('CVE-2026-26996, CVE-2026-27903, CVE-2026-27904: hostile patterns end', () => {
  test.each([
    ['stars between characters', '*a'.repeat(2000), `${'a'.repeat(4095)}b`],
    ['stars between characters that run out', `${'*a'.repeat(2000)}*b`, 'a'.repeat(4096)],
    ['stars alone', `${'*'.repeat(4095)}b`, 'a'.repeat(4096)],
    ['stars and question marks', `${'*?'.repeat(2000)}b`, 'a'.repeat(4096)],
    ['stars and classes', `${'*[!b]'.repeat(800)}b`, 'a'.repeat(4096)],
    ['one long class after a star', `*[${'b'.repeat(4000)}]c`, 'a'.repeat(4096)],
    ['stars in many segments', '*a/'.repeat(1000), 'aa/'.repeat(1000) + '/'],
    ['brackets that are never closed', '['.repeat(4096), 'a'.repeat(4096)],
    ['unclosed brackets in many segments', '[/'.repeat(2048), 'a/'.repeat(2048)],
    ['more than is allowed', '*a'.repeat(5000), 'a'.repeat(10_000)],
    ['megabytes', '*a'.repeat(1_000_000), 'a'.repeat(1_000_000)],
  ])('%s', (_title, pattern, path) => {
    expect(matchesPathPattern(pattern, path)).toBe(false)
  })

  test('a pattern that does match ends as well', () => {
    expect(matchesPathPattern('*a'.repeat(2000), 'a'.repeat(4096))).toBe(true)
  })

  test('steps grow with the product of the lengths, not faster', () => {
    // 'a' is read through an array that counts.
    const stepsFor = (size: number): number => {
      let steps = 0
      const path = new Proxy(codePoints(`${'a'.repeat(size)}b`), {
        get(target, property, receiver) {
          steps += 1
          return Reflect.get(target, property, receiver) as unknown
        },
      })
      expect(compilePathPattern('*a'.repeat(size / 2))(path)).toBe(false)
      return steps
    }
    expect(stepsFor(64)).toBeLessThan(4 * 64 * 64)
    expect(stepsFor(512)).toBeLessThan(4 * 512 * 512)
  })
})
