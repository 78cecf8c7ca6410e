/** Ed25519 keys and signatures that no signer makes: implementations differ on them. */
import { Point } from '@noble/ed25519'
import type { FunctionVector } from '../../../src/vectors/format.js'
import { fromHex, hex } from './der.js'
import { accepted, ed25519, key, refused, shared, sig } from './ed25519-kit.js'
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
import { message, signatureInput } from './signed-message.js'
import { refuses, type Terms } from './vector.js'

/** S must be smaller than the order (RFC 8032, 5.1.7). */
export function scalars(): readonly FunctionVector[] {
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
      'S with as many added orders as fit is refused',
      key(),
      withS(s + ((2n ** 256n - 1n - s) / order) * order),
    ],
    ['s-order', 'S that is the order is refused', key(), withS(order)],
  ])
}

const secret = 0x5eedn ** 19n % order
const nonce = 0x1234567n ** 9n % order

/** Points with a part of large order and one of order 8. */
export function mixedOrder(): readonly FunctionVector[] {
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
export function smallOrder(): readonly FunctionVector[] {
  const generator = pointOfOrder8()
  const forgery = 'The equation holds for this signature, which needed no secret. '
  const small: Terms = {
    ...ed25519,
    profile: 'tuffet',
    note: `${forgery}The specification does not forbid such a key; libraries differ, by version too.`,
  }
  const forged = Array.from({ length: 8 }, (_, times) => {
    const encoded = generator.multiply(BigInt(times), false).toBytes()
    return forge(encoded, orderOf(times))
  })
  const titles = [
    'The point that is zero is not a key',
    'A point of order 8 is not a key',
    'A point of order 4 is not a key',
    'Three times a point of order 8 is not a key',
    'The point of order 2 is not a key',
    'Five times a point of order 8 is not a key',
    'The other point of order 4 is not a key',
    'Seven times a point of order 8 is not a key',
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
export function notCanonical(): readonly FunctionVector[] {
  const undecodable: Terms = {
    ...ed25519,
    profile: 'tuffet',
    note: 'RFC 8032, 5.1.3: decoding fails. Many readers decode it all the same, to a point of small order, and find the equation to hold.',
  }
  const negative = (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte, at) => (at === 31 ? byte | 0x80 : byte))
  const rows: readonly (readonly [string, string, Uint8Array, bigint])[] = [
    ['y-p', 'A y that is the prime is not a key', littleEndian(prime), 4n],
    [
      'y-p-negative',
      'A y that is the prime, with the other sign, is not a key',
      negative(littleEndian(prime)),
      4n,
    ],
    [
      'y-p-plus-1',
      'A y that is one more than the prime is not a key',
      littleEndian(prime + 1n),
      1n,
    ],
    [
      'zero-negative',
      'The point that is zero, with a sign, is not a key',
      negative(littleEndian(1n)),
      1n,
    ],
    [
      'order-2-negative',
      'The point of order 2, with a sign, is not a key',
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
        note: 'Zeros are a point of order 4; the specification does not say that it is not a key.',
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
