/** Delegations and the roles that may speak for a path: patterns, hash prefixes, succinct bins. */
import { createHash } from 'node:crypto'
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { byHash, byPath, digests, type Path } from './bin-paths.js'
import type { Json } from './sample-files.js'
import { succinct } from './succinct-bins.js'
import { gives, type Terms } from './vector.js'

/** The family `hash-bins`. */
export function hashBinsFamily(): VectorFile {
  return functionFamily(
    'hash-bins',
    'Which roles of `delegations` (as in targets metadata) may speak for the target path `path`? The output is the list of their names in the order in which they are asked; whether a role is terminating plays no part. Refused: malformed delegations.',
    [...prefixes(), ...several(), ...succinct()],
  )
}

for (const [path, start] of Object.entries(digests)) {
  const digest = createHash('sha256').update(path).digest('hex')
  if (!digest.startsWith(start)) throw new Error(`the digest of ${path} is ${digest}`)
}

type Row = readonly [
  id: string,
  title: string,
  path: Path,
  roles: readonly Json[],
  output: string[],
  more?: Partial<Terms>,
]

function table(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, path, roles, output, more]) =>
    gives(
      terms,
      `hash-bins-${id}`,
      title,
      { delegations: { keys: {}, roles }, path },
      output,
      more,
    ),
  )
}

function prefixes(): readonly FunctionVector[] {
  const prefix: Terms = { requirements: ['4.5-hash-prefixes'] }
  return [
    ...table(prefix, [
      [
        'two-digits',
        'A prefix of two digits covers the path whose digest begins with it',
        'file.txt',
        [byHash('bin', 'aa')],
        ['bin'],
      ],
      [
        'other-digits',
        'A prefix that the digest does not begin with covers no path',
        'file.txt',
        [byHash('bin', 'ab')],
        [],
      ],
      ['one-digit', 'One digit is enough for a prefix', 'file.txt', [byHash('bin', 'a')], ['bin']],
      [
        'three-digits',
        'Three digits are a valid prefix',
        'file.txt',
        [byHash('bin', 'aad')],
        ['bin'],
      ],
      ['three-other-digits', 'The third digit counts', 'file.txt', [byHash('bin', 'aae')], []],
      [
        'whole-digest',
        'A prefix may be the whole digest',
        '',
        [byHash('bin', digests[''])],
        ['bin'],
      ],
      [
        'too-long',
        'A prefix longer than a digest covers no path',
        '',
        [byHash('bin', `${digests['']}0`)],
        [],
      ],
      ['not-at-start', 'Digits further on do not count', 'file.txt', [byHash('bin', 'df')], []],
      [
        'of-path',
        'The whole path is hashed, not the file name alone',
        'dir/file.txt',
        [byHash('name', 'aadf'), byHash('path', '7813')],
        ['path'],
      ],
      [
        'leading-separator',
        'A leading separator is hashed',
        '/file.txt',
        [byHash('without', 'aadf'), byHash('with', '9574')],
        ['with'],
      ],
      [
        'not-resolved',
        'A path is not tidied before it is hashed',
        'dir//file.txt',
        [byHash('tidy', '7813'), byHash('as-it-is', '2e77')],
        ['as-it-is'],
      ],
      [
        'case',
        'A path is hashed in its own case',
        'DIR/FILE.TXT',
        [byHash('small', '7813'), byHash('capital', '1fcc')],
        ['capital'],
      ],
      [
        'utf8',
        'A path is hashed as UTF-8',
        'packages/\u00e9.txt',
        [byHash('utf-8', '4b24'), byHash('decomposed', 'b2ef')],
        ['utf-8'],
      ],
      [
        'not-normalised',
        'A path is not normalised before it is hashed',
        'packages/e\u0301.txt',
        [byHash('composed', '4b24'), byHash('as-it-is', 'b2ef')],
        ['as-it-is'],
      ],
      [
        'not-encoded',
        'A path is not percent-encoded before it is hashed',
        'file name.txt',
        [byHash('encoded', '8db3'), byHash('as-it-is', '9967')],
        ['as-it-is'],
      ],
      [
        'not-decoded',
        'A path is not percent-decoded before it is hashed',
        'file%20name.txt',
        [byHash('decoded', '9967'), byHash('as-it-is', '8db3')],
        ['as-it-is'],
      ],
      ['no-prefix', 'A role without any prefix covers no path', 'file.txt', [byHash('bin')], []],
      [
        'wildcard',
        'A wildcard in a prefix is an ordinary character',
        'file.txt',
        [byHash('bin', '*', 'a?', '[a]')],
        [],
      ],
    ]),
    ...table({ ...prefix, profile: 'tuffet' }, [
      [
        'empty-prefix',
        'The empty prefix covers every path',
        'file.txt',
        [byHash('all', '')],
        ['all'],
        {
          note: '4.5: every digest begins with it. The text does not say that a prefix must contain a digit.',
        },
      ],
      [
        'upper-case',
        'A prefix in upper case covers no path',
        'file.txt',
        [byHash('bin', 'AA')],
        [],
        {
          note: '4.5 says hexadecimal. Digests are written in lower case, and all known clients compare text.',
        },
      ],
      [
        'not-hexadecimal',
        'A prefix that is not hexadecimal covers no path and breaks no other prefix',
        'file.txt',
        [byHash('bin', 'xyz', '0x', 'aad')],
        ['bin'],
        {
          note: '4.5 says hexadecimal and does not say how to treat other text. No digest begins with it, so it covers no path; a client that refuses the file reaches the same result.',
        },
      ],
    ]),
  ]
}

