/** ECDSA signatures: keys and their signatures are kept, their faults are made here. */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import {
  ecSpki,
  flipBit,
  fromHex,
  hex,
  integer,
  sequence,
  tagged,
  taggedLong,
  toBytes,
  toNumber,
  toPem,
} from './der.js'
import { keys, labels, otherCurves } from './ecdsa-keys.js'
import {
  accepted,
  compress,
  der,
  ecdsa,
  good256,
  kept,
  key,
  main,
  open,
  order,
  pem,
  point,
  r,
  refused,
  s,
} from './ecdsa-kit.js'
import { aboutSignatures, otherMessage } from './signed-message.js'
import type { Terms } from './vector.js'

/** The family `signatures-ecdsa`. */
export function ecdsaFamily(): VectorFile {
  return functionFamily('signatures-ecdsa', aboutSignatures, [
    ...good(),
    ...altered(),
    ...numbers(),
    ...encodings(),
    ...labels(),
    ...keys(),
    ...otherCurves(),
  ])
}

function good(): readonly FunctionVector[] {
  const compressed = compress(point)
  const old = 'ecdsa-sha2-nistp256'
  const forms: Terms = {
    ...ecdsa,
    profile: 'tuffet',
    note: '4.2.2 writes keys of the type ecdsa in PEM. The first roots in public use name the scheme as key type and write the point in hexadecimal.',
  }
  return [
    ...accepted(ecdsa, [
      ['good', 'A good signature is accepted', key(), good256],
      [
        'second-key',
        'A good signature by another key is accepted',
        key(toPem(ecSpki('P-256', fromHex(kept.second.point)))),
        kept.second.sha256,
      ],
    ]),
    ...accepted(
      {
        ...ecdsa,
        note: 'Each ECDSA signature yields a second one, with the order less s; the specification prefers neither.',
      },
      [
        [
          'other-s',
          'The order less s is accepted in place of s',
          key(),
          hex(der(r, toBytes(order - toNumber(s), 32))),
        ],
      ],
    ),
    ...accepted(forms, [
      ['hex', 'A point in hexadecimal is a key', key(main.point), good256],
      [
        'hex-compressed',
        'A compressed point in hexadecimal is a key',
        key(hex(compressed)),
        good256,
      ],
      [
        'hex-upper-case',
        'A compressed point in upper-case hexadecimal is a key',
        key(main.point.toUpperCase()),
        good256,
      ],
      ['old-keytype', 'The scheme is a key type too', key(pem, old, old), good256],
      [
        'old-keytype-hex',
        'With a point in hexadecimal as well',
        key(main.point, old, old),
        good256,
      ],
      [
        'pem-compressed',
        'A compressed point in PEM is a key',
        key(toPem(ecSpki('P-256', compressed))),
        good256,
      ],
      ['pem-trimmed', 'PEM needs no line feed at its end', key(pem.trimEnd()), good256],
      [
        'pem-carriage-returns',
        'PEM may contain carriage returns',
        key(pem.replaceAll('\n', '\r\n')),
        good256,
      ],
      ['pem-one-line', 'PEM may contain all its base64 on one line', key(oneLine(pem)), good256],
      [
        'upper-case-sig',
        'A signature in upper-case hexadecimal is the same',
        key(),
        good256.toUpperCase(),
      ],
    ]),
  ]
}

function oneLine(text: string): string {
  const [first = '', ...rest] = text.trimEnd().split('\n')
  return `${first}\n${rest.slice(0, -1).join('')}\n${rest.at(-1) ?? ''}\n`
}

