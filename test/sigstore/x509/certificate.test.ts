/** Certificates are read strictly (RFC 5280), and one is judged against its issuer. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { Asn1Error } from '../../../src/sigstore/x509/asn1.js'
import {
  alternativeNamesOf,
  isIssuedBy,
  readCertificate,
  textExtension,
  type Certificate,
} from '../../../src/sigstore/x509/certificate.js'
import { certificate, extensions, newKeys, spkiOf } from '../../support/sigstore/certificates.js'
import type { Extension } from '../../support/sigstore/certificates.js'
import * as der from '../../support/sigstore/der.js'

const keys = newKeys()
const [start, end] = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)]
const ecdsaSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'))
const ecdsaSha384 = der.sequence(der.oid('1.2.840.10045.4.3.3'))
const ca: readonly Extension[] = [extensions.basicConstraints(true), extensions.keyUsage(0x04)]

/** The fields of a certificate, as DER, in their order. */
interface Parts {
  readonly version: Uint8Array
  readonly serial: Uint8Array
  readonly inner: Uint8Array
  readonly issuer: Uint8Array
  readonly validity: Uint8Array
  readonly subject: Uint8Array
  readonly spki: Uint8Array
  readonly optional: Uint8Array
  readonly algorithm: Uint8Array
  readonly signature: Uint8Array
  readonly more: Uint8Array
}

const none = Uint8Array.of()

/** A certificate that is read, but for the parts given. */
function written(parts: Partial<Parts>): Buffer {
  const all: Parts = {
    version: der.value(der.context(0), der.integer(2)),
    serial: der.integer(4711),
    inner: ecdsaSha256,
    issuer: der.name('issuer'),
    validity: der.sequence(der.time(start), der.time(end)),
    subject: der.name('subject'),
    spki: spkiOf(keys.publicKey),
    optional: none,
    algorithm: ecdsaSha256,
    signature: der.bits(Uint8Array.of(1)),
    more: none,
    ...parts,
  }
  const { version, serial, inner, issuer, validity, subject, spki, optional } = all
  const tbs = der.sequence(version, serial, inner, issuer, validity, subject, spki, optional)
  return Buffer.from(der.sequence(tbs, all.algorithm, all.signature, all.more))
}

/** One whose extensions are these elements. */
function extended(...list: readonly Uint8Array[]): Buffer {
  return written({ optional: der.value(der.context(3), der.sequence(...list)) })
}

function extension(oid: string, value: Uint8Array): Uint8Array {
  return der.sequence(der.oid(oid), der.octets(value))
}

function refusal(bytes: Uint8Array): string {
  try {
    readCertificate(bytes)
  } catch (error) {
    if (error instanceof Asn1Error) return error.message
    throw error
  }
  throw new Error('it was read')
}

test('every field of a certificate is read', () => {
  const bytes = certificate({
    ...{ subject: 'leaf', issuer: 'issuer', key: keys.publicKey, signer: keys.privateKey },
    ...{ notBefore: start, notAfter: end, serial: 0xab01 },
    extensions: [extensions.keyUsage(0x80), extensions.extendedKeyUsage('1.3.6.1.5.5.7.3.3')],
  })
  const read = readCertificate(bytes)
  expect(read).toMatchObject({
    ...{ notBefore: start, notAfter: end, serial: '00ab01', keyUsage: 0x80, ca: false },
    ...{ extendedKeyUsage: ['1.3.6.1.5.5.7.3.3'], signatureOid: '1.2.840.10045.4.3.2' },
  })
  expect(read.pathLength).toBeUndefined()
  expect(read.key.kind).toBe('P-256')
  expect(Buffer.from(read.subject)).toEqual(Buffer.from(der.name('leaf')))
  expect(Buffer.from(read.issuer)).toEqual(Buffer.from(der.name('issuer')))
  expect([...read.extensions.keys()]).toEqual(['2.5.29.15', '2.5.29.37'])
  expect(read.extensions.get('2.5.29.15')?.critical).toBe(true)
  expect(read.extensions.get('2.5.29.37')?.critical).toBe(false)
})

test('a certificate without extensions is not a CA and states no usage', () => {
  const read = readCertificate(written({}))
  expect(read).toMatchObject({ ca: false, extendedKeyUsage: [] })
  expect(read.extensions.size).toBe(0)
  expect([read.keyUsage, read.pathLength]).toEqual([undefined, undefined])
  expect(alternativeNamesOf(read)).toEqual([])
  expect(textExtension(read, '1.2.3')).toBeUndefined()
})

