/** Path patterns (4.5): one glob for every platform. */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { gives, type Terms } from './vector.js'

/** The family `path-patterns`. */
export function pathPatternsFamily(): VectorFile {
  return functionFamily(
    'path-patterns',
    'Does the path pattern `pattern` of a delegation cover the target path `path`? The output is ' +
      'true or false.',
    [...examples(), ...wildcards(), ...separators(), ...classes(), ...literals(), ...cost()],
  )
}

type Row = readonly [
  id: string,
  title: string,
  pattern: string,
  path: string,
  matches: boolean,
  more?: Partial<Terms>,
]

function table(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, pattern, path, matches, more]) =>
    gives(terms, `path-patterns-${id}`, title, { pattern, path }, matches, more),
  )
}

const pattern: Terms = { requirements: ['4.5-path-pattern'] }
const separator: Terms = { requirements: ['4.5-wildcard'] }
/** A matcher that knows the platform's paths, and one that knows more than glob. */
const platform = { tags: ['GHSA-qp9x-wp8f-qgjj'] } as const
const minimatch = { tags: ['GHSA-pmwq-pjrm-6p5r'] } as const

/** Paths that shells never see, for they match names in a folder. */
const noName: Partial<Terms> = {
  profile: 'tuffet',
  note: '4.5 names glob(7), which is about the files of folders: no file name is empty, and only a literal dot matches a leading one. The reference implementation does not follow these rules.',
}

/** The examples that the specification itself gives. */
function examples(): readonly FunctionVector[] {
  return table(pattern, [
    [
      'example-foo',
      'targets/*.tgz covers targets/foo.tgz',
      'targets/*.tgz',
      'targets/foo.tgz',
      true,
    ],
    [
      'example-bar',
      'targets/*.tgz covers targets/bar.tgz',
      'targets/*.tgz',
      'targets/bar.tgz',
      true,
    ],
    [
      'example-txt',
      'targets/*.tgz does not cover targets/foo.txt',
      'targets/*.tgz',
      'targets/foo.txt',
      false,
    ],
    [
      'example-2',
      'foo-version-?.tgz covers foo-version-2.tgz',
      'foo-version-?.tgz',
      'foo-version-2.tgz',
      true,
    ],
    [
      'example-alpha',
      'foo-version-?.tgz does not cover foo-version-alpha.tgz',
      'foo-version-?.tgz',
      'foo-version-alpha.tgz',
      false,
    ],
    ['example-top', '*.tgz covers foo.tgz', '*.tgz', 'foo.tgz', true],
    [
      'example-below',
      '*.tgz does not cover targets/foo.tgz',
      '*.tgz',
      'targets/foo.tgz',
      false,
      separator,
    ],
    ['example-literal', 'foo.tgz covers itself', 'foo.tgz', 'foo.tgz', true],
    ['example-other', 'foo.tgz covers no other path', 'foo.tgz', 'bar.tgz', false],
  ])
}

function wildcards(): readonly FunctionVector[] {
  return [
    ...table(pattern, [
      ['star-empty', 'A star matches the empty text too', 'a*b', 'ab', true],
      ['star-alone', 'A star alone covers any name', '*', 'any name at all', true],
      ['star-no-name', 'A star alone covers the empty path', '*', '', true, noName],
      [
        'star-backtrack',
        'A star gives back the characters that it took too many',
        '*ab',
        'aab',
        true,
      ],
      ['star-middle', 'Several stars find their parts in order', 'a*b*c', 'a-c-b-c', true],
      ['star-order', 'Several stars do not find them out of order', 'a*b*c', 'a-c-b', false],
      ['star-overlap', 'Two stars do not use one character twice', '*a*a*', 'bab', false],
      ['star-line-feed', 'A star matches a line feed too', 'a*c', 'a\nb\nc', true],
      ['question-one', 'A question mark matches one character', 'a?c', 'abc', true],
      ['question-none', 'A question mark does not match the empty text', 'a?c', 'ac', false],
      ['question-two', 'A question mark does not match two characters', 'a?c', 'abbc', false],
      ['question-astral', 'A character beyond 16 bits is one character', '?', '\u{1f600}', true],
      ['question-astral-two', 'A character beyond 16 bits is not two', '??', '\u{1f600}', false],
      ['question-combining', 'A letter and an accent of its own are two', 'e?', 'e\u0301', true],
      ['whole-start', 'A pattern is for the whole path from its start', 'foo', 'xfoo', false],
      ['whole-end', 'A pattern is for the whole path to its end', 'foo', 'foo.bak', false],
      ['whole-line', 'The end of a line is not the end of a path', 'foo', 'foo\n', false],
      ['case', 'Capital letters are other letters', 'Foo.tgz', 'foo.tgz', false, platform],
      ['case-kelvin', 'A letter that only looks like another is another', 'K', '\u212a', false],
      ['not-normalised', 'Unicode is not normalised', '\u00e9', 'e\u0301', false],
      ['empty', 'The empty pattern covers the empty path only', '', 'a', false],
      ['empty-empty', 'The empty pattern covers the empty path', '', '', true],
    ]),
    ...table(
      {
        ...pattern,
        profile: 'tuffet',
        ...minimatch,
        note: '4.5 names glob(7), where only a literal dot matches a leading one; it also says that target paths are not files. The reference implementation and others do not follow this rule.',
      },
      [
        ['star-dot-file', 'A star covers a name that begins with a dot', '*', '.hidden', true],
        ['question-dot-file', 'A question mark matches a leading dot', '?hidden', '.hidden', true],
      ],
    ),
  ]
}

