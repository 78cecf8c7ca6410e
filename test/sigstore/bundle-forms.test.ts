/** Every form of a bundle: its versions, the signed file, a key in the place of a certificate. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { AttestationError } from '../../src/errors.js'
import {
  parseTrustedRoot,
  verifyBundle,
  type VerifiedBundle,
  type VerifyBundleOptions,
} from '../../src/sigstore/index.js'
import { readBundle } from '../../src/sigstore/read-bundle.js'
import { preAuthEncoding } from '../../src/sigstore/dsse.js'
import { newKeys, sha256, spkiOf, type KeyPair } from '../support/sigstore/certificates.js'
import { gitHubClaims, signingTime, TestSigstore } from '../support/sigstore/instance.js'
import { promiseOf, proofOf } from '../support/sigstore/log.js'

type Json = Record<string, unknown>

const sigstore = new TestSigstore()
const trustedRoot = parseTrustedRoot(sigstore.trustedRoot())
const identity = { subject: gitHubClaims[9] ?? '', issuer: gitHubClaims[8] ?? '' }
const artifact = Buffer.from('the file that was signed')
const digest = sha256(artifact)
const v01 = 'application/vnd.dev.sigstore.bundle+json;version=0.1'
const v02 = 'application/vnd.dev.sigstore.bundle+json;version=0.2'
const v03 = 'application/vnd.dev.sigstore.bundle+json;version=0.3'

interface Signer {
  readonly privateKey: KeyObject
  readonly der: Buffer
  readonly isKey: boolean
  readonly signs?: () => Buffer
}

const leaf: Signer = { ...sigstore.leaf(), isKey: false }

function keySigner({ publicKey, privateKey }: KeyPair): Signer {
  return { privateKey, der: spkiOf(publicKey), isKey: true }
}

function pemOf({ publicKey }: KeyPair): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

interface Form {
  readonly mediaType?: string
  readonly signer?: Signer
  readonly hash?: 'sha256' | 'sha384' | 'sha512' | null
  /** Rekor v1 with a promise, or v2 with a timestamp. */
  readonly rekor?: 1 | 2
  readonly payload?: Buffer
  readonly payloadType?: string
  readonly change?: (bundle: Json, material: Json, entry: Json) => unknown
}

/** A bundle about the file, or with a payload in an envelope. */
function bundle(form: Form = {}): Buffer {
  const { signer = leaf, hash = 'sha256', rekor = 2, payload } = form
  const { mediaType = v03, payloadType = 'application/vnd.in-toto+json' } = form
  const message = payload ? preAuthEncoding({ payloadType, payload }) : artifact
  const signature = signer.signs?.() ?? sign(hash, message, signer.privateKey)
  const entry = rekor === 1 ? entryV1(signer, signature) : entryV2(signer, signature, message)
  const material: Json = {
    ...(signer.isKey
      ? { publicKey: { hint: 'a key' } }
      : { certificate: { rawBytes: signer.der.toString('base64') } }),
    tlogEntries: [entry],
    ...(rekor === 2 && {
      timestampVerificationData: {
        rfc3161Timestamps: [{ signedTimestamp: sigstore.timestamp(signature) }],
      },
    }),
  }
  const object: Json = {
    mediaType,
    verificationMaterial: material,
    ...(payload
      ? {
          dsseEnvelope: {
            ...{ payload: payload.toString('base64'), payloadType },
            signatures: [{ sig: signature.toString('base64') }],
          },
        }
      : {
          messageSignature: {
            messageDigest: { algorithm: 'SHA2_256', digest: digest.toString('base64') },
            signature: signature.toString('base64'),
          },
        }),
  }
  form.change?.(object, material, entry)
  return Buffer.from(JSON.stringify(object))
}

