/** ECDSA signatures: keys and their signatures are kept, what is wrong with them is made here. */
import { createHash } from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import type { FunctionVector, VectorFile } from '../../../src/testing/vectors/format.js'
import { functionFamily } from '../write.js'
import {
  bitString,
  ecSpki,
  flipBit,
  fromHex,
  hex,
  integer,
  oids,
  rsaSpki,
  sequence,
  tagged,
  taggedLong,
  toBytes,
  toNumber,
  toPem,
} from './der.js'
import { keptEcdsa } from './kept.js'
import {
  aboutSignatures,
  declared,
  message,
  otherMessage,
  signatureInput,
  type DeclaredKey,
} from './signed-message.js'
import { accepts, refuses, type Terms } from './vector.js'

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

const kept = keptEcdsa()
const main = kept.curves['P-256']
const point = fromHex(main.point)
const [r, s] = [fromHex(main.r), fromHex(main.s)]
const good256 = hex(der(r, s))
const pem = toPem(ecSpki('P-256', point))
const { n: order, p: field } = p256.Point.CURVE()

const ecdsa: Terms = { requirements: ['4.2.2-ecdsa', '4.2.1-signature'] }
/** What is not DER, or not written as the text has it. */
const open: Terms = {
  ...ecdsa,
  profile: 'tuffet',
  note: 'The specification does not say how the two numbers are written. Everybody writes DER, which has one form of a value; not every reader asks for it.',
}

function der(one: Uint8Array, two: Uint8Array): Uint8Array {
  return sequence(integer(one), integer(two))
}

function key(text: string = pem, scheme = 'ecdsa-sha2-nistp256', keytype = 'ecdsa'): DeclaredKey {
  return declared(keytype, scheme, text)
}

type Row = readonly [id: string, title: string, key: DeclaredKey, sig: string, message?: string]

function accepted(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    accepts(terms, `ecdsa-${id}`, title, signatureInput(one, sig, signed)),
  )
}

function refused(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    refuses(terms, `ecdsa-${id}`, title, signatureInput(one, sig, signed)),
  )
}

function good(): readonly FunctionVector[] {
  const compressed = compress(point)
  const old = 'ecdsa-sha2-nistp256'
  const forms: Terms = {
    ...ecdsa,
    profile: 'tuffet',
    note: '4.2.2 has keys of the type ecdsa in PEM. The first roots in public use name the scheme as key type and write the point in hexadecimal.',
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
        note: 'ECDSA has for each signature a second one with the order less s; the specification asks for neither.',
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
      ['hex-upper-case', 'So it is in upper case', key(main.point.toUpperCase()), good256],
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
        'PEM may have carriage returns',
        key(pem.replaceAll('\n', '\r\n')),
        good256,
      ],
      ['pem-one-line', 'PEM may have all its base64 on one line', key(oneLine(pem)), good256],
      [
        'upper-case-sig',
        'A signature in upper-case hexadecimal is the same',
        key(),
        good256.toUpperCase(),
      ],
    ]),
  ]
}

function compress(full: Uint8Array): Uint8Array {
  const size = (full.length - 1) / 2
  return Uint8Array.from([2 + ((full.at(-1) ?? 0) & 1), ...full.subarray(1, 1 + size)])
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

/** r and s are from 1 to the order less one (FIPS 186-5, 6.4.2). */
function numbers(): readonly FunctionVector[] {
  const zero = Uint8Array.of(0)
  const one = Uint8Array.of(1)
  const range: Terms = {
    ...ecdsa,
    tags: ['CVE-2022-21449'],
    note: 'FIPS 186-5, 6.4.2: both numbers are in the range from 1 to n - 1.',
  }
  return refused(range, [
    ['zeros', 'Two zeros are no signature', key(), hex(der(zero, zero))],
    ['r-zero', 'r that is zero is refused', key(), hex(der(zero, s))],
    ['s-zero', 's that is zero is refused', key(), hex(der(r, zero))],
    ['r-order', 'r that is the order is refused', key(), hex(der(toBytes(order, 32), s))],
    ['s-order', 's that is the order is refused', key(), hex(der(r, toBytes(order, 32)))],
    [
      'orders',
      'Two orders are no signature',
      key(),
      hex(der(toBytes(order, 32), toBytes(order, 32))),
    ],
    ['ones', 'Two ones are no signature of this message', key(), hex(der(one, one))],
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
  ])
}

/** What is nearly DER. */
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
    ['long-integer', 'So it is for a number', key(), hex(sequence(taggedLong(0x02, zero, r), si))],
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
    ['bytes-after', 'A byte behind the signature is refused', key(), `${good256}00`],
    ['bytes-within', 'A byte behind the numbers is refused', key(), hex(sequence(ri, si, zero))],
    [
      'third-number',
      'A third number is refused',
      key(),
      hex(sequence(ri, si, integer(Uint8Array.of(1)))),
    ],
    ['set', 'A set instead of a sequence is refused', key(), hex(tagged(0x31, ri, si))],
    [
      'bit-string',
      'A number that is no integer is refused',
      key(),
      hex(sequence(tagged(0x03, zero, r), si)),
    ],
  ])
}