function several(): readonly FunctionVector[] {
  const order: Terms = { requirements: ['4.5-order'] }
  return table(order, [
    [
      'second-prefix',
      'One prefix of several is enough',
      'file.txt',
      [byHash('bin', '00', 'ff', 'aa')],
      ['bin'],
    ],
    [
      'two-prefixes-match',
      'A role that is found twice is asked once',
      'file.txt',
      [byHash('bin', 'aa', 'aad', 'a')],
      ['bin'],
    ],
    [
      'two-roles',
      'Roles are asked in the order of the list',
      'file.txt',
      [byHash('second-name', 'aa'), byHash('first-name', 'aa')],
      ['second-name', 'first-name'],
    ],
    [
      'shorter-later',
      'A longer prefix gives no precedence',
      'file.txt',
      [byHash('short', 'a'), byHash('long', 'aadf'), byHash('middle', 'aad')],
      ['short', 'long', 'middle'],
    ],
    [
      'longer-first',
      'A shorter prefix gives no precedence either',
      'file.txt',
      [byHash('long', 'aadf'), byHash('short', 'a')],
      ['long', 'short'],
    ],
    [
      'between-others',
      'Roles that do not cover the path are passed over',
      'file.txt',
      [byHash('x', '00'), byHash('y', 'aa'), byHash('z', 'ff')],
      ['y'],
    ],
    [
      'by-number',
      'Names of digits are not positions',
      'file.txt',
      [byHash('10', 'aa'), byHash('9', 'aa'), byHash('1', 'aa')],
      ['10', '9', '1'],
    ],
    [
      'patterns',
      'Roles by pattern are asked in the order of the list',
      'dir/file.txt',
      [byPath('all', '*/*'), byPath('one', 'dir/file.txt'), byPath('other', '*')],
      ['all', 'one'],
    ],
    [
      'pattern-of-several',
      'One pattern of several is enough',
      'dir/file.txt',
      [byPath('some', '*', 'x/*', 'dir/*.txt')],
      ['some'],
    ],
    [
      'mixed',
      'Roles by pattern and by prefix share one order',
      'dir/file.txt',
      [
        byHash('a', '78'),
        byPath('b', 'dir/*'),
        byHash('c', '7'),
        byPath('d', '*'),
        byPath('e', '*/file.txt'),
      ],
      ['a', 'b', 'c', 'e'],
    ],
    [
      'pattern-of-role-without',
      'A role without any pattern covers no path',
      'dir/file.txt',
      [byPath('none'), byPath('some', 'dir/*')],
      ['some'],
      { requirements: ['4.5-path-pattern'] },
    ],
    [
      'nobody',
      'A path without a matching role is valid',
      'dir/file.txt',
      [byHash('a', '00'), byPath('b', '*.txt')],
      [],
    ],
    ['no-roles', 'An empty list of roles is valid', 'dir/file.txt', [], []],
    [
      'inherited-name',
      'A role by an inherited name is found like any other',
      'file.txt',
      [byHash('__proto__', 'aa'), byHash('constructor', 'aa')],
      ['__proto__', 'constructor'],
    ],
  ])
}
