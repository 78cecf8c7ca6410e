/** Delegations and the roles that may speak for a path: patterns, hash prefixes, succinct bins. */
import { createHash } from 'node:crypto'
import type { FunctionVector, VectorFile } from '../../../src/testing/vectors/format.js'
import { functionFamily } from '../write.js'
import type { Json } from './sample-files.js'
import { gives, refuses, type Terms } from './vector.js'

/** The family `hash-bins`. */
export function hashBinsFamily(): VectorFile {
  return functionFamily(
    'hash-bins',
    'Which roles of `delegations` (as in targets metadata) may speak for the target path `path`? ' +
      'The output is the list of their names in the order in which they are asked; whether a role ' +
      'is terminating plays no part. Refused: delegations that are none.',
    [...prefixes(), ...several(), ...succinct()],
  )
}

/** Start of the SHA-256 of a path, by whatever tool: `printf %s file.txt | sha256sum`. */
const digests = {
  '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  a: 'ca978112ca1b',
  'file.txt': 'aadf327c8267c09d',
  '/file.txt': '95743e40eac77718',
  'dir/file.txt': '781336c84b85ce9d',
  'dir//file.txt': '2e7786df4c483168',
  'DIR/FILE.TXT': '1fcccbcf1ce2f9c1',
  'packages/\u00e9.txt': '4b2445eb9e0fc999',
  'packages/e\u0301.txt': 'b2ef71d0aebc47e2',
  'file name.txt': '99677643a842bed8',
  'file%20name.txt': '8db3fddc8dbf7eeb',
  'file-607352.txt': '00000b66b48414d5',
  'file-1148962.txt': 'fffffaca45ee4f15',
  'file-961525.txt': '800004e4e44c9668',
  'file-1701483.txt': '7ffff8abade7e5cb',
  t8: 'd5fa38a1f8a14002',
  t25: '110cda456202f5ac',
} as const

type Path = keyof typeof digests

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

function byHash(name: string, ...path_hash_prefixes: string[]): Json {
  return { name, keyids: [], threshold: 1, terminating: false, path_hash_prefixes }
}

function byPath(name: string, ...paths: string[]): Json {
  return { name, keyids: [], threshold: 1, terminating: false, paths }
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
        'A prefix that the digest does not begin with covers nothing',
        'file.txt',
        [byHash('bin', 'ab')],
        [],
      ],
      ['one-digit', 'A prefix may have one digit', 'file.txt', [byHash('bin', 'a')], ['bin']],
      [
        'three-digits',
        'A prefix may have three digits',
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
        'A prefix longer than a digest covers nothing',
        '',
        [byHash('bin', `${digests['']}0`)],
        [],
      ],
      ['not-at-start', 'Digits further on do not count', 'file.txt', [byHash('bin', 'df')], []],
      [
        'of-path',
        'It is the path that is hashed, not the file name in it',
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
      ['no-prefix', 'A role without any prefix covers nothing', 'file.txt', [byHash('bin')], []],
      [
        'wildcard',
        'A prefix knows no wildcards',
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
        { note: '4.5: every digest begins with it. Nothing says that a prefix has a digit.' },
      ],
      [
        'upper-case',
        'A prefix in upper case covers nothing',
        'file.txt',
        [byHash('bin', 'AA')],
        [],
        {
          note: '4.5 says hexadecimal. Digests are written in lower case, and all known clients compare text.',
        },
      ],
      [
        'not-hexadecimal',
        'A prefix that is not hexadecimal covers nothing and breaks nothing',
        'file.txt',
        [byHash('bin', 'xyz', '0x', 'aad')],
        ['bin'],
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
      'Names of digits are no positions',
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
      'Roles by pattern and by prefix stand in one order',
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
      'A role without any pattern covers nothing',
      'dir/file.txt',
      [byPath('none'), byPath('some', 'dir/*')],
      ['some'],
      { requirements: ['4.5-path-pattern'] },
    ],
    [
      'nobody',
      'No role may cover a path',
      'dir/file.txt',
      [byHash('a', '00'), byPath('b', '*.txt')],
      [],
    ],
    ['no-roles', 'There may be no role', 'dir/file.txt', [], []],
    [
      'inherited-name',
      'A role by an inherited name is found like any other',
      'file.txt',
      [byHash('__proto__', 'aa'), byHash('constructor', 'aa')],
      ['__proto__', 'constructor'],
      { tags: ['CVE-2026-23991'] },
    ],
  ])
}

type SuccinctRow = readonly [
  id: string,
  title: string,
  path: Path,
  bits: number,
  prefix: string,
  output: string,
  more?: Partial<Terms>,
]