/** Key type, scheme and curve must agree. */
function labels(): readonly FunctionVector[] {
  const agreement: Terms = { requirements: ['4.2.2-agreement'], tags: ['CVE-2015-9258'] }
  const p384Pem = toPem(ecSpki('P-384', fromHex(kept.curves['P-384'].point)))
  const p521Pem = toPem(ecSpki('P-521', fromHex(kept.curves['P-521'].point)))
  return [
    ...refused(agreement, [
      [
        'p384-as-p256',
        'A key on P-384 with the scheme of P-256 is refused',
        key(p384Pem),
        kept.curves['P-384'].sha256,
      ],
      [
        'p521-as-p256',
        'A key on P-521 with the scheme of P-256 is refused',
        key(p521Pem),
        kept.curves['P-521'].sha256,
      ],
      [
        'p256-as-p384',
        'A key on P-256 with the scheme of P-384 is refused',
        key(pem, 'ecdsa-sha2-nistp384'),
        main.sha384,
      ],
      [
        'p256-as-p521',
        'A key on P-256 with the scheme of P-521 is refused',
        key(pem, 'ecdsa-sha2-nistp521'),
        main.sha512,
      ],
      [
        'secp256k1',
        'A key on secp256k1 is refused, whatever its scheme says',
        key(toPem(ecSpki('secp256k1', fromHex(kept.secp256k1.point)))),
        kept.secp256k1.sig,
      ],
      [
        'secp256k1-as-p256',
        'A point of secp256k1 that claims to be on P-256 is refused',
        key(toPem(ecSpki('P-256', fromHex(kept.secp256k1.point)))),
        kept.secp256k1.sig,
      ],
      [
        'keytype-ed25519',
        'The key type ed25519 with the scheme of ECDSA is refused',
        key(pem, 'ecdsa-sha2-nistp256', 'ed25519'),
        good256,
      ],
      [
        'keytype-rsa',
        'The key type rsa with the scheme of ECDSA is refused',
        key(pem, 'ecdsa-sha2-nistp256', 'rsa'),
        good256,
      ],
      [
        'scheme-ed25519',
        'A key on P-256 with the scheme ed25519 is refused',
        key(main.point.slice(2, 66), 'ed25519', 'ed25519'),
        good256,
      ],
      ['scheme-unknown', 'An unknown scheme is refused', key(pem, 'ecdsa-sha2-nistp224'), good256],
      [
        'scheme-hash-alone',
        'A scheme of another name for the same is refused',
        key(pem, 'ecdsa-sha256'),
        good256,
      ],
    ]),
    ...refused(
      {
        ...agreement,
        profile: 'tuffet',
        note: '4.2.2 has no such key type; it is read where it agrees with the scheme.',
      },
      [
        [
          'old-keytype-other',
          'A scheme as key type beside another scheme is refused',
          key(pem, 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384'),
          good256,
        ],
      ],
    ),
  ]
}

function keys(): readonly FunctionVector[] {
  const size = 32
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)]
  const offCurve = flipBit(point, -1)
  const infinity = forgedUnderInfinity()
  const modulus = Uint8Array.from([0x80, ...new Uint8Array(255).fill(1)])
  return [
    ...refused(ecdsa, [
      ['key-empty', 'An empty key is refused', key(''), good256],
      ['key-text', 'Text that is no key is refused', key('key'), good256],
      [
        'key-off-curve',
        'A point beside the curve is refused',
        key(toPem(ecSpki('P-256', offCurve))),
        good256,
      ],
      [
        'key-x-prime',
        'A coordinate that is the prime is refused',
        key(toPem(ecSpki('P-256', Uint8Array.from([4, ...toBytes(field, size), ...y])))),
        good256,
      ],
      [
        'key-infinity',
        'The point at infinity is no key: anybody can sign for it',
        key(toPem(ecSpki('P-256', Uint8Array.of(0)))),
        infinity,
      ],
      [
        'key-cut',
        'A point that is cut short is refused',
        key(toPem(ecSpki('P-256', point.subarray(0, -1)))),
        good256,
      ],
      [
        'key-no-curve',
        'A key without a curve is refused',
        key(toPem(sequence(sequence(oids.ecPublicKey), bitString(point)))),
        good256,
      ],
      [
        'key-rsa',
        'A key of RSA is refused',
        key(toPem(rsaSpki(modulus, Uint8Array.of(1, 0, 1)))),
        good256,
      ],
      [
        'pem-broken',
        'PEM whose base64 is none is refused',
        key(pem.replace('MFkw', 'M*kw')),
        good256,
      ],
      [
        'pem-no-end',
        'PEM without its end is refused',
        key(pem.replace('-----END PUBLIC KEY-----\n', '')),
        good256,
      ],
    ]),
    ...refused({ ...open, note: '4.2.2 says PEM. Readers differ in what else they take.' }, [
      [
        'hex-off-curve',
        'A point in hexadecimal beside the curve is refused',
        key(hex(offCurve)),
        good256,
      ],
      ['hex-infinity', 'The point at infinity in hexadecimal is no key', key('00'), infinity],
      [
        'hex-hybrid',
        'A hybrid point is refused',
        key(hex(Uint8Array.from([6 + ((y.at(-1) ?? 0) & 1), ...x, ...y]))),
        good256,
      ],
      [
        'hex-no-format',
        'A point without its first byte is refused',
        key(main.point.slice(2)),
        good256,
      ],
      [
        'pem-twice',
        'Two keys in one text are refused',
        key(pem + toPem(ecSpki('P-256', fromHex(kept.second.point)))),
        good256,
      ],
      ['pem-text-before', 'Text before PEM is refused', key(`key:\n${pem}`), good256],
      [
        'pem-certificate',
        'A key by the label of a certificate is refused',
        key(pem.replaceAll('PUBLIC KEY', 'CERTIFICATE')),
        good256,
      ],
      [
        'pem-bytes-after',
        'Bytes behind the key in PEM are refused',
        key(toPem(Uint8Array.from([...ecSpki('P-256', point), 0]))),
        good256,
      ],
      [
        'pem-long-length',
        'A length in more bytes than it needs is refused in a key too',
        key(toPem(taggedLong(0x30, sequence(oids.ecPublicKey, oids['P-256']), bitString(point)))),
        good256,
      ],
      [
        'pem-unused-bits',
        'Unused bits in a key are refused',
        key(toPem(sequence(sequence(oids.ecPublicKey, oids['P-256']), bitString(point, 1)))),
        good256,
      ],
    ]),
    ...refused(
      {
        ...open,
        tags: ['CVE-2020-0601'],
        note: 'RFC 5480, 2.1.1: parameters that are written out must not be used; with them anybody chooses the curve.',
      },
      [
        [
          'explicit-curve',
          'A curve whose parameters are written out is refused',
          key(kept.explicit.pem),
          kept.explicit.sig,
        ],
      ],
    ),
  ]
}

