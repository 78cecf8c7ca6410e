import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/core/json/value.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import {
  authority,
  bytesOf,
  delegating,
  head,
  key,
  readRoot,
  readTargets,
  refusedAt,
  root,
  targets,
} from '../support/small-files.js'

describe('4.5: delegations', () => {
  const role = { ...authority, name: 'dev' }

  test.each(['root', 'timestamp', 'snapshot', 'targets'])(
    'no role is delegated the name of the top-level role %s',
    (name) => {
      expect(refusedAt(() => readTargets(delegating([{ ...role, name, paths: [] }])))).toEqual({
        path: 'signed.delegations.roles[0].name',
        reason: 'is the name of a top-level role',
      })
    },
  )

  test('names that only look like a top-level role are names', () => {
    const roles = ['Root', 'root ', 'root.json', '1.root', 'targets/root'].map((name) => ({
      ...role,
      name,
      paths: [],
    }))
    expect(readTargets(delegating(roles)).delegations?.roles).toHaveLength(5)
  })

  test('a role is named once', () => {
    const roles = [
      { ...role, paths: ['a'] },
      { ...role, name: 'other', paths: ['b'] },
      { ...role, path_hash_prefixes: ['c'] },
    ]
    expect(refusedAt(() => readTargets(delegating(roles)))).toEqual({
      path: 'signed.delegations.roles[2].name',
      reason: 'is repeated',
    })
  })

  test('a role lists either paths or hash prefixes, also when they are empty', () => {
    const reason = 'must contain exactly one of paths and path_hash_prefixes'
    for (const scope of [{}, { paths: [], path_hash_prefixes: [] }]) {
      expect(refusedAt(() => readTargets(delegating([{ ...role, ...scope }])))).toEqual({
        path: 'signed.delegations.roles[0]',
        reason,
      })
    }
  })

  test('TAP 15: a file lists either roles or succinct roles', () => {
    const succinct = { ...authority, bit_length: 4, name_prefix: 'bin' }
    const reason = 'must contain exactly one of roles and succinct_roles'
    for (const both of [{}, { roles: [], succinct_roles: succinct }]) {
      const file = targets({ delegations: { keys: {}, ...both } })
      expect(refusedAt(() => readTargets(file))).toEqual({ path: 'signed.delegations', reason })
    }
  })

  test('TAP 15: bit_length is 1 to 32', () => {
    const read = (bits: number): number | undefined => {
      const succinct = { ...authority, bit_length: bits, name_prefix: 'bin' }
      const file = targets({ delegations: { keys: {}, succinct_roles: succinct } })
      return readTargets(file).delegations?.succinct?.bitLength
    }
    expect([1, 32].map(read)).toEqual([1, 32])
    for (const bits of [0, 33, -1]) {
      expect(refusedAt(() => read(bits)).path).toBe('signed.delegations.succinct_roles.bit_length')
    }
  })

  test('a role does not terminate the search unless it says so', () => {
    const roles = [undefined, false, true].map((terminating, index) => ({
      ...role,
      name: String(index),
      paths: [],
      ...(terminating !== undefined && { terminating }),
    }))
    const read = readTargets(delegating(roles)).delegations?.roles
    expect(read?.map(({ terminating }) => terminating)).toEqual([false, false, true])
  })
})

test('4.3: a root that does not say whether its snapshots are consistent says that they are not', () => {
  expect(readRoot(root()).consistentSnapshot).toBe(false)
  expect(readRoot(root({ consistent_snapshot: true })).consistentSnapshot).toBe(true)
})

describe('4.2.2: keys', () => {
  test('one of a kind unknown here may say anything in keyval', () => {
    const keys = {
      K: key,
      a: { keytype: 'sigstore-oidc', scheme: 'Fulcio', keyval: { identity: 'x', issuer: 'y' } },
      b: { keytype: 'ml-dsa', scheme: 'ml-dsa', keyval: { public: 7 } },
      c: { keytype: 'ml-dsa', scheme: 'ml-dsa', keyval: { public: 'given' } },
      d: { keytype: 'x-rsa', scheme: 'any', keyval: {} },
      e: { keytype: 'rsa-2', scheme: 'any', keyval: {} },
    }
    const read = readRoot(root({ keys })).keys
    const texts = ['a', 'b', 'c', 'd', 'e'].map((keyid) => read.get(keyid)?.public)
    expect(texts).toEqual(['', '', 'given', '', ''])
  })

  test.each(['ed25519', 'rsa', 'ecdsa', 'ecdsa-sha2-nistp384'])(
    'one of the kind %s must contain its public part',
    (keytype) => {
      const keys = { K: { keytype, scheme: 'any', keyval: { private: '' } } }
      expect(refusedAt(() => readRoot(root({ keys }))).path).toBe('signed.keys.K.keyval.public')
    },
  )
})