describe('a certificate is refused', () => {
  test.each<readonly [string, Uint8Array, string]>([
    ['with a fourth field', written({ more: der.integer(0) }), 'not a certificate'],
    ['without an algorithm', Buffer.from(der.sequence(der.sequence())), 'not a certificate'],
    ['without a field', Buffer.from(der.sequence()), 'not a certificate'],
    [
      'of version 1',
      written({ version: der.value(der.context(0), der.integer(0)) }),
      'not a certificate of version 3',
    ],
    ['with another algorithm inside', written({ inner: ecdsaSha384 }), 'two signature algorithms'],
    [
      'with something after its extensions',
      written({
        optional: Buffer.concat([der.value(der.context(3), der.sequence()), der.integer(0)]),
      }),
      'more than extensions at the end of a certificate',
    ],
    [
      'with an extension of four fields',
      extended(der.sequence(der.oid('1.2'), der.boolean(true), der.octets(none), der.octets(none))),
      'an extension with too many fields',
    ],
    [
      'that writes that an extension is not critical',
      extended(der.sequence(der.oid('1.2'), der.boolean(false), der.octets(none))),
      'a default that is written',
    ],
    [
      'with an extension twice',
      extended(extension('1.2', none), extension('1.2', none)),
      'the extension 1.2 occurs twice',
    ],
    [
      'with an unknown critical extension after a known one',
      extended(
        der.sequence(der.oid('2.5.29.19'), der.boolean(true), der.octets(der.sequence())),
        der.sequence(der.oid('2.5.29.30'), der.boolean(true), der.octets(none)),
      ),
      'the critical extension 2.5.29.30 is not understood',
    ],
    [
      'with basic constraints of three fields',
      extended(
        extension('2.5.29.19', der.sequence(der.boolean(true), der.integer(0), der.integer(0))),
      ),
      'not basic constraints',
    ],
    [
      'whose basic constraints begin with a number',
      extended(extension('2.5.29.19', der.sequence(der.integer(0)))),
      'expected DER tag 0x1, found tag 0x2',
    ],
    [
      'with a key usage without bits',
      extended(extension('2.5.29.15', der.value(der.tags.bitString, Uint8Array.of(0)))),
      'not a key usage',
    ],
    [
      'with a key usage that is not a bit string',
      extended(extension('2.5.29.15', der.octets(Uint8Array.of(0, 0x80)))),
      'expected DER tag 0x3, found tag 0x4',
    ],
    [
      'with an extension that is not octets',
      extended(der.sequence(der.oid('1.2'), der.integer(0))),
      'expected DER tag 0x4, found tag 0x2',
    ],
    [
      'with a padded serial number',
      written({ serial: der.value(der.tags.integer, Uint8Array.of(0, 1)) }),
      'a padded integer',
    ],
    ['with a name that is a set', written({ issuer: der.set() }), found(0x31)],
    ['for a name that is a set', written({ subject: der.set() }), found(0x31)],
    ['with a period that is a set', written({ validity: der.set() }), found(0x31)],
    ['with a key that is a set', written({ spki: der.set() }), found(0x31)],
    ['with an algorithm that is a set', written({ inner: der.set() }), found(0x31)],
    ['with half a period', written({ validity: der.sequence(der.time(start)) }), 'not a time'],
    [
      'for a key of an unknown kind',
      written({ spki: der.sequence(der.sequence(der.oid('1.2')), der.bits(none)) }),
      'a public key of an unknown kind, or a broken one',
    ],
  ])('%s', (_name, bytes, message) => {
    expect(refusal(bytes)).toBe(message)
  })
})

function found(tag: number): string {
  return `expected DER tag 0x30, found tag 0x${tag.toString(16)}`
}

test('a CA may state how many others follow it', () => {
  const stated = der.sequence(der.boolean(true), der.integer(3))
  expect(readCertificate(extended(extension('2.5.29.19', stated)))).toMatchObject({
    ca: true,
    pathLength: 3,
  })
})

test('critical extensions that are understood are read', () => {
  const critical = [
    extensions.basicConstraints(true),
    extensions.keyUsage(0x04),
    extensions.extendedKeyUsage('1.2.3'),
    extensions.subjectName('a@example.org'),
  ].map(({ oid, value }) => der.sequence(der.oid(oid), der.boolean(true), der.octets(value)))
  expect(readCertificate(extended(...critical))).toMatchObject({ ca: true, keyUsage: 0x04 })
})

