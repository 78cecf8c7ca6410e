/** Thresholds: how many keys signed. The signatures themselves are good, but where a title says so. */
import type { JsonValue } from '../../../src/core/metadata.js'
import { ed25519Signer, keyidOf } from '../../../src/testing/keys.js'
import type { FunctionVector, VectorFile } from '../../../src/testing/vectors/format.js'
import { functionFamily } from '../write.js'
import { ecSpki, fromHex, hex, rsaSpki, toPem } from './der.js'
import { keptEcdsa, keptRsa } from './kept.js'
import { declared, message, otherMessage, type DeclaredKey } from './signed-message.js'
import { gives, refuses, type Terms } from './vector.js'

/** The family `threshold`. */
export function thresholdFamily(): VectorFile {
  return functionFamily(
    'threshold',
    'Is `message` (a body: the canonical bytes) signed by a threshold of a role? `keys` is the table ' +
      'of its delegator, `keyids` and `threshold` are those of the role, `signatures` is the list in ' +
      'the file. The output is { signed }: how many of the keys of the role signed, all of them ' +
      'counted. Refused: fewer than the threshold, and lists that a file must not have.',
    [...counted(), ...doubled(), ...uncounted(), ...kinds(), ...numbers(), ...flood()],
  )
}

/** A key that signs, under a keyid. */
interface Signing {
  readonly keyid: string
  readonly key: DeclaredKey
  readonly sig: string
}

function ed25519(seed: string): Signing {
  const signer = ed25519Signer(`vectors: threshold ${seed}`)
  return { keyid: signer.keyid, key: signer.key, sig: hex(signer.sign(Buffer.from(message))) }
}

const [a, b, c, d] = [ed25519('a'), ed25519('b'), ed25519('c'), ed25519('d')]
const wrongSig = hex(ed25519Signer('vectors: threshold a').sign(Buffer.from(otherMessage)))

const keptKeys = { ecdsa: keptEcdsa().curves['P-256'], rsa: keptRsa() }
const rsaNumbers = keptKeys.rsa.keys['2048'] ?? { modulus: '', exponent: '' }
const rsaPem = toPem(rsaSpki(fromHex(rsaNumbers.modulus), fromHex(rsaNumbers.exponent)))
const ecdsaPem = toPem(ecSpki('P-256', fromHex(keptKeys.ecdsa.point)))
const ecdsa = named(declared('ecdsa', 'ecdsa-sha2-nistp256', ecdsaPem), keptKeys.ecdsa.sha256)
const rsa = named(declared('rsa', 'rsassa-pss-sha256', rsaPem), keptKeys.rsa.signatures['pss-2048'])

function named(key: DeclaredKey, sig = ''): Signing {
  return { keyid: keyidOf(key), key, sig }
}

/** The same key and signature under another keyid. */
function as(keyid: string, { key, sig }: Signing): Signing {
  return { keyid, key, sig }
}

/** Another signature by the name of a key. */
function withSig({ keyid, key }: Signing, sig: string): Signing {
  return { keyid, key, sig }
}

/** What differs from a role of the given keys. */
interface Role {
  readonly threshold: JsonValue
  readonly declared: readonly Signing[]
  /** Default: all that are declared. */
  readonly keyids?: readonly string[]
  readonly signed: readonly Signing[]
}

function question({ threshold, declared: keys, keyids, signed }: Role): FunctionVector['input'] {
  return {
    keys: Object.fromEntries(
      keys.map(({ keyid, key: { keytype, scheme, keyval } }) => [
        keyid,
        { keytype, scheme, keyval: { public: keyval.public } },
      ]),
    ),
    keyids: keyids ?? keys.map(({ keyid }) => keyid),
    threshold,
    message,
    signatures: signed.map(({ keyid, sig }) => ({ keyid, sig })),
  }
}

type Row = readonly [id: string, title: string, role: Role, more?: Partial<Terms>]

function met(
  terms: Terms,
  rows: readonly (readonly [string, string, number, Role, Partial<Terms>?])[],
): readonly FunctionVector[] {
  return rows.map(([id, title, signed, role, more]) =>
    gives(terms, `threshold-${id}`, title, question(role), { signed }, more),
  )
}

function missed(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, role, more]) =>
    refuses(terms, `threshold-${id}`, title, question(role), more),
  )
}

