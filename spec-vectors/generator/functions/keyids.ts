/** Keyids: how they are calculated (4.2.1), and that they are names (TAP 12). */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import type { Json } from './sample-files.js'
import { gives, refuses, type Terms } from './vector.js'

/** The family `keyids`. */
export function keyidsFamily(): VectorFile {
  return functionFamily(
    'keyids',
    'May a table of keys declare `key` under the name `keyid`? The output is the calculated keyid ' +
      'of the key: SHA-256 of its canonical form, in lower-case hexadecimal. In the profile `spec` ' +
      'both are the same. In the profile `tap12` a keyid is a name and need not be; a client that ' +
      'holds to 4.3 refuses these.',
    [...calculated(), ...names(), ...broken()],
  )
}

const specified: Terms = { requirements: ['4.2.1-keyid', '4.3-keyid-correct'] }

const ed25519 = {
  keytype: 'ed25519',
  scheme: 'ed25519',
  keyval: { public: '66dd78c5c2a78abc6fc6b267ff1a8017ba0e8bfc853dd97af351949bba021275' },
}
// The keyid that the specification's own example of a root gives this key.
const ed25519Keyid = 'cb3fbd83df4ba2471a736b065650878280964a98843ec13b457a99b2a21cc3b4'

const pem =
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n' +
  '6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n'

const ownKind =
  '4.2.2: repositories can use any key type and scheme; some clients take no key of a kind that they do not know.'

function calculated(): readonly FunctionVector[] {
  const rows: readonly (readonly [string, string, Json, string, string?])[] = [
    [
      'ed25519',
      'The keyid of the first key in the example of 4.3 is as printed',
      ed25519,
      ed25519Keyid,
    ],
    [
      'order',
      'The order of the fields does not matter',
      { keyval: ed25519.keyval, scheme: 'ed25519', keytype: 'ed25519' },
      ed25519Keyid,
    ],
    [
      'upper-case',
      'The text of the public portion does: upper-case digits are another keyid',
      { ...ed25519, keyval: { public: ed25519.keyval.public.toUpperCase() } },
      'd113eb18258a90bea5f9459d760d6855897a450ae5f83e31e67ea0765798d0e2',
      '4.2.1: the hash is of the canonical form of the key as it is written.',
    ],
    [
      'pem',
      'A key in PEM is hashed with its line feeds as they are',
      { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: pem } },
      'cf4736fae1a3a019d3506e4345cfb6549c7aa731eb5c19f61b60f0175882edcf',
    ],
    [
      'pem-trimmed',
      'A key in PEM without its last line feed gets another keyid',
      { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: pem.trimEnd() } },
      'bd03c18d56018c26e0226c103a35843dc9d8f86f05dfeb93d9d94ac0e4defd0e',
    ],
    [
      'scheme',
      'The scheme is part of it',
      { ...ed25519, scheme: 'ed25519ph' },
      'ac911b8e0affe97256bd692a677ccc5beacf130d61f04dd9f63b832ce03470d6',
      ownKind,
    ],
    [
      'unknown-field',
      'Fields that the specification does not name are part of it',
      { ...ed25519, keyid_hash_algorithms: ['sha256', 'sha512'] },
      'e2b22a6fc4df577b0ec835d9b58dbfdd98934bc42174e353f85acd62fcda2979',
      '4: a client must include unknown fields when it calculates hashes.',
    ],
    [
      'unknown-keytype',
      'A key of an unknown type gets a keyid all the same',
      { keytype: 'x-unknown', scheme: 'x-unknown', keyval: { anything: [1, null], '\u00e9': '"' } },
      '91503a840b0c229320c7e5c6a8a728bb95ea4823b356762afec2e60c9006578f',
      ownKind,
    ],
  ]
  return rows.map(([id, title, key, keyid, note]) =>
    gives(specified, `keyids-${id}`, title, { key, keyid }, keyid, {
      ...(note !== undefined && { note }),
      ...(note === ownKind && { profile: 'tuffet' }),
    }),
  )
}

function names(): readonly FunctionVector[] {
  const tap12: Terms = {
    requirements: ['tap12-keyids'],
    profile: 'tap12',
    tags: ['sigstore/root-signing#1431'],
    note: '4.3 asks clients to recalculate keyids; TAP 12 makes them names, and a root in public use contains one that is not the hash of its key.',
  }
  const rows: readonly (readonly [string, string, string])[] = [
    ['other-hash', 'A keyid may be the hash of something else', 'ab'.repeat(32)],
    ['upper-hash', 'A keyid may be the hash in upper case', ed25519Keyid.toUpperCase()],
    ['short-hash', 'A keyid may be cut short', ed25519Keyid.slice(0, 8)],
    ['word', 'A keyid may be a word', 'release key 2026'],
    ['empty', 'A keyid may be the empty text', ''],
    ['inherited', 'A keyid may be the name of an inherited field', '__proto__'],
    ['not-ascii', 'A keyid may be in any script', '\u9375\u{1f511}'],
  ]
  return rows.map(([id, title, keyid]) =>
    gives(tap12, `keyids-${id}`, title, { key: ed25519, keyid }, ed25519Keyid),
  )
}

function broken(): readonly FunctionVector[] {
  const rows: readonly (readonly [string, string, Json])[] = [
    ['not-an-object', 'Text is not a key, whatever its keyid', ed25519.keyval.public],
    [
      'no-scheme',
      'A key without scheme gets no keyid',
      { keytype: 'ed25519', keyval: ed25519.keyval },
    ],
    ['no-keyval', 'A key without keyval gets no keyid', { keytype: 'ed25519', scheme: 'ed25519' }],
  ]
  return rows.map(([id, title, key]) =>
    refuses({ requirements: ['4.2.2-key'] }, `keyids-${id}`, title, { key, keyid: ed25519Keyid }),
  )
}
