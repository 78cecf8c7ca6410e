import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type {
  Cryptography,
  KeyKind,
  KeyScheme,
  MlDsaParameters,
} from '../../src/core/keys/cryptography.js'
import { Digests, DigestsNeeded } from '../../src/core/keys/digests.js'
import { loadKey } from '../../src/core/keys/load.js'
import { mlDsaKeys } from '../../src/core/keys/ml-dsa.js'
import { mlDsa, withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { mlDsaSigner } from '../../src/testing/ml-dsa.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { cryptographyOf, type CryptographyPart } from '../../src/web/parts.js'
import {
  bitString,
  objectIdentifier,
  sequence,
} from '../../spec-vectors/generator/functions/der.js'
import { decodeKey } from '../support/decode-key.js'
import { makeKey, message, otherMessage, toPem } from '../support/signature-case.js'

interface Case {
  readonly parameters: MlDsaParameters
  readonly number: number
  readonly comment: string
  readonly result: 'valid' | 'invalid'
  readonly key: string
  readonly message: string
  readonly signature: string
}
const read: (text: string) => { readonly cases: readonly Case[] } = JSON.parse
const { cases } = read(
  readFileSync(new URL('../support/ml-dsa-wycheproof.json', import.meta.url), 'utf8'),
)
const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))
const signer = mlDsaSigner('a key')
const { keytype, scheme, keyval } = signer.key
const key = makeKey(keytype, scheme, keyval.public)
const sig = Buffer.from(signer.sign(message)).toString('hex')

describe.each([
  ['node:crypto, or what takes its place', withMlDsa(nodeCryptography)],
  ['noble', cryptographyOf(mlDsa)],
])('%s agrees with Wycheproof', (_, cryptography) => {
  test.each(cases)('$parameters, $number: $comment', (one) => {
    const holds = cryptography.importKey({
      kind: 'ml-dsa',
      parameters: one.parameters,
      encoded: bytes(one.key),
    })
    expect(holds(bytes(one.message), bytes(one.signature))).toBe(one.result === 'valid')
  })
})

test('Wycheproof asks each parameter set for a valid signature and for invalid ones', () => {
  for (const parameters of ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']) {
    const results = cases.filter((one) => one.parameters === parameters).map(({ result }) => result)
    expect(results.sort()).toEqual([...Array.from({ length: 5 }, () => 'invalid'), 'valid'])
  }
})

describe('one ML-DSA key is one key', () => {
  const identityOf = (text: string): string => {
    const decoded = decodeKey(makeKey('ml-dsa', 'ml-dsa-44/1', text))
    return decoded.verdict === 'ok' ? decoded.identity : decoded.reason
  }

  test('however its PEM is broken into lines', () => {
    const pem = keyval.public
    const body = pem.split('\n').slice(1, -2).join('')
    const oneLine = `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----`
    expect(identityOf(oneLine)).toBe(identityOf(pem))
  })

  test('and another key is another', () => {
    expect(identityOf(mlDsaSigner('another').key.keyval.public)).not.toBe(identityOf(keyval.public))
  })
})

describe('an ML-DSA key says why it is broken', () => {
  const reasonOf = (parameters: MlDsaParameters, text: string): string => {
    const decoded = decodeKey(makeKey('ml-dsa', `${parameters.toLowerCase()}/1`, text))
    return decoded.verdict === 'ok' ? 'it is not' : decoded.reason
  }

  test.each([
    ['ML-DSA-44', 1312, '0311'],
    ['ML-DSA-65', 1952, '0312'],
    ['ML-DSA-87', 2592, '0313'],
  ] as const)('%s has %d bytes', (parameters, length, identifier) => {
    const algorithm = sequence(objectIdentifier(`60864801650304${identifier}`))
    const pem = (size: number): string =>
      toPem('PUBLIC KEY', sequence(algorithm, bitString(new Uint8Array(size))))
    expect(reasonOf(parameters, pem(length))).toBe('it is not')
    for (const size of [0, length - 1, length + 1]) {
      expect(reasonOf(parameters, pem(size))).toBe(`a key of ${parameters} has ${length} bytes`)
    }
    expect(reasonOf(parameters, '')).toBe(`the key is not the PEM of ${parameters}`)
    const other = parameters === 'ML-DSA-44' ? 'ML-DSA-65' : 'ML-DSA-44'
    expect(reasonOf(other, pem(length))).toBe(`the key is not the PEM of ${other}`)
  })
})

