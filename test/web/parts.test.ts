import { describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import type { Cryptography } from '../../src/core/keys/cryptography.js'
import { checkBytes } from '../../src/core/keys/hash.js'
import { loadKey } from '../../src/core/keys/load.js'
import { createRepository } from '../../src/testing/index.js'
import { ecdsaSigner } from '../../src/testing/node/index.js'
import { blake2b, cryptographyOf, ecdsa, ed25519, rsa, sha3 } from '../../src/web/index.js'
import { clientOf } from '../support/client.js'
import { makeEcdsaKeyPair } from '../support/ecdsa-cases.js'
import { makeRsaKeyPair } from '../support/rsa-cases.js'
import { makeKey } from '../support/signature-case.js'

const place = { role: 'a.whl', step: '5.7.3' }
const bytes = new TextEncoder().encode('a wheel')
const digest = (name: string): string => createHash(name).update(bytes).digest('hex')

const keys = {
  ed25519: makeKey(
    'ed25519',
    'ed25519',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  ),
  ecdsa: makeKey('ecdsa', 'ecdsa-sha2-nistp256', makeEcdsaKeyPair('P-256').pem),
  rsa: makeKey('rsa', 'rsassa-pss-sha256', makeRsaKeyPair(2048).pem),
}

describe('a table of some parts', () => {
  test.each([
    ['Ed25519', [ed25519], ['ed25519']],
    ['ECDSA', [ecdsa], ['ecdsa']],
    ['RSA and Ed25519', [rsa, ed25519], ['ed25519', 'rsa']],
    ['hash functions', [sha3, blake2b], []],
  ])('supports the keys of %s, and no other', (_, parts, wanted) => {
    const table = cryptographyOf(...parts)
    const supported = Object.entries(keys).filter(([, key]) => loadKey(key, table).verdict === 'ok')
    expect(supported.map(([kind]) => kind).sort()).toEqual(wanted)
  })

  test('finds a key of another part unsupported, as a key of an unknown type is', () => {
    expect(loadKey(keys.rsa, cryptographyOf(ed25519))).toEqual({
      verdict: 'unsupported-key',
      reason: 'key type and scheme "rsa/rsassa-pss-sha256" are not known',
    })
  })

  test('refuses a key that was not judged', () => {
    const point = new Uint8Array(33).fill(2)
    const key = { kind: 'ecdsa', curve: 'P-256', hash: 'sha256', point } as const
    expect(() => cryptographyOf(ed25519).importKey(key)).toThrow('ecdsa is not among the parts')
  })

  test('lists its hash functions', () => {
    const sha2 = ['sha256', 'sha384', 'sha512']
    expect(cryptographyOf().hashNames).toEqual(sha2)
    expect(cryptographyOf(blake2b).hashNames).toEqual([...sha2, 'blake2b-256', 'blake2b-512'])
    expect(() => cryptographyOf(sha3).createHasher('blake2b-256')).toThrow('not among the parts')
  })
})

describe('a hash of another part', () => {
  const check = (table: Cryptography, hashes: Record<string, string>): unknown => {
    try {
      checkBytes(bytes, { hashes: new Map(Object.entries(hashes)) }, place, table)
      return 'good'
    } catch (error) {
      return error
    }
  }
  const small = cryptographyOf(ed25519)

  test('is passed over beside a known one', () => {
    const hashes = { sha256: digest('sha256'), 'sha3-256': '00' }
    expect(check(small, hashes)).toBe('good')
    expect(check(cryptographyOf(sha3), hashes)).toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
  })

  test.each(['sha3-256', 'blake2b'])('proves nothing alone: %s', (name) => {
    const hashes = { [name]: digest(name === 'blake2b' ? 'blake2b512' : name) }
    expect(check(small, hashes)).toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
    expect(check(cryptographyOf(sha3, blake2b), hashes)).toBe('good')
  })
})

describe('a repository whose timestamp is signed with ECDSA', () => {
  const repo = createRepository()
  repo.rotate('timestamp', { add: [ecdsaSigner('timestamp')], remove: 1 })
  repo.publish()
  const refresh = (cryptography: Cryptography): Promise<unknown> => {
    const { updater } = clientOf(repo, { cryptography })
    return updater
      .refresh()
      .then(() => 'believed')
      .catch((error: unknown) => error)
  }

  test('is believed with the part, and refused without it', async () => {
    expect(await refresh(cryptographyOf(ed25519, ecdsa))).toBe('believed')
    expect(await refresh(cryptographyOf(ed25519))).toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'timestamp',
      keys: [{ verdict: 'unsupported-key' }],
    })
  })
})
