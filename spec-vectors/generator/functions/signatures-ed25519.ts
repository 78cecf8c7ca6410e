/** Ed25519 signatures: made from fixed numbers, so that the same file comes out on each run. */
import { createHash } from 'node:crypto'
import { ed25519Signer } from '../../../src/testing/keys.js'
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { flipBit, fromHex, hex, toPem } from './der.js'
import { mixedOrder, notCanonical, scalars, smallOrder } from './ed25519-forged.js'
import { accepted, ed25519, key, publicHex, refused, sig, signer } from './ed25519-kit.js'
import {
  aboutSignatures,
  declared,
  type DeclaredKey,
  message,
  otherMessage,
} from './signed-message.js'
import type { Terms } from './vector.js'

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
        'The third test of RFC 8032, 7.1, over two bytes that are not text',
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
    ['no-message', 'A signature over some bytes is refused for an empty message', key(), sig, ''],
    [
      'message-line-feed',
      'A line feed after the message makes another message',
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
    ['zeros', 'Sixty-four zero bytes are not a signature', key(), '00'.repeat(64)],
    ['ones', 'Sixty-four bytes of ones are not a signature', key(), 'ff'.repeat(64)],
    ['empty', 'An empty signature is refused', key(), ''],
    ['one-byte', 'A signature of one byte is refused', key(), '00'],
    ['short', 'A signature that lacks its last byte is refused', key(), sig.slice(0, -2)],
    ['half', 'R without S is refused', key(), sig.slice(0, 64)],
    ['long', 'A signature with a trailing byte is refused', key(), `${sig}00`],
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
    ['sig-line-feed', 'A line feed after a signature is refused', key(), `${sig}\n`],
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

/** Key type and scheme alone decide the algorithm. */
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
    [
      'scheme-inherited',
      'An inherited name is not a scheme',
      labelled('ed25519', 'constructor'),
      sig,
    ],
    [
      'keytype-inherited',
      'An inherited name is not a key type',
      labelled('__proto__', 'ed25519'),
      sig,
    ],
  ])
}
