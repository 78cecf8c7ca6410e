/** Lengths and digests of files against those in metadata (4.4, 4.5). */
import { createHash } from 'node:crypto'
import { blake2b } from '@noble/hashes/blake2.js'
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionsOpen, unknownBeside, unknownFunction } from '../hash-functions.js'
import { functionFamily } from '../write.js'
import { accepts, refuses, type Terms } from './vector.js'

/** The family `hashes`. */
export function hashesFamily(): VectorFile {
  return functionFamily(
    'hashes',
    'Is `content` (a body) the file that has the length `length` and the digests `hashes`? Either may be missing, as in the meta of a snapshot: then it is not checked.',
    [...lengths(), ...specified(), ...others(), ...several()],
  )
}

// FIPS 180-2, B.1 and C.1; FIPS 202's examples; RFC 7693, A: the digests of abc.
const abc = {
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha384:
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  'sha3-256': '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  'sha3-512':
    'b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0',
  'blake2b-256': 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
  'blake2b-512':
    'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
} as const
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** The well-known digest of a million letters a. */
const million = 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'

for (const [name, digest] of Object.entries(abc)) {
  const made = name.startsWith('blake2b')
    ? Buffer.from(blake2b(Buffer.from('abc'), { dkLen: digest.length / 2 })).toString('hex')
    : createHash(name).update('abc').digest('hex')
  if (made !== digest) throw new Error(`${name} of abc is ${made}`)
}

/** Another digest of the same length. */
function other(digest: string): string {
  return (digest.startsWith('0') ? '1' : '0') + digest.slice(1)
}

type Row = readonly [
  id: string,
  title: string,
  verdict: 'accepted' | 'refused',
  input: FunctionVector['input'],
  more?: Partial<Terms>,
]

function table(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, verdict, input, more]) =>
    verdict === 'accepted'
      ? accepts(terms, `hashes-${id}`, title, input, more)
      : refuses(terms, `hashes-${id}`, title, input, more),
  )
}

function lengths(): readonly FunctionVector[] {
  return table({ requirements: ['4.4-length', '4.5-targets'] }, [
    [
      'length',
      'A file of the listed length is accepted',
      'accepted',
      { content: 'abc', length: 3 },
    ],
    [
      'length-short',
      'A file that is a byte short is refused',
      'refused',
      { content: 'abc', length: 4 },
    ],
    [
      'length-long',
      'A file that is a byte too long is refused',
      'refused',
      { content: 'abc', length: 2 },
    ],
    ['length-zero', 'The length of an empty file is 0', 'accepted', { content: '', length: 0 }],
    [
      'length-zero-not',
      'A length of 0 is not the same as no length',
      'refused',
      { content: 'abc', length: 0 },
    ],
    [
      'length-bytes',
      'The length is in bytes, not in characters',
      'accepted',
      { content: '\u00e9\u{1f600}', length: 6 },
    ],
    [
      'length-characters',
      'As many characters are not enough',
      'refused',
      { content: '\u00e9\u{1f600}', length: 2 },
    ],
    [
      'length-million',
      'A long file is counted to its end',
      'accepted',
      {
        content: { repeat: 'a', length: 1_000_000 },
        length: 1_000_000,
        hashes: { sha256: million },
      },
    ],
    [
      'length-million-not',
      'A long file that is a byte short is refused',
      'refused',
      { content: { repeat: 'a', length: 999_999 }, length: 1_000_000 },
    ],
    [
      'length-wrong-hash-right',
      'Digests do not make up for a wrong length',
      'refused',
      { content: 'abc', length: 4, hashes: { sha256: abc.sha256 } },
    ],
    [
      'length-right-hash-wrong',
      'The length does not make up for a wrong digest',
      'refused',
      { content: 'abc', length: 3, hashes: { sha256: empty } },
    ],
    [
      'nothing-said',
      'A file without a listed length or hash is accepted',
      'accepted',
      { content: 'abc' },
    ],
  ])
}

