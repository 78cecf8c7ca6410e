/** The file around `signed` (4.2.1). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, input, parser, refused } from './metadata-rows.js'
import { sampleFile, type Json, type SampleFile } from './sample-files.js'
import { repeatedKeyid } from '../repeated-keyid.js'
import { accepts, refuses, type Terms } from './vector.js'

export function envelope(): readonly FunctionVector[] {
  const object: Terms = { requirements: ['4.2.1-object'] }
  const keyids: Terms = { requirements: ['4.2.1-keyid-unique'] }
  const good = (['root', 'timestamp', 'snapshot', 'targets'] as const).map((type) =>
    accepts(
      object,
      `metadata-${type}`,
      `A ${type} file with every field that section 4 names is read`,
      input(type, sampleFile(type)),
    ),
  )
  const wholes: readonly (readonly [string, Json])[] = [
    ['null', null],
    ['a list', []],
    ['text', 'signed'],
    ['a number', 1],
    ['an empty object', {}],
  ]
  const shapes = wholes.map(([name, value]) =>
    refuses(
      { ...object, ...parser },
      `metadata-file-${name.split(' ').at(-1) ?? ''}`,
      `A file that is ${name} is refused`,
      input('timestamp', value),
    ),
  )
  return [
    ...good,
    ...shapes,
    ...refused({ ...object, ...parser }, [
      ['signed-missing', 'A file without signed is refused', 'timestamp', ['signed'], undefined],
      ['signed-null', 'A signed that is null is refused', 'timestamp', ['signed'], null],
      ['signed-list', 'A signed that is a list is refused', 'timestamp', ['signed'], []],
      ['signed-text', 'A signed that is text is refused', 'root', ['signed'], '{}'],
      ['signed-empty', 'A signed without fields is refused', 'targets', ['signed'], {}],
      [
        'signatures-missing',
        'A file without signatures is refused',
        'root',
        ['signatures'],
        undefined,
      ],
      ['signatures-null', 'Signatures that are null are refused', 'root', ['signatures'], null],
      [
        'signatures-object',
        'Signatures that are an object are refused',
        'root',
        ['signatures'],
        {},
      ],
      ['signature-null', 'A signature that is null is refused', 'root', ['signatures', 0], null],
      ['signature-text', 'A signature that is text is refused', 'root', ['signatures', 0], 'ab'],
      [
        'signature-keyid-missing',
        'A signature without keyid is refused',
        'root',
        ['signatures', 0, 'keyid'],
        undefined,
      ],
      [
        'signature-keyid-number',
        'A signature whose keyid is a number is refused',
        'root',
        ['signatures', 0, 'keyid'],
        1,
      ],
      [
        'signature-sig-missing',
        'A signature without sig is refused',
        'root',
        ['signatures', 0, 'sig'],
        undefined,
      ],
      [
        'signature-sig-null',
        'A signature whose sig is null is refused',
        'root',
        ['signatures', 0, 'sig'],
        null,
      ],
      [
        'signature-sig-list',
        'A signature whose sig is a list is refused',
        'root',
        ['signatures', 0, 'sig'],
        [],
      ],
    ]),
    ...accepted(object, [
      [
        'no-signatures',
        'A file with no signature is read: counting comes later',
        'timestamp',
        ['signatures'],
        [],
      ],
      [
        'signature-unknown-field',
        'A signature may contain other fields',
        'timestamp',
        ['signatures', 0, 'method'],
        'rsa',
        { requirements: ['4-unknown-fields'] },
      ],
      [
        'file-unknown-field',
        'A file may contain other fields beside signed',
        'timestamp',
        ['x-note'],
        { a: 1 },
        { requirements: ['4-unknown-fields'] },
      ],
    ]),
    ...accepted(
      {
        ...object,
        profile: 'tuffet',
        note: '4.2.1 asks for hexadecimal. Public roots contain empty signatures of keys that were not at hand: they do not count, and do no harm.',
      },
      [
        [
          'signature-empty',
          'A signature that is empty text is read',
          'root',
          ['signatures', 0, 'sig'],
          '',
        ],
        [
          'signature-not-hex',
          'A signature that is not hexadecimal is read',
          'root',
          ['signatures', 0, 'sig'],
          'no signature',
        ],
      ],
    ),
    ...refused({ ...keyids, note: repeatedKeyid }, [
      [
        'keyid-repeated',
        'A keyid that signs twice is refused',
        'timestamp',
        ['signatures'],
        [
          { keyid: 'a', sig: '00' },
          { keyid: 'a', sig: '01' },
        ],
      ],
      [
        'keyid-repeated-apart',
        'A keyid that signs twice is refused with another signature in between',
        'timestamp',
        ['signatures'],
        [
          { keyid: 'a', sig: '00' },
          { keyid: 'b', sig: '00' },
          { keyid: 'a', sig: '00' },
        ],
      ],
    ]),
    ...accepted(keyids, [
      [
        'keyids-differ',
        'Keyids that differ are two signatures',
        'timestamp',
        ['signatures'],
        [
          { keyid: 'a', sig: '00' },
          { keyid: 'A', sig: '00' },
        ],
      ],
      [
        'keyid-inherited',
        'An inherited name is a keyid like any other',
        'timestamp',
        ['signatures'],
        [
          { keyid: '__proto__', sig: '00' },
          { keyid: 'constructor', sig: '00' },
        ],
      ],
    ]),
    ...signatureCap(),
  ]
}

function signatureCap(): readonly FunctionVector[] {
  const cap: Terms = {
    requirements: ['4.2.1-object'],
    profile: 'tuffet',
    note: 'The specification sets no limit; without one a small file costs much arithmetic.',
  }
  const flood = (count: number): SampleFile => ({
    ...sampleFile('timestamp'),
    signatures: Array.from({ length: count }, (_, index) => ({ keyid: String(index), sig: '' })),
  })
  return [
    accepts(
      cap,
      'metadata-signatures-1024',
      'A file with 1,024 signatures is read',
      input('timestamp', flood(1024)),
    ),
    refuses(
      { ...cap, tags: ['CVE-2020-6173'] },
      'metadata-signatures-1025',
      'A file with 1,025 signatures is refused',
      input('timestamp', flood(1025)),
    ),
  ]
}
