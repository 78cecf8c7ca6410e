/**
 * Timestamps (RFC 3161): a CMS SignedData (RFC 5652) over the time and the hash of the signature. Only
 * authorities of the trusted root count, if they are valid at the time that they state.
 */
import { encodeHex, sameBytes } from '../../core/bytes.js'
import type { Cryptography, HashName, SignatureHash } from '../../core/keys/cryptography.js'
import { reading, refuse } from '../refuse.js'
import type { TrustedAuthority } from '../trusted-root.js'
import {
  Asn1Error,
  childrenOf,
  context,
  expectTag,
  integerOf,
  oidOf,
  readAll,
  readOne,
  smallIntegerOf,
  tags,
  timeOf,
  type Asn1,
} from './asn1.js'
import { purposes, readCertificate, type Certificate } from './certificate.js'
import { isFirstOf, isVouchedFor } from './chain.js'
import { holds } from './public-key.js'

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const

const hashNames: ReadonlyMap<string, SignatureHash> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
])

interface Token {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly imprint: { readonly hash: HashName; readonly digest: Uint8Array }
  /** The TSTInfo, which `messageDigest` is of. */
  readonly content: Uint8Array
  readonly certificates: readonly Uint8Array[]
  readonly signer: Signer
}

interface Signer {
  /** Issuer as DER, serial in hexadecimal. */
  readonly issuer: Uint8Array
  readonly serial: string
  readonly hash: SignatureHash
  /** The attributes with the tag that they are signed with. */
  readonly signedBytes: Uint8Array
  readonly messageDigest: Uint8Array
  /** SHA-256 of the certificate, where it is stated (RFC 5816). */
  readonly certificateHash: Uint8Array | undefined
  readonly signature: Uint8Array
}

/**
 * The time, in milliseconds since 1970, at which an authority saw `signature`.
 *
 * @throws AttestationError of the check `time`
 */
export function verifiedTimestamp(
  cryptography: Cryptography,
  der: Uint8Array,
  signature: Uint8Array,
  authorities: readonly TrustedAuthority[],
): number {
  const token = reading('time', 'the timestamp', () => readToken(der))
  const { imprint, signer, content, time } = token
  if (!sameBytes(cryptography.hash(imprint.hash, signature), imprint.digest)) {
    refuse('time', 'the timestamp is over another signature')
  }
  if (!sameBytes(cryptography.hash(signer.hash, content), signer.messageDigest)) {
    refuse('time', 'the signed digest of the timestamp is of another content')
  }
  const embedded = reading('time', 'a certificate in the timestamp', () =>
    token.certificates.map(readCertificate),
  )
  const isGood = (certificate: Certificate): boolean =>
    isTheSigner(cryptography, certificate, signer) &&
    certificate.extendedKeyUsage.length === 1 &&
    certificate.extendedKeyUsage[0] === purposes.timeStamping &&
    holds(cryptography, certificate.key, signer.signedBytes, signer.signature, signer.hash)
  const vouched = authorities.some((authority) => {
    const [first] = authority.chain
    return (
      (first !== undefined && isGood(first) && isFirstOf(cryptography, first, authority, time)) ||
      embedded.some((one) => isGood(one) && isVouchedFor(cryptography, one, authority, time))
    )
  })
  if (!vouched) {
    refuse('time', 'the timestamp is not by an authority of the trusted root that is valid then')
  }
  return time
}

function isTheSigner(cryptography: Cryptography, one: Certificate, signer: Signer): boolean {
  const { certificateHash } = signer
  return (
    sameBytes(one.issuer, signer.issuer) &&
    one.serial === signer.serial &&
    (certificateHash === undefined ||
      sameBytes(cryptography.hash('sha256', one.bytes), certificateHash))
  )
}

