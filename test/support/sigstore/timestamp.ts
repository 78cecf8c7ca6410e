/** Timestamps (RFC 3161) for tests. */
import { sign, type KeyObject } from 'node:crypto'
import { sha256 } from './certificates.js'
import * as der from './der.js'

export interface TimestampFields {
  /** Milliseconds since 1970. */
  readonly time?: number
  /** The bytes under the signed digest, instead of the content. */
  readonly digestOf?: Uint8Array
  readonly signer?: KeyObject
  readonly embed?: boolean
  readonly status?: number
}

export interface TimestampSigner {
  readonly privateKey: KeyObject
  readonly certificate: Buffer
  readonly issuer: string
  readonly serial: number
}

const sha256Algorithm = der.sequence(der.oid('2.16.840.1.101.3.4.2.1'))
const signedDataOid = der.oid('1.2.840.113549.1.7.2')
const infoOid = der.oid('1.2.840.113549.1.9.16.1.4')

/** A whole response, as authorities send it. */
export function timestampToken(
  signer: TimestampSigner,
  stamped: Uint8Array,
  fields: TimestampFields,
): Buffer {
  const info = der.sequence(
    der.integer(1),
    der.oid('1.2.3.4'),
    der.sequence(sha256Algorithm, der.octets(sha256(stamped))),
    der.integer(99),
    der.time(fields.time ?? 0),
  )
  const digest = der.octets(sha256(fields.digestOf ?? info))
  const attributes = [
    der.sequence(der.oid('1.2.840.113549.1.9.3'), der.set(infoOid)),
    der.sequence(der.oid('1.2.840.113549.1.9.4'), der.set(digest)),
  ]
  const signature = sign('sha256', der.set(...attributes), fields.signer ?? signer.privateKey)
  const signerInfo = der.sequence(
    der.integer(1),
    der.sequence(der.name(signer.issuer), der.integer(signer.serial)),
    sha256Algorithm,
    der.value(der.context(0), ...attributes),
    der.sequence(der.oid('1.2.840.10045.4.3.2')),
    der.octets(signature),
  )
  const signedData = der.sequence(
    der.integer(3),
    der.set(sha256Algorithm),
    der.sequence(infoOid, der.value(der.context(0), der.octets(info))),
    ...(fields.embed === true ? [der.value(der.context(0), signer.certificate)] : []),
    der.set(signerInfo),
  )
  const status = der.sequence(der.integer(fields.status ?? 0))
  const content = der.sequence(signedDataOid, der.value(der.context(0), signedData))
  return Buffer.from(der.sequence(status, content))
}
