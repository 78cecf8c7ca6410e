/** The entries of snapshot and timestamp for other files (4.4, 4.6). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, refused } from './metadata-rows.js'
import type { Terms } from './vector.js'

export function listings(): readonly FunctionVector[] {
  const listed: Terms = { requirements: ['4.4-meta'] }
  const bins = ['signed', 'meta', 'bins.json']
  return [
    ...refused(listed, [
      [
        'meta-missing',
        'A snapshot without meta is refused',
        'snapshot',
        ['signed', 'meta'],
        undefined,
      ],
      ['meta-list', 'A meta that is a list is refused', 'snapshot', ['signed', 'meta'], []],
      ['meta-entry-null', 'An entry that is null is refused', 'snapshot', bins, null],
      ['meta-entry-number', 'An entry that is only its version is refused', 'snapshot', bins, 4],
      [
        'meta-version-missing',
        'An entry without version is refused',
        'snapshot',
        [...bins, 'version'],
        undefined,
      ],
      [
        'meta-version-zero',
        'An entry of version 0 is refused',
        'snapshot',
        [...bins, 'version'],
        0,
      ],
      [
        'meta-version-text',
        'An entry whose version is in quotes is refused',
        'snapshot',
        [...bins, 'version'],
        '4',
      ],
      [
        'meta-version-fraction',
        'An entry whose version contains a fraction is refused',
        'timestamp',
        ['signed', 'meta', 'snapshot.json', 'version'],
        3.5,
      ],
    ]),
    ...accepted(listed, [
      [
        'meta-version-only',
        'An entry may contain a version only',
        'timestamp',
        ['signed', 'meta', 'snapshot.json'],
        { version: 3 },
      ],
      [
        'meta-unknown-field',
        'An entry may contain other fields',
        'snapshot',
        [...bins, 'x-note'],
        null,
        { requirements: ['4-unknown-fields'] },
      ],
      [
        'meta-odd-name',
        'An entry may bear any name',
        'snapshot',
        ['signed', 'meta', '../__proto__'],
        { version: 1 },
      ],
      [
        'meta-proto',
        'An entry may bear an inherited name',
        'snapshot',
        ['signed', 'meta', '__proto__'],
        { version: 1 },
      ],
    ]),
    ...refused({ requirements: ['4.4-length'] }, [
      ['meta-length-negative', 'A negative length is refused', 'snapshot', [...bins, 'length'], -1],
      ['meta-length-text', 'A length in quotes is refused', 'snapshot', [...bins, 'length'], '100'],
      [
        'meta-length-null',
        'A length that is null is refused',
        'timestamp',
        ['signed', 'meta', 'snapshot.json', 'length'],
        null,
      ],
    ]),
    ...refused({ requirements: ['4.4-hashes'] }, [
      [
        'meta-hashes-empty',
        'Hashes that name no hash are refused',
        'snapshot',
        [...bins, 'hashes'],
        {},
      ],
      [
        'meta-hashes-list',
        'Hashes in a list are refused',
        'snapshot',
        [...bins, 'hashes'],
        ['2b'.repeat(32)],
      ],
      [
        'meta-hashes-null',
        'Hashes that are null are refused',
        'timestamp',
        ['signed', 'meta', 'snapshot.json', 'hashes'],
        null,
      ],
      [
        'meta-hash-number',
        'A digest that is a number is refused',
        'snapshot',
        [...bins, 'hashes', 'sha256'],
        1,
      ],
    ]),
    ...refused(
      {
        requirements: ['4.4-hashes'],
        profile: 'tuffet',
        note: '4.4 calls it a hexdigest. Whether a client sees it when reading or when comparing is its own affair.',
      },
      [
        [
          'meta-hash-empty',
          'A digest that is empty text is refused',
          'snapshot',
          [...bins, 'hashes', 'sha256'],
          '',
        ],
        [
          'meta-hash-not-hex',
          'A digest that is not hexadecimal is refused',
          'snapshot',
          [...bins, 'hashes', 'sha256'],
          'xy'.repeat(32),
        ],
      ],
    ),
    ...refused({ requirements: ['4.6-snapshot'] }, [
      [
        'timestamp-no-snapshot',
        'A timestamp that does not name the snapshot is refused',
        'timestamp',
        ['signed', 'meta'],
        {},
      ],
      [
        'timestamp-other-entry',
        'A timestamp that names another file only is refused',
        'timestamp',
        ['signed', 'meta'],
        { 'targets.json': { version: 1 } },
      ],
    ]),
    ...accepted(
      {
        requirements: ['4.6-snapshot'],
        profile: 'tuffet',
        note: '4.6: meta MUST only include a description of snapshot.json, so nobody may write such a file, and a client may refuse it. The text does not say how to treat the entry; here it is ignored, as unknown fields are.',
      },
      [
        [
          'timestamp-second-entry',
          'A timestamp that names another file as well is read',
          'timestamp',
          ['signed', 'meta', 'targets.json'],
          { version: 1 },
        ],
      ],
    ),
  ]
}
