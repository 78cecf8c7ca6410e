/**
 * X.509 certificates (RFC 5280) as Sigstore uses them: read strictly. Only the encoding is judged
 * here and, by `isIssuedBy`, one certificate against the next.
 */
import { encodeHex, sameBytes } from '../../core/bytes.js'
import type { Cryptography, SignatureHash } from '../../core/keys/cryptography.js'
import {
  Asn1Error,
  booleanOf,
  childrenOf,
  context,
  expectTag,
  integerOf,
  oidOf,
  readOne,
  smallIntegerOf,
  tags,
  timeOf,
  utf8Of,
  wholeBytesOf,
  type Asn1,
} from './asn1.js'
import { holds, readSpki, type SpkiKey } from './public-key.js'

export interface CertificateExtension {
  readonly critical: boolean
  readonly value: Uint8Array
  /** The whole extension, as it stands. */
  readonly bytes: Uint8Array
}

/** A certificate, read and not believed. */
export interface Certificate {
  readonly bytes: Uint8Array
  /** The part that the issuer signed. */
  readonly tbs: Asn1
  readonly signatureOid: string
  readonly signature: Uint8Array
  /** Lower-case hexadecimal. */
  readonly serial: string
  /** The Name as DER. */
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  /** Milliseconds since 1970; both are included. */
  readonly notBefore: number
  readonly notAfter: number
  readonly key: SpkiKey
  readonly extensions: ReadonlyMap<string, CertificateExtension>
  readonly ca: boolean
  readonly pathLength: number | undefined
  /** The bits of RFC 5280, 4.2.1.3, the first as 0x80; undefined without the extension. */
  readonly keyUsage: number | undefined
  /** Object identifiers; empty without the extension. */
  readonly extendedKeyUsage: readonly string[]
}

/** Key usage: bits of {@link Certificate.keyUsage}. */
export const keyUsages = { digitalSignature: 0x80, keyCertSign: 0x04 } as const

