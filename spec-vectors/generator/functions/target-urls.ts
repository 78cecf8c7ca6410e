/** Target paths that a URL cannot carry as they are, and those that must not get there. */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { digest, namesTable as table } from './names-table.js'
import { refuses, type Terms } from './vector.js'

/** Paths that led clients out of their folder. */
const targetEscapes = { tags: ['CVE-2021-41149', 'CVE-2026-24137'] } as const

export function encodedTargets(): readonly FunctionVector[] {
  return table(
    {
      requirements: ['4.5-target-path'],
      profile: 'tuffet',
      note: '4.5 calls a target path a path-relative URL string and does not say how to treat other characters.',
    },
    [
      ['target-space', 'A space of a target path is encoded', { target: 'a b.txt' }, 'a%20b.txt'],
      [
        'target-escape',
        'A percent-encoded character stays encoded',
        { target: 'a%20b%2Fc.txt' },
        'a%20b%2Fc.txt',
      ],
      [
        'target-percent',
        'A percent sign that begins no escape is encoded',
        { target: '100%.txt' },
        '100%25.txt',
      ],
      [
        'target-percent-digit',
        'A percent sign before a single digit is encoded',
        { target: '%4' },
        '%254',
      ],
      ['target-query', 'A question mark begins no query', { target: 'a?b=c' }, 'a%3Fb=c'],
      ['target-fragment', 'A number sign begins no fragment', { target: 'a#b' }, 'a%23b'],
      [
        'target-delimiters',
        'Delimiters that a path allows stay',
        { target: "a:@!$&'()*+,;=b" },
        "a:@!$&'()*+,;=b",
      ],
      [
        'target-brackets',
        'Brackets are encoded',
        { target: '[a]{b}|^`"<>' },
        '%5Ba%5D%7Bb%7D%7C%5E%60%22%3C%3E',
      ],
      [
        'target-backslash',
        'A backslash is encoded and is not a separator',
        { target: '..\\x' },
        '..%5Cx',
      ],
      [
        'target-utf8',
        'Other characters of a target path are encoded as UTF-8',
        { target: '\u00e9/\u{1f600}' },
        '%C3%A9/%F0%9F%98%80',
      ],
      [
        'target-control',
        'Control characters of a target path are encoded',
        { target: 'a\0\tb' },
        'a%00%09b',
      ],
      [
        'target-leading-separator',
        'A leading separator stays',
        { target: '/file.txt' },
        '/file.txt',
      ],
      ['target-empty-segments', 'Empty directories stay', { target: 'a//b' }, 'a//b'],
      [
        'target-absolute',
        'A path that looks like a URL is a path',
        { target: 'https://example.com/x' },
        'https://example.com/x',
      ],
      [
        'target-hash-space',
        'A hash-prefixed name is encoded like any other',
        { target: 'a b/c d', digest },
        `a%20b/${digest}.c%20d`,
      ],
      [
        'target-hash-separator',
        'An encoded separator divides no path',
        { target: 'a%2Fb', digest },
        `${digest}.a%2Fb`,
      ],
      [
        'target-hash-trailing',
        'Behind a trailing separator the name is empty',
        { target: 'dir/', digest },
        `dir/${digest}.`,
      ],
    ],
  )
}

export function unsafe(): readonly FunctionVector[] {
  const terms: Terms = {
    requirements: ['4.5-target-path'],
    profile: 'tuffet',
    note: '4.5 does not forbid such paths. Whatever sends the request would resolve them, and ask for another file.',
  }
  const rows: readonly (readonly [string, string, FunctionVector['input'], Partial<Terms>?])[] = [
    ['parent', 'A way out of the folder is refused', { target: '../x' }, targetEscapes],
    [
      'parent-inside',
      'A way back is refused, also where it stays inside',
      { target: 'a/../b' },
      targetEscapes,
    ],
    ['parent-last', 'A path that ends with two dots is refused', { target: 'a/..' }, targetEscapes],
    ['dot', 'A path that is a dot is refused', { target: '.' }],
    ['dot-inside', 'A directory that is a dot is refused', { target: 'a/./b' }],
    ['encoded', 'Dots that are percent-encoded are dots', { target: '%2e%2e/x' }, targetEscapes],
    [
      'encoded-upper',
      'Dots that are percent-encoded in upper case are dots',
      { target: 'a/%2E%2E/b' },
      targetEscapes,
    ],
    [
      'encoded-half',
      'Two dots of which one is percent-encoded are dots',
      { target: '.%2e/x' },
      targetEscapes,
    ],
    [
      'hash',
      'A digest before the last part does not hide a way out',
      { target: '../x', digest },
      targetEscapes,
    ],
    [
      'hash-last',
      'A digest before two dots does not hide them',
      { target: 'a/..', digest },
      targetEscapes,
    ],
  ]
  return rows.map(([id, title, input, more]) =>
    refuses(terms, `names-unsafe-${id}`, title, input, more),
  )
}