function listing(type: string): JsonObject {
  const meta = { 'snapshot.json': { version: 1 } }
  return { signatures: [], signed: { ...head, _type: type, meta } }
}

describe('4.5: the fields for the application', () => {
  const exact = '123456789012345678901234567890'

  test('big integers in custom and in unknown fields are kept exactly and are signed', () => {
    const big = BigInt(exact)
    const custom = { big, list: [big, { deep: -big }] }
    const file = targets({
      targets: { a: { length: 1, hashes: { sha256: 'ab' }, custom } },
      'x-big': { big },
    })
    const { signed, signedBytes } = parseMetadata(bytesOf(file), 'targets', 'targets')
    expect(signed.targets.get('a')?.custom).toEqual(custom)
    expect(signed.unrecognized).toEqual({ 'x-big': { big } })
    expect(new TextDecoder().decode(signedBytes).split(exact)).toHaveLength(5)
  })

  test('does not change with the bytes that it was read from', () => {
    const bytes = bytesOf(targets({ targets: { a: { length: 1, hashes: { sha256: 'ab' } } } }))
    for (const input of [bytes, Buffer.from(bytes), bytes.map((byte) => byte)]) {
      const { signed, signedBytes } = parseMetadata(input, 'targets', 'targets')
      const before = new TextDecoder().decode(signedBytes)
      input.fill(0)
      expect(new TextDecoder().decode(signedBytes)).toBe(before)
      expect(signed.targets.get('a')?.length).toBe(1)
    }
  })

  test.each([
    ['root', root({ consistent_snapshot: true })],
    ['timestamp', listing('timestamp')],
    ['snapshot', listing('snapshot')],
    ['targets', delegating([])],
  ] as const)('no field of section 4 counts as an unknown one of %s', (type, file) => {
    expect(parseMetadata(bytesOf(file), type, type).signed.unrecognized).toEqual({})
  })

  test('unknown fields can be given another value by the program that parsed them', () => {
    const { signed } = parseMetadata(bytesOf(targets({ 'x-a': 1 })), 'targets', 'targets')
    Object.defineProperty(signed, 'unrecognized', { value: { 'x-a': 2 } })
    expect(signed.unrecognized).toEqual({ 'x-a': 2 })
  })

  test('unknown fields are kept where they are opaque, and are signed', () => {
    const fields = { 'x-a': [null, true, 'text'], '_type ': 'no type' }
    const { signed, signedBytes } = parseMetadata(
      bytesOf(targets({ ...fields, delegations: { keys: {}, roles: [], 'x-b': 1 } })),
      'targets',
      'targets',
    )
    expect(signed.unrecognized).toEqual(fields)
    const text = new TextDecoder().decode(signedBytes)
    for (const name of ['x-a', '_type ', 'x-b']) expect(text).toContain(`"${name}"`)
  })

  test('digests are lower-case and stay in the order of the file', () => {
    const hashes = { sha512: 'ABCD', sha256: 'Ef01', 'x-unknown': '00' }
    const text = JSON.stringify(targets({ targets: { a: { length: 0, hashes } } }))
    expect([...(readTargets(text).targets.get('a')?.hashes ?? [])]).toEqual([
      ['sha512', 'abcd'],
      ['sha256', 'ef01'],
      ['x-unknown', '00'],
    ])
  })

  test.each(['', 'a', 'abc', '0x', 'gg', 'ab ', 'ab\n', '\u0430\u0430'])(
    'the digest %j is not hexadecimal',
    (digest) => {
      const file = targets({ targets: { a: { length: 0, hashes: { sha256: digest } } } })
      expect(refusedAt(() => readTargets(file)).path).toBe('signed.targets.a.hashes.sha256')
    },
  )

  test('a file without any hash is refused, an empty one is not', () => {
    const file = (hashes: JsonObject): JsonObject =>
      targets({ targets: { a: { length: 0, hashes } } })
    expect(refusedAt(() => readTargets(file({})))).toEqual({
      path: 'signed.targets.a.hashes',
      reason: 'must name at least one hash',
    })
    expect(readTargets(file({ sha256: 'ab' })).targets.get('a')?.length).toBe(0)
  })
})