function separators(): readonly FunctionVector[] {
  return table(separator, [
    ['star-separator', 'A star does not match a separator', 'a*c', 'a/c', false],
    ['star-beyond', 'A star does not go beyond a separator', 'a*', 'ab/c', false],
    ['star-directory', 'A star matches one directory', '*/*.tgz', 'dir/foo.tgz', true],
    ['star-directories', 'A star does not match two directories', '*/*.tgz', 'a/b/foo.tgz', false],
    [
      'star-no-directory',
      'A pattern with a directory does not cover a path without',
      '*/foo',
      'foo',
      false,
    ],
    ['double-star', 'Two stars in a row mean the same as one', '**', 'a/b', false],
    ['double-star-directory', 'Two stars match one directory, not many', '**/c', 'a/b/c', false],
    ['double-star-none', 'Two stars do not match the absence of a directory', '**/c', 'c', false],
    ['question-separator', 'A question mark does not match a separator', 'a?c', 'a/c', false],
    ['class-separator', 'A class does not contain a separator', 'a[!b]c', 'a/c', false],
    [
      'class-range-separator',
      'A range does not contain the separator in its middle',
      'a[.-0]c',
      'a/c',
      false,
    ],
    [
      'class-across',
      'A bracket closes within its directory or not at all',
      'a[/]c',
      'a/c',
      false,
      {
        note: '4.5 and glob(7): the pattern is matched directory by directory; this bracket is not closed in its own and is literal.',
      },
    ],
    [
      'class-across-literal',
      'An unclosed bracket of a directory is literal',
      'a[/]c',
      'a[/]c',
      true,
    ],
    ['leading-separator', 'A leading separator counts', '/foo', 'foo', false],
    [
      'leading-separator-star',
      'A star before a separator matches the empty text too',
      '*/foo',
      '/foo',
      true,
      noName,
    ],
    ['trailing-separator', 'A trailing separator counts', 'dir/', 'dir', false],
    [
      'empty-directory',
      'Two separators in a row are a directory without a name',
      'a/*/b',
      'a//b',
      true,
      noName,
    ],
    ['empty-directory-not-one', 'Two separators in a row are not one', 'a/b', 'a//b', false],
    ['dots', 'Dots are names like any other and lead nowhere', 'a/*/b', 'a/../b', true, noName],
    ['dots-not-resolved', 'A path is not resolved before it is compared', 'b', 'a/../b', false],
    ['backslash', 'A backslash is not a separator', 'a*c', 'a\\c', true, platform],
    ['percent', 'A percent-encoded separator is not a separator', 'a*c', 'a%2Fc', true],
  ])
}

function classes(): readonly FunctionVector[] {
  return [
    ...table(
      { ...pattern, note: '4.5 names glob(7), which knows classes, beside the two wildcards.' },
      [
        ['class', 'A class matches one of its characters', 'foo-[12]', 'foo-2', true],
        ['class-not', 'A class matches no other character', 'foo-[12]', 'foo-3', false],
        ['class-one', 'A class matches one character only', 'foo-[12]', 'foo-12', false],
        ['class-range', 'A range contains both its ends', '[a-c]', 'c', true],
        ['class-range-outside', 'A range contains no character beyond them', '[a-c]', 'd', false],
        ['class-negated', 'An exclamation mark negates a class', '[!ab]', 'c', true],
        ['class-negated-not', 'A negated class excludes its characters', '[!ab]', 'b', false],
        [
          'class-negated-none',
          'A negated class matches one character, not the empty text',
          'a[!b]',
          'a',
          false,
        ],
        [
          'class-closing-first',
          'A closing bracket that comes first belongs to the class',
          '[]a]',
          ']',
          true,
        ],
        [
          'class-closing-negated',
          'A closing bracket after a negation belongs to the class',
          '[!]a]',
          'b',
          true,
        ],
        ['class-hyphen-first', 'A hyphen that comes first is literal', '[-a]', '-', true],
        ['class-hyphen-last', 'A hyphen that comes last is literal', '[a-]', '-', true],
        ['class-unclosed', 'A bracket that is not closed is literal', '[ab', '[ab', true],
        ['class-unclosed-not', 'An unclosed bracket is not a class', '[ab', 'a', false],
        ['class-empty', 'Empty brackets are literal', '[]', '[]', true],
        ['class-star', 'A star in a class is literal', '[*]', 'a', false],
        ['class-question', 'A question mark in a class is literal', '[?]', '?', true],
        [
          'class-astral',
          'A range may lie beyond 16 bits',
          '[\u{1f600}-\u{1f602}]',
          '\u{1f601}',
          true,
        ],
        [
          'class-case',
          'A range of small letters contains no capital ones',
          '[a-z]',
          'B',
          false,
          platform,
        ],
      ],
    ),
    ...table(
      {
        ...pattern,
        profile: 'tuffet',
        note: 'glob(7) leaves it open, or shells differ. The reference implementation uses fnmatch of CPython, and two clients must not authorise different files.',
      },
      [
        ['class-caret', 'A caret does not negate', '[^a]', '^', true],
        ['class-caret-not', 'A caret is one of the class', '[^a]', 'a', true],
        ['class-reversed', 'A reversed range contains no character', '[c-a]', 'b', false],
        [
          'class-reversed-negated',
          'A negated reversed range contains everything',
          '[!c-a]',
          'b',
          true,
        ],
        ['class-exclamation-late', 'An exclamation mark further on is literal', '[a!]', '!', true],
        ['class-backslash', 'A backslash in a class is literal', '[a\\]', '\\', true],
        ['class-named', 'Named classes do not exist', '[[:alpha:]]', 'a', false],
        [
          'class-named-literal',
          'A named class is its characters, and then a bracket',
          '[[:alpha:]]',
          'a]',
          true,
        ],
        ['class-set-operation', 'Set operations do not exist', '[a&&b]', '&', true],
      ],
    ),
  ]
}

