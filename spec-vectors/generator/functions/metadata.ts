/** Which files are metadata of a type (section 4): every field of every role in wrong shapes. */
import type { SignedByType } from '../../../src/core/metadata.js'
import type { FunctionVector, VectorFile } from '../../../src/testing/vectors/format.js'
import { functionFamily } from '../write.js'
import {
  sampleFile,
  sampleKey,
  sampleRole,
  sampleSuccinct,
  withField,
  type Json,
  type SampleFile,
} from './sample-files.js'
import { accepts, refuses, type Terms } from './vector.js'

/** The family `metadata`. */
export function metadataFamily(): VectorFile {
  return functionFamily(
    'metadata',
    'Is `document` (a body) a file of the type `type` (root, timestamp, snapshot or targets) as ' +
      'section 4 describes it? Signatures are not verified, nothing has expired, and nothing is ' +
      'compared with other files.',
    [
      ...envelope(),
      ...common(),
      ...keys(),
      ...root(),
      ...listings(),
      ...targets(),
      ...delegations(),
      ...succinct(),
    ],
  )
}

type Type = keyof SignedByType
type Path = readonly (string | number)[]

/** A row: the field at `path` of the good file of `type` becomes `value`, or goes. */
type Row = readonly [
  id: string,
  title: string,
  type: Type,
  path: Path,
  value: Json | undefined,
  more?: Partial<Terms>,
]

const parser = { tags: ['CVE-2026-23991'] } as const
const thresholds = { tags: ['CVE-2026-23992'] } as const

function accepted(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, type, path, value, more]) =>
    accepts(
      terms,
      `metadata-${id}`,
      title,
      input(type, withField(sampleFile(type), path, value)),
      more,
    ),
  )
}

function refused(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, type, path, value, more]) =>
    refuses(
      terms,
      `metadata-${id}`,
      title,
      input(type, withField(sampleFile(type), path, value)),
      more,
    ),
  )
}

function input(type: Type, file: Json | SampleFile): FunctionVector['input'] {
  return { type, document: JSON.stringify(file) }
}

function envelope(): readonly FunctionVector[] {
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
        'A signature may have other fields',
        'timestamp',
        ['signatures', 0, 'method'],
        'rsa',
        { tags: ['CVE-2015-9258'], requirements: ['4-unknown-fields'] },
      ],
      [
        'file-unknown-field',
        'A file may have other fields beside signed',
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
        note: '4.2.1 asks for hexadecimal. Public roots have empty signatures of keys that were not at hand: they count for nothing, and break nothing.',
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
    ...refused({ ...keyids, tags: ['CVE-2020-6174', 'CVE-2020-15093'] }, [
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
        'So it is with another signature in between',
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
        parser,
      ],
    ]),
    ...signatureCap(),
  ]
}

function signatureCap(): readonly FunctionVector[] {
  const cap: Terms = {
    requirements: ['4.2.1-object'],
    profile: 'tuffet',
    tags: ['CVE-2020-6173'],
    note: 'The specification has no limit; without one a small file costs much arithmetic.',
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
      cap,
      'metadata-signatures-1025',
      'A file with 1,025 signatures is refused',
      input('timestamp', flood(1025)),
    ),
  ]
}

function common(): readonly FunctionVector[] {
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
        note: 'The specification has no largest version. One that is rounded would make two files one.',
      },
      'metadata-version-too-large',
      'A version that no double holds is refused',
      {
        type: 'timestamp',
        document: JSON.stringify(sampleFile('timestamp')).replace(
          '"version":7',
          '"version":9007199254740993',
        ),
      },
    ),
    ...refused({ requirements: ['4.2.3-date'], tags: ['CVE-2026-6967'] }, [
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
        'An expires that is no date is refused when it is read',
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
      ['unknown-null', 'So they are when they are null', 'targets', ['signed', 'x-note'], null],
      [
        'unknown-proto',
        'So they are by the name of an inherited one',
        'snapshot',
        ['signed', '__proto__'],
        { version: 'x' },
        parser,
      ],
    ]),
  ]
}

