import { describe, expect, test } from '@jest/globals'
import { hashNames, type Cryptography, type KeyKind } from '../../src/core/keys/cryptography.js'
import { Digests } from '../../src/core/keys/digests.js'
import type { KeyOptions } from '../../src/core/keys/keys.js'
import { loadKey } from '../../src/core/keys/load.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { makeRsaKeyPair } from '../support/rsa-cases.js'
import { makeKey } from '../support/signature-case.js'

// RFC 8032, 7.1, test 1
const edPoint = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const rfc8032 =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
  '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'

describe('a loaded key', () => {
  function counting(): { readonly cryptography: Cryptography; readonly count: () => number } {
    let imports = 0
    return {
      cryptography: {
        ...nodeCryptography,
        importKey(key) {
          imports++
          return nodeCryptography.importKey(key)
        },
      },
      count: () => imports,
    }
  }

  test('is imported once for each platform', () => {
    const key = makeKey('ed25519', 'ed25519', edPoint)
    const [one, other] = [counting(), counting()]
    const loaded = loadKey(key, one.cryptography)
    expect(loadKey(key, one.cryptography, {})).toBe(loaded)
    expect(one.count()).toBe(1)
    loadKey(key, other.cryptography)
    expect(other.count()).toBe(1)
  })

  test('of a kind of its own is not asked about an empty signature', () => {
    const asked: string[] = []
    const decodeSignature = (hex: string): Uint8Array => {
      asked.push(hex)
      return Buffer.from(hex, 'hex')
    }
    const publicKey = { kind: 'ed25519', point: Buffer.from(edPoint, 'hex') } as const
    const decoded = { verdict: 'ok', publicKey, identity: 'x', decodeSignature } as const
    const own: KeyKind = { kind: 'ed25519', schemes: { 'own/own': { decode: () => decoded } } }
    const steps = { hash: 'sha256', before: () => new Uint8Array(), verify: () => true } as const
    const key = loadKey(makeKey('own', 'own', 'x'), {
      ...nodeCryptography,
      keyKinds: [own],
      importKey: () => Object.assign(() => true, { steps }),
    })
    if (key.verdict !== 'ok') throw new Error(key.reason)
    expect(key.digestOf(new Uint8Array(9), '')).toBeUndefined()
    expect(asked).toEqual([])
  })

  test('is not remembered for another object that says the same', () => {
    const { cryptography, count } = counting()
    loadKey(makeKey('ed25519', 'ed25519', edPoint), cryptography)
    loadKey(makeKey('ed25519', 'ed25519', edPoint), cryptography)
    expect(count()).toBe(2)
  })

  test.each(['sha256', 'sha384', 'sha512'])(
    'with PKCS #1 v1.5 and %s is allowed by each call alone',
    (hash) => {
      const key = makeKey('rsa', `rsa-pkcs1v15-${hash}`, makeRsaKeyPair(2048).pem)
      const load = (options?: KeyOptions): string => loadKey(key, nodeCryptography, options).verdict
      expect(load()).toBe('unsupported-key')
      expect(load({ pkcs1v15: true })).toBe('ok')
      expect(load({ pkcs1v15: false })).toBe('unsupported-key')
      expect(loadKey(key, nodeCryptography)).toEqual({
        verdict: 'unsupported-key',
        reason: 'RSA PKCS #1 v1.5 is not accepted unless asked for',
      })
      expect(load()).toBe('unsupported-key')
    },
  )

  test('that is broken is not shown to the platform', () => {
    const { cryptography, count } = counting()
    expect(loadKey(makeKey('ed25519', 'ed25519', ''), cryptography)).toEqual({
      verdict: 'broken-key',
      reason: 'an Ed25519 key is 64 hexadecimal digits',
    })
    expect(count()).toBe(0)
  })

  test('asks for no digest where the platform verifies in one step', () => {
    const loaded = loadKey(makeKey('ed25519', 'ed25519', edPoint), nodeCryptography)
    if (loaded.verdict !== 'ok') throw new Error(loaded.reason)
    const bytes = new Uint8Array()
    const digests = new Digests({ hashNames, leastLength: 0 })
    expect(loaded.digestOf(bytes, rfc8032)).toBeUndefined()
    expect(loaded.verify(bytes, rfc8032, digests)).toBe('signed')
  })

  test('is broken when the platform refuses it', () => {
    const refusing: Cryptography = {
      ...nodeCryptography,
      importKey() {
        throw new Error('no')
      },
    }
    expect(loadKey(makeKey('ed25519', 'ed25519', edPoint), refusing)).toEqual({
      verdict: 'broken-key',
      reason: 'the platform refuses the public key',
    })
  })

  test('distinguishes empty, malformed and wrong signatures', () => {
    const loaded = loadKey(makeKey('ed25519', 'ed25519', edPoint), nodeCryptography)
    if (loaded.verdict !== 'ok') throw new Error(loaded.reason)
    const bytes = new Uint8Array()
    expect(loaded.verify(bytes, '')).toBe('empty-signature')
    expect(loaded.verify(bytes, 'zz')).toBe('malformed-signature')
    expect(loaded.verify(bytes, '07'.repeat(64))).toBe('wrong-signature')
    expect(loaded.verify(bytes, rfc8032)).toBe('signed')
  })
})