function literals(): readonly FunctionVector[] {
  return table(
    {
      ...pattern,
      profile: 'tuffet',
      ...minimatch,
      note: 'glob(7) takes a backslash for an escape and shells know more wildcards; fnmatch of CPython, which the reference implementation uses, does neither.',
    },
    [
      [
        'backslash-star',
        'A backslash does not take away the meaning of a star',
        '\\*',
        '\\foo',
        true,
      ],
      ['backslash-star-not', 'A backslash before a star is literal', '\\*', '*', false],
      ['backslash-letter', 'A backslash before a letter is literal', '\\a', '\\a', true],
      ['braces', 'Braces are literal', '{a,b}', '{a,b}', true],
      ['braces-not', 'Braces offer no choice', '{a,b}', 'a', false],
      ['extended', 'Parentheses and the character before them are literal', '+(a)', 'aa', false],
      ['negated-pattern', 'An exclamation mark before a pattern is literal', '!a', 'b', false],
      ['hash', 'A number sign starts no comment', '#a', '#a', true],
      ['tilde', 'A tilde is not a home folder', '~/a', '~/a', true, { tags: [] }],
    ],
  ).concat(
    table(pattern, [
      ['regexp-dot', 'A dot is a dot', 'a.c', 'abc', false],
      ['regexp-bar', 'A bar is a bar', 'a|b', 'a', false],
      ['regexp-dollar', 'A dollar sign is a dollar sign', 'a$', 'a$', true],
      ['regexp-parenthesis', 'A parenthesis is a parenthesis', '(a', '(a', true],
      ['regexp-plus', 'A plus sign is a plus sign', 'a+', 'aa', false],
    ]),
  )
}

function cost(): readonly FunctionVector[] {
  const backtracking = { tags: ['CVE-2026-26996'] } as const
  const linear: Terms = {
    ...pattern,
    note: '4.5: the answer is plain; a matcher that tries every way to divide the path never reaches it.',
  }
  return [
    ...table(linear, [
      [
        'cost-stars',
        'Many stars are not expensive',
        `${'a*'.repeat(500)}b`,
        'a'.repeat(1000),
        false,
        backtracking,
      ],
      [
        'cost-stars-match',
        'Many stars find a match',
        `${'*a'.repeat(500)}*`,
        'a'.repeat(1000),
        true,
      ],
      [
        'cost-star-run',
        'Stars in a row are not expensive',
        `${'*'.repeat(1000)}b`,
        'a'.repeat(1000),
        false,
        backtracking,
      ],
      [
        'cost-globstars',
        'Pairs of stars in many directories are not expensive',
        `${'**/a/'.repeat(25)}b`,
        `${'a/'.repeat(50)}c`,
        false,
        { tags: ['CVE-2026-27903'] },
      ],
      [
        'cost-groups',
        'Nested choices of other globs are not expensive',
        '*(*(*(a|b)))',
        `${'a'.repeat(40)}c`,
        false,
        { tags: ['CVE-2026-27904'] },
      ],
      [
        'cost-brackets',
        'Open brackets are not expensive',
        '['.repeat(1000),
        '['.repeat(1000),
        true,
      ],
    ]),
    ...table(
      {
        ...pattern,
        profile: 'tuffet',
        note: 'The specification sets no longest name; a limit bounds the cost of a search.',
      },
      [
        ['length-4096', 'A path of 4,096 characters is covered', '*', 'a'.repeat(4096), true],
        [
          'length-4097',
          'No pattern covers a path of 4,097 characters',
          '*',
          'a'.repeat(4097),
          false,
        ],
        [
          'pattern-length-4097',
          'A pattern of 4,097 characters covers no path',
          '*'.repeat(4097),
          'a',
          false,
        ],
      ],
    ),
  ]
}
