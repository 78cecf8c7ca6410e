/** Timestamps (RFC 3161): each field of the token is judged, and the authority must be valid then. */
import { createHash, sign, type KeyObject } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { AttestationError } from '../../../src/errors.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { readCertificate } from '../../../src/sigstore/x509/certificate.js'
import type { TrustedAuthority } from '../../../src/sigstore/trusted-root.js'
import { verifiedTimestamp } from '../../../src/sigstore/x509/timestamp.js'
import { certificate, extensions, newKeys, sha256 } from '../../support/sigstore/certificates.js'
import type { CertificateFields, Extension } from '../../support/sigstore/certificates.js'
import * as der from '../../support/sigstore/der.js'

const time = Date.UTC(2026, 4, 13, 12)
const day = 86_400_000
const stamping = '1.3.6.1.5.5.7.3.8'
const stamped = Buffer.from('a signature')
const [root, keys] = [newKeys(), newKeys()]
const validFor = { start: time - day, end: time + day }

function issued(fields: Partial<CertificateFields>): Buffer {
  return certificate({
    ...{ subject: 'stamps', issuer: 'root', key: keys.publicKey, signer: root.privateKey },
    ...{ notBefore: time - day, notAfter: time + day },
    extensions: [extensions.extendedKeyUsage(stamping)],
    ...fields,
  })
}

const anchor = issued({
  ...{ subject: 'root', key: root.publicKey },
  extensions: [extensions.basicConstraints(true)],
})
const signer = issued({})

function authorityOf(...chain: readonly Buffer[]): TrustedAuthority {
  return { chain: chain.map(readCertificate), validFor }
}

const good = authorityOf(signer, anchor)
const hashOids = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const
type Hash = keyof typeof hashOids

function algorithm(hash: Hash): Uint8Array {
  return der.sequence(der.oid(hashOids[hash]))
}

const infoOid = der.oid('1.2.840.113549.1.9.16.1.4')
const contentType = der.sequence(der.oid('1.2.840.113549.1.9.3'), der.set(infoOid))

/** The parts of a token, as DER; the default of each makes a good one. */
interface Parts {
  readonly status?: Uint8Array
  readonly afterContent?: Uint8Array
  readonly signedDataOid?: Uint8Array
  readonly infoOid?: Uint8Array
  readonly afterInfo?: Uint8Array
  readonly version?: Uint8Array
  readonly policy?: Uint8Array
  readonly imprint?: Uint8Array
  readonly serial?: Uint8Array
  readonly time?: Uint8Array
  readonly certificates?: readonly Uint8Array[]
  readonly contentType?: Uint8Array
  readonly moreAttributes?: readonly Uint8Array[]
  readonly digest?: Uint8Array
  readonly hash?: Hash
  readonly digestAlgorithm?: Uint8Array
  readonly signerVersion?: Uint8Array
  readonly signerName?: Uint8Array
  readonly signature?: (attributes: Uint8Array) => Uint8Array
  readonly key?: KeyObject
  readonly secondSigner?: boolean
}

function token(parts: Parts = {}): Buffer {
  const { hash = 'sha256', key = keys.privateKey } = parts
  const info = der.sequence(
    parts.version ?? der.integer(1),
    parts.policy ?? der.oid('1.2.3.4'),
    parts.imprint ?? der.sequence(algorithm('sha256'), der.octets(sha256(stamped))),
    parts.serial ?? der.integer(99),
    parts.time ?? der.time(time),
  )
  const digest = parts.digest ?? createHash(hash).update(info).digest()
  const attributes = [
    parts.contentType ?? contentType,
    der.sequence(der.oid('1.2.840.113549.1.9.4'), der.set(der.octets(digest))),
    ...(parts.moreAttributes ?? []),
  ]
  const sign_ = parts.signature ?? ((bytes: Uint8Array) => sign(hash, bytes, key))
  const signerInfo = der.sequence(
    parts.signerVersion ?? der.integer(1),
    parts.signerName ?? der.sequence(der.name('root'), der.integer(4711)),
    parts.digestAlgorithm ?? algorithm(hash),
    der.value(der.context(0), ...attributes),
    der.sequence(der.oid('1.2.840.10045.4.3.2')),
    der.octets(sign_(der.set(...attributes))),
  )
  const signedData = der.sequence(
    der.integer(3),
    der.set(algorithm(hash)),
    der.sequence(
      parts.infoOid ?? infoOid,
      der.value(der.context(0), der.octets(info)),
      parts.afterInfo ?? Uint8Array.of(),
    ),
    ...(parts.certificates ? [der.value(der.context(0), ...parts.certificates)] : []),
    der.set(signerInfo, ...(parts.secondSigner === true ? [signerInfo] : [])),
  )
  const oid = parts.signedDataOid ?? der.oid('1.2.840.113549.1.7.2')
  return Buffer.from(
    der.sequence(
      parts.status ?? der.sequence(der.integer(0)),
      der.sequence(oid, der.value(der.context(0), signedData)),
      parts.afterContent ?? Uint8Array.of(),
    ),
  )
}