function entryV1({ der, isKey }: Signer, signature: Buffer): Json {
  const label = isKey ? 'PUBLIC KEY' : 'CERTIFICATE'
  const pem = `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`
  const spec = {
    data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
    signature: {
      content: signature.toString('base64'),
      publicKey: { content: Buffer.from(pem).toString('base64') },
    },
  }
  const kind = 'hashedrekord'
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind, spec }))
  const { rekor } = sigstore
  return {
    ...{ logIndex: '12', logId: { keyId: rekor.id.toString('base64') } },
    ...{ kindVersion: { kind, version: '0.0.1' }, integratedTime: String(signingTime / 1000) },
    inclusionPromise: { signedEntryTimestamp: promiseOf(rekor, body, signingTime / 1000, 12) },
    inclusionProof: proofOf(rekor, body),
    canonicalizedBody: body.toString('base64'),
  }
}

function entryV2({ der, isKey }: Signer, signature: Buffer, message: Uint8Array): Json {
  const raw = { rawBytes: der.toString('base64') }
  const spec = {
    hashedRekordV002: {
      data: { algorithm: 'SHA2_256', digest: sha256(message).toString('base64') },
      signature: {
        content: signature.toString('base64'),
        verifier: isKey ? { publicKey: raw } : { x509Certificate: raw },
      },
    },
  }
  const kind = 'hashedrekord'
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.2', kind, spec }))
  const inclusionProof = proofOf(sigstore.rekorV2, body)
  return {
    ...{ logIndex: inclusionProof.logIndex, kindVersion: { kind, version: '0.0.2' } },
    ...{ logId: { keyId: sigstore.rekorV2.id.toString('base64') }, integratedTime: null },
    ...{ inclusionPromise: null, inclusionProof, canonicalizedBody: body.toString('base64') },
  }
}

async function verified(
  bytes: Buffer,
  options: Partial<VerifyBundleOptions> = {},
): Promise<VerifiedBundle> {
  return verifyBundle(bytes, { trustedRoot, artifact, identity, ...options })
}

/** The check that refuses, and why. */
async function refusal(
  bytes: Buffer,
  options: Partial<VerifyBundleOptions> = {},
): Promise<{ check: string; reason: string; path: string }> {
  try {
    await verified(bytes, options)
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    const { check, reason, path } = error
    return { check, reason, path }
  }
  throw new Error('it was verified')
}

const inDigits = { artifact: { sha256: digest.toString('hex') } }

describe('a bundle about a file', () => {
  test.each([1, 2] as const)('is verified with an entry of Rekor v%i', async (rekor) => {
    const bytes = bundle({ rekor })
    for (const options of [{}, inDigits]) {
      const { entries, times, statement, certificate } = await verified(bytes, options)
      expect(times).toEqual([signingTime])
      expect(entries).toEqual([
        rekor === 1
          ? { log: 'rekor.test', index: 12, kind: 'hashedrekord 0.0.1', time: signingTime }
          : { log: 'log2026.rekor.test', index: 4, kind: 'hashedrekord 0.0.2', time: undefined },
      ])
      expect(statement).toBeUndefined()
      expect(certificate?.names).toEqual([{ type: 'uri', value: identity.subject }])
    }
  })

  test('is verified for one of several names of its certificate', async () => {
    const names = ['https://demo.test/other', identity.subject]
    const { certificate } = await verified(
      bundle({ signer: { ...sigstore.leaf({ names }), isKey: false } }),
    )
    expect(certificate?.names).toEqual(names.map((value) => ({ type: 'uri', value })))
  })

  test.each([
    [{ ca: true }, 'is a CA'],
    [{ purpose: '1.3.6.1.5.5.7.3.1' }, 'is not for signing code'],
  ])('is refused where its certificate is another one than for code: %j', async (fields, what) => {
    const signer = { ...sigstore.leaf(fields), isKey: false }
    expect(await refusal(bundle({ signer }))).toMatchObject({
      ...{ check: 'usage', reason: `the certificate ${what}` },
    })
  })

  test('is refused where the key of its certificate is for no signatures', async () => {
    const signer = { ...sigstore.leaf({ keyUsage: 0x20 }), isKey: false }
    expect(await refusal(bundle({ signer }))).toMatchObject({
      ...{ check: 'usage', reason: 'the key of the certificate is not for signatures' },
    })
  })

  test('is refused where its log is not in the trusted root', async () => {
    const other = Buffer.alloc(32).toString('base64')
    const change: Form['change'] = (_, _material, entry) => (entry['logId'] = { keyId: other })
    expect(await refusal(bundle({ change }))).toMatchObject({
      ...{ check: 'time', reason: 'the entry is of a log that is not in the trusted root' },
    })
  })

  test('is refused where its signature is none, whether the file is given or its digest', async () => {
    const garbage = Buffer.from('no signature')
    const form: Form = {
      signer: { ...leaf, signs: () => garbage },
    }
    for (const options of [{}, inDigits]) {
      expect(await refusal(bundle(form), options)).toMatchObject({ check: 'signature' })
    }
  })

  test('need not state the digest of the file', async () => {
    const bytes = bundle({
      change: (object) => delete (object['messageSignature'] as Json)['messageDigest'],
    })
    await verified(bytes)
    const other = await refusal(bytes, { artifact: Buffer.from('other') })
    expect(other.check).toBe('entry')
  })

  test('is refused for another file', async () => {
    for (const other of [Buffer.from('other'), { sha256: 'cd'.repeat(32) }]) {
      expect(await refusal(bundle(), { artifact: other })).toMatchObject({
        check: 'object',
        reason: 'the bundle is about another file',
      })
    }
  })

  test('is refused where another key signed', async () => {
    const { privateKey } = newKeys()
    const bytes = bundle({ signer: { ...leaf, privateKey } })
    for (const options of [{}, inDigits]) {
      expect(await refusal(bytes, options)).toMatchObject({
        check: 'signature',
        reason: 'the signature is not by the key of the certificate',
      })
    }
  })
})

