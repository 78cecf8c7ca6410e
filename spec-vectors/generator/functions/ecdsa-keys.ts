/** ECDSA: key type, scheme and key must agree, and the key must be one. */
import { createHash } from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import type { FunctionVector } from '../../../src/vectors/format.js'
import {
  bitString,
  ecSpki,
  flipBit,
  fromHex,
  hex,
  oids,
  rsaSpki,
  sequence,
  taggedLong,
  toBytes,
  toNumber,
  toPem,
} from './der.js'
import {
  accepted,
  compress,
  der,
  ecdsa,
  field,
  good256,
  kept,
  key,
  main,
  open,
  order,
  pem,
  point,
  refused,
} from './ecdsa-kit.js'
import { message, otherMessage } from './signed-message.js'
import type { Terms } from './vector.js'

/** Key type, scheme and curve must agree. */
export function labels(): readonly FunctionVector[] {
  const agreement: Terms = { requirements: ['4.2.2-agreement'] }
  // A client that checks one of the two accepts these.
  const labelled: Terms = { ...agreement, tags: ['CVE-2015-9258'] }
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
        'scheme-ed25519',
        'A key on P-256 with the scheme ed25519 is refused',
        key(main.point.slice(2, 66), 'ed25519', 'ed25519'),
        good256,
      ],
    ]),
    ...refused(labelled, [
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
        note: '4.2.2 does not list such a key type; it is read where it agrees with the scheme.',
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

export function keys(): readonly FunctionVector[] {
  const size = 32
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)]
  const offCurve = flipBit(point, -1)
  const infinity = forgedUnderInfinity()
  const modulus = Uint8Array.from([0x80, ...new Uint8Array(255).fill(1)])
  return [
    ...refused(ecdsa, [
      ['key-empty', 'An empty key is refused', key(''), good256],
      ['key-text', 'Text that is not a key is refused', key('key'), good256],
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
        'The point at infinity is not a key: anybody can sign for it',
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
        'PEM with malformed base64 is refused',
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
    ...refused(
      { ...open, note: '4.2.2 says PEM. Readers differ in the other forms that they accept.' },
      [
        [
          'hex-off-curve',
          'A point in hexadecimal beside the curve is refused',
          key(hex(offCurve)),
          good256,
        ],
        ['hex-infinity', 'The point at infinity in hexadecimal is not a key', key('00'), infinity],
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
          'Bytes after the key in PEM are refused',
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
      ],
    ),
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
export function otherCurves(): readonly FunctionVector[] {
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
