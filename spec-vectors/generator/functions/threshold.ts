/** Thresholds: how many keys signed. The signatures themselves are good, but where a title says so. */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { hybrid } from './threshold-hybrid.js'
import { doubled, kinds } from './threshold-kinds.js'
import { a, as, b, c, d, met, missed, threshold, withSig, wrongSig } from './threshold-kit.js'
import type { Terms } from './vector.js'

/** The family `threshold`. */
export function thresholdFamily(): VectorFile {
  return functionFamily(
    'threshold',
    "Is `message` (a body: the canonical bytes) signed by a threshold of a role? `keys` is the table of its delegator, `keyids` and `threshold` are those of the role, `signatures` is the list in the file. The output is { signed }: the number of the role's keys that signed, all of them counted. Refused: fewer than the threshold, and malformed lists.",
    [...counted(), ...doubled(), ...uncounted(), ...kinds(), ...hybrid(), ...numbers(), ...flood()],
  )
}

function counted(): readonly FunctionVector[] {
  return [
    ...met(threshold, [
      [
        'one',
        'One key of one is enough for a threshold of one',
        1,
        { threshold: 1, declared: [a], signed: [a] },
      ],
      [
        'one-of-three',
        'Any key of the role is enough for a threshold of one',
        1,
        { threshold: 1, declared: [a, b, c], signed: [c] },
      ],
      [
        'two-of-three',
        'Two keys of three are enough for a threshold of two',
        2,
        { threshold: 2, declared: [a, b, c], signed: [a, c] },
      ],
      [
        'more',
        'More keys than the threshold do no harm',
        3,
        { threshold: 2, declared: [a, b, c], signed: [a, b, c] },
      ],
      [
        'all',
        'The threshold may be all keys of the role',
        3,
        { threshold: 3, declared: [a, b, c], signed: [a, b, c] },
      ],
      [
        'any-order',
        'Signatures may be in any order',
        2,
        { threshold: 2, declared: [a, b], signed: [b, a] },
      ],
    ]),
    ...missed(threshold, [
      ['none', 'A file without signatures is refused', { threshold: 1, declared: [a], signed: [] }],
      [
        'one-of-two',
        'One key is not enough for a threshold of two',
        { threshold: 2, declared: [a, b, c], signed: [b] },
      ],
      [
        'one-less',
        'One key less than the threshold is not enough',
        { threshold: 3, declared: [a, b, c, d], signed: [a, d] },
      ],
    ]),
  ]
}

