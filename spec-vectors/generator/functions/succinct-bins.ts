/** Succinct hash bins (TAP 15). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { byPath, type Path } from './bin-paths.js'
import type { Json } from './sample-files.js'
import { gives, refuses, type Terms } from './vector.js'

type SuccinctRow = readonly [
  id: string,
  title: string,
  path: Path,
  bits: number,
  prefix: string,
  output: string,
  more?: Partial<Terms>,
]

export function succinct(): readonly FunctionVector[] {
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
    ['14', 'Fourteen bits, as PEP 458 plans for PyPI', 'file.txt', 14, 'bins', 'bins-2ab7'],
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
      'Thirty-two bits are not a negative number',
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
      'A prefix may contain hyphens and digits',
      'file.txt',
      8,
      'a-b-00-',
      'a-b-00--aa',
    ],
    ['prefix-path', 'A prefix may look like a path', 'file.txt', 8, '../bin', '../bin-aa'],
    ['utf8', 'The path is hashed as UTF-8', 'packages/\u00e9.txt', 8, 'bin', 'bin-4b'],
    ['empty-path', 'The empty path belongs to a bin too', '', 8, 'bin', 'bin-e3'],
  ]
  return [
    ...rows.map(([id, title, path, bits, prefix, output, more]) =>
      gives(tap15, `hash-bins-succinct-${id}`, title, bins(path, bits, prefix), [output], more),
    ),
    gives(
      {
        ...tap15,
        profile: 'tuffet',
        note: 'TAP 15 does not say that the prefix must contain a character.',
      },
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