function specified(): readonly FunctionVector[] {
  const hash: Terms = { requirements: ['4.4-hashes', '4.5-targets'] }
  return [
    ...table(hash, [
      [
        'sha256',
        'A file with its SHA-256 is accepted',
        'accepted',
        { content: 'abc', hashes: { sha256: abc.sha256 } },
      ],
      [
        'sha256-other',
        'A file with the SHA-256 of another is refused',
        'refused',
        { content: 'abd', hashes: { sha256: abc.sha256 } },
      ],
      [
        'sha256-first-digit',
        'The first digit of a digest counts',
        'refused',
        { content: 'abc', hashes: { sha256: other(abc.sha256) } },
      ],
      [
        'sha256-last-digit',
        'The last digit of a digest counts',
        'refused',
        { content: 'abc', hashes: { sha256: `${abc.sha256.slice(0, -1)}c` } },
      ],
      [
        'sha256-short',
        'The beginning of a digest is not a digest',
        'refused',
        { content: 'abc', hashes: { sha256: abc.sha256.slice(0, 32) } },
      ],
      [
        'sha256-long',
        'A digest with trailing digits is not a digest',
        'refused',
        { content: 'abc', hashes: { sha256: `${abc.sha256}00` } },
      ],
      [
        'sha256-empty-file',
        'The digest of an empty file is checked too',
        'accepted',
        { content: '', hashes: { sha256: empty } },
      ],
      [
        'sha256-line-feed',
        'A line feed at the end counts',
        'refused',
        { content: 'abc\n', hashes: { sha256: abc.sha256 } },
      ],
      [
        'sha256-bytes',
        'A file is bytes, whether they are text or not',
        'accepted',
        {
          content: { base64: '/wD+' },
          length: 3,
          hashes: {
            sha256: createHash('sha256')
              .update(Uint8Array.of(0xff, 0, 0xfe))
              .digest('hex'),
          },
        },
      ],
      [
        'sha512',
        'A file with its SHA-512 is accepted',
        'accepted',
        { content: 'abc', hashes: { sha512: abc.sha512 } },
        functionsOpen,
      ],
      [
        'sha512-other',
        'A file with the SHA-512 of another is refused',
        'refused',
        { content: 'abd', hashes: { sha512: abc.sha512 } },
        { note: unknownFunction },
      ],
      [
        'sha512-name',
        'A SHA-512 by the name of SHA-256 is refused',
        'refused',
        { content: 'abc', hashes: { sha256: abc.sha512 } },
      ],
      [
        'sha512-half',
        'Half a SHA-512 by the name of SHA-256 is refused',
        'refused',
        { content: 'abc', hashes: { sha256: abc.sha512.slice(0, 64) } },
      ],
    ]),
    ...table({ ...hash, profile: 'tuffet', note: '4.4 says hexdigest and not in which case.' }, [
      [
        'upper-case',
        'A digest in upper case is the same',
        'accepted',
        { content: 'abc', hashes: { sha256: abc.sha256.toUpperCase() } },
      ],
    ]),
  ]
}

