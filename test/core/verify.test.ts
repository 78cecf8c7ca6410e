import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { p256 } from '@noble/curves/nist.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Cryptography } from '../../src/core/keys/cryptography.js'
import type { KeptFiles } from '../../src/core/metadata/kept-files.js'
import type { Envelope, Key, Signature } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import {
  countSignatures,
  requireThreshold,
  type Authority,
  type SignatureReport,
  type TrustOptions,
} from '../../src/core/trust/verify.js'
import type { KeyReport } from '../../src/errors.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { ed25519Signer, seedFrom, withKeyid, type Signer } from '../../src/testing/index.js'
import { toPem } from '../support/signature-case.js'
import { bytesOf, targets } from '../support/small-files.js'

const options: TrustOptions = { cryptography: nodeCryptography }
const file: Envelope = parseMetadata(bytesOf(targets()), 'targets', 'targets')
const place = { role: 'timestamp', step: '5.4.2' }

function signedBy(...signers: readonly Signer[]): Envelope {
  return withSignatures(signers.map((signer) => signatureOf(signer)))
}

function withSignatures(signatures: readonly Signature[]): Envelope {
  return { ...file, signatures }
}

function signatureOf(signer: Signer, bytes: Uint8Array = file.signedBytes): Signature {
  return { keyid: signer.keyid, sig: bytesToHex(signer.sign(bytes)) }
}

function keyOf({ keyid, key }: Signer): Key {
  return { keyid, keytype: key.keytype, scheme: key.scheme, public: key.keyval.public }
}

function authorityOf(signers: readonly Signer[], threshold = 1): Authority {
  return {
    delegator: 'root',
    keyids: signers.map(({ keyid }) => keyid),
    threshold,
    keys: new Map(signers.map((signer) => [signer.keyid, keyOf(signer)])),
  }
}

/** An ECDSA key, declared in the given form. */
function ecdsaSigner(keyid: string, declare: (point: Uint8Array) => string, seed = 'ec'): Signer {
  const secret = seedFrom(seed)
  const scheme = 'ecdsa-sha2-nistp256'
  return {
    keyid,
    key: {
      keytype: 'ecdsa',
      scheme,
      keyval: { public: declare(p256.getPublicKey(secret, false)) },
    },
    sign: (bytes) => p256.sign(bytes, secret, { format: 'der' }),
  }
}

function pemOf(point: Uint8Array): string {
  const prefix = hexToBytes('3059301306072a8648ce3d020106082a8648ce3d030107034200')
  return toPem('PUBLIC KEY', Uint8Array.from([...prefix, ...point]))
}

function compressedOf(point: Uint8Array): string {
  return bytesToHex(p256.Point.fromBytes(point).toBytes(true))
}

/** The reported results of the keys. */
function verdicts(report: { readonly keys: readonly KeyReport[] }): string[] {
  return report.keys.map(({ keyid, verdict }) => `${keyid} ${verdict}`)
}

const alice = withKeyid(ed25519Signer('alice'), 'alice')
const bob = withKeyid(ed25519Signer('bob'), 'bob')
const carol = withKeyid(ed25519Signer('carol'), 'carol')

