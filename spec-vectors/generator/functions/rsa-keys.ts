/** RSA: malformed keys, labels that do not agree, and PKCS #1 v1.5. */
import type { FunctionVector } from '../../../src/vectors/format.js'
import {
  bitString,
  ecSpki,
  fromHex,
  hex,
  integer,
  nothing,
  oids,
  rsaPublicKey,
  rsaSpki,
  sequence,
  tagged,
  toPem,
} from './der.js'
import { keptEcdsa } from './kept.js'
import {
  accepted,
  bits,
  choice,
  exponent,
  good2048,
  key,
  keyOf,
  modulus,
  pem,
  refused,
  type Row,
  rsa,
  sigOf,
} from './rsa-kit.js'
import { type DeclaredKey, otherMessage } from './signed-message.js'
import type { Terms } from './vector.js'

export function keys(): readonly FunctionVector[] {
  const point = fromHex(keptEcdsa().curves['P-256'].point)
  const one = Uint8Array.of(1)
  const negative = sequence(tagged(0x02, modulus), integer(exponent))
  const inSpki = (content: Uint8Array): string =>
    toPem(sequence(sequence(oids.rsaEncryption, nothing), bitString(content)))
  return [
    ...refused(bits, [
      ['1024', 'A key of 1,024 bits is refused', keyOf('1024'), sigOf('pss-1024')],
      ['2047', 'A key of 2,047 bits is refused', keyOf('2047'), sigOf('pss-2047')],
    ]),
    ...refused(
      {
        ...rsa,
        note: 'RFC 8017, 3.1: the exponent is at least 3. With 1 a signature is the encoded message itself.',
      },
      [
        [
          'exponent-1',
          'An exponent of 1 is refused: anybody can sign',
          key(toPem(rsaSpki(modulus, one))),
          sigOf('pss-e1'),
        ],
      ],
    ),
    ...refused(rsa, [
      ['key-empty', 'An empty key is refused', key(''), good2048],
      ['key-text', 'Text that is not a key is refused', key('key'), good2048],
      [
        'key-hex',
        'A key in hexadecimal is refused',
        key(hex(rsaSpki(modulus, exponent))),
        good2048,
      ],
      [
        'key-modulus',
        'A modulus alone is not a key',
        key(inSpki(sequence(integer(modulus)))),
        good2048,
      ],
      [
        'key-zero',
        'A modulus of zero is not a key',
        key(inSpki(sequence(integer(Uint8Array.of(0)), integer(exponent)))),
        good2048,
      ],
      ['key-ecdsa', 'A key on a curve is refused', key(toPem(ecSpki('P-256', point))), good2048],
    ]),
    ...refused(
      {
        ...choice,
        note: '4.2.2 says PEM. Readers differ in the other forms that they accept, and in their strictness.',
      },
      [
        [
          'key-negative',
          'A modulus that is written as a negative number is refused',
          key(inSpki(negative)),
          good2048,
        ],
        [
          'key-pss',
          'A key that is bound to PSS by its identifier is refused',
          key(
            toPem(sequence(sequence(oids.rsassaPss), bitString(rsaPublicKey(modulus, exponent)))),
          ),
          good2048,
        ],
        ['pem-twice', 'Two keys in one text are refused', key(pem + pem), good2048],
        [
          'pem-wrong-label',
          'A key of PKCS #1 by the label of the other kind is refused',
          key(toPem(rsaPublicKey(modulus, exponent))),
          good2048,
        ],
        [
          'pem-bytes-after',
          'Bytes after the key in PEM are refused',
          key(toPem(Uint8Array.from([...rsaSpki(modulus, exponent), 0]))),
          good2048,
        ],
      ],
    ),
  ]
}

export function labels(): readonly FunctionVector[] {
  return refused({ requirements: ['4.2.2-agreement'], tags: ['CVE-2015-9258'] }, [
    [
      'keytype-ecdsa',
      'The key type ecdsa with the scheme of RSA is refused',
      key(pem, 'rsassa-pss-sha256', 'ecdsa'),
      good2048,
    ],
    [
      'keytype-ed25519',
      'The key type ed25519 with the scheme of RSA is refused',
      key(pem, 'rsassa-pss-sha256', 'ed25519'),
      good2048,
    ],
    [
      'scheme-ecdsa',
      'A key of RSA with the scheme of ECDSA is refused',
      key(pem, 'ecdsa-sha2-nistp256'),
      good2048,
    ],
    ['scheme-md5', 'A scheme with MD5 is refused', key(pem, 'rsassa-pss-md5'), good2048],
    [
      'scheme-sha384',
      'The scheme with SHA-384 refuses a signature with SHA-256',
      key(pem, 'rsassa-pss-sha384'),
      good2048,
    ],
    ['scheme-empty', 'An empty scheme is refused', key(pem, ''), good2048],
  ])
}

export function pkcs1(): readonly FunctionVector[] {
  const scheme = (hash: string): DeclaredKey => key(pem, `rsa-pkcs1v15-${hash}`)
  const told: Terms = {
    ...choice,
    note: '4.2.2 does not name the scheme. A client accepts it only as an option.',
  }
  const exact: Terms = {
    ...told,
    note: 'RFC 8017, 8.2.2: there is one encoding, to be made and compared.',
  }
  return [
    ...refused(told, [
      [
        'pkcs1-default',
        'PKCS #1 v1.5 is refused by default',
        scheme('sha256'),
        sigOf('pkcs1v15-sha256'),
      ],
    ]),
    ...accepted(
      told,
      ['sha256', 'sha384', 'sha512'].map((hash): Row => [
        `pkcs1-${hash}`,
        `PKCS #1 v1.5 with ${hash.toUpperCase().replace('A', 'A-')} is accepted when it was asked for`,
        scheme(hash),
        sigOf(`pkcs1v15-${hash}`),
      ]),
      true,
    ),
    ...refused(
      told,
      [
        [
          'pkcs1-other-message',
          'PKCS #1 v1.5 over another message is refused',
          scheme('sha256'),
          sigOf('pkcs1v15-sha256'),
          otherMessage,
        ],
        [
          'pkcs1-other-hash',
          'PKCS #1 v1.5 with another hash function is refused',
          scheme('sha256'),
          sigOf('pkcs1v15-sha512'),
        ],
        ['pss-as-pkcs1', 'PSS is refused by a scheme of PKCS #1 v1.5', scheme('sha256'), good2048],
      ],
      true,
    ),
    ...refused(
      exact,
      [
        [
          'pkcs1-no-null',
          'Parameters that are left out are refused',
          scheme('sha256'),
          sigOf('pkcs1v15-no-null'),
        ],
        [
          'pkcs1-no-info',
          'A digest without its function is refused',
          scheme('sha256'),
          sigOf('pkcs1v15-no-info'),
        ],
        [
          'pkcs1-type-2',
          'The padding of an encryption is refused',
          scheme('sha256'),
          sigOf('pkcs1v15-type-2'),
        ],
        [
          'pkcs1-padding-byte',
          'A padding of other bytes is refused',
          scheme('sha256'),
          sigOf('pkcs1v15-padding-byte'),
        ],
        [
          'pkcs1-short-padding',
          'A short padding with room after the digest is refused',
          scheme('sha256'),
          sigOf('pkcs1v15-short-padding'),
        ],
        [
          'pkcs1-garbage',
          'Bytes after the digest are refused',
          scheme('sha256'),
          sigOf('pkcs1v15-garbage-after'),
        ],
      ],
      true,
    ),
  ]
}