function readToken(der: Uint8Array): Token {
  const [status, content, ...rest] = childrenOf(readOne(der), tags.sequence)
  const [code] = childrenOf(expectTag(status, tags.sequence), tags.sequence)
  if (rest.length > 0 || smallIntegerOf(code) > 1) throw new Asn1Error('not a granted timestamp')
  const signedData = explicit(expectTag(content, tags.sequence), oids.signedData)
  const [, , encapsulated, ...fields] = childrenOf(signedData, tags.sequence)
  const octets = explicit(expectTag(encapsulated, tags.sequence), oids.timestampInfo)
  const info = expectTag(octets, tags.octetString).content
  const certificates = fields.find(({ tag }) => tag === context(0))
  const [signer, ...others] = childrenOf(expectTag(fields.at(-1), tags.set), tags.set)
  if (others.length > 0) throw new Asn1Error('more than one signer')
  return {
    ...readInfo(info),
    content: info,
    certificates: certificates ? readAll(certificates.content).map(({ bytes }) => bytes) : [],
    signer: readSigner(expectTag(signer, tags.sequence)),
  }
}

/** The value of a ContentInfo of that type. */
function explicit(contentInfo: Asn1, type: string): Asn1 {
  const [oid, content, ...rest] = childrenOf(contentInfo, tags.sequence)
  if (oidOf(oid) !== type || rest.length > 0) throw new Asn1Error('content of another type')
  return readOne(expectTag(content, context(0)).content)
}

/** RFC 3161, 2.4.2. */
function readInfo(bytes: Uint8Array): Pick<Token, 'time' | 'imprint'> {
  const [version, policy, imprint, serial, time] = childrenOf(readOne(bytes), tags.sequence)
  if (smallIntegerOf(version) !== 1) throw new Asn1Error('not version 1')
  oidOf(policy)
  integerOf(serial)
  const [algorithm, digest, ...rest] = childrenOf(expectTag(imprint, tags.sequence), tags.sequence)
  if (rest.length > 0) throw new Asn1Error('not a message imprint')
  return {
    time: timeOf(expectTag(time, tags.generalizedTime)),
    imprint: { hash: hashOf(algorithm), digest: expectTag(digest, tags.octetString).content },
  }
}

/** RFC 5652, 5.3; the signer is named by issuer and serial. */
function readSigner(info: Asn1): Signer {
  const [version, name, digest, attributes, , signature] = childrenOf(info, tags.sequence)
  if (smallIntegerOf(version) !== 1) throw new Asn1Error('a signer that is not of version 1')
  const [issuer, serial] = childrenOf(expectTag(name, tags.sequence), tags.sequence)
  const signed = expectTag(attributes, context(0))
  // 5.4: the signature is over the attributes as a SET, not under their own tag.
  const signedBytes = Uint8Array.from(signed.bytes)
  signedBytes[0] = tags.set
  const values = readAttributes(signed)
  const type = values.get(oids.contentType)
  if (oidOf(type) !== oids.timestampInfo) throw new Asn1Error('attributes of another content')
  const identity = values.get(oids.signingCertificateV2)
  return {
    issuer: expectTag(issuer, tags.sequence).bytes,
    serial: encodeHex(integerOf(serial)),
    hash: hashOf(digest),
    signedBytes,
    messageDigest: expectTag(values.get(oids.messageDigest), tags.octetString).content,
    certificateHash: identity && certificateHashOf(identity),
    signature: expectTag(signature, tags.octetString).content,
  }
}

function readAttributes(signed: Asn1): ReadonlyMap<string, Asn1> {
  const values = new Map<string, Asn1>()
  for (const attribute of childrenOf(signed, context(0))) {
    const [oid, set] = childrenOf(attribute, tags.sequence)
    const name = oidOf(oid)
    const [value, ...rest] = childrenOf(expectTag(set, tags.set), tags.set)
    if (value === undefined || rest.length > 0 || values.has(name)) {
      throw new Asn1Error(`the attribute ${name} is not of one value`)
    }
    values.set(name, value)
  }
  return values
}

/** RFC 5035: the first certificate is the signer's; SHA-256 is the default and is not written. */
function certificateHashOf(value: Asn1): Uint8Array | undefined {
  const [list] = childrenOf(value, tags.sequence)
  const [first] = childrenOf(expectTag(list, tags.sequence), tags.sequence)
  const [hash] = childrenOf(expectTag(first, tags.sequence), tags.sequence)
  return hash?.tag === tags.octetString ? hash.content : undefined
}

function hashOf(algorithm: Asn1 | undefined): SignatureHash {
  const [oid] = childrenOf(expectTag(algorithm, tags.sequence), tags.sequence)
  const name = hashNames.get(oidOf(oid))
  if (name === undefined) throw new Asn1Error('a hash function that is not SHA-2')
  return name
}
