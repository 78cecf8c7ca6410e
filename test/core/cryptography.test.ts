import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Cryptography, HashName, PublicKey } from '../../src/core/keys/cryptography.js'
import { loadKey } from '../../src/core/keys/load.js'
import { withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { nobleInSteps } from '../support/asking.js'
import { ecdsaCases, makeEcdsaKeyPair } from '../support/ecdsa-cases.js'
import { ed25519Cases } from '../support/ed25519-cases.js'
import { mlDsaCases } from '../support/ml-dsa-cases.js'
import { makeRsaKeyPair, rsaCases } from '../support/rsa-cases.js'
import { flipBit, message, type SignatureCase } from '../support/signature-case.js'

const platforms: readonly (readonly [string, Cryptography])[] = [
  ['node:crypto', withMlDsa(nodeCryptography)],
  ['noble', withMlDsa(nobleCryptography)],
  ['noble over native digests', withMlDsa(nobleInSteps)],
]

// RFC 8032, 7.1, test 1
const edPoint = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'

function verdictOf(one: SignatureCase, cryptography: Cryptography): string {
  const loaded = loadKey(one.key, cryptography, one.options)
  return loaded.verdict === 'ok' ? loaded.verify(one.message, one.sig) : loaded.verdict
}

const tables: readonly (readonly [string, readonly SignatureCase[]])[] = [
  ['Ed25519', ed25519Cases()],
  ['ECDSA with P-256', ecdsaCases('P-256')],
  ['ECDSA with P-384', ecdsaCases('P-384')],
  ['ECDSA with P-521', ecdsaCases('P-521')],
  ['RSA', rsaCases()],
  ['ML-DSA', mlDsaCases()],
]

describe.each(platforms)('%s gives the verdict of the shared table', (_, cryptography) => {
  describe.each(tables)('%s', (_, cases) => {
    test.each(cases.map((one) => [one.title, one] as const))('%s', (_, one) => {
      expect(verdictOf(one, cryptography)).toBe(one.verdict)
    })
  })
})

describe.each(platforms)('%s keeps to the port', (_, cryptography) => {
  const rsa = makeRsaKeyPair(2048)
  const { compressed } = makeEcdsaKeyPair('P-256')
  const keys: readonly PublicKey[] = [
    { kind: 'ed25519', point: Uint8Array.from(Buffer.from(edPoint, 'hex')) },
    { kind: 'ecdsa', curve: 'P-256', hash: 'sha256', point: compressed },
    { ...rsa, kind: 'rsa', padding: 'pss', hash: 'sha256' },
    { ...rsa, kind: 'rsa', padding: 'pkcs1v15', hash: 'sha256' },
    { kind: 'ml-dsa', parameters: 'ML-DSA-44', encoded: new Uint8Array(1312) },
  ]

  test.each(keys.map((key) => [key.kind, key] as const))(
    'signatures of any length are judged without throwing: %s',
    (_, key) => {
      const holds = cryptography.importKey(key)
      for (const length of [0, 1, 63, 64, 65, 255, 256, 257]) {
        expect(holds(message, new Uint8Array(length))).toBe(false)
        expect(holds(message, new Uint8Array(length).fill(255))).toBe(false)
      }
    },
  )

  test('a key off its curve is refused when it is imported', () => {
    const point = flipBit(makeEcdsaKeyPair('P-256').uncompressed, -1)
    expect(() =>
      cryptography.importKey({ kind: 'ecdsa', curve: 'P-256', hash: 'sha256', point }),
    ).toThrow()
  })
})

const lengths: Readonly<Record<HashName, number>> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
  'sha3-256': 32,
  'sha3-512': 64,
  'blake2b-256': 32,
  'blake2b-512': 64,
}
const names: readonly HashName[] = [
  'sha256',
  'sha384',
  'sha512',
  'sha3-256',
  'sha3-512',
  'blake2b-256',
  'blake2b-512',
]

describe.each(platforms)('%s digests', (_, cryptography) => {
  test('abc with BLAKE2b-256 as the reference implementation does', () => {
    const digest = cryptography.hash('blake2b-256', new TextEncoder().encode('abc'))
    expect(Buffer.from(digest).toString('hex')).toBe(
      'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
    )
  })

  test.each(names)('to plain bytes of the right length: %s', (name) => {
    const digest = cryptography.hash(name, new Uint8Array())
    expect(digest.constructor.name).toBe('Uint8Array')
    expect(digest).toHaveLength(lengths[name])
    expect(cryptography.createHasher(name).digest()).toEqual(digest)
  })

  test.each(names)('at once as the other platform does in pieces: %s', (name) => {
    const bytes = Uint8Array.from(randomBytes(1000))
    for (const [, other] of platforms) {
      const hasher = other.createHasher(name)
      for (const [start, end] of [
        [0, 0],
        [0, 1],
        [1, 128],
        [128, 999],
        [999, 1000],
      ] as const) {
        hasher.update(bytes.subarray(start, end))
      }
      expect(hasher.digest()).toEqual(cryptography.hash(name, bytes))
    }
  })
})
