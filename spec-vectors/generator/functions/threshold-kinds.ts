/** Thresholds: one key by several names, and keys of several kinds. */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { repeatedKeyid } from '../repeated-keyid.js'
import { declared } from './signed-message.js'
import {
  a,
  as,
  b,
  c,
  ecdsa,
  ecdsaPem,
  keptKeys,
  met,
  missed,
  named,
  rsa,
  rsaPem,
  withSig,
  wrongSig,
} from './threshold-kit.js'
import type { Terms } from './vector.js'

/** Each public key counts once. */
export function doubled(): readonly FunctionVector[] {
  const repeated: Terms = { requirements: ['4.3-threshold', '4.2.1-keyid-unique'] }
  const twice = { tags: ['CVE-2020-6174', 'CVE-2020-15093', 'CVE-2026-6966'] } as const
  const argued = { note: repeatedKeyid }
  const once: Terms = {
    requirements: ['4.3-threshold', '5.3.4-unique'],
    tags: ['GMS-2022-4197', 'go-tuf#733'],
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
    ...missed(repeated, [
      [
        'keyid-twice',
        'A signature that is there twice counts for no threshold of two',
        { threshold: 2, declared: [a, b], signed: [a, a] },
        twice,
      ],
      [
        'keyid-twice-other',
        'A keyid with two signatures is refused, though one of them is good',
        { threshold: 1, declared: [a, b], signed: [a, withSig(a, wrongSig)] },
        argued,
      ],
      [
        'keyid-twice-bad-first',
        'A keyid with two signatures is refused, though the second is good',
        { threshold: 1, declared: [a, b], signed: [withSig(a, wrongSig), a] },
        argued,
      ],
      [
        'keyid-twice-beside',
        'A keyid with two signatures is refused beside enough other keys',
        { threshold: 2, declared: [a, b, c], signed: [a, b, c, c] },
        argued,
      ],
    ]),
    ...missed({ requirements: once.requirements }, [
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
    ...met({ requirements: ['tap12-keyids'], profile: 'tap12' }, [
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

/** Keys of several kinds in one role, known and unknown. */
export function kinds(): readonly FunctionVector[] {
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
        note: '4.2.2: repositories can use any key type and scheme. It does not say how a client treats an unknown one; some clients refuse the whole table.',
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
          'A key with an unknown scheme beside enough good ones does no harm',
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
        note: 'A broken key does not count. Refusing the file would let one bad key stop a repository.',
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
    ...met({ requirements: ['tap12-keyids'], profile: 'tap12' }, [
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
    ...missed({ requirements: ['4.3-threshold'] }, [
      [
        'inherited-undeclared',
        'Inherited names are not in a table that does not list them',
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
