/** Thresholds of a classical and an ML-DSA key together: TAP 21 lists both, and the threshold says how many. */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { pem, sig } from './ml-dsa-kit.js'
import { declared } from './signed-message.js'
import { a, met, missed, named, withSig, wrongSig } from './threshold-kit.js'
import type { Terms } from './vector.js'

const terms: Terms = { requirements: ['tap21-threshold', '4.3-threshold'], profile: 'tap21' }
const mlDsa = named(declared('ml-dsa', 'ml-dsa-44/1', pem), sig)
const trimmed = named(declared('ml-dsa', 'ml-dsa-44/1', pem.trimEnd()), sig)

export function hybrid(): readonly FunctionVector[] {
  return [
    ...met(terms, [
      [
        'hybrid',
        'An Ed25519 and an ML-DSA key sign together',
        2,
        { threshold: 2, declared: [a, mlDsa], signed: [a, mlDsa] },
      ],
      [
        'hybrid-either',
        'An ML-DSA key is enough for a threshold of one',
        1,
        { threshold: 1, declared: [a, mlDsa], signed: [mlDsa] },
      ],
    ]),
    ...missed(terms, [
      [
        'hybrid-classical-alone',
        'An Ed25519 key does not sign for an ML-DSA key',
        { threshold: 2, declared: [a, mlDsa], signed: [a] },
      ],
      [
        'hybrid-ml-dsa-alone',
        'An ML-DSA key does not sign for an Ed25519 key',
        { threshold: 2, declared: [a, mlDsa], signed: [mlDsa] },
      ],
      [
        'hybrid-classical-forged',
        'A forged Ed25519 signature beside a good one of ML-DSA is not enough',
        { threshold: 2, declared: [a, mlDsa], signed: [withSig(a, wrongSig), mlDsa] },
      ],
      [
        'hybrid-ml-dsa-forged',
        'An Ed25519 signature in place of one of ML-DSA is not enough',
        { threshold: 2, declared: [a, mlDsa], signed: [a, withSig(mlDsa, a.sig)] },
      ],
    ]),
    ...missed(
      {
        ...terms,
        profile: 'tuffet',
        note: '5.3.4: a key contributes one signature. The texts differ and so do the keyids, the public key is one.',
      },
      [
        [
          'hybrid-one-key',
          'An ML-DSA key in two forms of PEM counts once',
          { threshold: 2, declared: [mlDsa, trimmed], signed: [mlDsa, trimmed] },
        ],
      ],
    ),
  ]
}