function succinct(): readonly FunctionVector[] {
  const tap15: Terms = { requirements: ['tap15-bin'], profile: 'tap15' }
  const rows: readonly SuccinctRow[] = [
    [
      '1-low',
      'One bit: a digest from 00 to 7f is in the first of two bins',
      'file-1701483.txt',
      1,
      'bin',
      'bin-0',
    ],
    [
      '1-high',
      'One bit: a digest from 80 to ff is in the second',
      'file-961525.txt',
      1,
      'bin',
      'bin-1',
    ],
    ['2', 'Two bits make four bins with one digit', 't8', 2, 'bin', 'bin-3'],
    ['3', 'Three bits make eight bins', 'file.txt', 3, 'bin', 'bin-5'],
    ['4', 'Four bits are one digit of the digest', 't8', 4, 'bin', 'bin-d'],
    ['5', 'Five bits make bins with two digits', 't8', 5, 'bin', 'bin-1a'],
    ['5-padded', 'Names are filled up with zeros', 't25', 5, 'bin', 'bin-02'],
    ['7', 'Seven bits do not end with a digit of the digest', 'file.txt', 7, 'bin', 'bin-55'],
    ['8', 'Eight bits are two digits of the digest', 'file.txt', 8, 'bin', 'bin-aa'],
    ['9', 'Nine bits make bins with three digits', 'file.txt', 9, 'bin', 'bin-155'],
    [
      '10',
      'Ten bits: the example of PEP 458 with other numbers',
      'dir/file.txt',
      10,
      'bin',
      'bin-1e0',
    ],
    [
      '11',
      'Eleven bits, as in the text of TAP 15',
      'dir/file.txt',
      11,
      'alice.hbd',
      'alice.hbd-3c0',
    ],
    ['14', 'Fourteen bits, as PyPI has', 'file.txt', 14, 'bins', 'bins-2ab7'],
    ['16', 'Sixteen bits are four digits', 'file.txt', 16, 'bin', 'bin-aadf'],
    ['17', 'Seventeen bits make bins with five digits', 'file.txt', 17, 'bin', 'bin-155be'],
    ['24', 'Twenty-four bits are six digits', 'file.txt', 24, 'bin', 'bin-aadf32'],
    [
      '31',
      'Thirty-one bits leave the last bit of eight digits',
      'file.txt',
      31,
      'bin',
      'bin-556f993e',
    ],
    [
      '31-low',
      'Thirty-one bits of a digest that begins with zeros',
      'file-607352.txt',
      31,
      'bin',
      'bin-000005b3',
    ],
    [
      '32-high',
      'Thirty-two bits are no negative number',
      'file-1148962.txt',
      32,
      'bin',
      'bin-fffffaca',
    ],
    [
      '32-middle',
      'Thirty-two bits whose first is the only one',
      'file-961525.txt',
      32,
      'bin',
      'bin-800004e4',
    ],
    [
      '32-low',
      'Thirty-two bits of a digest that begins with zeros',
      'file-607352.txt',
      32,
      'bin',
      'bin-00000b66',
    ],
    ['first', 'The first bin of many', 'file-607352.txt', 14, 'bin', 'bin-0000'],
    ['last', 'The last bin of many', 'file-1148962.txt', 14, 'bin', 'bin-3fff'],
    [
      'prefix-hyphen',
      'A prefix may have hyphens and digits of its own',
      'file.txt',
      8,
      'a-b-00-',
      'a-b-00--aa',
    ],
    ['prefix-path', 'A prefix may look like a path', 'file.txt', 8, '../bin', '../bin-aa'],
    ['utf8', 'The path is hashed as UTF-8', 'packages/\u00e9.txt', 8, 'bin', 'bin-4b'],
    ['empty-path', 'The empty path has a bin too', '', 8, 'bin', 'bin-e3'],
  ]
  return [
    ...rows.map(([id, title, path, bits, prefix, output, more]) =>
      gives(tap15, `hash-bins-succinct-${id}`, title, bins(path, bits, prefix), [output], more),
    ),
    gives(
      { ...tap15, profile: 'tuffet', note: 'TAP 15 does not say that the prefix has a character.' },
      'hash-bins-succinct-no-prefix',
      'The prefix may be empty',
      bins('file.txt', 8, ''),
      ['-aa'],
    ),
    refuses(tap15, 'hash-bins-succinct-0', 'No bits make no bins', bins('file.txt', 0, 'bin')),
    refuses(
      tap15,
      'hash-bins-succinct-33',
      'Thirty-three bits are too many',
      bins('file.txt', 33, 'bin'),
    ),
    refuses(
      tap15,
      'hash-bins-succinct-and-roles',
      'Succinct roles beside roles are refused',
      bins('file.txt', 8, 'bin', { roles: [byPath('all', '*')] }),
    ),
  ]
}

function bins(
  path: Path,
  bit_length: number,
  name_prefix: string,
  more: { readonly [name: string]: Json } = {},
): FunctionVector['input'] {
  const succinct_roles = { keyids: [], threshold: 1, bit_length, name_prefix }
  return { delegations: { keys: {}, succinct_roles, ...more }, path }
}
