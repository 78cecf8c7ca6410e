import { constants, createPublicKey, verify } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createRepository, ed25519Signer } from '../../../src/testing/index.js'
import { ecdsaSigner, nodeEd25519Signer, rsaSigner } from '../../../src/testing/node/index.js'
import type { EcdsaCurve } from '../../../src/testing/node/index.js'

const message = new TextEncoder().encode('message')
const hashes = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const

describe('native Ed25519', () => {
  test('is the same key with the same signatures as the portable one', () => {
    const native = nodeEd25519Signer('seed')
    const portable = ed25519Signer('seed')
    expect(native.keyid).toBe(portable.keyid)
    expect(native.key).toEqual(portable.key)
    expect(native.sign(message)).toEqual(portable.sign(message))
  })

  test('makes the same repository', () => {
    const native = createRepository({ makeSigner: nodeEd25519Signer })
    const portable = createRepository()
    for (const repo of [native, portable]) repo.publish()
    for (const name of portable.fileNames()) expect(native.file(name)).toEqual(portable.file(name))
  })
})

describe('ECDSA', () => {
  test.each<EcdsaCurve>(['P-256', 'P-384', 'P-521'])('signs over %s, always the same', (curve) => {
    const signer = ecdsaSigner('seed', { curve })
    expect(signer.key.keytype).toBe('ecdsa')
    const signature = signer.sign(message)
    expect(ecdsaSigner('seed', { curve }).sign(message)).toEqual(signature)
    const key = createPublicKey(signer.key.keyval.public)
    expect(verify(hashes[curve], message, key, signature)).toBe(true)
    expect(verify(hashes[curve], new Uint8Array(1), key, signature)).toBe(false)
    expect(ecdsaSigner('other', { curve }).keyid).not.toBe(signer.keyid)
  })

  test('declares its point in hexadecimal when asked to', () => {
    const { key } = ecdsaSigner('seed', { encoding: 'hex' })
    expect(key.keytype).toBe('ecdsa-sha2-nistp256')
    expect(key.keyval.public).toMatch(/^04[0-9a-f]{128}$/)
  })
})

describe('RSA', () => {
  test.each([
    ['pss', 'sha256', 2048],
    ['pss', 'sha512', 2048],
    ['pkcs1v15', 'sha384', 2048],
    ['pss', 'sha384', 3072],
  ] as const)('signs with %s, %s and %d bits, always the same', (padding, hash, bits) => {
    const signer = rsaSigner('seed', { padding, hash, bits })
    const signature = signer.sign(message)
    expect(signature).toHaveLength(bits / 8)
    expect(signer.sign(message)).toEqual(signature)
    const key = createPublicKey(signer.key.keyval.public)
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits)
    const how =
      padding === 'pss'
        ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : { padding: constants.RSA_PKCS1_PADDING }
    expect(verify(hash, message, { key, ...how }, signature)).toBe(true)
    expect(verify(hash, new Uint8Array(1), { key, ...how }, signature)).toBe(false)
  })

  test('keys depend on the seed alone', () => {
    expect(rsaSigner('seed').keyid).toBe(rsaSigner('seed').keyid)
    expect(rsaSigner('seed').keyid).not.toBe(rsaSigner('other').keyid)
    expect(rsaSigner('seed').key.scheme).toBe('rsassa-pss-sha256')
  })
})