/** Extended key usages. */
export const purposes = {
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const

const basicConstraints = '2.5.29.19'
const keyUsage = '2.5.29.15'
const extendedKeyUsage = '2.5.29.37'
const subjectAlternativeName = '2.5.29.17'

/** Critical extensions that are understood here; RFC 5280, 4.2: any other is refused. */
const understood = new Set([basicConstraints, keyUsage, extendedKeyUsage, subjectAlternativeName])

/** Signature algorithm → hash; of the keys, ECDSA and RSA of PKCS #1 v1.5. */
const signatureHashes: ReadonlyMap<
  string,
  { readonly kind: 'ec' | 'rsa'; readonly hash: SignatureHash }
> = new Map([
  ['1.2.840.10045.4.3.2', { kind: 'ec', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { kind: 'ec', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { kind: 'ec', hash: 'sha512' }],
  ['1.2.840.113549.1.1.11', { kind: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { kind: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { kind: 'rsa', hash: 'sha512' }],
])

/** Throws `Asn1Error` for anything but one certificate of version 3 in DER. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const [tbs, algorithm, signature, ...rest] = childrenOf(readOne(bytes), tags.sequence)
  if (tbs === undefined || algorithm === undefined || rest.length > 0) {
    throw new Asn1Error('not a certificate')
  }
  const [version, serial, inner, issuer, validity, subject, spki, ...optional] = childrenOf(
    tbs,
    tags.sequence,
  )
  if (smallIntegerOf(readOne(expectTag(version, context(0)).content)) !== 2) {
    throw new Asn1Error('not a certificate of version 3')
  }
  // RFC 5280, 4.1.1.2: the two must be the same.
  if (!sameBytes(expectTag(inner, tags.sequence).bytes, algorithm.bytes)) {
    throw new Asn1Error('two signature algorithms')
  }
  const [notBefore, notAfter] = childrenOf(expectTag(validity, tags.sequence), tags.sequence)
  const extensions = readExtensions(optional)
  const unknown = [...extensions].find(([oid, { critical }]) => critical && !understood.has(oid))
  if (unknown) throw new Asn1Error(`the critical extension ${unknown[0]} is not understood`)
  return {
    bytes,
    tbs,
    signatureOid: oidOf(childrenOf(algorithm, tags.sequence)[0]),
    signature: wholeBytesOf(signature),
    serial: encodeHex(integerOf(serial)),
    issuer: expectTag(issuer, tags.sequence).bytes,
    subject: expectTag(subject, tags.sequence).bytes,
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    key: readSpki(expectTag(spki, tags.sequence).bytes),
    extensions,
    ...readBasicConstraints(extensions.get(basicConstraints)),
    keyUsage: readKeyUsage(extensions.get(keyUsage)),
    extendedKeyUsage: readExtendedKeyUsage(extensions.get(extendedKeyUsage)),
  }
}

function readExtensions(optional: readonly Asn1[]): ReadonlyMap<string, CertificateExtension> {
  const [wrapper, ...rest] = optional
  const extensions = new Map<string, CertificateExtension>()
  if (wrapper === undefined) return extensions
  // The unique identifiers [1] and [2] are obsolete, and Sigstore writes neither.
  if (rest.length > 0) throw new Asn1Error('more than extensions at the end of a certificate')
  const list = readOne(expectTag(wrapper, context(3)).content, tags.sequence)
  for (const extension of childrenOf(list, tags.sequence)) {
    const [oid, ...fields] = childrenOf(extension, tags.sequence)
    const [first, second] = fields
    if (fields.length > 2) throw new Asn1Error('an extension with too many fields')
    const critical = second !== undefined && first !== undefined && booleanOf(first)
    // DER leaves a default out: a critical that is false is not written.
    if (second !== undefined && !critical) throw new Asn1Error('a default that is written')
    const name = oidOf(oid)
    if (extensions.has(name)) throw new Asn1Error(`the extension ${name} occurs twice`)
    const { content } = expectTag(second ?? first, tags.octetString)
    extensions.set(name, { critical, value: content, bytes: extension.bytes })
  }
  return extensions
}

function readBasicConstraints(
  extension: CertificateExtension | undefined,
): Pick<Certificate, 'ca' | 'pathLength'> {
  if (extension === undefined) return { ca: false, pathLength: undefined }
  const [first, second, ...rest] = childrenOf(readOne(extension.value), tags.sequence)
  if (rest.length > 0) throw new Asn1Error('not basic constraints')
  const ca = first !== undefined && booleanOf(first)
  return { ca, pathLength: second === undefined ? undefined : smallIntegerOf(second) }
}

function readKeyUsage(extension: CertificateExtension | undefined): number | undefined {
  if (extension === undefined) return undefined
  const { content } = readOne(extension.value, tags.bitString)
  if (content.length < 2) throw new Asn1Error('not a key usage')
  return content[1]
}

function readExtendedKeyUsage(extension: CertificateExtension | undefined): readonly string[] {
  if (extension === undefined) return []
  return childrenOf(readOne(extension.value), tags.sequence).map(oidOf)
}

/** Whether `issuer` is a CA of that name and its key made the signature; times are not judged. */
export function isIssuedBy(
  cryptography: Cryptography,
  certificate: Certificate,
  issuer: Certificate,
): boolean {
  const algorithm = signatureHashes.get(certificate.signatureOid)
  const isRsa = issuer.key.kind === 'rsa'
  return (
    sameBytes(certificate.issuer, issuer.subject) &&
    issuer.ca &&
    (issuer.keyUsage === undefined || (issuer.keyUsage & keyUsages.keyCertSign) !== 0) &&
    algorithm?.kind === (isRsa ? 'rsa' : 'ec') &&
    holds(cryptography, issuer.key, certificate.tbs.bytes, certificate.signature, algorithm.hash)
  )
}

/** A subject of a certificate. */
export interface AlternativeName {
  readonly type: 'email' | 'uri' | 'other'
  readonly value: string
}

/** RFC 5280, 4.2.1.6: e-mail addresses and URIs; the `otherName` of Fulcio (…57264.1.7) is a text. */
export function alternativeNamesOf(certificate: Certificate): readonly AlternativeName[] {
  const extension = certificate.extensions.get(subjectAlternativeName)
  if (extension === undefined) return []
  return childrenOf(readOne(extension.value), tags.sequence).flatMap((name): AlternativeName[] => {
    if (name.tag === 0x81) return [{ type: 'email', value: utf8Of(name.content) }]
    if (name.tag === 0x86) return [{ type: 'uri', value: utf8Of(name.content) }]
    if (name.tag !== context(0)) return []
    const [oid, wrapped] = childrenOf({ ...name, tag: tags.sequence }, tags.sequence)
    if (oidOf(oid) !== '1.3.6.1.4.1.57264.1.7') return []
    const text = readOne(expectTag(wrapped, context(0)).content, tags.utf8String)
    return [{ type: 'other', value: utf8Of(text.content) }]
  })
}

/** A text extension of Fulcio: a UTF8String without trailing bytes; undefined when it is missing. */
export function textExtension(certificate: Certificate, oid: string): string | undefined {
  const extension = certificate.extensions.get(oid)
  return extension && utf8Of(readOne(extension.value, tags.utf8String).content)
}
