/** Issues certificates for tests: an authority, and leaves as Fulcio issues them. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import * as der from './der.js'

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export interface Extension {
  readonly oid: string
  readonly critical?: boolean
  readonly value: Uint8Array
}

export interface CertificateFields {
  readonly subject: string
  readonly issuer: string
  readonly key: KeyObject
  readonly signer: KeyObject
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions: readonly Extension[]
  readonly serial?: number
}

export function newKeys(curve: 'P-256' | 'P-384' = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: curve })
}

export function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

const ecdsaSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'))

/** The part that an authority signs. */
export function tbsOf(fields: CertificateFields): Uint8Array {
  const extensions = fields.extensions.map(({ oid, critical, value }) =>
    der.sequence(
      der.oid(oid),
      ...(critical === true ? [der.boolean(true)] : []),
      der.octets(value),
    ),
  )
  return der.sequence(
    der.value(der.context(0), der.integer(2)),
    der.integer(fields.serial ?? 4711),
    ecdsaSha256,
    der.name(fields.issuer),
    der.sequence(der.time(fields.notBefore), der.time(fields.notAfter)),
    der.name(fields.subject),
    spkiOf(fields.key),
    der.value(der.context(3), der.sequence(...extensions)),
  )
}

export function certificate(fields: CertificateFields): Buffer {
  const tbs = tbsOf(fields)
  const signature = sign('sha256', tbs, fields.signer)
  return Buffer.from(der.sequence(tbs, ecdsaSha256, der.bits(signature)))
}

export const extensions = {
  basicConstraints: (ca: boolean): Extension => ({
    oid: '2.5.29.19',
    critical: true,
    value: ca ? der.sequence(der.boolean(true)) : der.sequence(),
  }),
  /** The bits, the first as 0x80. */
  keyUsage: (bits: number): Extension => ({
    oid: '2.5.29.15',
    critical: true,
    value: der.value(der.tags.bitString, Uint8Array.of(0, bits)),
  }),
  extendedKeyUsage: (purpose: string): Extension => ({
    oid: '2.5.29.37',
    value: der.sequence(der.oid(purpose)),
  }),
  /** URI, or e-mail address where there is an @ and no slash. */
  subjectName: (...names: readonly string[]): Extension => ({
    oid: '2.5.29.17',
    critical: true,
    value: der.sequence(
      ...names.map((name) =>
        der.value(name.includes('@') && !name.includes('/') ? 0x81 : 0x86, Buffer.from(name)),
      ),
    ),
  }),
  claim: (number: number, value: string): Extension => ({
    oid: `1.3.6.1.4.1.57264.1.${number}`,
    value: der.text(value),
  }),
  scts: (list: Uint8Array): Extension => ({
    oid: '1.3.6.1.4.1.11129.2.4.2',
    value: der.octets(list),
  }),
}