describe('a platform without ML-DSA', () => {
  const unusable: KeyScheme = {
    decode: () => ({ verdict: 'unsupported-key', reason: 'no arithmetic' }),
  }
  const tableOf = (schemes: KeyKind['schemes']): Cryptography => ({
    ...nodeCryptography,
    keyKinds: [{ kind: 'ml-dsa', schemes }],
  })
  /** As on a Node before 24.6: the table lists the keys, and finds out that it cannot use them. */
  const without = tableOf(
    Object.fromEntries(Object.keys(mlDsaKeys.schemes).map((name) => [name, unusable])),
  )

  test('does not count such a key', () => {
    expect(loadKey(key, nobleCryptography).verdict).toBe('unsupported-key')
    expect(loadKey(key, without)).toEqual({ verdict: 'unsupported-key', reason: 'no arithmetic' })
  })

  test.each([
    ['whose table lacks the keys', nobleCryptography],
    ['whose table lists keys that it cannot use', without],
    ['whose table can use two of three', tableOf({ ...mlDsaKeys.schemes, [scheme]: unusable })],
  ])('verifies it by noble, %s', (_, cryptography) => {
    const added = withMlDsa(cryptography)
    const loaded = loadKey(key, added)
    if (loaded.verdict !== 'ok') throw new Error(loaded.reason)
    expect(loaded.verify(message, sig)).toBe('signed')
    expect(added.keyKinds.filter(({ kind }) => kind === 'ml-dsa')).toEqual([mlDsaKeys])
    expect(added.hashNames).toBe(cryptography.hashNames)
    expect(added.hash('sha256', message)).toEqual(cryptography.hash('sha256', message))
    const hasher = added.createHasher('sha512')
    hasher.update(message)
    expect(hasher.digest()).toEqual(cryptography.hash('sha512', message))
  })

  test('keeps its other keys', () => {
    const kinds = withMlDsa(nobleCryptography).keyKinds.map(({ kind }) => kind)
    expect(kinds).toEqual(['ed25519', 'ecdsa', 'rsa', 'ml-dsa'])
  })
})

test('a platform that verifies ML-DSA stays as it is', () => {
  const able = cryptographyOf(mlDsa)
  expect(withMlDsa(able)).toBe(able)
})

test('the native arithmetic serves where Node has it', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const has = major > 24 || (major === 24 && minor >= 6)
  expect(withMlDsa(nodeCryptography) === nodeCryptography).toBe(has)
  expect(loadKey(key, nodeCryptography)).toMatchObject(
    has
      ? { verdict: 'ok' }
      : { verdict: 'unsupported-key', reason: expect.stringContaining('tuffet/ml-dsa') },
  )
})

test('a table of parts without an importer says so', () => {
  const part: CryptographyPart = { keys: [mlDsaKeys] }
  const loaded = loadKey(key, cryptographyOf(part))
  expect(loaded).toEqual({
    verdict: 'broken-key',
    reason: 'the platform refuses the public key',
  })
})

test('the SHA-512 of a message may come from a driver, as that of other keys', () => {
  const cryptography = cryptographyOf(mlDsa)
  const loaded = loadKey(key, cryptography)
  if (loaded.verdict !== 'ok') throw new Error(loaded.reason)
  const request = loaded.digestOf(message, sig)
  expect(request).toEqual({ hash: 'sha512', parts: [message] })
  const digests = new Digests({ hashNames: ['sha512'], leastLength: 1 })
  expect(() => digests.require(request ? [request] : [])).toThrow(DigestsNeeded)
  expect(loaded.verify(message, sig, digests)).toBe('signed')
  expect(loaded.verify(otherMessage, sig, digests)).toBe('wrong-signature')
})