describe('5.4.2: counting the keys that signed', () => {
  test('each key of the role is reported with its result, in the order of the role', () => {
    const authority = authorityOf([carol, bob, alice], 2)
    const report = countSignatures(signedBy(alice, carol), authority, options)
    expect(report).toEqual({
      delegator: 'root',
      threshold: 2,
      signed: 2,
      keys: [
        { keyid: 'carol', verdict: 'signed' },
        { keyid: 'bob', verdict: 'no-signature' },
        { keyid: 'alice', verdict: 'signed' },
      ],
    })
    expect(requireThreshold(place, signedBy(alice, carol), authority, options)).toEqual(report)
  })

  test('a signature that does not count is reported, and takes no vote from another key', () => {
    const good = authorityOf([alice])
    const changed = { ...signatureOf(bob), keyid: 'wrong' }
    const declared: Record<string, Partial<Key>> = {
      empty: {},
      malformed: {},
      short: {},
      wrong: {},
      unsupported: { keytype: 'ml-dsa', scheme: 'ml-dsa-65' },
      broken: { public: 'not a key' },
      'small-order': { public: `01${'00'.repeat(31)}` },
    }
    const keys = new Map(good.keys)
    for (const [keyid, change] of Object.entries(declared)) {
      keys.set(keyid, { ...keyOf(bob), keyid, ...change })
    }
    const keyids = [...Object.keys(declared), 'stranger', 'silent', 'alice']
    const { sig } = signatureOf(bob, Uint8Array.of(1))
    const envelope = withSignatures([
      { keyid: 'empty', sig: '' },
      { keyid: 'malformed', sig: 'zz' },
      { keyid: 'short', sig: sig.slice(2) },
      { ...changed, sig },
      ...['unsupported', 'broken', 'small-order', 'stranger'].map((keyid) => ({ keyid, sig })),
      signatureOf(alice),
    ])
    const report = countSignatures(envelope, { ...good, keyids, keys }, options)
    expect(verdicts(report)).toEqual([
      'empty empty-signature',
      'malformed malformed-signature',
      'short malformed-signature',
      'wrong wrong-signature',
      'unsupported unsupported-key',
      'broken broken-key',
      'small-order broken-key',
      'stranger unknown-key',
      'silent no-signature',
      'alice signed',
    ])
    expect(report.signed).toBe(1)
  })

  test('a signature over other bytes does not count', () => {
    const envelope = withSignatures([signatureOf(alice, Uint8Array.of(...file.signedBytes, 0x20))])
    const report = countSignatures(envelope, authorityOf([alice]), options)
    expect(verdicts(report)).toEqual(['alice wrong-signature'])
  })

  test('a file without signatures is refused with all known facts', () => {
    const authority = { ...authorityOf([alice, bob], 2), delegator: 'dev' }
    expect(() => requireThreshold(place, signedBy(alice), authority, options)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role: 'timestamp',
        step: '5.4.2',
        delegator: 'dev',
        threshold: 2,
        signed: 1,
        keys: [
          { keyid: 'alice', verdict: 'signed' },
          { keyid: 'bob', verdict: 'no-signature' },
        ],
      }),
    )
    expect(() => requireThreshold(place, file, authority, options)).toThrow(
      expect.objectContaining({ signed: 0, message: expect.stringContaining('0 of the 2 keys') }),
    )
  })
})

describe('row 1: each public key counts once, whatever ids it goes by', () => {
  const again = withKeyid(alice, 'again')

  test('CVE-2026-6966: one key under two keyids is one key', () => {
    const report = countSignatures(signedBy(alice, again), authorityOf([alice, again], 2), options)
    expect(verdicts(report)).toEqual(['alice signed', 'again same-key'])
    expect(report.signed).toBe(1)
  })

  test('CVE-2020-15093: the same, declared once in upper and once in lower case', () => {
    const authority = authorityOf([alice, again], 2)
    const keys = new Map(authority.keys)
    keys.set('again', { ...keyOf(again), public: again.key.keyval.public.toUpperCase() })
    const report = countSignatures(signedBy(alice, again), { ...authority, keys }, options)
    expect(verdicts(report)).toEqual(['alice signed', 'again same-key'])
  })

  test('CVE-2020-6174: two good signatures under one keyid are one vote even past the parser', () => {
    const twice = withSignatures([signatureOf(alice), signatureOf(alice)])
    expect(countSignatures(twice, authorityOf([alice, bob], 2), options).signed).toBe(1)
  })

  test('GMS-2022-4197: a keyid that the role repeats is one vote even past the parser', () => {
    const authority = { ...authorityOf([alice], 2), keyids: ['alice', 'alice'] }
    const report = countSignatures(signedBy(alice), authority, options)
    expect(verdicts(report)).toEqual(['alice signed', 'alice same-key'])
    expect(report.signed).toBe(1)
  })

  test('go-tuf#733: a point in hexadecimal, compressed and as PEM is one key', () => {
    const signers = [
      ecdsaSigner('hex', bytesToHex),
      ecdsaSigner('compressed', compressedOf),
      ecdsaSigner('pem', pemOf),
      ecdsaSigner('other', pemOf, 'another'),
    ]
    const report = countSignatures(signedBy(...signers), authorityOf(signers, 3), options)
    expect(verdicts(report)).toEqual([
      'hex signed',
      'compressed same-key',
      'pem same-key',
      'other signed',
    ])
    expect(report.signed).toBe(2)
  })

  test('a wrong signature under one id leaves the vote to the other', () => {
    const envelope = withSignatures([{ ...signatureOf(bob), keyid: 'alice' }, signatureOf(again)])
    const report = countSignatures(envelope, authorityOf([alice, again]), options)
    expect(verdicts(report)).toEqual(['alice wrong-signature', 'again signed'])
  })
})

