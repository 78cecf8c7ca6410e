/** Ed25519 signatures: made from fixed numbers, so that the same file comes out on each run. */
import { createHash } from 'node:crypto'
import { Point } from '@noble/ed25519'
import { ed25519Signer } from '../../../src/testing/keys.js'
import type { FunctionVector, VectorFile } from '../../../src/testing/vectors/format.js'
import { functionFamily } from '../write.js'
import { flipBit, fromHex, hex, toPem } from './der.js'
import {
  challenge,
  findMessage,
  littleEndian,
  order,
  pointOfOrder8,
  prime,
  signWith,
  yOfNoPoint,
} from './ed25519-points.js'
import {
  aboutSignatures,
  declared,
  message,
  otherMessage,
  signatureInput,
  type DeclaredKey,
} from './signed-message.js'
import { accepts, refuses, type Terms } from './vector.js'

/** The family `signatures-ed25519`. */
export function ed25519Family(): VectorFile {
  return functionFamily('signatures-ed25519', aboutSignatures, [
    ...good(),
    ...altered(),
    ...written(),
    ...keys(),
    ...scalars(),
    ...mixedOrder(),
    ...smallOrder(),
    ...notCanonical(),
  ])
}

const ed25519: Terms = { requirements: ['4.2.2-ed25519', '4.2.1-signature'] }
const shared = 'RFC 8032 lets verifiers choose between two equations, and implementations differ.'

const signer = ed25519Signer('vectors: the key')
const sig = hex(signer.sign(Buffer.from(message)))
const publicHex = signer.key.keyval.public

function key(text: string = publicHex): DeclaredKey {
  return declared('ed25519', 'ed25519', text)
}

type Row = readonly [
  id: string,
  title: string,
  key: DeclaredKey,
  sig: string,
  message?: string | { readonly base64: string },
]

function accepted(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, text, signed]) =>
    accepts(terms, `ed25519-${id}`, title, signatureInput(one, text, signed)),
  )
}

function refused(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, text, signed]) =>
    refuses(terms, `ed25519-${id}`, title, signatureInput(one, text, signed)),
  )
}

