/** Keys of certificates and logs: which are read, and with which hash they verify. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Cryptography } from '../../../src/core/keys/cryptography.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { Asn1Error } from '../../../src/sigstore/x509/asn1.js'
import { holds, readSpki } from '../../../src/sigstore/x509/public-key.js'
import { nobleCryptography } from '../../../src/web/cryptography.js'
import { spkiOf } from '../../support/sigstore/certificates.js'
import * as der from '../../support/sigstore/der.js'

const message = Buffer.from('message')
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const [p256, p384, p521] = [ec('P-256'), ec('P-384'), ec('P-521')]

describe.each([
  ['P-256', p256, 'sha256', 'sha384'],
  ['P-384', p384, 'sha384', 'sha256'],
  ['P-521', p521, 'sha512', 'sha256'],
  ['rsa', rsa, 'sha256', 'sha512'],
] as const)('a key of %s', (kind, { publicKey, privateKey }, own, other) => {
  const key = readSpki(spkiOf(publicKey))

  test('is of its kind, and verifies with its own hash', () => {
    expect(key.kind).toBe(kind)
    expect(Buffer.from(key.spki)).toEqual(spkiOf(publicKey))
    const signature = sign(own, message, privateKey)
    expect(holds(nodeCryptography, key, message, signature)).toBe(true)
    expect(holds(nobleCryptography, key, message, signature)).toBe(true)
    expect(holds(nodeCryptography, key, Buffer.from('other'), signature)).toBe(false)
  })

  test('verifies with another hash where that is named', () => {
    const signature = sign(other, message, privateKey)
    expect(holds(nodeCryptography, key, message, signature)).toBe(false)
    expect(holds(nodeCryptography, key, message, signature, other)).toBe(true)
    expect(holds(nodeCryptography, key, message, sign(own, message, privateKey), other)).toBe(false)
  })

  test('takes no text for a signature', () => {
    expect(holds(nodeCryptography, key, message, Buffer.from('text'))).toBe(false)
  })
})

test('a key of Ed25519 verifies', () => {
  const key = readSpki(spkiOf(ed25519.publicKey))
  const signature = sign(null, message, ed25519.privateKey)
  expect(key.kind).toBe('ed25519')
  expect(holds(nodeCryptography, key, message, signature)).toBe(true)
  expect(holds(nobleCryptography, key, message, signature)).toBe(true)
  expect(holds(nodeCryptography, key, Buffer.from('other'), signature)).toBe(false)
  expect(holds(nodeCryptography, key, message, signature.subarray(1))).toBe(false)
})

test('an RSAPublicKey is read as a SubjectPublicKeyInfo of RSA is', () => {
  const key = readSpki(rsa.publicKey.export({ type: 'pkcs1', format: 'der' }))
  expect(key).toMatchObject({ kind: 'rsa', decoded: { publicKey: { padding: 'pkcs1v15' } } })
  expect(holds(nodeCryptography, key, message, sign('sha256', message, rsa.privateKey))).toBe(true)
})

test('a key is imported once for each hash', () => {
  let imports = 0
  const cryptography: Cryptography = {
    ...nodeCryptography,
    importKey: (key) => {
      imports++
      return nodeCryptography.importKey(key)
    },
  }
  const key = readSpki(spkiOf(p256.publicKey))
  for (const hash of ['sha256', 'sha384', 'sha256', 'sha384'] as const) {
    expect(holds(cryptography, key, message, sign(hash, message, p256.privateKey), hash)).toBe(true)
  }
  expect(imports).toBe(2)
})

test('a point that is not on its curve verifies nothing', () => {
  const spki = spkiOf(p256.publicKey)
  spki.fill(1, spki.length - 64)
  const signature = sign('sha256', message, p256.privateKey)
  const outcomes = [nodeCryptography, nobleCryptography].map((cryptography) => {
    try {
      return holds(cryptography, readSpki(spki), message, signature)
    } catch (error) {
      if (error instanceof Asn1Error) return false
      throw error
    }
  })
  expect(outcomes).toEqual([false, false])
})

describe('a key is refused', () => {
  const point = spkiOf(ed25519.publicKey).subarray(-32)
  const algorithm = der.oid('1.3.101.112')
  const info = der.sequence(algorithm)

  test('the parts make a key', () => {
    const spki = der.sequence(info, der.bits(point))
    expect(Buffer.from(spki)).toEqual(spkiOf(ed25519.publicKey))
    expect(readSpki(spki).kind).toBe('ed25519')
  })

  test.each([
    ['of Ed448', spkiOf(generateKeyPairSync('ed448').publicKey)],
    ['of Ed25519 with parameters', der.sequence(der.sequence(algorithm, der.integer(0)), bits())],
    ['of Ed25519 with a third field', der.sequence(info, bits(), der.integer(0))],
    ['of Ed25519 whose point is short', der.sequence(info, der.bits(point.subarray(1)))],
    ['of Ed25519 whose point is octets', der.sequence(info, der.octets(point))],
    ['of Ed25519 whose algorithm is a set', der.sequence(der.set(algorithm), bits())],
    ['of Ed25519 without a point', der.sequence(info)],
    ['of X25519', der.sequence(der.sequence(der.oid('1.3.101.110')), bits())],
    ['of a curve that is not listed', spkiOf(ec('secp256k1').publicKey)],
    ['that is two keys', Buffer.concat([spkiOf(p256.publicKey), spkiOf(p256.publicKey)])],
    ['that is empty', der.sequence()],
    ['that is not DER', Buffer.from('key')],
  ])('%s', (_name, spki) => {
    expect(() => readSpki(spki)).toThrow(Asn1Error)
  })

  test('and the reason is given', () => {
    for (const spki of [
      spkiOf(generateKeyPairSync('ed448').publicKey),
      der.sequence(info, der.octets(point)),
      der.sequence(der.set(algorithm), bits()),
    ]) {
      expect(() => readSpki(spki)).toThrow('a public key of an unknown kind, or a broken one')
    }
  })

  function bits(): Uint8Array {
    return der.bits(point)
  }
})
