/** RSA signatures: all of them are kept, for their salts are random. */
import type { FunctionVector, VectorFile } from '../../../src/testing/vectors/format.js'
import { functionFamily } from '../write.js'
import {
  bitString,
  ecSpki,
  flipBit,
  fromHex,
  hex,
  integer,
  nothing,
  oids,
  rsaPublicKey,
  rsaSpki,
  sequence,
  tagged,
  toBytes,
  toNumber,
  toPem,
} from './der.js'
import { keptEcdsa, keptRsa } from './kept.js'
import {
  aboutSignatures,
  declared,
  otherMessage,
  signatureInput,
  type DeclaredKey,
} from './signed-message.js'
import { accepts, refuses, type Terms } from './vector.js'

/** The family `signatures-rsa`. */
export function rsaFamily(): VectorFile {
  return functionFamily(
    'signatures-rsa',
    `${aboutSignatures} With \`optIn\` true the client has been told to take the schemes that it ` +
      'does not take by default (RSA PKCS #1 v1.5).',
    [...good(), ...altered(), ...paddings(), ...keys(), ...labels(), ...pkcs1()],
  )
}

const kept = keptRsa()
const { modulus, exponent } = numbersOf('2048')
const pem = toPem(rsaSpki(modulus, exponent))
const good2048 = sigOf('pss-2048')

const rsa: Terms = { requirements: ['4.2.2-rsa', '4.2.1-signature'] }
const bits: Terms = { requirements: ['4.2.2-rsa-bits'] }
const choice: Terms = {
  requirements: ['4.2.2-rsa'],
  profile: 'tuffet',
  note: '4.2.2 names one scheme of RSA; a client may know others.',
}

function numbersOf(name: string): { readonly modulus: Uint8Array; readonly exponent: Uint8Array } {
  const found = kept.keys[name]
  if (found === undefined) throw new RangeError(`no key ${name} is kept`)
  return { modulus: fromHex(found.modulus), exponent: fromHex(found.exponent) }
}

function sigOf(name: string): string {
  const found = kept.signatures[name]
  if (found === undefined) throw new RangeError(`no signature ${name} is kept`)
  return found
}

function key(text: string = pem, scheme = 'rsassa-pss-sha256', keytype = 'rsa'): DeclaredKey {
  return declared(keytype, scheme, text)
}

function keyOf(name: string): DeclaredKey {
  const found = numbersOf(name)
  return key(toPem(rsaSpki(found.modulus, found.exponent)))
}

type Row = readonly [id: string, title: string, key: DeclaredKey, sig: string, message?: string]

function accepted(terms: Terms, rows: readonly Row[], optIn = false): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    accepts(terms, `rsa-${id}`, title, {
      ...signatureInput(one, sig, signed),
      ...(optIn && { optIn }),
    }),
  )
}

function refused(terms: Terms, rows: readonly Row[], optIn = false): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    refuses(terms, `rsa-${id}`, title, {
      ...signatureInput(one, sig, signed),
      ...(optIn && { optIn }),
    }),
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
        note: 'RFC 8017, 8.1.1: the encoded message has one bit less than the modulus, here one byte less.',
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
    ...accepted({ ...choice, note: '4.2.2 says PEM and not of what; both kinds are in use.' }, [
      ['pem-pkcs1', 'A key in the PEM of PKCS #1 is a key', key(pkcs1Pem), good2048],
      [
        'pem-carriage-returns',
        'PEM may have carriage returns',
        key(pem.replaceAll('\n', '\r\n')),
        good2048,
      ],
      ['pem-trimmed', 'PEM needs no line feed at its end', key(pem.trimEnd()), good2048],
    ]),
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
      ['long-after', 'A byte behind a signature is refused', key(), `${good2048}00`],
      ['odd', 'An odd number of digits is refused', key(), good2048.slice(1)],
      ['base64', 'A signature in base64 is refused', key(), Buffer.from(bytes).toString('base64')],
      ['zero', 'The number zero is no signature', key(), '00'.repeat(size)],
      ['one', 'The number one is no signature', key(), `${'00'.repeat(size - 1)}01`],
    ]),
    ...refused(range, [
      ['modulus', 'The modulus is no signature', key(), hex(modulus)],
      ['largest', 'The largest number of its length is no signature', key(), 'ff'.repeat(size)],
      [
        'plus-modulus',
        'A signature with the modulus added is refused',
        key(),
        hex(toBytes(beyond, size)),
      ],
    ]),
  ]
}

/** RFC 8017, 9.1.2: what must be found when a signature is opened. */
function paddings(): readonly FunctionVector[] {
  const salt: Terms = {
    ...rsa,
    profile: 'tuffet',
    note: 'RFC 3447, which 4.2.2 names, has a salt as long as the digest unless it is said otherwise. Some readers take any length, for the padding tells it.',
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
      ['salt-222', 'A salt of all the room there is is refused', key(), sigOf('pss-salt-222')],
    ]),
  ]
}

function keys(): readonly FunctionVector[] {
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
      ['key-text', 'Text that is no key is refused', key('key'), good2048],
      [
        'key-hex',
        'A key in hexadecimal is refused',
        key(hex(rsaSpki(modulus, exponent))),
        good2048,
      ],
      [
        'key-modulus',
        'A modulus alone is no key',
        key(inSpki(sequence(integer(modulus)))),
        good2048,
      ],
      [
        'key-zero',
        'A modulus of zero is no key',
        key(inSpki(sequence(integer(Uint8Array.of(0)), integer(exponent)))),
        good2048,
      ],
      ['key-ecdsa', 'A key on a curve is refused', key(toPem(ecSpki('P-256', point))), good2048],
    ]),
    ...refused(
      {
        ...choice,
        note: '4.2.2 says PEM. Readers differ in what else they take, and in how strict they are.',
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
          'Bytes behind the key in PEM are refused',
          key(toPem(Uint8Array.from([...rsaSpki(modulus, exponent), 0]))),
          good2048,
        ],
      ],
    ),
  ]
}

function labels(): readonly FunctionVector[] {
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

function pkcs1(): readonly FunctionVector[] {
  const scheme = (hash: string): DeclaredKey => key(pem, `rsa-pkcs1v15-${hash}`)
  const told: Terms = {
    ...choice,
    note: '4.2.2 does not name the scheme. It is taken only by those who ask for it.',
  }
  const exact: Terms = {
    ...told,
    note: 'RFC 8017, 8.2.2: there is one encoding, to be made and compared.',
  }
  return [
    ...refused(told, [
      [
        'pkcs1-default',
        'PKCS #1 v1.5 is refused unless it was asked for',
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
          'A short padding with room behind the digest is refused',
          scheme('sha256'),
          sigOf('pkcs1v15-short-padding'),
        ],
        [
          'pkcs1-garbage',
          'Bytes behind the digest are refused',
          scheme('sha256'),
          sigOf('pkcs1v15-garbage-after'),
        ],
      ],
      true,
    ),
  ]
}