function good(): readonly FunctionVector[] {
  return [
    ...accepted(ed25519, [
      ['good', 'A good signature is accepted', key(), sig],
      [
        'rfc8032-1',
        'The first test of RFC 8032, 7.1, over no bytes',
        key('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
        '',
      ],
      [
        'rfc8032-2',
        'The second test of RFC 8032, 7.1, over one byte',
        key('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
        'r',
      ],
      [
        'rfc8032-3',
        'The third test of RFC 8032, 7.1, over two bytes that are no text',
        key('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025'),
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
        { base64: 'r4I=' },
      ],
    ]),
    ...accepted(
      {
        ...ed25519,
        profile: 'tuffet',
        note: '4.2.1 and 4.2.2 say hexadecimal and not in which case.',
      },
      [
        [
          'upper-case-sig',
          'A signature in upper-case hexadecimal is the same',
          key(),
          sig.toUpperCase(),
        ],
        [
          'upper-case-key',
          'A key in upper-case hexadecimal is the same',
          key(publicHex.toUpperCase()),
          sig,
        ],
      ],
    ),
  ]
}

function altered(): readonly FunctionVector[] {
  const bytes = fromHex(sig)
  const swapped = sig.slice(64) + sig.slice(0, 64)
  const other = ed25519Signer('vectors: another key')
  const digest = createHash('sha512').update(message).digest()
  return refused(ed25519, [
    ['other-message', 'A signature over another message is refused', key(), sig, otherMessage],
    ['no-message', 'A signature over more than nothing is refused for nothing', key(), sig, ''],
    [
      'message-line-feed',
      'A line feed behind the message is another message',
      key(),
      sig,
      `${message}\n`,
    ],
    ['other-key', 'A signature by another key is refused', key(other.key.keyval.public), sig],
    ['first-bit', 'A bit of R that is flipped is noticed', key(), hex(flipBit(bytes, 0))],
    [
      'last-bit-of-r',
      'The sign of R is noticed',
      key(),
      hex(bytes.map((byte, at) => (at === 31 ? byte ^ 0x80 : byte))),
    ],
    ['middle-bit', 'A bit of S that is flipped is noticed', key(), hex(flipBit(bytes, 32))],
    ['swapped', 'S before R is refused', key(), swapped],
    [
      'digest',
      'A signature over the digest of the message is refused',
      key(),
      hex(signer.sign(digest)),
    ],
    ['zeros', 'Sixty-four zero bytes are no signature', key(), '00'.repeat(64)],
    ['ones', 'Sixty-four bytes of ones are no signature', key(), 'ff'.repeat(64)],
    ['empty', 'An empty signature is refused', key(), ''],
    ['one-byte', 'A signature of one byte is refused', key(), '00'],
    ['short', 'A signature that lacks its last byte is refused', key(), sig.slice(0, -2)],
    ['half', 'R without S is refused', key(), sig.slice(0, 64)],
    ['long', 'A signature with a byte behind it is refused', key(), `${sig}00`],
    ['twice', 'A signature twice in a row is refused', key(), sig + sig],
  ])
}

/** Signatures and keys that are not written as they must be. */
function written(): readonly FunctionVector[] {
  const base64 = Buffer.from(sig, 'hex').toString('base64')
  const spki = fromHex(`302a300506032b6570032100${publicHex}`)
  const space: Terms = {
    ...ed25519,
    profile: 'tuffet',
    note: '4.2.1 says hexadecimal. Its own examples are printed on two lines, and readers of Python pass over white space.',
  }
  return refused(space, [
    ['sig-space', 'A space before a signature is refused', key(), ` ${sig}`],
    ['sig-line-feed', 'A line feed behind a signature is refused', key(), `${sig}\n`],
    [
      'sig-wrapped',
      'A signature on two lines is refused',
      key(),
      `${sig.slice(0, 64)}\n${sig.slice(64)}`,
    ],
    ['key-space', 'A space before a key is refused', key(` ${publicHex}`), sig],
  ]).concat(
    refused(ed25519, [
      ['sig-odd', 'An odd number of digits is refused', key(), sig.slice(0, -1)],
      ['sig-0x', 'A signature with 0x before it is refused', key(), `0x${sig}`],
      ['sig-base64', 'A signature in base64 is refused', key(), base64],
      ['sig-letter', 'A letter beyond f is refused', key(), `g${sig.slice(1)}`],
      ['key-empty', 'An empty key is refused', key(''), sig],
      ['key-short', 'A key of 31 bytes is refused', key(publicHex.slice(0, -2)), sig],
      ['key-long', 'A key of 33 bytes is refused', key(`${publicHex}00`), sig],
      ['key-0x', 'A key with 0x before it is refused', key(`0x${publicHex}`), sig],
      [
        'key-base64',
        'A key in base64 is refused',
        key(Buffer.from(publicHex, 'hex').toString('base64')),
        sig,
      ],
      ['key-pem', 'A key in PEM is refused', key(toPem(spki)), sig],
      ['key-der', 'A key in DER is refused', key(hex(spki)), sig],
    ]),
  )
}

/** Key type and scheme decide the algorithm, and nothing else does. */
function keys(): readonly FunctionVector[] {
  const agreement: Terms = { requirements: ['4.2.2-agreement'], tags: ['CVE-2015-9258'] }
  const labelled = (keytype: string, scheme: string): DeclaredKey =>
    declared(keytype, scheme, publicHex)
  return refused(agreement, [
    [
      'scheme-ecdsa',
      'An Ed25519 key with the scheme of ECDSA is refused',
      labelled('ed25519', 'ecdsa-sha2-nistp256'),
      sig,
    ],
    [
      'scheme-rsa',
      'An Ed25519 key with the scheme of RSA is refused',
      labelled('ed25519', 'rsassa-pss-sha256'),
      sig,
    ],
    [
      'keytype-ecdsa',
      'The key type ecdsa with the scheme ed25519 is refused',
      labelled('ecdsa', 'ed25519'),
      sig,
    ],
    [
      'keytype-rsa',
      'The key type rsa with the scheme ed25519 is refused',
      labelled('rsa', 'ed25519'),
      sig,
    ],
    [
      'keytype-unknown',
      'An unknown key type is refused, whatever its scheme',
      labelled('eddsa', 'ed25519'),
      sig,
    ],
    [
      'scheme-unknown',
      'An unknown scheme is refused, whatever its key type',
      labelled('ed25519', 'ed448'),
      sig,
    ],
    [
      'scheme-prehash',
      'The scheme of another variant is refused',
      labelled('ed25519', 'ed25519ph'),
      sig,
    ],
    [
      'scheme-case',
      'A scheme in capital letters is another scheme',
      labelled('ed25519', 'Ed25519'),
      sig,
    ],
    ['scheme-empty', 'An empty scheme is refused', labelled('ed25519', ''), sig],
    ['scheme-inherited', 'An inherited name is no scheme', labelled('ed25519', 'constructor'), sig],
    [
      'keytype-inherited',
      'An inherited name is no key type',
      labelled('__proto__', 'ed25519'),
      sig,
    ],
  ])
}

/** S must be smaller than the order (RFC 8032, 5.1.7). */
function scalars(): readonly FunctionVector[] {
  const s = BigInt(`0x${hex(fromHex(sig.slice(64)).reverse())}`)
  const withS = (number: bigint): string => sig.slice(0, 64) + hex(littleEndian(number))
  const note =
    'RFC 8032, 5.1.7: S is in the range from 0 to L; else one signature could be made into others.'
  return refused({ ...ed25519, note }, [
    ['s-plus-order', 'S with the order added is refused', key(), withS(s + order)],
    [
      's-plus-eight-orders',
      'S with eight times the order added is refused',
      key(),
      withS(s + 8n * order),
    ],
    [
      's-plus-orders',
      'S with as many orders as there is room for is refused',
      key(),
      withS(s + ((2n ** 256n - 1n - s) / order) * order),
    ],
    ['s-order', 'S that is the order is refused', key(), withS(order)],
  ])
}

const secret = 0x5eedn ** 19n % order
const nonce = 0x1234567n ** 9n % order

/** Points with a part of large order and one of order 8. */
function mixedOrder(): readonly FunctionVector[] {
  const torsion = pointOfOrder8()
  const point = Point.BASE.multiply(secret)
  const plain = point.toBytes()
  const r = Point.BASE.multiply(nonce)
  const rBytes = r.toBytes()
  const mixedR = r.add(torsion).toBytes()
  const mixed = point.add(torsion).toBytes()
  const cancelling = findMessage(rBytes, mixed, 0n)
  const lasting = findMessage(rBytes, mixed, 3n)
  const minus = r.add(torsion.negate()).toBytes()
  const matching = findMessage(minus, mixed, 1n)
  const choice: Terms = {
    ...ed25519,
    profile: 'tuffet',
    note: `${shared} The stricter one, without the cofactor, is that of OpenSSL.`,
  }
  return [
    ...accepted(ed25519, [
      [
        'chosen-nonce',
        'A signature that these vectors make by hand is accepted',
        key(hex(plain)),
        signWith(secret, plain, rBytes, nonce, message),
      ],
    ]),
    ...refused(choice, [
      [
        'mixed-r',
        'R with a part of order 8 is refused',
        key(hex(plain)),
        signWith(secret, plain, mixedR, nonce, message),
      ],
      [
        'mixed-key-lasting',
        'A key with a part of order 8 that only a cofactor would cancel is refused',
        key(hex(mixed)),
        signWith(secret, mixed, rBytes, nonce, lasting),
        lasting,
      ],
    ]),
    ...accepted({ ...choice, note: `${shared} Here both equations hold.` }, [
      [
        'mixed-key-cancelling',
        'A key with a part of order 8 that the challenge cancels is accepted',
        key(hex(mixed)),
        signWith(secret, mixed, rBytes, nonce, cancelling),
        cancelling,
      ],
      [
        'mixed-both',
        'A key and an R whose parts of order 8 cancel each other are accepted',
        key(hex(mixed)),
        signWith(secret, mixed, minus, nonce, matching),
        matching,
      ],
    ]),
  ]
}

/** Points whose order divides 8: under such a key anybody can sign. */
function smallOrder(): readonly FunctionVector[] {
  const generator = pointOfOrder8()
  const forgery = 'The equation holds for this signature, which needed no secret. '
  const small: Terms = {
    ...ed25519,
    profile: 'tuffet',
    note: `${forgery}The specification does not say that such a key is none; libraries differ, by version too.`,
  }
  const forged = Array.from({ length: 8 }, (_, times) => {
    const encoded = generator.multiply(BigInt(times), false).toBytes()
    return forge(encoded, orderOf(times))
  })
  const titles = [
    'The point that is zero is no key',
    'A point of order 8 is no key',
    'A point of order 4 is no key',
    'Three times a point of order 8 is no key',
    'The point of order 2 is no key',
    'Five times a point of order 8 is no key',
    'The other point of order 4 is no key',
    'Seven times a point of order 8 is no key',
  ]
  const point = Point.BASE.multiply(secret).toBytes()
  const torsion = generator.toBytes()
  const identity = Point.ZERO.toBytes()
  const divisible = findMessage(torsion, point, 0n)
  return [
    ...forged.map(({ key: text, sig: made, message: found }, times) =>
      refuses(
        small,
        `ed25519-small-order-${times}`,
        titles[times] ?? '',
        signatureInput(key(text), made, found),
      ),
    ),
    ...refused(
      {
        ...small,
        note: 'The equation holds, since the owner of the key signed with a nonce of zero. OpenSSL 3.5 refuses it, older versions do not, and no signer makes it.',
      },
      [
        [
          'r-zero',
          'R that is zero is refused',
          key(hex(point)),
          signWith(secret, point, identity, 0n, message),
        ],
      ],
    ),
    ...refused({ ...small, note: `${shared} Without the cofactor nothing cancels this R.` }, [
      [
        'r-order-8',
        'R of order 8 is refused',
        key(hex(point)),
        signWith(secret, point, torsion, 0n, divisible),
        divisible,
      ],
    ]),
    ...refused(
      {
        ...small,
        note: `${forgery}It is all zeros but for R and the key, and verifies any message.`,
      },
      [
        [
          'all-zero',
          'A key and an R that are zero with an S of zero are refused',
          key(hex(identity)),
          hex(identity) + '00'.repeat(32),
        ],
      ],
    ),
  ]
}

/** S·B for R, and a message whose challenge cancels a key of this order. */
function forge(
  encoded: Uint8Array,
  orderOfKey: bigint,
): { readonly key: string; readonly sig: string; readonly message: string } {
  const r = Point.BASE.multiply(nonce).toBytes()
  const found = findMessage(r, encoded, 0n, orderOfKey)
  if (challenge(r, encoded, found) % orderOfKey !== 0n) throw new Error('it does not cancel')
  return { key: hex(encoded), sig: hex(r) + hex(littleEndian(nonce)), message: found }
}

/** Of a multiple of a point of order 8. */
function orderOf(times: number): bigint {
  return times === 0 ? 1n : times % 4 === 0 ? 2n : times % 2 === 0 ? 4n : 8n
}

/** Encodings that RFC 8032, 5.1.3, does not decode. */
function notCanonical(): readonly FunctionVector[] {
  const undecodable: Terms = {
    ...ed25519,
    profile: 'tuffet',
    note: 'RFC 8032, 5.1.3: decoding fails. Many readers decode it all the same, to a point of small order, and find the equation to hold.',
  }
  const negative = (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte, at) => (at === 31 ? byte | 0x80 : byte))
  const rows: readonly (readonly [string, string, Uint8Array, bigint])[] = [
    ['y-p', 'A y that is the prime is no key', littleEndian(prime), 4n],
    [
      'y-p-negative',
      'A y that is the prime, with the other sign, is no key',
      negative(littleEndian(prime)),
      4n,
    ],
    ['y-p-plus-1', 'A y that is one more than the prime is no key', littleEndian(prime + 1n), 1n],
    [
      'zero-negative',
      'The point that is zero, with a sign, is no key',
      negative(littleEndian(1n)),
      1n,
    ],
    [
      'order-2-negative',
      'The point of order 2, with a sign, is no key',
      negative(littleEndian(prime - 1n)),
      2n,
    ],
  ]
  const point = Point.BASE.multiply(secret).toBytes()
  const rBytes = littleEndian(prime + 1n)
  return [
    ...rows.map(([id, title, encoded, orderOfKey]) => {
      const { key: text, sig: made, message: found } = forge(encoded, orderOfKey)
      return refuses(undecodable, `ed25519-${id}`, title, signatureInput(key(text), made, found))
    }),
    ...refused(undecodable, [
      [
        'r-not-canonical',
        'R that is zero and not written canonically is refused',
        key(hex(point)),
        signWith(secret, point, rBytes, 0n, message),
      ],
    ]),
    ...refused(
      {
        ...undecodable,
        note: 'Zeros are a point of order 4; the specification does not say that it is no key.',
      },
      [['key-zeros', 'A key of zeros is refused', key('00'.repeat(32)), '00'.repeat(64)]],
    ),
    ...refused(ed25519, [
      [
        'off-curve',
        'A key that is not on the curve is refused',
        key(hex(littleEndian(yOfNoPoint()))),
        sig,
      ],
      ['key-ones', 'A key of ones is refused', key('ff'.repeat(32)), sig],
    ]),
  ]
}