describe('the names of a subject', () => {
  const fulcio = der.oid('1.3.6.1.4.1.57264.1.7')
  const other = (oid: Uint8Array, text: Uint8Array): Uint8Array =>
    der.value(der.context(0), oid, der.value(der.context(0), text))
  const named = (...names: readonly Uint8Array[]): Certificate =>
    readCertificate(extended(extension('2.5.29.17', der.sequence(...names))))

  test('e-mail addresses, URIs and the text of Fulcio are read, in their order', () => {
    const read = named(
      der.value(0x86, Buffer.from('https://example.org/é')),
      der.value(0x82, Buffer.from('example.org')),
      der.value(0x81, Buffer.from('a@example.org')),
      other(fulcio, der.text('robot')),
      other(der.oid('1.2.3'), der.text('ignored')),
    )
    expect(alternativeNamesOf(read)).toEqual([
      { type: 'uri', value: 'https://example.org/é' },
      { type: 'email', value: 'a@example.org' },
      { type: 'other', value: 'robot' },
    ])
  })

  test('a text that is not UTF-8, or of another type, is refused', () => {
    for (const name of [
      der.value(0x81, Uint8Array.of(0xff)),
      der.value(0x86, Uint8Array.of(0xff)),
      other(fulcio, der.octets(Buffer.from('robot'))),
      der.value(der.context(0), fulcio, der.text('robot')),
    ]) {
      expect(() => alternativeNamesOf(named(name))).toThrow(Asn1Error)
    }
  })

  test('a text extension is a UTF8String', () => {
    const read = readCertificate(
      extended(extension('1.2.3', der.text('text')), extension('1.2.4', Buffer.from('text'))),
    )
    expect(textExtension(read, '1.2.3')).toBe('text')
    expect(() => textExtension(read, '1.2.4')).toThrow(Asn1Error)
  })
})

describe('a certificate is issued by', () => {
  /** A leaf of `issuer`, and an issuer whose certificate has the extensions. */
  function pair(
    signer: KeyObject,
    key: KeyObject,
    algorithm: string,
    hash: string,
    list: readonly Extension[] = ca,
  ): boolean {
    const oid = der.sequence(der.oid(algorithm))
    const unsigned = readCertificate(written({ inner: oid, algorithm: oid }))
    const signature = der.bits(sign(hash, unsigned.tbs.bytes, signer))
    const leaf = readCertificate(written({ inner: oid, algorithm: oid, signature }))
    const issuer = certificate({
      ...{ subject: 'issuer', issuer: 'root', key, signer, notBefore: start, notAfter: end },
      extensions: list,
    })
    return isIssuedBy(nodeCryptography, leaf, readCertificate(issuer))
  }
  const ec = (algorithm: string, hash: string, list = ca): boolean =>
    pair(keys.privateKey, keys.publicKey, algorithm, hash, list)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const byRsa = (algorithm: string, hash: string): boolean =>
    pair(rsa.privateKey, rsa.publicKey, algorithm, hash)

  test.each([
    ['1.2.840.10045.4.3.2', 'sha256'],
    ['1.2.840.10045.4.3.3', 'sha384'],
    ['1.2.840.10045.4.3.4', 'sha512'],
  ])('a CA with a key of ECDSA, by %s', (algorithm, hash) => {
    expect(ec(algorithm, hash)).toBe(true)
    expect(ec(algorithm, hash === 'sha256' ? 'sha384' : 'sha256')).toBe(false)
    expect(byRsa(algorithm, hash)).toBe(false)
  })

  test.each([
    ['1.2.840.113549.1.1.11', 'sha256'],
    ['1.2.840.113549.1.1.12', 'sha384'],
    ['1.2.840.113549.1.1.13', 'sha512'],
  ])('a CA with a key of RSA, by %s', (algorithm, hash) => {
    expect(byRsa(algorithm, hash)).toBe(true)
    expect(byRsa(algorithm, hash === 'sha256' ? 'sha384' : 'sha256')).toBe(false)
    expect(ec(algorithm, hash)).toBe(false)
  })

  test('no CA by an algorithm that is not listed', () => {
    expect(ec('1.2.840.10045.4.3.1', 'sha256')).toBe(false)
    expect(ec('1.2.840.10045.4.1', 'sha1')).toBe(false)
  })

  test('a CA that states no key usage, and not one that states another', () => {
    const algorithm = '1.2.840.10045.4.3.2'
    expect(ec(algorithm, 'sha256', [extensions.basicConstraints(true)])).toBe(true)
    const other = [extensions.basicConstraints(true), extensions.keyUsage(0xfb)]
    expect(ec(algorithm, 'sha256', other)).toBe(false)
  })

  test('none that is not a CA', () => {
    const algorithm = '1.2.840.10045.4.3.2'
    expect(ec(algorithm, 'sha256', [extensions.keyUsage(0x04)])).toBe(false)
    const denied = [extensions.basicConstraints(false), extensions.keyUsage(0x04)]
    expect(ec(algorithm, 'sha256', denied)).toBe(false)
  })
})
