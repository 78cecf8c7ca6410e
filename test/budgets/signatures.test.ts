import { describe, expect, test } from '@jest/globals'
import { budget } from '../../src/core/budget.js'
import type { Cryptography } from '../../src/core/keys/cryptography.js'
import type { Envelope, Key } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { countSignatures, type SignatureReport } from '../../src/core/trust/verify.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { ed25519Signer, type Signer } from '../../src/testing/index.js'
import { decodeKey } from '../support/decode-key.js'
import {
  bytesOf,
  delegating,
  readRoot,
  readTargets,
  refusedAt,
  root,
  targets,
} from '../support/small-files.js'
import { derOf, pemOf } from './rsa-pem.js'

const file: Envelope = parseMetadata(bytesOf(targets()), 'targets', 'targets')

/** Verifies as ever, and counts. */
function counting(): Cryptography & { readonly verified: () => number } {
  let verified = 0
  return {
    ...nodeCryptography,
    verified: () => verified,
    importKey(key) {
      const verify = nodeCryptography.importKey(key)
      return (message, signature) => {
        verified += 1
        return verify(message, signature)
      }
    },
  }
}

const signers: readonly Signer[] = Array.from({ length: budget.roleKeys }, (_, index) =>
  ed25519Signer(`budget ${index}`),
)

/** Counts signatures by all signers, of which those in `wrong` are not over the file. */
function report(
  threshold: number,
  wrong: (index: number) => boolean,
): SignatureReport & { readonly verified: number } {
  const cryptography = counting()
  const keys = new Map(
    signers.map(({ keyid, key }): [string, Key] => [
      keyid,
      { keyid, keytype: key.keytype, scheme: key.scheme, public: key.keyval.public },
    ]),
  )
  const signatures = signers.map(({ keyid, sign }, index) => {
    const bytes = wrong(index) ? Uint8Array.of(1) : file.signedBytes
    return { keyid, sig: Buffer.from(sign(bytes)).toString('hex') }
  })
  const authority = { delegator: 'root', threshold, keyids: [...keys.keys()], keys }
  const counted = countSignatures({ ...file, signatures }, authority, { cryptography })
  return { ...counted, verified: cryptography.verified() }
}

function verdicts(found: SignatureReport): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { verdict } of found.keys) counts[verdict] = (counts[verdict] ?? 0) + 1
  return counts
}

describe('verification stops when the answer cannot change', () => {
  test('a threshold that is met after sixteen: the report marks the others as unchecked', () => {
    const found = report(3, () => false)
    expect(found.verified).toBe(budget.signaturesReported)
    expect(verdicts(found)).toEqual({ signed: 16, 'not-checked': 48 })
    expect(found.signed).toBe(16)
  })

  test('a threshold that is met later: as many as it needs', () => {
    const found = report(20, () => false)
    expect(found.verified).toBe(20)
    expect(verdicts(found)).toEqual({ signed: 20, 'not-checked': 44 })
  })

  test('a threshold that is out of reach: only as many as prove it', () => {
    const found = report(40, (index) => index < 30)
    // After 25 wrong signatures 39 keys are left, one too few.
    expect(found.verified).toBe(25)
    expect(verdicts(found)).toEqual({ 'wrong-signature': 25, 'not-checked': 39 })
    expect(found.signed).toBeLessThan(found.threshold)
  })

  test('the last signature still decides where it can', () => {
    expect(report(1, (index) => index < 63)).toMatchObject({ signed: 1, verified: 64 })
    expect(report(64, () => false)).toMatchObject({ signed: 64, verified: 64 })
    expect(report(64, (index) => index === 63)).toMatchObject({ signed: 63, verified: 64 })
  })
})

describe('a role names at most 64 keys', () => {
  const role = (count: number) => ({
    keyids: Array.from({ length: count }, (_, index) => `K${index}`),
    threshold: 1,
  })
  const refused = (path: string) => ({ path, reason: 'must contain at most 64 entries' })

  test('in root', () => {
    const roles = (count: number) => ({
      roles: { root: role(1), timestamp: role(count), snapshot: role(1), targets: role(1) },
    })
    expect(readRoot(root(roles(64))).roles.timestamp.keyids).toHaveLength(64)
    expect(refusedAt(() => readRoot(root(roles(65))))).toEqual(
      refused('signed.roles.timestamp.keyids'),
    )
  })

  test.each([{ paths: ['*'] }, { path_hash_prefixes: ['a'] }])('in a delegation by %j', (by) => {
    const one = (count: number) =>
      delegating([{ name: 'dev', terminating: false, ...by, ...role(count) }])
    expect(readTargets(one(64)).delegations?.roles?.[0]?.keyids).toHaveLength(64)
    expect(refusedAt(() => readTargets(one(65)))).toEqual(
      refused('signed.delegations.roles[0].keyids'),
    )
  })
})

describe('an RSA key costs no more than 16,384 bits with the exponent 65,537', () => {
  const key = (modulusBits: number, exponent: bigint) =>
    decodeKey({
      keyid: 'K',
      keytype: 'rsa',
      scheme: 'rsassa-pss-sha256',
      public: pemOf(derOf((1n << BigInt(modulusBits - 1)) + 1n, exponent)),
    })

  test.each([
    [16_384, 65_537n],
    [8_440, 2n ** 32n + 1n],
    [4_096, 2n ** 32n + 1n],
  ])('%d bits with %d', (bits, exponent) => {
    expect(key(bits, exponent).verdict).toBe('ok')
  })

  test.each([
    [16_384, 2n ** 17n + 1n],
    [8_441, 2n ** 32n + 1n],
    [16_384, 2n ** 32n + 1n],
  ])('not %d bits with %d', (bits, exponent) => {
    expect(key(bits, exponent)).toEqual({
      verdict: 'broken-key',
      reason: 'modulus and exponent together are too large',
    })
  })
})