describe('row 2: a flood of signatures costs no verification', () => {
  test('CVE-2020-6173: only ids that the role names are verified, each once', () => {
    let [imported, verified] = [0, 0]
    const counting: Cryptography = {
      ...nodeCryptography,
      importKey(publicKey) {
        imported += 1
        const verify = nodeCryptography.importKey(publicKey)
        return (message, signature) => {
          verified += 1
          return verify(message, signature)
        }
      },
    }
    const { sig } = signatureOf(bob)
    const flood = Array.from({ length: 100_000 }, (_, index) => ({
      keyid: `stranger-${index}`,
      sig,
    }))
    const authority = authorityOf([alice, bob, carol], 2)
    const keys = new Map(authority.keys)
    for (const { keyid } of flood) keys.set(keyid, { ...keyOf(bob), keyid })
    const envelope = withSignatures([...flood, signatureOf(alice), signatureOf(carol)])
    const report = countSignatures(envelope, { ...authority, keys }, { cryptography: counting })
    expect(report.signed).toBe(2)
    expect([imported, verified]).toEqual([2, 2])
  })
})

describe('row 3: the scheme comes from the key', () => {
  test('CVE-2015-9258: fields beside a signature are ignored', () => {
    const bytes = bytesOf({
      ...targets(),
      signatures: [{ ...signatureOf(alice), method: 'rsa', keytype: 'none', scheme: 'none' }],
    })
    const envelope = parseMetadata(bytes, 'targets', 'targets')
    expect(envelope.signatures).toEqual([signatureOf(alice)])
    expect(countSignatures(envelope, authorityOf([alice]), options).signed).toBe(1)
  })

  const point = ecdsaSigner('ec', bytesToHex)
  const mismatches: readonly [string, Partial<Key>, KeyReport['verdict']][] = [
    ['an ECDSA key labelled ed25519', { keytype: 'ed25519', scheme: 'ed25519' }, 'broken-key'],
    ['a P-256 key with the scheme of P-384', { scheme: 'ecdsa-sha2-nistp384' }, 'broken-key'],
    ['a scheme of another key type', { scheme: 'ed25519' }, 'unsupported-key'],
    ['a scheme that is no scheme', { scheme: '__proto__' }, 'unsupported-key'],
    ['an ECDSA key labelled RSA', { keytype: 'rsa', scheme: 'rsassa-pss-sha256' }, 'broken-key'],
  ]

  test.each(mismatches)('CVE-2015-9258: %s does not count', (_, change, verdict) => {
    const authority = authorityOf([point])
    const keys = new Map([['ec', { ...keyOf(point), ...change }]])
    const report = countSignatures(signedBy(point), { ...authority, keys }, options)
    expect(report.keys).toEqual([{ keyid: 'ec', verdict }])
    expect(report.signed).toBe(0)
  })
})

describe('row 4: thresholds', () => {
  test('one above the number of keys is never met', () => {
    const authority = authorityOf([alice, bob], 3)
    expect(() => requireThreshold(place, signedBy(alice, bob, carol), authority, options)).toThrow(
      expect.objectContaining({ threshold: 3, signed: 2 }),
    )
  })

  test('a role without keys cannot be signed', () => {
    expect(() => requireThreshold(place, signedBy(alice), authorityOf([]), options)).toThrow(
      expect.objectContaining({ threshold: 1, signed: 0, keys: [] }),
    )
  })
})