function keys(): readonly FunctionVector[] {
  const key: Terms = { requirements: ['4.2.2-key'] }
  const id = '1a'.repeat(32)
  const at = (...path: Path): Path => ['signed', 'keys', id, ...path]
  return [
    ...refused({ ...key, ...parser }, [
      ['keys-missing', 'A root without keys is refused', 'root', ['signed', 'keys'], undefined],
      ['keys-list', 'Keys in a list are refused', 'root', ['signed', 'keys'], [sampleKey()]],
      ['key-null', 'A key that is null is refused', 'root', at(), null],
      ['key-text', 'A key that is text is refused', 'root', at(), '4d'.repeat(32)],
      ['keytype-missing', 'A key without keytype is refused', 'root', at('keytype'), undefined],
      ['keytype-number', 'A keytype that is a number is refused', 'root', at('keytype'), 25519],
      ['scheme-missing', 'A key without scheme is refused', 'root', at('scheme'), undefined],
      ['scheme-list', 'A scheme that is a list is refused', 'root', at('scheme'), ['ed25519']],
      ['keyval-missing', 'A key without keyval is refused', 'root', at('keyval'), undefined],
      ['keyval-text', 'A keyval that is text is refused', 'root', at('keyval'), '4d'.repeat(32)],
      [
        'public-missing',
        'A known key without its public portion is refused',
        'root',
        at('keyval'),
        {},
      ],
      [
        'public-null',
        'A public portion that is null is refused',
        'root',
        at('keyval', 'public'),
        null,
      ],
    ]),
    ...accepted(key, [
      [
        'key-unknown-field',
        'A key may have other fields',
        'root',
        at('keyid_hash_algorithms'),
        ['sha256'],
        { requirements: ['4-unknown-fields'] },
      ],
      [
        'keyval-unknown-field',
        'A keyval may have other fields',
        'root',
        at('keyval', 'private'),
        '',
        { requirements: ['4-unknown-fields'] },
      ],
      [
        'key-unused',
        'A key that no role uses is read',
        'root',
        ['signed', 'keys', 'b'.repeat(64)],
        sampleKey(),
      ],
    ]),
    ...accepted(
      {
        requirements: ['4.2.2-other-keys'],
        profile: 'tuffet',
        note: '4.2.2: repositories can use any key type and scheme. It does not say what a client does that knows another; to refuse the file, as some do, lets one key shut them out.',
      },
      [
        [
          'keytype-unknown',
          'A key of an unknown type is read, and signs for nothing',
          'root',
          at('keytype'),
          'sphincs',
        ],
        [
          'keytype-unknown-keyval',
          'An unknown type has a keyval of its own',
          'root',
          at(),
          {
            keytype: 'sigstore-oidc',
            scheme: 'Fulcio',
            keyval: { identity: 'a@example.com', issuer: 'https://example.com' },
          },
          {
            note: '4.2.2: repositories can use any key type; python-securesystemslib writes this one.',
          },
        ],
        [
          'scheme-unknown',
          'A known type with an unknown scheme is read, and signs for nothing',
          'root',
          at('scheme'),
          'ed448',
        ],
      ],
    ),
    ...accepted(
      {
        requirements: ['4.2.2-other-keys'],
        profile: 'tuffet',
        note: 'A broken key counts for nothing. To refuse the file would let one bad key stop a repository.',
      },
      [
        [
          'key-broken',
          'A key that is no key is read, and signs for nothing',
          'root',
          at('keyval', 'public'),
          'no key',
        ],
      ],
    ),
  ]
}