describe('a bundle that is signed with a key', () => {
  const keys = newKeys()
  const bytes = bundle({ signer: keySigner(keys) })
  const byKey = { identity: undefined, key: pemOf(keys) }

  test.each([1, 2] as const)('is verified with it, in Rekor v%i', async (rekor) => {
    const { certificate, times } = await verified(bundle({ signer: keySigner(keys), rekor }), byKey)
    expect(certificate).toBeUndefined()
    expect(times).toEqual([signingTime])
    await verified(bundle({ signer: keySigner(keys), rekor }), { ...byKey, ...inDigits })
  })

  test('is refused for an identity, and for another key', async () => {
    expect(await refusal(bytes)).toMatchObject({
      check: 'identity',
      reason: 'the bundle comes without a certificate, and no key was given',
    })
    const other = await refusal(bytes, { ...byKey, key: pemOf(newKeys()) })
    expect(other.reason).toBe('the entry of the log is about another key')
    expect(await refusal(bundle(), byKey)).toMatchObject({
      check: 'identity',
      reason: 'the bundle comes with a certificate, and a key was given',
    })
  })

  test('is refused with its cause where the key cannot be read, and not where it is no text', async () => {
    await expect(verified(bytes, { ...byKey, key: 'no PEM' })).rejects.toMatchObject({
      ...{ check: 'identity', cause: { message: 'not PEM' } },
    })
    const key = Symbol('key') as never
    await expect(verified(bytes, { ...byKey, key })).rejects.toMatchObject({ name: 'TypeError' })
  })

  test.each([
    ['is not PEM', 'key', 'the key: not PEM'],
    [
      'is of an unknown kind',
      pemOf(generateKeyPairSync('ed448')),
      'the key: a public key of an unknown kind, or a broken one',
    ],
  ])('is refused with a key that %s', async (_name, key, reason) => {
    expect(await refusal(bytes, { ...byKey, key })).toMatchObject({ check: 'identity', reason })
  })

  test.each([
    ['P-384', newKeys('P-384'), 'sha384'],
    ['ed25519', generateKeyPairSync('ed25519'), null],
    ['rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ] as const)('of %s needs the file, not its SHA-256', async (kind, pair, hash) => {
    const signed = bundle({ signer: keySigner(pair), hash })
    const options = { identity: undefined, key: pemOf(pair) }
    await verified(signed, options)
    expect(await refusal(signed, { ...options, ...inDigits })).toMatchObject({
      check: 'signature',
      reason: `a signature by a key of ${kind} needs the file, not its SHA-256`,
    })
  })

  test('takes a signature whose s is large or small, from the digest too', async () => {
    const seen = new Set<boolean>()
    for (let turn = 0; turn < 40 && seen.size < 2; turn++) {
      const signed = bundle({ signer: keySigner(keys) })
      const [signature] = /"signature":"([^"]+)"/.exec(signed.toString())?.slice(1) ?? []
      // The first byte of s is zero where its highest bit is set.
      const der = Buffer.from(signature ?? '', 'base64')
      seen.add(der[4 + (der[3] ?? 0) + 1] === 33)
      await verified(signed, { ...byKey, ...inDigits })
    }
    expect(seen.size).toBe(2)
  })
})