describe('the reports on a file that stays in memory', () => {
  const kept: KeptFiles = {
    find: () => undefined,
    bytesOf: () => undefined,
    note: () => undefined,
    keep: () => undefined,
  }

  function reportsBy(authority: Authority): readonly SignatureReport[] {
    const envelope = signedBy(alice)
    return [1, 2].map(() => countSignatures(envelope, authority, { ...options, kept }))
  }

  test('are remembered', () => {
    const [first, second] = reportsBy(authorityOf([alice, bob]))
    expect(second).toBe(first)
    expect(first?.signed).toBe(1)
  })

  test('are made anew for a file that does not stay, and so may change', () => {
    const envelope = signedBy(alice)
    const [first, second] = [1, 2].map(() =>
      countSignatures(envelope, authorityOf([alice]), options),
    )
    expect(second).not.toBe(first)
    expect(second).toEqual(first)
  })

  /** Judges one envelope by each of the authorities, and counts the verifications. */
  function judgedBy(authorities: readonly Authority[]): (index: number) => number {
    let verified = 0
    const counting: Cryptography = {
      ...nodeCryptography,
      importKey(key) {
        const verify = nodeCryptography.importKey(key)
        return (message, signature) => {
          verified += 1
          return verify(message, signature)
        }
      },
    }
    const envelope = signedBy(alice)
    return (index) => {
      const before = verified
      countSignatures(envelope, authorities[index]!, { cryptography: counting, kept })
      return verified - before
    }
  }

  test('are remembered for four authorities, and the oldest of five is forgotten', () => {
    const judge = judgedBy(
      ['one', 'two', 'three', 'four', 'five'].map((delegator) => ({
        ...authorityOf([alice]),
        delegator,
      })),
    )
    expect([0, 1, 2, 3, 0, 1, 2, 3].map(judge)).toEqual([1, 1, 1, 1, 0, 0, 0, 0])
    expect([4, 4, 1, 2, 3].map(judge)).toEqual([1, 0, 0, 0, 0])
    expect(judge(0)).toBe(1)
  })

  test.each<readonly [string, Partial<Authority>]>([
    ['another delegator', { delegator: 'other' }],
    ['another threshold', { threshold: 2 }],
    [
      'another key under the keyid',
      { keys: new Map([['alice', { ...keyOf(bob), keyid: 'alice' }]]) },
    ],
    ['another scheme of the key', { keys: new Map([['alice', { ...keyOf(alice), scheme: 'x' }]]) }],
    ['another type of the key', { keys: new Map([['alice', { ...keyOf(alice), keytype: 'x' }]]) }],
    ['no such key', { keys: new Map() }],
    ['another keyid', { keyids: ['bob'] }],
  ])('do not serve %s', (_what, change) => {
    const envelope = signedBy(alice)
    const good = authorityOf([alice])
    const judge = (authority: Authority): SignatureReport =>
      countSignatures(envelope, authority, { ...options, kept })
    judge(good)
    const changed = { ...good, ...change }
    expect(judge(changed)).toEqual(countSignatures(envelope, changed, options))
    expect(judge(changed)).not.toEqual(judge(good))
  })

  test('do not serve a program that takes another padding of RSA', () => {
    const declared = { keytype: 'rsa', scheme: 'rsa-pkcs1v15-sha256' }
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const keys = new Map([['rsa', { ...declared, keyid: 'rsa', public: pem }]])
    const authority = { delegator: 'root', threshold: 1, keyids: ['rsa'], keys }
    const envelope = withSignatures([
      { keyid: 'rsa', sig: sign('sha256', file.signedBytes, privateKey).toString('hex') },
    ])
    const judge = (pkcs1v15?: boolean): number =>
      countSignatures(envelope, authority, { ...options, kept, pkcs1v15 }).signed
    expect([judge(true), judge(false), judge(), judge(true)]).toEqual([1, 0, 0, 1])
  })

  test.each([
    ['a key', { public: 'ab'.repeat(1_000_000) }],
    ['the scheme of a key', { scheme: 'x'.repeat(2_000_000) }],
  ])('do not keep %s of megabytes with each small file', (_, change) => {
    const authority = authorityOf([alice, bob])
    const keys = new Map([...authority.keys, [bob.keyid, { ...keyOf(bob), ...change }]])
    const [first, second] = reportsBy({ ...authority, keys })
    expect(second).not.toBe(first)
    expect(second).toEqual(first)
    expect(Object.isFrozen(first)).toBe(true)
    expect(first?.signed).toBe(1)
  })
})