/** A number is the time, a text the refusal. */
function answer(
  parts: Parts = {},
  authorities: readonly TrustedAuthority[] = [good],
  signature: Uint8Array = stamped,
): number | string {
  return answerTo(token(parts), authorities, signature)
}

function answerTo(
  bytes: Uint8Array,
  authorities: readonly TrustedAuthority[] = [good],
  signature: Uint8Array = stamped,
): number | string {
  try {
    return verifiedTimestamp(nodeCryptography, bytes, signature, authorities)
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    expect(error.check).toBe('time')
    return error.reason
  }
}

const noAuthority = 'the timestamp is not by an authority of the trusted root that is valid then'

describe('a timestamp is taken', () => {
  test('with its time, and with a fraction of a second', () => {
    expect(answer()).toBe(time)
    const fraction = der.value(der.tags.generalizedTime, Buffer.from('20260513120000.25Z'))
    expect(answer({ time: fraction })).toBe(time + 250)
  })

  test('that was granted with a change', () => {
    expect(answer({ status: der.sequence(der.integer(1)) })).toBe(time)
  })

  test.each(['sha256', 'sha384', 'sha512'] as const)('over a digest of %s', (hash) => {
    const digest = createHash(hash).update(stamped).digest()
    expect(answer({ imprint: der.sequence(algorithm(hash), der.octets(digest)) })).toBe(time)
    expect(answer({ hash })).toBe(time)
  })

  test('of the second authority', () => {
    const other = authorityOf(issued({ signer: newKeys().privateKey }), anchor)
    expect(answer({}, [other, good])).toBe(time)
    expect(answer({}, [other])).toBe(noAuthority)
  })

  test('whose certificate is in the token, issued by the authority', () => {
    const authority = authorityOf(anchor)
    expect(answer({ certificates: [signer] }, [authority])).toBe(time)
    expect(answer({ certificates: [anchor, signer] }, [authority])).toBe(time)
    expect(answer({ certificates: [anchor] }, [authority])).toBe(noAuthority)
    expect(answer({}, [authority])).toBe(noAuthority)
  })

  test('with the hash of its certificate', () => {
    expect(answer({ moreAttributes: [identity(der.octets(sha256(signer)))] })).toBe(time)
    // Of another function: RFC 5035 names it before the hash.
    expect(answer({ moreAttributes: [identity(algorithm('sha512'))] })).toBe(time)
    // Without any: another attribute, or the name of the signer, says whose it is.
    expect(answer({ moreAttributes: [identity(Uint8Array.of())] })).toBe(time)
  })
})

function identity(hash: Uint8Array): Uint8Array {
  const value = der.sequence(der.sequence(der.sequence(hash)))
  return der.sequence(der.oid('1.2.840.113549.1.9.16.2.47'), der.set(value))
}