describe('the version of a bundle', () => {
  test.each([v01, v02, v03, 'application/vnd.dev.sigstore.bundle.v0.3+json'])(
    '%s is known',
    async (mediaType) => {
      await verified(bundle({ mediaType }))
      const [number] = /0\.\d/.exec(mediaType) ?? []
      expect(readBundle(bundle({ mediaType })).version).toBe(number)
    },
  )

  test('0.1 needs no proof where there is a promise', async () => {
    const form: Form = { rekor: 1, change: (_, _material, entry) => delete entry['inclusionProof'] }
    const { entries } = await verified(bundle({ ...form, mediaType: v01 }))
    expect(entries).toHaveLength(1)
    for (const mediaType of [v02, v03]) {
      expect(await refusal(bundle({ ...form, mediaType }))).toMatchObject({
        check: 'inclusion',
        reason: 'the entry lacks a proof that it is in the log',
      })
    }
    const neither: Form = { change: (_, _material, entry) => delete entry['inclusionProof'] }
    expect((await refusal(bundle({ ...neither, mediaType: v01 }))).check).toBe('inclusion')
  })

  test('of an unknown number is refused', async () => {
    const mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.4'
    expect(await refusal(bundle({ mediaType }))).toEqual({
      ...{ check: 'object', path: 'mediaType', reason: 'is not of a known version' },
    })
  })
})

describe('a chain of certificates in a bundle', () => {
  const [issuing, root] = parseTrustedRoot(
    sigstore.trustedRoot(),
  ).parts.certificateAuthorities.flatMap(({ chain }) =>
    chain.map(({ bytes }) => Buffer.from(bytes)),
  )
  const chainOf = (...all: readonly (Buffer | undefined)[]): Form => ({
    change: (_, material) => {
      delete material['certificate']
      const certificates = all.map((one) => ({ rawBytes: one?.toString('base64') }))
      material['x509CertificateChain'] = { certificates }
    },
  })

  test('begins with that of the signer', async () => {
    await verified(bundle(chainOf(leaf.der)))
    await verified(bundle(chainOf(leaf.der, issuing)))
    expect((await refusal(bundle(chainOf(issuing, leaf.der)))).check).not.toBe('object')
  })

  test('must not bring a root, be empty, or be long', async () => {
    expect(await refusal(bundle(chainOf(leaf.der, issuing, root)))).toMatchObject({
      check: 'object',
      path: 'verificationMaterial.x509CertificateChain',
      reason: 'contains a root certificate',
    })
    const path = 'verificationMaterial.x509CertificateChain.certificates'
    expect(await refusal(bundle(chainOf()))).toMatchObject({
      ...{ path, reason: '0 entries, not 1 to 8' },
    })
    await verified(bundle(chainOf(leaf.der, ...Array<Buffer | undefined>(7).fill(issuing))))
    const nine = chainOf(leaf.der, ...Array<Buffer | undefined>(8).fill(issuing))
    expect(await refusal(bundle(nine))).toMatchObject({
      ...{ path, reason: '9 entries, not 1 to 8' },
    })
  })
})