/** With Q at infinity the sum u1·G + u2·Q is u1·G: choose it, and s follows. */
function forgedUnderInfinity(): string {
  const chosen = 0x5eedn ** 11n % order
  const digest = toNumber(createHash('sha256').update(message).digest())
  const forgedR = p256.Point.BASE.multiply(chosen).toAffine().x % order
  const forgedS = p256.Point.Fn.div(p256.Point.Fn.create(digest), chosen)
  return hex(der(toBytes(forgedR, 32), toBytes(forgedS, 32)))
}

/** Schemes that 4.2.2 does not name, and that others write. */
function otherCurves(): readonly FunctionVector[] {
  const choice: Terms = {
    requirements: ['4.2.2-ecdsa'],
    profile: 'tuffet',
    note: '4.2.2 names one curve; a client may know others.',
  }
  return (['P-384', 'P-521'] as const).flatMap((curve) => {
    const { point: text, r: oneR, s: oneS, sha256, sha384, sha512 } = kept.curves[curve]
    const size = curve === 'P-384' ? 48 : 66
    const bits = curve.slice(2)
    const scheme = `ecdsa-sha2-nistp${bits}`
    const [rBytes, sBytes] = [fromHex(oneR), fromHex(oneS)]
    const { n } = (curve === 'P-384' ? p384 : p521).Point.CURVE()
    const full = fromHex(text)
    const one = key(toPem(ecSpki(curve, full)), scheme)
    const made = hex(der(rBytes, sBytes))
    const id = curve.toLowerCase().replace('-', '')
    return [
      ...accepted(choice, [
        [`${id}-good`, `A good signature on ${curve} is accepted`, one, made],
        [
          `${id}-hex`,
          `A compressed point of ${curve} in hexadecimal is a key`,
          key(hex(compress(full)), scheme, scheme),
          made,
        ],
      ]),
      ...refused(choice, [
        [
          `${id}-other-message`,
          `A signature on ${curve} over another message is refused`,
          one,
          made,
          otherMessage,
        ],
        [`${id}-other-hash`, `A signature on ${curve} over a SHA-256 is refused`, one, sha256],
        [
          `${id}-third-hash`,
          `A signature on ${curve} over the digest of another scheme is refused`,
          one,
          curve === 'P-384' ? sha512 : sha384,
        ],
        [
          `${id}-s-zero`,
          `s that is zero is refused on ${curve}`,
          one,
          hex(der(rBytes, Uint8Array.of(0))),
        ],
        [
          `${id}-r-order`,
          `r that is the order of ${curve} is refused`,
          one,
          hex(der(toBytes(n, size), sBytes)),
        ],
        [
          `${id}-off-curve`,
          `A point beside ${curve} is refused`,
          key(toPem(ecSpki(curve, flipBit(full, -1))), scheme),
          made,
        ],
      ]),
    ]
  })
}