describe('a timestamp is refused', () => {
  test('over another signature', () => {
    expect(answer({}, [good], Buffer.from('another'))).toBe(
      'the timestamp is over another signature',
    )
  })

  test('whose signed digest is of another content', () => {
    expect(answer({ digest: Buffer.alloc(32) })).toBe(
      'the signed digest of the timestamp is of another content',
    )
  })

  test('by no authority', () => {
    expect(answer({}, [])).toBe(noAuthority)
    expect(answer({}, [{ ...good, chain: [] }])).toBe(noAuthority)
  })

  test('by another key', () => {
    expect(answer({ key: newKeys().privateKey })).toBe(noAuthority)
    const over = (bytes: Uint8Array): Uint8Array =>
      sign('sha256', Buffer.concat([Uint8Array.of(0xa0), bytes.subarray(1)]), keys.privateKey)
    expect(answer({ signature: over })).toBe(noAuthority)
  })

  test('whose signer is another certificate', () => {
    const named = (name: string, serial: number): Uint8Array =>
      der.sequence(der.name(name), der.integer(serial))
    expect(answer({ signerName: named('root', 4711) })).toBe(time)
    expect(answer({ signerName: named('other', 4711) })).toBe(noAuthority)
    expect(answer({ signerName: named('root', 4712) })).toBe(noAuthority)
    expect(answer({ moreAttributes: [identity(der.octets(Buffer.alloc(32)))] })).toBe(noAuthority)
  })

  test.each<readonly [string, readonly Extension[]]>([
    ['no purpose', []],
    ['another purpose', [extensions.extendedKeyUsage('1.3.6.1.5.5.7.3.3')]],
    ['a second purpose', [purposes(stamping, '1.3.6.1.5.5.7.3.3')]],
    ['a second purpose before', [purposes('1.3.6.1.5.5.7.3.3', stamping)]],
  ])('whose certificate states %s', (_name, list) => {
    const other = issued({ extensions: list })
    expect(answer({}, [authorityOf(other, anchor)])).toBe(noAuthority)
    expect(answer({ certificates: [other] }, [authorityOf(anchor)])).toBe(noAuthority)
  })

  test('outside the period of the certificate or of the authority', () => {
    for (const parts of [{}, { certificates: [issued({ notAfter: time - 1000 })] }]) {
      const late = authorityOf(issued({ notAfter: time - 1000 }), anchor)
      expect(answer(parts, [late])).toBe(noAuthority)
      expect(answer(parts, [{ ...good, validFor: { start: 0, end: time - 1 } }])).toBe(noAuthority)
    }
    const authority = { ...authorityOf(anchor), validFor: { start: time + 1, end: Infinity } }
    expect(answer({ certificates: [signer] }, [authority])).toBe(noAuthority)
  })

  const two = der.integer(2)
  const [notType, noOctets] = ['content of another type', 'expected DER tag 0x4, found tag 0x2']
  test.each<readonly [string, Parts, string]>([
    ['that was rejected', { status: der.sequence(two) }, 'not a granted timestamp'],
    ['with a third field', { afterContent: two }, 'not a granted timestamp'],
    ['of another type', { signedDataOid: infoOid }, notType],
    ['about another content', { infoOid: der.oid('1.2.3') }, notType],
    ['with a field after its content', { afterInfo: two }, notType],
    ['of version 2', { version: two }, 'not version 1'],
    ['without a policy', { policy: two }, 'expected DER tag 0x6, found tag 0x2'],
    ['without a serial number', { serial: infoOid }, 'expected DER tag 0x2, found tag 0x6'],
    [
      'whose time is a UTCTime',
      { time: der.value(der.tags.utcTime, Buffer.from('260513120000Z')) },
      'expected DER tag 0x18, found tag 0x17',
    ],
    [
      'whose imprint has three fields',
      { imprint: der.sequence(algorithm('sha256'), der.octets(sha256(stamped)), two) },
      'not a message imprint',
    ],
    ['whose imprint is a number', { imprint: der.sequence(algorithm('sha256'), two) }, noOctets],
    [
      'over a digest of SHA-1',
      {
        imprint: der.sequence(der.sequence(der.oid('1.3.14.3.2.26')), der.octets(sha256(stamped))),
      },
      'a hash function that is not SHA-2',
    ],
    [
      'signed with SHA-1',
      { digestAlgorithm: der.sequence(der.oid('1.3.14.3.2.26')) },
      'a hash function that is not SHA-2',
    ],
    ['with two signers', { secondSigner: true }, 'more than one signer'],
    [
      'whose signer is named by a key',
      { signerVersion: der.integer(3) },
      'a signer that is not of version 1',
    ],
    [
      'whose attributes are of another content',
      { contentType: attribute('1.2.840.113549.1.9.3', der.oid('1.2.3')) },
      'attributes of another content',
    ],
    [
      'whose attributes name no content',
      { contentType: attribute('1.2.3', infoOid) },
      'expected DER tag 0x6, found nothing',
    ],
    [
      'with an attribute twice',
      { moreAttributes: [contentType] },
      'the attribute 1.2.840.113549.1.9.3 is not of one value',
    ],
    [
      'with an attribute of two values',
      { moreAttributes: [attribute('1.2.3', two, two)] },
      'the attribute 1.2.3 is not of one value',
    ],
    [
      'with an attribute without a value',
      { moreAttributes: [attribute('1.2.3')] },
      'the attribute 1.2.3 is not of one value',
    ],
  ])('%s', (_name, parts, reason) => {
    expect(answer(parts)).toBe(`the timestamp: ${reason}`)
  })

  test('with a certificate that cannot be read', () => {
    expect(answer({ certificates: [der.sequence()] })).toBe(
      'a certificate in the timestamp: not a certificate',
    )
  })

  test('that is not DER, or has a trailing byte', () => {
    expect(answerTo(Buffer.from('token'))).toMatch(/^the timestamp: /)
    expect(answerTo(Buffer.concat([token(), Uint8Array.of(0)]))).toMatch(/^the timestamp: /)
  })
})

function attribute(oid: string, ...values: readonly Uint8Array[]): Uint8Array {
  return der.sequence(der.oid(oid), der.set(...values))
}

function purposes(...all: readonly string[]): Extension {
  return { oid: '2.5.29.37', value: der.sequence(...all.map(der.oid)) }
}