describe('the statement of a bundle', () => {
  const hex = createHash('sha256').update(artifact).digest('hex')
  const payloadOf = (subject: unknown): Buffer => Buffer.from(JSON.stringify({ subject }))
  const payload = payloadOf([
    { name: 'other', digest: { sha256: 'ab'.repeat(32) } },
    { name: 'file', digest: { sha256: hex } },
  ])

  test('may name the file among others, and is returned', async () => {
    const { statement } = await verified(bundle({ payload }))
    expect(Buffer.from(statement ?? [])).toEqual(payload)
    await verified(bundle({ payload }), inDigits)
  })

  test.each([
    [
      'of another type',
      { payload, payloadType: 'text/plain' },
      { reason: 'the payload is not an in-toto statement' },
    ],
    [
      'about other files',
      { payload: payloadOf([{ digest: { sha256: 'ab'.repeat(32) } }]) },
      { reason: 'no subject of the statement is the artifact: every SHA-256 differs' },
    ],
    ['about no file', { payload: payloadOf([]) }, {}],
    [
      'without a digest',
      { payload: payloadOf([{ name: 'file' }]) },
      { path: 'subject[0].digest', reason: 'is missing' },
    ],
    [
      'without a SHA-256',
      { payload: payloadOf([{ digest: { sha512: hex } }]) },
      { path: 'subject[0].digest.sha256', reason: 'is missing' },
    ],
    ['that is not JSON', { payload: Buffer.from('no') }, {}],
  ])('%s is refused', async (_name, form, expected) => {
    expect(await refusal(bundle(form))).toMatchObject({ check: 'statement', ...expected })
  })
})

