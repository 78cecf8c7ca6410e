import { constants, createPublicKey, publicEncrypt, sign } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { sha256 } from '@noble/hashes/sha2.js'
import { verifyPkcs1v15, verifyPss, type RsaVerifyKey } from '../../src/web/rsa.js'
import { makeRsaKeyPair, rsaCases } from '../support/rsa-cases.js'
import { message } from '../support/signature-case.js'

const pair = makeRsaKeyPair(2048)
const key: RsaVerifyKey = { modulus: pair.modulus, exponent: pair.exponent, hash: 'sha256' }
const digest = sha256(message)
const padding = constants.RSA_PKCS1_PSS_PADDING
const good = sign('sha256', message, { key: pair.privateKey, padding, saltLength: 32 })

test('a number as large as the modulus is out of range, though it stands for the same', () => {
  // Signatures whose sum with the modulus still fits are about one in three.
  for (;;) {
    const one = sign('sha256', message, { key: pair.privateKey, padding, saltLength: 32 })
    const sum =
      BigInt(`0x${one.toString('hex')}`) + BigInt(`0x${Buffer.from(key.modulus).toString('hex')}`)
    const text = sum.toString(16).padStart(512, '0')
    if (text.length > 512) continue
    expect(verifyPss(key, digest, one)).toBe(true)
    expect(verifyPss(key, digest, Buffer.from(text, 'hex'))).toBe(false)
    return
  }
})

test.each([0, 1, 255, 257])('a signature of %i bytes is refused', (length) => {
  expect(verifyPss(key, digest, new Uint8Array(length))).toBe(false)
  expect(verifyPkcs1v15(key, digest, new Uint8Array(length))).toBe(false)
})

test('exponentiation equals the native result', () => {
  const publicKey = createPublicKey(pair.privateKey)
  const encoded = publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, good)
  expect(encoded.at(-1)).toBe(0xbc)
  expect(verifyPss(key, digest, good)).toBe(true)
})

test('the shared table accepts each padding and hash function', () => {
  const accepted = rsaCases().filter((one) => one.verdict === 'signed')
  expect(new Set(accepted.map((one) => one.key.scheme)).size).toBe(6)
})