function root(): readonly FunctionVector[] {
  const roles: Terms = { requirements: ['4.3-roles'] }
  const at = (...path: Path): Path => ['signed', 'roles', ...path]
  return [
    ...accepted({ requirements: ['4.3-consistent-snapshot'] }, [
      [
        'consistent-missing',
        'A root without consistent_snapshot is read',
        'root',
        ['signed', 'consistent_snapshot'],
        undefined,
      ],
      [
        'consistent-false',
        'A consistent_snapshot of false is read',
        'root',
        ['signed', 'consistent_snapshot'],
        false,
      ],
    ]),
    ...refused({ requirements: ['4.3-consistent-snapshot'] }, [
      [
        'consistent-text',
        'A consistent_snapshot that is text is refused',
        'root',
        ['signed', 'consistent_snapshot'],
        'false',
      ],
      [
        'consistent-null',
        'A consistent_snapshot that is null is refused',
        'root',
        ['signed', 'consistent_snapshot'],
        null,
      ],
      [
        'consistent-number',
        'A consistent_snapshot that is a number is refused',
        'root',
        ['signed', 'consistent_snapshot'],
        0,
      ],
    ]),
    ...refused(roles, [
      ['roles-missing', 'A root without roles is refused', 'root', at(), undefined],
      ['roles-list', 'Roles in a list are refused', 'root', at(), []],
      [
        'roles-no-root',
        'A root that does not name the root role is refused',
        'root',
        at('root'),
        undefined,
      ],
      [
        'roles-no-timestamp',
        'A root without the timestamp role is refused',
        'root',
        at('timestamp'),
        undefined,
      ],
      [
        'roles-no-snapshot',
        'A root without the snapshot role is refused',
        'root',
        at('snapshot'),
        undefined,
      ],
      [
        'roles-no-targets',
        'A root without the targets role is refused',
        'root',
        at('targets'),
        undefined,
      ],
      ['role-null', 'A role that is null is refused', 'root', at('targets'), null],
      [
        'keyids-missing',
        'A role without keyids is refused',
        'root',
        at('root', 'keyids'),
        undefined,
      ],
      [
        'keyids-text',
        'Keyids that are text are refused',
        'root',
        at('root', 'keyids'),
        '1a'.repeat(32),
      ],
      ['keyids-null', 'A keyid that is null is refused', 'root', at('root', 'keyids', 0), null],
    ]),
    ...accepted(roles, [
      [
        'roles-mirrors',
        'The role mirrors is optional and may be there',
        'root',
        at('mirrors'),
        { keyids: ['1a'.repeat(32)], threshold: 1 },
      ],
    ]),
    ...refused({ requirements: ['4.3-threshold'], ...thresholds }, [
      [
        'threshold-missing',
        'A role without threshold is refused',
        'root',
        at('root', 'threshold'),
        undefined,
      ],
      ['threshold-zero', 'A threshold of 0 is refused', 'root', at('root', 'threshold'), 0],
      [
        'threshold-negative',
        'A negative threshold is refused',
        'root',
        at('timestamp', 'threshold'),
        -1,
      ],
      [
        'threshold-half',
        'A threshold of a half is refused',
        'root',
        at('snapshot', 'threshold'),
        0.5,
      ],
      [
        'threshold-text',
        'A threshold in quotes is refused',
        'root',
        at('targets', 'threshold'),
        '1',
      ],
      [
        'threshold-true',
        'A threshold that is true is refused',
        'root',
        at('targets', 'threshold'),
        true,
      ],
      [
        'threshold-null',
        'A threshold that is null is refused',
        'root',
        at('root', 'threshold'),
        null,
      ],
      ['threshold-list', 'A threshold in a list is refused', 'root', at('root', 'threshold'), [1]],
    ]),
    refuses(
      { requirements: ['4.3-threshold'], ...thresholds },
      'metadata-threshold-infinite',
      'A threshold that is infinite as a double is refused',
      {
        type: 'root',
        document: JSON.stringify(sampleFile('root')).replace('"threshold":1', '"threshold":1e400'),
      },
    ),
    ...accepted(
      {
        requirements: ['4.3-threshold'],
        profile: 'tuffet',
        note: 'Such a file says what it says: nothing meets it. Refusing it at once is a choice of some clients.',
      },
      [
        [
          'threshold-beyond-keys',
          'A threshold above the number of keys is read, and never met',
          'root',
          at('targets', 'threshold'),
          2,
        ],
        [
          'keyids-empty',
          'A role without any key is read, and nothing is signed for it',
          'root',
          at('targets', 'keyids'),
          [],
        ],
        [
          'keyids-undeclared',
          'A keyid that is not among the keys is read, and signs for nothing',
          'root',
          at('targets', 'keyids'),
          ['1a'.repeat(32), 'b'],
        ],
      ],
    ),
    ...refused(
      {
        requirements: ['4.3-threshold'],
        profile: 'tuffet',
        tags: ['CVE-2020-15093'],
        note: 'A threshold counts keys; a role has each of them once. The specification does not say it of this list.',
      },
      [
        [
          'keyids-repeated',
          'A role that names a keyid twice is refused',
          'root',
          at('root', 'keyids'),
          ['1a'.repeat(32), '1a'.repeat(32)],
        ],
      ],
    ),
  ]
}