/** 4.4 names no function but sha256, so no client must know these. */
function others(): readonly FunctionVector[] {
  const choice: Terms = { requirements: ['4.4-hashes'], ...functionsOpen }
  const titles = {
    sha384: 'SHA-384',
    'sha3-256': 'SHA3-256',
    'sha3-512': 'SHA3-512',
    'blake2b-256': 'BLAKE2b with 32 bytes',
    'blake2b-512': 'BLAKE2b with 64 bytes',
  } as const
  return [
    ...Object.entries(titles).flatMap(([name, title]) => {
      const digest = Object.entries(abc).find(([one]) => one === name)?.[1] ?? ''
      return table(choice, [
        [
          name,
          `A file with its ${title} is accepted`,
          'accepted',
          { content: 'abc', hashes: { [name]: digest } },
        ],
        [
          `${name}-other`,
          `A file with the ${title} of another is refused`,
          'refused',
          { content: 'abd', hashes: { [name]: digest } },
          { profile: 'spec', note: unknownFunction },
        ],
      ])
    }),
    ...table(
      {
        ...choice,
        note: '4.4 leaves the names to the repository. Python calls BLAKE2b with 64 bytes blake2b; others write 32 bytes under the same name. The length of the digest decides.',
      },
      [
        [
          'blake2b-64-bytes',
          'A blake2b of 64 bytes is BLAKE2b-512',
          'accepted',
          { content: 'abc', hashes: { blake2b: abc['blake2b-512'] } },
        ],
        [
          'blake2b-32-bytes',
          'A blake2b of 32 bytes is BLAKE2b-256',
          'accepted',
          { content: 'abc', hashes: { blake2b: abc['blake2b-256'] } },
        ],
        [
          'blake2b-cut',
          'A BLAKE2b-512 that is cut to 32 bytes is not BLAKE2b-256',
          'refused',
          { content: 'abc', hashes: { blake2b: abc['blake2b-512'].slice(0, 64) } },
        ],
        [
          'blake2b-20-bytes',
          'A blake2b of another length does not match',
          'refused',
          { content: 'abc', hashes: { blake2b: '384264f676f39536840523f284921cdc68b6846b' } },
        ],
        [
          'blake2b-256-name',
          'A BLAKE2b-512 by the name of BLAKE2b-256 is refused',
          'refused',
          { content: 'abc', hashes: { 'blake2b-256': abc['blake2b-512'] } },
        ],
        [
          'sha3-is-not-sha2',
          'A SHA-256 by the name of SHA3-256 is refused',
          'refused',
          { content: 'abc', hashes: { 'sha3-256': abc.sha256 } },
        ],
      ],
    ),
  ]
}

function several(): readonly FunctionVector[] {
  const all: Terms = { requirements: ['4.4-hashes', '4.5-targets'] }
  const weak: Terms = {
    ...all,
    profile: 'tuffet',
    note: '4.4 leaves the functions to the repository. MD5 and SHA-1 can be forged, and names are compared as they are: here none of these is known, and a hash that cannot be computed does not match.',
  }
  return [
    ...table(all, [
      [
        'two',
        'A file with two digests that match is accepted',
        'accepted',
        { content: 'abc', hashes: { sha256: abc.sha256, sha512: abc.sha512 } },
        functionsOpen,
      ],
      [
        'two-first-wrong',
        'A file is refused when the first of two digests is wrong',
        'refused',
        { content: 'abc', hashes: { sha256: empty, sha512: abc.sha512 } },
      ],
      [
        'two-second-wrong',
        'A file is refused when the second of two digests is wrong',
        'refused',
        { content: 'abc', hashes: { sha256: abc.sha256, sha512: other(abc.sha512) } },
        { note: unknownFunction },
      ],
      [
        'inherited-name',
        'An inherited name is not a hash function',
        'refused',
        { content: 'abc', hashes: { constructor: abc.sha256 } },
        { note: unknownFunction },
      ],
      ['none', 'Hashes without any are refused', 'refused', { content: 'abc', hashes: {} }],
    ]),
    ...table({ ...all, profile: 'tuffet', note: unknownBeside }, [
      [
        'unknown-beside',
        'An unknown function does not matter beside a known one',
        'accepted',
        { content: 'abc', hashes: { sha256: abc.sha256, 'x-unknown': '00' } },
      ],
    ]),
    ...table({ ...all, note: unknownFunction }, [
      [
        'unknown-before',
        'A known digest counts after an unknown one',
        'refused',
        { content: 'abc', hashes: { 'x-unknown': '00', sha256: empty } },
      ],
      [
        'unknown-only',
        'A file without a usable hash is refused',
        'refused',
        { content: 'abc', length: 3, hashes: { 'x-unknown': '00' } },
      ],
    ]),
    ...table(weak, [
      [
        'name-case',
        'A name in upper case is another name',
        'refused',
        { content: 'abc', hashes: { SHA256: abc.sha256 } },
      ],
      [
        'md5',
        'A digest that can be forged does not verify a file',
        'refused',
        { content: 'abc', hashes: { md5: '900150983cd24fb0d6963f7d28e17f72' } },
      ],
      [
        'sha1',
        'SHA-1 does not verify a file',
        'refused',
        { content: 'abc', hashes: { sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d' } },
      ],
    ]),
  ]
}
