/** The fields of every role (4.2, 4.3). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, input, refused } from './metadata-rows.js'
import { sampleFile, withField } from './sample-files.js'
import { accepts, refuses } from './vector.js'

export function common(): readonly FunctionVector[] {
  return [
    ...refused({ requirements: ['4.2.1-type'] }, [
      [
        'type-missing',
        'A file without _type is refused',
        'targets',
        ['signed', '_type'],
        undefined,
      ],
      ['type-number', 'A _type that is a number is refused', 'targets', ['signed', '_type'], 1],
      [
        'type-other',
        'A snapshot in the place of a timestamp is refused',
        'timestamp',
        ['signed', '_type'],
        'snapshot',
      ],
      [
        'type-delegated',
        'A delegated role is of the type targets, not of its own name',
        'targets',
        ['signed', '_type'],
        'project',
      ],
      ['type-case', 'A _type in capital letters is refused', 'root', ['signed', '_type'], 'Root'],
      ['type-list', 'A _type in a list is refused', 'root', ['signed', '_type'], ['root']],
    ]),
    ...refused({ requirements: ['4.3-spec-version'] }, [
      [
        'spec-version-missing',
        'A file without spec_version is refused',
        'snapshot',
        ['signed', 'spec_version'],
        undefined,
      ],
      [
        'spec-version-number',
        'A spec_version that is a number is refused',
        'snapshot',
        ['signed', 'spec_version'],
        1,
      ],
      [
        'spec-version-two',
        'A file for another major version is refused',
        'targets',
        ['signed', 'spec_version'],
        '2.0.0',
      ],
    ]),
    ...refused({ requirements: ['4.3-version'] }, [
      [
        'version-missing',
        'A file without version is refused',
        'root',
        ['signed', 'version'],
        undefined,
      ],
      ['version-zero', 'Version 0 is refused', 'root', ['signed', 'version'], 0],
      ['version-negative', 'A negative version is refused', 'timestamp', ['signed', 'version'], -1],
      ['version-text', 'A version in quotes is refused', 'timestamp', ['signed', 'version'], '7'],
      [
        'version-true',
        'A version that is true is refused',
        'snapshot',
        ['signed', 'version'],
        true,
      ],
      ['version-null', 'A version that is null is refused', 'targets', ['signed', 'version'], null],
      [
        'version-fraction',
        'A version with a fraction is refused',
        'targets',
        ['signed', 'version'],
        7.5,
      ],
    ]),
    accepts(
      { requirements: ['4.3-version'] },
      'metadata-version-largest',
      'The largest version that every client can hold is read',
      input(
        'timestamp',
        withField(sampleFile('timestamp'), ['signed', 'version'], 9007199254740991),
      ),
    ),
    refuses(
      {
        requirements: ['4.3-version'],
        profile: 'tuffet',
        note: 'The specification sets no largest version. Rounding one would make two files equal.',
      },
      'metadata-version-too-large',
      'A version beyond the range of doubles is refused',
      {
        type: 'timestamp',
        document: JSON.stringify(sampleFile('timestamp')).replace(
          '"version":7',
          '"version":9007199254740993',
        ),
      },
    ),
    ...refused({ requirements: ['4.2.3-date'] }, [
      [
        'expires-missing',
        'A file without expires is refused',
        'root',
        ['signed', 'expires'],
        undefined,
      ],
      [
        'expires-null',
        'An expires that is null is refused',
        'timestamp',
        ['signed', 'expires'],
        null,
      ],
      [
        'expires-number',
        'An expires that is a number is refused',
        'snapshot',
        ['signed', 'expires'],
        1893456000,
      ],
      [
        'expires-word',
        'An expires that is not a date is refused when it is read',
        'targets',
        ['signed', 'expires'],
        'soon',
      ],
      [
        'expires-empty',
        'An expires that is empty text is refused',
        'targets',
        ['signed', 'expires'],
        '',
      ],
    ]),
    ...accepted({ requirements: ['4-unknown-fields'] }, [
      [
        'unknown-field',
        'Fields that the specification does not name are read past',
        'root',
        ['signed', 'x-note'],
        { a: [null, true] },
      ],
      [
        'unknown-null',
        'Unknown fields are read past when they are null',
        'targets',
        ['signed', 'x-note'],
        null,
      ],
      [
        'unknown-proto',
        'Unknown fields with inherited names are read past',
        'snapshot',
        ['signed', '__proto__'],
        { version: 'x' },
      ],
    ]),
  ]
}