/** Entries that do not count, and do no harm. */
function uncounted(): readonly FunctionVector[] {
  const ignored: Terms = { requirements: ['4.3-threshold', '4.2.1-signature'] }
  const lenient: Terms = {
    ...ignored,
    profile: 'tuffet',
    note: '4.2.1 asks for hexadecimal. Public roots contain empty signatures of keys that were not at hand.',
  }
  return [
    ...missed(ignored, [
      [
        'wrong',
        'A signature over something else does not count',
        { threshold: 1, declared: [a], signed: [withSig(a, wrongSig)] },
      ],
      [
        'wrong-of-two',
        'A wrong signature does not make up the number',
        { threshold: 2, declared: [a, b], signed: [withSig(a, wrongSig), b] },
      ],
      [
        'of-other',
        'A signature by the name of another key does not count',
        { threshold: 1, declared: [a, b], signed: [withSig(a, b.sig)] },
      ],
      [
        'exchanged',
        'Two signatures with their names exchanged do not count',
        { threshold: 1, declared: [a, b], signed: [withSig(a, b.sig), withSig(b, a.sig)] },
      ],
      [
        'not-of-role',
        'A key of the table of another role does not count',
        { threshold: 1, declared: [a, b], keyids: [a.keyid], signed: [b] },
      ],
      [
        'not-of-role-two',
        'A key of the table of another role does not make up the number',
        { threshold: 2, declared: [a, b], keyids: [a.keyid], signed: [a, b] },
      ],
      [
        'not-declared',
        'A keyid of the role that is missing in the table does not count',
        { threshold: 1, declared: [b], keyids: [a.keyid], signed: [a] },
      ],
      [
        'unknown',
        'A signature by an unknown key does not count',
        { threshold: 1, declared: [a], signed: [b] },
      ],
      [
        'keyid-case',
        'A keyid in capital letters is another keyid',
        { threshold: 1, declared: [a], signed: [as(a.keyid.toUpperCase(), a)] },
      ],
      [
        'keyid-prefix',
        'The beginning of a keyid is not the keyid',
        { threshold: 1, declared: [a], signed: [as(a.keyid.slice(0, 16), a)] },
      ],
      [
        'no-keyids',
        'A role without keys cannot be signed',
        { threshold: 1, declared: [a], keyids: [], signed: [a] },
      ],
    ]),
    ...met(ignored, [
      [
        'wrong-beside',
        'A wrong signature beside enough good ones does no harm',
        2,
        { threshold: 2, declared: [a, b, c], signed: [withSig(a, wrongSig), b, c] },
      ],
      [
        'unknown-beside',
        'A signature by an unknown key beside enough good ones does no harm',
        1,
        { threshold: 1, declared: [a], signed: [d, a] },
      ],
      [
        'not-of-role-beside',
        'A key of another role is not in the number',
        1,
        { threshold: 1, declared: [a, b], keyids: [a.keyid], signed: [a, b] },
      ],
    ]),
    ...met(
      {
        ...ignored,
        profile: 'tuffet',
        note: '4.3: a keyid without a key cannot sign. Some clients choose to refuse the whole role.',
      },
      [
        [
          'not-declared-beside',
          'A keyid without a key beside enough good ones does no harm',
          1,
          { threshold: 1, declared: [a], keyids: [d.keyid, a.keyid], signed: [d, a] },
        ],
      ],
    ),
    ...met(lenient, [
      [
        'empty-beside',
        'An empty signature beside enough good ones does no harm',
        1,
        { threshold: 1, declared: [a, b], signed: [withSig(a, ''), b] },
      ],
      [
        'text-beside',
        'A signature that is not hexadecimal beside enough good ones does no harm',
        1,
        { threshold: 1, declared: [a, b], signed: [withSig(a, 'none'), b] },
      ],
    ]),
    ...missed(lenient, [
      [
        'empty',
        'An empty signature does not count',
        { threshold: 1, declared: [a], signed: [withSig(a, '')] },
      ],
    ]),
  ]
}

function numbers(): readonly FunctionVector[] {
  const cve = { tags: ['CVE-2026-23992'] } as const
  const none = { declared: [a], signed: [] }
  const one = { declared: [a], signed: [a] }
  return missed(threshold, [
    [
      'zero',
      'A threshold of 0 is refused, even without signatures',
      { ...none, threshold: 0 },
      cve,
    ],
    [
      'zero-signed',
      'A threshold of 0 is refused, whichever keys signed',
      { ...one, threshold: 0 },
      cve,
    ],
    ['negative', 'A negative threshold is refused', { ...none, threshold: -1 }, cve],
    ['text', 'A threshold in quotes is refused', { ...one, threshold: '1' }],
    ['true', 'A threshold that is true is refused', { ...one, threshold: true }],
    ['null', 'A threshold that is null is refused', { ...none, threshold: null }, cve],
    ['beyond-keys', 'A threshold above the number of keys is never met', { ...one, threshold: 2 }],
    ['huge', 'A threshold of 2^53 - 1 is never met', { ...one, threshold: 9007199254740991 }],
  ])
}

function flood(): readonly FunctionVector[] {
  const strangers = Array.from({ length: 500 }, (_, index) => ({
    ...d,
    keyid: `stranger ${index}`,
    sig: 'ab',
  }))
  return [
    ...met(threshold, [
      [
        'strangers',
        'Five hundred signatures by strangers do no harm',
        1,
        { threshold: 1, declared: [a], signed: [...strangers, a] },
      ],
    ]),
    ...missed(threshold, [
      [
        'strangers-only',
        'Five hundred signatures by strangers do not count',
        { threshold: 1, declared: [a], signed: strangers },
      ],
    ]),
  ]
}