function altered(): readonly FunctionVector[] {
  const bytes = fromHex(good256)
  return refused(ecdsa, [
    ['other-message', 'A signature over another message is refused', key(), good256, otherMessage],
    ['other-key', 'A signature by another key is refused', key(), kept.second.sha256],
    ['last-bit', 'A bit of s that is flipped is noticed', key(), hex(flipBit(bytes, -1))],
    ['first-bit', 'A bit of r that is flipped is noticed', key(), hex(der(flipBit(r, -1), s))],
    ['swapped', 's before r is refused', key(), hex(der(s, r))],
    ['sha1', 'A signature over a SHA-1 is refused', key(), main.sha1],
    ['sha384', 'A signature over a SHA-384 is refused', key(), main.sha384],
    ['sha512', 'A signature over a SHA-512 is refused', key(), main.sha512],
    ['empty', 'An empty signature is refused', key(), ''],
    ['not-hex', 'A signature that is not hexadecimal is refused', key(), 'signature'],
    ['odd', 'An odd number of digits is refused', key(), good256.slice(0, -1)],
    ['base64', 'A signature in base64 is refused', key(), Buffer.from(bytes).toString('base64')],
    ['cut', 'A signature that is cut short is refused', key(), hex(bytes.subarray(0, -1))],
    ['only-r', 'A signature with one number is refused', key(), hex(sequence(integer(r)))],
    ['no-numbers', 'A signature without numbers is refused', key(), hex(sequence())],
  ])
}

/**
 * r and s are from 1 to the order less one (FIPS 186-5, 6.4.2); a client without this check accepts
 * the first four.
 */
function numbers(): readonly FunctionVector[] {
  const zero = Uint8Array.of(0)
  const one = Uint8Array.of(1)
  const range: Terms = {
    ...ecdsa,
    note: 'FIPS 186-5, 6.4.2: both numbers are in the range from 1 to n - 1.',
  }
  return [
    ...refused({ ...range, tags: ['CVE-2022-21449'] }, [
      ['zeros', 'Two zeros are not a signature', key(), hex(der(zero, zero))],
      [
        'orders',
        'Two orders are not a signature',
        key(),
        hex(der(toBytes(order, 32), toBytes(order, 32))),
      ],
      [
        'r-plus-order',
        'r with the order added is refused',
        key(),
        hex(der(toBytes(toNumber(r) + order, 33), s)),
      ],
      [
        's-plus-order',
        's with the order added is refused',
        key(),
        hex(der(r, toBytes(toNumber(s) + order, 33))),
      ],
    ]),
    ...refused(range, [
      ['r-zero', 'r that is zero is refused', key(), hex(der(zero, s))],
      ['s-zero', 's that is zero is refused', key(), hex(der(r, zero))],
      ['r-order', 'r that is the order is refused', key(), hex(der(toBytes(order, 32), s))],
      ['s-order', 's that is the order is refused', key(), hex(der(r, toBytes(order, 32)))],
      ['ones', 'Two ones are not a signature of this message', key(), hex(der(one, one))],
      [
        'r-negative',
        'r less the order, which is negative, is refused',
        key(),
        hex(sequence(tagged(0x02, r), integer(s))),
      ],
      [
        's-negative',
        's less the order, which is negative, is refused',
        key(),
        hex(sequence(integer(r), tagged(0x02, s))),
      ],
    ]),
  ]
}

/** Almost DER. */
function encodings(): readonly FunctionVector[] {
  const [ri, si] = [integer(r), integer(s)]
  const zero = Uint8Array.of(0)
  return refused(open, [
    ['raw', 'r and s side by side, without DER, are refused', key(), main.r + main.s],
    [
      'long-sequence',
      'A length in more bytes than it needs is refused',
      key(),
      hex(taggedLong(0x30, ri, si)),
    ],
    [
      'long-integer',
      'A number whose length takes more bytes than it needs is refused',
      key(),
      hex(sequence(taggedLong(0x02, zero, r), si)),
    ],
    [
      'indefinite',
      'An indefinite length is refused',
      key(),
      hex(Uint8Array.from([0x30, 0x80, ...ri, ...si, 0, 0])),
    ],
    [
      'padded',
      'A number with a zero byte too many is refused',
      key(),
      hex(sequence(tagged(0x02, zero, zero, r), si)),
    ],
    ['bytes-after', 'A byte after the signature is refused', key(), `${good256}00`],
    ['bytes-within', 'A byte after the numbers is refused', key(), hex(sequence(ri, si, zero))],
    [
      'third-number',
      'A third number is refused',
      key(),
      hex(sequence(ri, si, integer(Uint8Array.of(1)))),
    ],
    ['set', 'A set instead of a sequence is refused', key(), hex(tagged(0x31, ri, si))],
    [
      'bit-string',
      'A number that is not an integer is refused',
      key(),
      hex(sequence(tagged(0x03, zero, r), si)),
    ],
  ])
}