function listings(): readonly FunctionVector[] {
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
        'An entry whose version has a fraction is refused',
        'timestamp',
        ['signed', 'meta', 'snapshot.json', 'version'],
        3.5,
      ],
    ]),
    ...accepted(listed, [
      [
        'meta-version-only',
        'An entry may have a version only',
        'timestamp',
        ['signed', 'meta', 'snapshot.json'],
        { version: 3 },
      ],
      [
        'meta-unknown-field',
        'An entry may have other fields',
        'snapshot',
        [...bins, 'x-note'],
        null,
        { requirements: ['4-unknown-fields'] },
      ],
      [
        'meta-odd-name',
        'An entry may have any name',
        'snapshot',
        ['signed', 'meta', '../__proto__'],
        { version: 1 },
        parser,
      ],
      [
        'meta-proto',
        'An entry may have an inherited name',
        'snapshot',
        ['signed', 'meta', '__proto__'],
        { version: 1 },
        parser,
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
        note: '4.6: the repository must not write it; nothing says what a client does with it. It is read past.',
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

function targets(): readonly FunctionVector[] {
  const file: Terms = { requirements: ['4.5-targets'] }
  const entry = ['signed', 'targets', 'dir/file.txt']
  return [
    ...accepted(file, [
      ['targets-empty', 'There may be no target', 'targets', ['signed', 'targets'], {}],
      ['target-length-zero', 'A target may be empty', 'targets', [...entry, 'length'], 0],
      [
        'target-proto',
        'A target may have an inherited name',
        'targets',
        ['signed', 'targets', '__proto__'],
        { length: 0, hashes: { sha256: '2b'.repeat(32) } },
        parser,
      ],
      [
        'target-empty-path',
        'A target may have any path; names are judged when it is asked for',
        'targets',
        ['signed', 'targets', '../x'],
        { length: 0, hashes: { sha256: '2b'.repeat(32) } },
      ],
      [
        'target-unknown-field',
        'A target may have other fields',
        'targets',
        [...entry, 'x-note'],
        1,
        { requirements: ['4-unknown-fields'] },
      ],
    ]),
    ...refused(file, [
      [
        'targets-missing',
        'Targets metadata without targets is refused',
        'targets',
        ['signed', 'targets'],
        undefined,
      ],
      ['targets-list', 'Targets in a list are refused', 'targets', ['signed', 'targets'], []],
      ['targets-null', 'Targets that are null are refused', 'targets', ['signed', 'targets'], null],
      ['target-null', 'A target that is null is refused', 'targets', entry, null],
      [
        'target-length-missing',
        'A target without length is refused',
        'targets',
        [...entry, 'length'],
        undefined,
      ],
      [
        'target-length-negative',
        'A target of negative length is refused',
        'targets',
        [...entry, 'length'],
        -1,
      ],
      [
        'target-length-text',
        'A target whose length is in quotes is refused',
        'targets',
        [...entry, 'length'],
        '10',
      ],
      [
        'target-length-fraction',
        'A target whose length has a fraction is refused',
        'targets',
        [...entry, 'length'],
        10.5,
      ],
      [
        'target-hashes-missing',
        'A target without hashes is refused',
        'targets',
        [...entry, 'hashes'],
        undefined,
      ],
      [
        'target-hashes-empty',
        'A target whose hashes name no hash is refused',
        'targets',
        [...entry, 'hashes'],
        {},
      ],
      [
        'target-hash-null',
        'A target with a digest that is null is refused',
        'targets',
        [...entry, 'hashes', 'sha256'],
        null,
      ],
    ]),
    ...accepted({ requirements: ['4.5-custom'] }, [
      ['custom-missing', 'A target needs no custom', 'targets', [...entry, 'custom'], undefined],
      [
        'custom-anything',
        'Anything may stand in custom',
        'targets',
        [...entry, 'custom'],
        { length: 'x', hashes: [], deep: { a: [null, -1] } },
      ],
    ]),
    ...refused({ requirements: ['4.5-custom'] }, [
      ['custom-list', 'A custom that is a list is refused', 'targets', [...entry, 'custom'], []],
      ['custom-text', 'A custom that is text is refused', 'targets', [...entry, 'custom'], 'note'],
    ]),
  ]
}

function delegations(): readonly FunctionVector[] {
  const shape: Terms = { requirements: ['4.5-delegations'] }
  const ways: Terms = { requirements: ['4.5-one-way'] }
  const names: Terms = { requirements: ['4.5-role-name-unique'] }
  const all = ['signed', 'delegations']
  const role = [...all, 'roles', 0]
  const { paths, ...neither } = sampleRole()
  const byHash = { ...neither, path_hash_prefixes: ['00', 'ff'] }
  const both = { ...byHash, paths: paths ?? [] }
  return [
    ...accepted(shape, [
      ['delegations-missing', 'There may be no delegations', 'targets', all, undefined],
      [
        'delegations-empty',
        'There may be delegations to nobody',
        'targets',
        all,
        { keys: {}, roles: [] },
      ],
      ['role-terminating', 'A role may be terminating', 'targets', [...role, 'terminating'], true],
      [
        'role-unknown-field',
        'A delegated role may have other fields',
        'targets',
        [...role, 'x-note'],
        [],
        { requirements: ['4-unknown-fields'] },
      ],
    ]),
    ...refused({ ...shape, ...parser }, [
      ['delegations-null', 'Delegations that are null are refused', 'targets', all, null],
      ['delegations-list', 'Delegations in a list are refused', 'targets', all, []],
      [
        'delegations-no-keys',
        'Delegations without keys are refused',
        'targets',
        [...all, 'keys'],
        undefined,
      ],
      [
        'delegations-roles-object',
        'Roles by name instead of in order are refused',
        'targets',
        [...all, 'roles'],
        { project: sampleRole() },
      ],
      [
        'delegations-key-null',
        'A key of a delegation that is null is refused',
        'targets',
        [...all, 'keys', 'a'],
        null,
      ],
      ['role-entry-null', 'A delegated role that is null is refused', 'targets', role, null],
      [
        'role-name-missing',
        'A delegated role without name is refused',
        'targets',
        [...role, 'name'],
        undefined,
      ],
      [
        'role-name-number',
        'A delegated role whose name is a number is refused',
        'targets',
        [...role, 'name'],
        1,
      ],
      [
        'role-keyids-missing',
        'A delegated role without keyids is refused',
        'targets',
        [...role, 'keyids'],
        undefined,
      ],
      [
        'role-terminating-text',
        'A terminating that is text is refused',
        'targets',
        [...role, 'terminating'],
        'true',
      ],
      [
        'role-terminating-null',
        'A terminating that is null is refused',
        'targets',
        [...role, 'terminating'],
        null,
      ],
      [
        'role-terminating-number',
        'A terminating that is a number is refused',
        'targets',
        [...role, 'terminating'],
        1,
      ],
    ]),
    ...refused({ requirements: ['4.5-threshold'], ...thresholds }, [
      [
        'role-threshold-missing',
        'A delegated role without threshold is refused',
        'targets',
        [...role, 'threshold'],
        undefined,
      ],
      [
        'role-threshold-zero',
        'A delegated role with a threshold of 0 is refused',
        'targets',
        [...role, 'threshold'],
        0,
      ],
      [
        'role-threshold-negative',
        'A delegated role with a negative threshold is refused',
        'targets',
        [...role, 'threshold'],
        -2,
      ],
      [
        'role-threshold-text',
        'A delegated role whose threshold is in quotes is refused',
        'targets',
        [...role, 'threshold'],
        '1',
      ],
    ]),
    ...accepted({ requirements: ['4.5-threshold'] }, [
      [
        'role-threshold-two',
        'A delegated role may ask for two keys',
        'targets',
        role,
        { ...sampleRole(), keyids: ['a', 'b'], threshold: 2 },
      ],
    ]),
    ...accepted(
      {
        ...shape,
        profile: 'tuffet',
        note: '4.5 has it in the format and leaves it out of its own example.',
      },
      [
        [
          'role-terminating-missing',
          'A role that does not say so is not terminating',
          'targets',
          [...role, 'terminating'],
          undefined,
        ],
      ],
    ),
    ...accepted(ways, [
      ['role-by-hash', 'A role may be delegated to by hash prefixes', 'targets', role, byHash],
      ['role-no-paths', 'A role may have no path', 'targets', [...role, 'paths'], []],
    ]),
    ...refused(ways, [
      [
        'role-both-ways',
        'A role by paths and by hash prefixes at once is refused',
        'targets',
        role,
        both,
      ],
      [
        'role-paths-text',
        'Paths that are text are refused',
        'targets',
        [...role, 'paths'],
        'project/*',
      ],
      ['role-path-null', 'A path that is null is refused', 'targets', [...role, 'paths', 0], null],
      [
        'role-prefix-number',
        'A hash prefix that is a number is refused',
        'targets',
        role,
        { ...byHash, path_hash_prefixes: [8] },
      ],
      [
        'role-prefixes-text',
        'Hash prefixes that are text are refused',
        'targets',
        role,
        { ...byHash, path_hash_prefixes: '8f' },
      ],
    ]),
    ...refused(
      {
        ...ways,
        profile: 'tuffet',
        note: '4.5: "if used, exactly one": a role without either is for no path, or for all of them. The reference implementation refuses it too.',
      },
      [
        [
          'role-neither-way',
          'A role by neither paths nor hash prefixes is refused',
          'targets',
          role,
          neither,
        ],
      ],
    ),
    ...refused(names, [
      [
        'role-name-repeated',
        'Two roles of the same name are refused',
        'targets',
        [...all, 'roles'],
        [sampleRole(), { ...sampleRole(), paths: ['other/*'] }],
      ],
      [
        'role-name-repeated-apart',
        'So they are with another role in between',
        'targets',
        [...all, 'roles'],
        [sampleRole('a'), sampleRole('b'), sampleRole('a')],
      ],
    ]),
    ...accepted(names, [
      [
        'role-names-differ',
        'Names that differ by case are two roles',
        'targets',
        [...all, 'roles'],
        [sampleRole('a'), sampleRole('A')],
      ],
      [
        'role-name-inherited',
        'A role may have an inherited name',
        'targets',
        [...all, 'roles'],
        [sampleRole('__proto__'), sampleRole('constructor'), sampleRole('toString')],
        parser,
      ],
    ]),
    ...refused(
      {
        ...names,
        profile: 'tuffet',
        note: 'Not in the specification. Such a role would have the file name of a top-level one.',
      },
      [
        ...(['root', 'timestamp', 'snapshot', 'targets'] as const).map((name): Row => [
          `role-name-${name}`,
          `A delegated role by the name of ${name} is refused`,
          'targets',
          [...role, 'name'],
          name,
        ]),
      ],
    ),
    ...accepted(
      {
        requirements: ['4.5-delegations'],
        profile: 'tuffet',
        tags: ['CVE-2021-41131'],
        note: 'A name is only a name until it becomes part of a file name or URL; there it is encoded.',
      },
      [
        [
          'role-name-path',
          'A role may be named like a path',
          'targets',
          [...role, 'name'],
          '../../x',
        ],
      ],
    ),
  ]
}

function succinct(): readonly FunctionVector[] {
  const tap15: Terms = { requirements: ['tap15-succinct'], profile: 'tap15' }
  const all = ['signed', 'delegations']
  const of = (changes: { readonly [name: string]: Json }): Json => ({
    keys: {},
    succinct_roles: { ...sampleSuccinct(), ...changes },
  })
  const { name_prefix: _, ...noPrefix } = sampleSuccinct()
  const { bit_length: __, ...noLength } = sampleSuccinct()
  return [
    ...accepted(tap15, [
      ['succinct', 'Succinct roles instead of roles are read', 'targets', all, of({})],
      ['succinct-one', 'A bit_length of 1 is read', 'targets', all, of({ bit_length: 1 })],
      ['succinct-32', 'A bit_length of 32 is read', 'targets', all, of({ bit_length: 32 })],
      [
        'succinct-unknown-field',
        'Succinct roles may have other fields',
        'targets',
        all,
        of({ 'x-note': null }),
      ],
    ]),
    ...refused(tap15, [
      ['succinct-zero', 'A bit_length of 0 is refused', 'targets', all, of({ bit_length: 0 })],
      ['succinct-33', 'A bit_length of 33 is refused', 'targets', all, of({ bit_length: 33 })],
      [
        'succinct-negative',
        'A negative bit_length is refused',
        'targets',
        all,
        of({ bit_length: -8 }),
      ],
      [
        'succinct-fraction',
        'A bit_length with a fraction is refused',
        'targets',
        all,
        of({ bit_length: 8.5 }),
      ],
      [
        'succinct-text',
        'A bit_length in quotes is refused',
        'targets',
        all,
        of({ bit_length: '8' }),
      ],
      [
        'succinct-no-length',
        'Succinct roles without bit_length are refused',
        'targets',
        all,
        { keys: {}, succinct_roles: noLength },
      ],
      [
        'succinct-no-prefix',
        'Succinct roles without name_prefix are refused',
        'targets',
        all,
        { keys: {}, succinct_roles: noPrefix },
      ],
      [
        'succinct-prefix-null',
        'A name_prefix that is null is refused',
        'targets',
        all,
        of({ name_prefix: null }),
      ],
      [
        'succinct-threshold-zero',
        'Succinct roles with a threshold of 0 are refused',
        'targets',
        all,
        of({ threshold: 0 }),
        thresholds,
      ],
      [
        'succinct-list',
        'Succinct roles in a list are refused',
        'targets',
        all,
        { keys: {}, succinct_roles: [sampleSuccinct()] },
      ],
      [
        'succinct-and-roles',
        'Succinct roles beside roles are refused',
        'targets',
        [...all, 'succinct_roles'],
        sampleSuccinct(),
      ],
    ]),
    ...refused(
      {
        ...tap15,
        profile: 'tuffet',
        note: '4.5 has roles as a part of delegations; TAP 15 has one or the other.',
      },
      [
        [
          'delegations-no-roles',
          'Delegations with neither roles nor succinct roles are refused',
          'targets',
          all,
          { keys: {} },
        ],
      ],
    ),
  ]
}
