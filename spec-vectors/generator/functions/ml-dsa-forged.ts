/** ML-DSA signatures at both sides of each bound of FIPS 204, which no signer makes. */
import { createHash } from 'node:crypto'
import type { FunctionVector } from '../../../src/vectors/format.js'
import { beta, forged, gamma1, hintOf, omega, zeroKey } from './ml-dsa-arithmetic.js'
import { accepted, keyOf, mlDsa, refused } from './ml-dsa-kit.js'
import type { Terms } from './vector.js'

const zero = zeroKey(createHash('sha256').update('vectors: a matrix').digest())
const key = keyOf(zero)
const anyone = 'The vector of this key is zero, so anyone can sign. FIPS 204 does not forbid it.'
const one = range(0, 3)

/** Algorithm 8: all coefficients of z are smaller than gamma1 less beta. */
export function responses(): readonly FunctionVector[] {
  const terms: Terms = {
    ...mlDsa,
    note: `${anyone} Algorithm 8: the norm of z is less than the bound.`,
  }
  const most = gamma1 - beta - 1
  return [
    ...accepted(terms, [
      ['zero-key', 'A signature that these vectors make by hand is accepted', key, forged(zero)],
      ['z-largest', 'z just below its bound is accepted', key, forged(zero, { z: most })],
      [
        'z-smallest',
        'z just above its negative bound is accepted',
        key,
        forged(zero, { z: -most }),
      ],
    ]),
    ...refused(terms, [
      ['z-bound', 'z at its bound is refused', key, forged(zero, { z: most + 1 })],
      [
        'z-negative-bound',
        'z at its negative bound is refused',
        key,
        forged(zero, { z: -most - 1 }),
      ],
      [
        'z-highest',
        'The highest z that can be written is refused',
        key,
        forged(zero, { z: gamma1 }),
      ],
      [
        'z-lowest',
        'The lowest z that can be written is refused',
        key,
        forged(zero, { z: 1 - gamma1 }),
      ],
    ]),
  ]
}

/** Algorithm 21: a hint is encoded in one way. Each signature fits the hint of a reader without it. */
export function hints(): readonly FunctionVector[] {
  const terms: Terms = { ...mlDsa, note: `${anyone} Algorithm 21 accepts one encoding of a hint.` }
  const withHint = (hint: Uint8Array): string => forged(zero, { hint })
  return [
    ...accepted(terms, [
      [
        'hints',
        'Hints in ascending order are accepted',
        key,
        withHint(hintOf([one, one, [], one])),
      ],
      [
        'hints-last',
        'Hints for the first and the last coefficient are accepted',
        key,
        withHint(hintOf([[0, 255], [], [], [255]])),
      ],
      [
        'hints-most',
        'As many hints as may be are accepted',
        key,
        withHint(hintOf([range(0, 20), range(10, 30), range(100, 120), range(236, 256)])),
      ],
    ]),
    ...refused(terms, [
      [
        'hints-descending',
        'Two hints in descending order are refused',
        key,
        withHint(hintOf([[0, 2, 1], one])),
      ],
      [
        'hints-repeated',
        'A hint that is there twice is refused',
        key,
        withHint(hintOf([[0, 1, 1], one])),
      ],
      [
        'hints-repeated-last',
        'The last hint of the last polynomial twice is refused',
        key,
        withHint(hintOf([one, [], [], [7, 255, 255]])),
      ],
      [
        'hints-count-descending',
        'A count of hints that is less than the one before is refused',
        key,
        withHint(changed(hintOf([one, one, [], []]), omega + 1, 2)),
      ],
      [
        'hints-too-many',
        'More hints than may be are refused',
        key,
        withHint(changed(hintOf([[], [], [], range(0, omega)]), omega + 3, omega + 1)),
      ],
      [
        'hints-far-too-many',
        'A count of 255 hints is refused',
        key,
        withHint(changed(hintOf([one, one, one, one]), omega + 3, 255)),
      ],
      [
        'hints-padding',
        'A byte after the last hint that is not zero is refused',
        key,
        withHint(changed(hintOf([one, [], [], one]), omega - 1, 1)),
      ],
      [
        'hints-padding-first',
        'The first byte after the last hint must be zero too',
        key,
        withHint(changed(hintOf([one]), 3, 9)),
      ],
    ]),
  ]
}

function changed(hint: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = Uint8Array.from(hint)
  copy[at] = byte
  return copy
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}