describe('a bundle is refused', () => {
  const signatures = (object: Json): Json[] =>
    (object['dsseEnvelope'] as { signatures: Json[] }).signatures
  const message = (object: Json): Json => object['messageSignature'] as Json
  const proof = (entry: Json): Json => entry['inclusionProof'] as Json
  const payload = Buffer.from('{}')
  const inEntry = 'verificationMaterial.tlogEntries[0]'
  const count = 'is not a number from 0 to 2^53 - 1'

  test.each<readonly [string, Form['change'], string, string, Form?]>([
    [
      'without a signature',
      (object) => signatures(object).pop(),
      'dsseEnvelope.signatures',
      'must be exactly one',
      { payload },
    ],
    [
      'with two signatures',
      (object) => signatures(object).push({ sig: '' }),
      'dsseEnvelope.signatures',
      'must be exactly one',
      { payload },
    ],
    [
      'with a digest of another function',
      (object) => (message(object)['messageDigest'] = { algorithm: 'SHA2_512', digest: '' }),
      'messageSignature.messageDigest.algorithm',
      'is not SHA2_256',
    ],
    [
      'without a content',
      (object) => delete object['messageSignature'],
      'messageSignature',
      'is missing',
    ],
    [
      'without a signer',
      (_, material) => delete material['certificate'],
      'verificationMaterial.publicKey',
      'is missing',
    ],
    [
      'whose certificate cannot be read',
      (_, material) => (material['certificate'] = { rawBytes: 'AAAA' }),
      'verificationMaterial.certificate.rawBytes',
      'is not a certificate: a value without a length',
    ],
    [
      'whose certificate is too long',
      (_, material) =>
        (material['certificate'] = { rawBytes: Buffer.alloc(32_001).toString('base64') }),
      'verificationMaterial.certificate.rawBytes',
      'is too long',
    ],
    [
      'whose timestamp is too long',
      (_, material) =>
        (material['timestampVerificationData'] = {
          rfc3161Timestamps: [{ signedTimestamp: Buffer.alloc(64_001).toString('base64') }],
        }),
      'verificationMaterial.timestampVerificationData.rfc3161Timestamps[0].signedTimestamp',
      'is too long',
    ],
    [
      'with nine timestamps',
      (_, material) =>
        (material['timestampVerificationData'] = {
          rfc3161Timestamps: Array.from({ length: 9 }, () => ({ signedTimestamp: '' })),
        }),
      'verificationMaterial.timestampVerificationData.rfc3161Timestamps',
      '9 entries, not 0 to 8',
    ],
    [
      'without an entry',
      (_, material) => (material['tlogEntries'] = []),
      'verificationMaterial.tlogEntries',
      '0 entries, not 1 to 8',
    ],
    [
      'with a root hash that is short',
      (_, _material, entry) => (proof(entry)['rootHash'] = 'AAAA'),
      `${inEntry}.inclusionProof.rootHash`,
      'is not a SHA-256',
    ],
    [
      'with a checkpoint that is long',
      (_, _material, entry) => (proof(entry)['checkpoint'] = { envelope: 'x'.repeat(16_001) }),
      `${inEntry}.inclusionProof.checkpoint.envelope`,
      'is longer than 16000',
    ],
    ...['-1', '01', ' 1', '1 ', '1e3', '9007199254740992', '12345678901234567', '', 1.5, -1].map(
      (index) =>
        [
          `with the index ${JSON.stringify(index)}`,
          (_: Json, _material: Json, entry: Json) => (entry['logIndex'] = index),
          `${inEntry}.logIndex`,
          count,
        ] as const,
    ),
  ])('%s', async (_name, change, path, reason, form = {}) => {
    const bytes = bundle({ ...form, ...(change && { change }) })
    expect(await refusal(bytes)).toEqual({ check: 'object', path, reason })
  })

  test('whose index is not the one of its proof', async () => {
    const change: Form['change'] = (_, _material, entry) => (entry['logIndex'] = 3)
    expect(await refusal(bundle({ change }))).toMatchObject({
      check: 'inclusion',
      reason: 'the index of the entry is not that of its proof',
    })
  })

  test('without a time', async () => {
    for (const data of [null, { rfc3161Timestamps: null }, { rfc3161Timestamps: [] }]) {
      const change: Form['change'] = (_, material) => (material['timestampVerificationData'] = data)
      expect(await refusal(bundle({ change }))).toMatchObject({
        check: 'time',
        reason: 'neither a log nor an authority says when it was signed',
      })
    }
  })

  test('that is too long, or not JSON', async () => {
    expect(await refusal(Buffer.alloc(1_000_001, ' '))).toMatchObject({
      check: 'object',
      reason: 'the bundle is longer than 1000000 bytes',
    })
    expect((await refusal(Buffer.alloc(1_000_000, ' '))).reason).not.toMatch(/longer/)
    expect((await refusal(Buffer.from('{"a":1,"a":1}'))).check).toBe('object')
  })
})

test('a certificate may be as long as the limit, and not longer', async () => {
  const refused = (length: number): Promise<{ reason: string }> => {
    const der = Buffer.alloc(length)
    return refusal(bundle({ signer: { ...leaf, der } }))
  }
  expect((await refused(32_000)).reason).toMatch(/^is not a certificate: /)
  expect((await refused(32_001)).reason).toBe('is too long')
})

test('numbers of entries in lists are none', async () => {
  const change: Form['change'] = (_, _material, entry) => (entry['logIndex'] = ['4'])
  expect(await refusal(bundle({ change }))).toMatchObject({
    ...{ check: 'object', reason: 'is not a number from 0 to 2^53 - 1' },
  })
})

test('numbers of entries may be texts, or small numbers', () => {
  const change: Form['change'] = (_, _material, entry) => {
    Object.assign(entry, { logIndex: 4, integratedTime: '0' })
  }
  const [entry] = readBundle(bundle({ change })).entries
  expect(entry).toMatchObject({ logIndex: 4, integratedTime: 0, promise: undefined })
  expect(entry?.proof).toMatchObject({ logIndex: 4, treeSize: 7 })
  const [greatest] = readBundle(
    bundle({ change: (_, _material, one) => (one['logIndex'] = '9007199254740991') }),
  ).entries
  expect(greatest?.logIndex).toBe(Number.MAX_SAFE_INTEGER)
})
