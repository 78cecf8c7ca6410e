import { describe, expect, test } from '@jest/globals'
import { hashes, verify } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { ed25519Cases } from '../support/ed25519-cases.js'

const cases = ed25519Cases()

describe("noble's own verify is not used", () => {
  test.each([
    'R with a part of order 8',
    'a key with a part of order 8 that only a cofactor would cancel',
  ])('it accepts a signature that is refused here: %s', (title) => {
    hashes.sha512 = sha512
    const found = cases.find((one) => one.title === title)
    if (found === undefined) throw new Error('no such case')
    const key = Buffer.from(found.key.public, 'hex')
    const signature = Buffer.from(found.sig, 'hex')
    expect(verify(signature, found.message, key, { zip215: false })).toBe(true)
    const holds = nobleCryptography.importKey({ kind: 'ed25519', point: Uint8Array.from(key) })
    expect(holds(found.message, signature)).toBe(false)
  })

  test('and its table of hash functions is left alone', () => {
    hashes.sha512 = undefined
    const good = cases.find((one) => one.verdict === 'signed')
    if (good === undefined) throw new Error('no such case')
    const point = Uint8Array.from(Buffer.from(good.key.public, 'hex'))
    const holds = nobleCryptography.importKey({ kind: 'ed25519', point })
    expect(holds(good.message, Buffer.from(good.sig, 'hex'))).toBe(true)
    expect(hashes.sha512).toBeUndefined()
  })
})