const threshold: Terms = { requirements: ['4.3-threshold', '4.5-threshold'] }

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
        'More keys than are asked for do no harm',
        3,
        { threshold: 2, declared: [a, b, c], signed: [a, b, c] },
      ],
      [
        'all',
        'All keys of the role can be asked for',
        3,
        { threshold: 3, declared: [a, b, c], signed: [a, b, c] },
      ],
      [
        'any-order',
        'Signatures may stand in any order',
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

/** Each public key counts once. */
function doubled(): readonly FunctionVector[] {
  const once: Terms = {
    requirements: ['4.3-threshold', '4.2.1-keyid-unique'],
    tags: ['CVE-2020-6174', 'CVE-2020-15093', 'CVE-2026-6966', 'GMS-2022-4197', 'go-tuf#733'],
  }
  const upper = named(declared('ed25519', 'ed25519', a.key.keyval.public.toUpperCase()), a.sig)
  const point = named(declared('ecdsa', 'ecdsa-sha2-nistp256', keptKeys.ecdsa.point), ecdsa.sig)
  const sha512 = named(
    declared('rsa', 'rsassa-pss-sha512', rsaPem),
    keptKeys.rsa.signatures['pss-sha512'],
  )
  const same: Terms = {
    ...once,
    profile: 'tuffet',
    note: '5.3.4: a key contributes one signature. The texts differ and so do the keyids, the public key is one.',
  }
  return [
    ...missed(once, [
      [
        'keyid-twice',
        'A signature that is there twice counts for no threshold of two',
        { threshold: 2, declared: [a, b], signed: [a, a] },
      ],
      [
        'keyid-twice-other',
        'A keyid with two signatures is refused, though one of them is good',
        { threshold: 1, declared: [a, b], signed: [a, withSig(a, wrongSig)] },
      ],
      [
        'keyid-twice-bad-first',
        'So it is when the good one is the second',
        { threshold: 1, declared: [a, b], signed: [withSig(a, wrongSig), a] },
      ],
      [
        'keyid-twice-beside',
        'So it is beside enough other keys',
        { threshold: 2, declared: [a, b, c], signed: [a, b, c, c] },
      ],
      [
        'role-names-twice',
        'A key that the role names twice counts once',
        { threshold: 2, declared: [a], keyids: [a.keyid, a.keyid], signed: [a] },
      ],
    ]),
    ...missed(
      {
        ...once,
        note: '5.3.4: each key contributes one signature. By 4.3 the second keyid is not even correct.',
      },
      [
        [
          'two-keyids',
          'One key under two keyids counts once',
          { threshold: 2, declared: [a, as('second name', a)], signed: [a, as('second name', a)] },
        ],
        [
          'three-keyids',
          'One key under three keyids counts once',
          {
            threshold: 2,
            declared: [as('x', a), as('y', a), as('z', a)],
            signed: [as('x', a), as('y', a), as('z', a)],
          },
        ],
      ],
    ),
    ...met({ ...once, requirements: ['tap12-keyids'], profile: 'tap12' }, [
      [
        'two-keyids-one',
        'One key under two keyids is enough for a threshold of one',
        1,
        { threshold: 1, declared: [as('x', a), as('y', a)], signed: [as('x', a), as('y', a)] },
      ],
      [
        'two-keyids-and-other',
        'One key under two keyids and another are two',
        2,
        {
          threshold: 2,
          declared: [as('x', a), as('y', a), as('z', b)],
          signed: [as('x', a), as('y', a), as('z', b)],
        },
      ],
    ]),
    ...missed(same, [
      [
        'upper-case',
        'An Ed25519 key in small and capital digits is one key',
        { threshold: 2, declared: [a, upper], signed: [a, upper] },
      ],
      [
        'hex-and-pem',
        'An ECDSA key in PEM and in hexadecimal is one key',
        { threshold: 2, declared: [ecdsa, point], signed: [ecdsa, point] },
      ],
      [
        'two-schemes',
        'An RSA key with two schemes is one key',
        { threshold: 2, declared: [rsa, sha512], signed: [rsa, sha512] },
      ],
      [
        'pem-white-space',
        'A key in PEM with and without its last line feed is one key',
        {
          threshold: 2,
          declared: [
            ecdsa,
            named(declared('ecdsa', 'ecdsa-sha2-nistp256', ecdsaPem.trimEnd()), ecdsa.sig),
          ],
          signed: [
            ecdsa,
            named(declared('ecdsa', 'ecdsa-sha2-nistp256', ecdsaPem.trimEnd()), ecdsa.sig),
          ],
        },
      ],
    ]),
  ]
}

/** What does not count, and breaks nothing. */
function uncounted(): readonly FunctionVector[] {
  const ignored: Terms = { requirements: ['4.3-threshold', '4.2.1-signature'] }
  const lenient: Terms = {
    ...ignored,
    profile: 'tuffet',
    note: '4.2.1 asks for hexadecimal. Public roots have empty signatures of keys that were not at hand.',
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
        'It does not make up the number either',
        { threshold: 2, declared: [a, b], keyids: [a.keyid], signed: [a, b] },
      ],
      [
        'not-declared',
        'A keyid of the role that the table does not have does not count',
        { threshold: 1, declared: [b], keyids: [a.keyid], signed: [a] },
      ],
      [
        'unknown',
        'A signature by nobody known does not count',
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
        'A role without keys is signed by nobody',
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
        'A signature by nobody known beside enough good ones does no harm',
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
        note: '4.3: a keyid without a key can sign for nothing. Refusing the whole role is a choice of some clients.',
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
        'A signature that is no hexadecimal beside enough good ones does no harm',
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

/** Keys of several kinds in one role, known and unknown. */
function kinds(): readonly FunctionVector[] {
  const mixed: Terms = { requirements: ['4.3-threshold', '4.2.2-other-keys'] }
  const unknown = named(declared('x-unknown', 'x-unknown', '00'), a.sig)
  const scheme = named(declared('ed25519', 'x-unknown', a.key.keyval.public), a.sig)
  const broken = named(declared('ed25519', 'ed25519', 'no key'), a.sig)
  const zero = `01${'00'.repeat(31)}`
  const anybody = named(declared('ed25519', 'ed25519', zero), zero + '00'.repeat(32))
  const inherited = ['__proto__', 'constructor', 'toString'] as const
  return [
    ...met(mixed, [
      [
        'kinds',
        'Keys of three kinds sign together',
        3,
        { threshold: 3, declared: [a, ecdsa, rsa], signed: [a, ecdsa, rsa] },
      ],
    ]),
    ...met(
      {
        ...mixed,
        profile: 'tuffet',
        note: '4.2.2: repositories can use any key type and scheme. It does not say what a client does that knows another; some refuse the whole table.',
      },
      [
        [
          'unknown-kind',
          'A key of an unknown kind beside enough good ones does no harm',
          1,
          { threshold: 1, declared: [unknown, a], signed: [unknown, a] },
        ],
        [
          'unknown-scheme',
          'So does a key with an unknown scheme',
          1,
          { threshold: 1, declared: [scheme, b], signed: [scheme, b] },
        ],
      ],
    ),
    ...missed(mixed, [
      [
        'unknown-kind-only',
        'A key of an unknown kind does not count',
        { threshold: 1, declared: [unknown], signed: [unknown] },
      ],
      [
        'kinds-exchanged',
        'A signature of one kind by the name of a key of another does not count',
        {
          threshold: 1,
          declared: [a, ecdsa],
          signed: [withSig(a, ecdsa.sig), withSig(ecdsa, a.sig)],
        },
      ],
    ]),
    ...met(
      {
        ...mixed,
        profile: 'tuffet',
        note: 'A broken key counts for nothing. To refuse the file would let one bad key stop a repository.',
      },
      [
        [
          'broken-key',
          'A broken key beside enough good ones does no harm',
          1,
          { threshold: 1, declared: [broken, b], signed: [broken, b] },
        ],
      ],
    ),
    ...missed(
      {
        ...mixed,
        profile: 'tuffet',
        note: 'Its owner is everybody: the equation of Ed25519 holds for any message.',
      },
      [
        [
          'small-order',
          'A key of small order does not make up the number',
          { threshold: 2, declared: [anybody, b], signed: [anybody, b] },
        ],
      ],
    ),
    ...met({ requirements: ['tap12-keyids'], profile: 'tap12', tags: ['CVE-2026-23991'] }, [
      [
        'inherited-keyids',
        'Inherited names are keyids like any other',
        3,
        {
          threshold: 3,
          declared: [as(inherited[0], a), as(inherited[1], b), as(inherited[2], c)],
          signed: [as(inherited[0], a), as(inherited[1], b), as(inherited[2], c)],
        },
      ],
    ]),
    ...missed({ requirements: ['4.3-threshold'], tags: ['CVE-2026-23991'] }, [
      [
        'inherited-undeclared',
        'Inherited names are not in a table that does not have them',
        {
          threshold: 1,
          declared: [a],
          keyids: [...inherited],
          signed: inherited.map((name) => as(name, a)),
        },
      ],
    ]),
  ]
}

function numbers(): readonly FunctionVector[] {
  const cve: Terms = { ...threshold, tags: ['CVE-2026-23992'] }
  const none = { declared: [a], signed: [] }
  const one = { declared: [a], signed: [a] }
  return missed(cve, [
    ['zero', 'A threshold of 0 is refused, not met by nobody', { ...none, threshold: 0 }],
    ['zero-signed', 'A threshold of 0 is refused, whoever signed', { ...one, threshold: 0 }],
    ['negative', 'A negative threshold is refused', { ...none, threshold: -1 }],

    ['text', 'A threshold in quotes is refused', { ...one, threshold: '1' }],
    ['true', 'A threshold that is true is refused', { ...one, threshold: true }],
    ['null', 'A threshold that is null is refused', { ...none, threshold: null }],
    ['beyond-keys', 'A threshold above the number of keys is never met', { ...one, threshold: 2 }],
    ['huge', 'A threshold of 2^53 - 1 is never met', { ...one, threshold: 9007199254740991 }],
  ])
}

function flood(): readonly FunctionVector[] {
  const terms: Terms = { ...threshold, tags: ['CVE-2020-6173'] }
  const strangers = Array.from({ length: 500 }, (_, index) => ({
    ...d,
    keyid: `stranger ${index}`,
    sig: 'ab',
  }))
  return [
    ...met(terms, [
      [
        'strangers',
        'Five hundred signatures by strangers do no harm',
        1,
        { threshold: 1, declared: [a], signed: [...strangers, a] },
      ],
    ]),
    ...missed(terms, [
      [
        'strangers-only',
        'Five hundred signatures by strangers are none',
        { threshold: 1, declared: [a], signed: strangers },
      ],
    ]),
  ]
}
