/** RSA signatures: all of them are kept, for their salts are random. */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { flipBit, fromHex, hex, rsaPublicKey, toBytes, toNumber, toPem } from './der.js'
import { keys, labels, pkcs1 } from './rsa-keys.js'
import {
  accepted,
  choice,
  exponent,
  good2048,
  key,
  keyOf,
  modulus,
  pem,
  refused,
  rsa,
  sigOf,
} from './rsa-kit.js'
import { aboutSignatures, otherMessage } from './signed-message.js'
import type { Terms } from './vector.js'

/** The family `signatures-rsa`. */
export function rsaFamily(): VectorFile {
  return functionFamily(
    'signatures-rsa',
    `${aboutSignatures} With \`optIn\` true the client has been told to take the schemes that it ` +
      'does not take by default (RSA PKCS #1 v1.5).',
    [...good(), ...altered(), ...paddings(), ...keys(), ...labels(), ...pkcs1()],
  )
}

function good(): readonly FunctionVector[] {
  const pkcs1Pem = toPem(rsaPublicKey(modulus, exponent), 'RSA PUBLIC KEY')
  return [
    ...accepted(rsa, [
      ['2048', 'A good signature is accepted', key(), good2048],
      ['3072', 'A key of 3,072 bits is a key', keyOf('3072'), sigOf('pss-3072')],
      ['4096', 'A key of 4,096 bits is a key', keyOf('4096'), sigOf('pss-4096')],
    ]),
    ...accepted(
      {
        ...rsa,
        note: 'RFC 8017, 8.1.1: the encoded message is one bit shorter than the modulus, here one byte shorter.',
      },
      [
        [
          '2049',
          'A key of 2,049 bits is a key, whose messages are a byte shorter',
          keyOf('2049'),
          sigOf('pss-2049'),
        ],
      ],
    ),
    ...accepted({ ...rsa, note: 'RFC 8017, 3.1: the exponent is at least 3.' }, [
      ['exponent-3', 'An exponent of 3 is one', keyOf('e3'), sigOf('pss-e3')],
    ]),
    ...accepted(
      {
        ...choice,
        note: '4.2.2 says PEM and not which structure is in it; both kinds are in use.',
      },
      [
        ['pem-pkcs1', 'A key in the PEM of PKCS #1 is a key', key(pkcs1Pem), good2048],
        [
          'pem-carriage-returns',
          'PEM may contain carriage returns',
          key(pem.replaceAll('\n', '\r\n')),
          good2048,
        ],
        ['pem-trimmed', 'PEM needs no line feed at its end', key(pem.trimEnd()), good2048],
      ],
    ),
    ...accepted(choice, [
      [
        'sha384',
        'The scheme with SHA-384 is known',
        key(pem, 'rsassa-pss-sha384'),
        sigOf('pss-sha384'),
      ],
      [
        'sha512',
        'The scheme with SHA-512 is known',
        key(pem, 'rsassa-pss-sha512'),
        sigOf('pss-sha512'),
      ],
    ]),
  ]
}

function altered(): readonly FunctionVector[] {
  const bytes = fromHex(good2048)
  const size = modulus.length
  const beyond = toNumber(bytes) + toNumber(modulus)
  const range: Terms = {
    ...rsa,
    note: 'RFC 8017, 5.2.2: the number of a signature is smaller than the modulus.',
  }
  return [
    ...refused(rsa, [
      [
        'other-message',
        'A signature over another message is refused',
        key(),
        good2048,
        otherMessage,
      ],
      ['other-key', 'A signature by another key is refused', key(), sigOf('pss-second')],
      ['last-bit', 'A bit that is flipped is noticed', key(), hex(flipBit(bytes, -1))],
      ['empty', 'An empty signature is refused', key(), ''],
      ['short', 'A signature that lacks its first byte is refused', key(), hex(bytes.subarray(1))],
      ['long', 'A zero byte before a signature is refused', key(), `00${good2048}`],
      ['long-after', 'A byte after a signature is refused', key(), `${good2048}00`],
      ['odd', 'An odd number of digits is refused', key(), good2048.slice(1)],
      ['base64', 'A signature in base64 is refused', key(), Buffer.from(bytes).toString('base64')],
      ['zero', 'The number zero is not a signature', key(), '00'.repeat(size)],
      ['one', 'The number one is not a signature', key(), `${'00'.repeat(size - 1)}01`],
    ]),
    ...refused(range, [
      ['modulus', 'The modulus is not a signature', key(), hex(modulus)],
      ['largest', 'The largest number of its length is not a signature', key(), 'ff'.repeat(size)],
      [
        'plus-modulus',
        'A signature with the modulus added is refused',
        key(),
        hex(toBytes(beyond, size)),
      ],
    ]),
  ]
}

/** RFC 8017, 9.1.2: the text that must be found when a signature is opened. */
function paddings(): readonly FunctionVector[] {
  const salt: Terms = {
    ...rsa,
    profile: 'tuffet',
    note: 'RFC 3447, which 4.2.2 names, uses a salt as long as the digest by default. Some readers take any length, since the padding shows it.',
  }
  return [
    ...refused(rsa, [
      [
        'other-hash',
        'A signature with SHA-384 is refused by the scheme with SHA-256',
        key(),
        sigOf('pss-sha384'),
      ],
      ['sha1', 'A signature with SHA-1 is refused', key(), sigOf('pss-sha1')],
      ['mgf-sha1', 'A mask made with SHA-1 is refused', key(), sigOf('pss-mgf-sha1')],
      [
        'pkcs1-as-pss',
        'PKCS #1 v1.5 is refused by a scheme of PSS',
        key(),
        sigOf('pkcs1v15-sha256'),
      ],
      ['trailer', 'Another byte at the end is refused', key(), sigOf('pss-trailer')],
      ['top-bit', 'A bit beyond the length is refused', key(), sigOf('pss-top-bit')],
      ['padding', 'A padding that is not zero is refused', key(), sigOf('pss-padding')],
      ['separator', 'Another byte before the salt is refused', key(), sigOf('pss-separator')],
      ['other-salt', 'A salt that was not hashed is refused', key(), sigOf('pss-other-salt')],
    ]),
    ...refused(salt, [
      ['salt-0', 'A signature without salt is refused', key(), sigOf('pss-salt-0')],
      ['salt-20', 'A salt of twenty bytes is refused', key(), sigOf('pss-salt-20')],
      ['salt-31', 'A salt that is a byte too short is refused', key(), sigOf('pss-salt-31')],
      ['salt-33', 'A salt that is a byte too long is refused', key(), sigOf('pss-salt-33')],
      ['salt-222', 'A salt that fills all the room is refused', key(), sigOf('pss-salt-222')],
    ]),
  ]
}
