/** Tables of keys (4.2.2). */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { accepted, parser, refused, type Path } from './metadata-rows.js'
import { otherKey, otherKeyid, sampleKey, sampleKeyid } from './sample-files.js'
import type { Terms } from './vector.js'

export function keys(): readonly FunctionVector[] {
  const key: Terms = { requirements: ['4.2.2-key'] }
  const at = (...path: Path): Path => ['signed', 'keys', sampleKeyid, ...path]
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
        'A key may contain other fields',
        'root',
        at('keyid_hash_algorithms'),
        ['sha256'],
        { requirements: ['4-unknown-fields'] },
      ],
      [
        'keyval-unknown-field',
        'A keyval may contain other fields',
        'root',
        at('keyval', 'private'),
        '',
        { requirements: ['4-unknown-fields'] },
      ],
      [
        'key-unused',
        'A key that no role uses is read',
        'root',
        ['signed', 'keys', otherKeyid],
        otherKey(),
      ],
    ]),
    ...accepted(
      {
        requirements: ['4.2.2-other-keys'],
        profile: 'tuffet',
        note: '4.2.2: repositories can use any key type and scheme. It does not say how a client treats an unknown one; a client that refuses the file, as some do, can be shut out by one key.',
      },
      [
        [
          'keytype-unknown',
          'A key of an unknown type is read, and cannot sign',
          'root',
          at('keytype'),
          'sphincs',
        ],
        [
          'keytype-unknown-keyval',
          'A key of an unknown type may use another form of keyval',
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
          'A known type with an unknown scheme is read, and cannot sign',
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
        note: 'A broken key does not count. Refusing the file would let one bad key stop a repository.',
      },
      [
        [
          'key-broken',
          'A malformed key is read, and cannot sign',
          'root',
          at('keyval', 'public'),
          'no key',
        ],
      ],
    ),
  ]
}
