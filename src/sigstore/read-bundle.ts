/** A bundle of Sigstore in JSON, versions 0.1 to 0.3: read and bounded, not believed. */
import { readPlainJson } from '../core/json/read.js'
import { JsonSyntaxError, type JsonObject, type JsonValue } from '../core/json/value.js'
import { arrayOf, FieldRefusal, objectFrom, required, stringFrom } from '../core/metadata/fields.js'
import { AttestationError, type AttestationCheck } from '../errors.js'
import { sigstoreBudget } from './budget.js'
import { base64From, maybe } from './fields.js'
import type { LogEntry } from './log/material.js'
import { boundedArray, logEntriesFrom } from './log/read-entry.js'
import { Asn1Error } from './x509/asn1.js'
import { readCertificate, type Certificate } from './x509/certificate.js'

export interface Bundle {
  readonly version: '0.1' | '0.2' | '0.3'
  /** Undefined for a bundle that is signed with a key its reader must know. */
  readonly certificate: Certificate | undefined
  readonly entries: readonly LogEntry[]
  readonly timestamps: readonly Uint8Array[]
  readonly content: BundleContent
  readonly signature: Uint8Array
}

export type BundleContent =
  | { readonly kind: 'dsse'; readonly payloadType: string; readonly payload: Uint8Array }
  | { readonly kind: 'message'; readonly sha256: Uint8Array | undefined }

const versions: ReadonlyMap<string, Bundle['version']> = new Map([
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', '0.1'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.2', '0.2'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', '0.3'],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', '0.3'],
])

/** @throws AttestationError of the check `object` */
export function readBundle(bytes: Uint8Array): Bundle {
  if (bytes.length > sigstoreBudget.bundleLength) {
    const reason = `the bundle is longer than ${sigstoreBudget.bundleLength} bytes`
    throw new AttestationError('object', reason)
  }
  return refusing('object', () => {
    const bundle = objectFrom(readPlainJson(bytes))
    const version = versions.get(required(bundle, 'mediaType', stringFrom))
    if (version === undefined) throw new FieldRefusal('is not of a known version', 'mediaType')
    const material = required(bundle, 'verificationMaterial', (value) => {
      const found = objectFrom(value)
      return {
        certificate: signerFrom(found),
        entries: required(found, 'tlogEntries', logEntriesFrom),
        timestamps: maybe(found, 'timestampVerificationData', timestampsFrom) ?? [],
      }
    })
    return { version, ...material, ...contentFrom(bundle) }
  })
}

/** The result of `read`; refused fields and JSON become the refusal of `check`. */
export function refusing<T>(check: AttestationCheck, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof FieldRefusal || error instanceof JsonSyntaxError) {
      throw new AttestationError(check, error.reason, { path: error.path, cause: error })
    }
    throw error
  }
}

/** A certificate as DER in base64. Throws `FieldRefusal`. */
export function certificateFrom(value: JsonValue): Certificate {
  const bytes = base64From(value)
  if (bytes.length > sigstoreBudget.certificateLength) throw new FieldRefusal('is too long')
  try {
    return readCertificate(bytes)
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error
    throw new FieldRefusal(`is not a certificate: ${error.message}`)
  }
}

function signerFrom(material: JsonObject): Certificate | undefined {
  const raw = (value: JsonValue): Certificate =>
    required(objectFrom(value), 'rawBytes', certificateFrom)
  const one = maybe(material, 'certificate', raw)
  if (one) return one
  const chain = maybe(material, 'x509CertificateChain', (value) =>
    required(objectFrom(value), 'certificates', (list) =>
      boundedArray(list, sigstoreBudget.chainLength, raw, 1),
    ),
  )
  if (chain === undefined) {
    required(material, 'publicKey', objectFrom)
    return undefined
  }
  const [leaf, ...others] = chain
  // The chain's end comes from the trusted root; a bundle that brings one of its own is refused.
  if (others.some(({ issuer, subject }) => String(issuer) === String(subject))) {
    throw new FieldRefusal('contains a root certificate', 'x509CertificateChain')
  }
  return leaf
}

function timestampsFrom(value: JsonValue): readonly Uint8Array[] {
  const list = maybe(objectFrom(value), 'rfc3161Timestamps', (found) =>
    boundedArray(found, sigstoreBudget.timestamps, (one) =>
      required(objectFrom(one), 'signedTimestamp', timestampFrom),
    ),
  )
  return list ?? []
}

function timestampFrom(value: JsonValue): Uint8Array {
  const bytes = base64From(value)
  if (bytes.length > sigstoreBudget.timestampLength) throw new FieldRefusal('is too long')
  return bytes
}

function contentFrom(bundle: JsonObject): Pick<Bundle, 'content' | 'signature'> {
  const dsse = maybe(bundle, 'dsseEnvelope', (value) => {
    const envelope = objectFrom(value)
    const payloadType = required(envelope, 'payloadType', stringFrom)
    const payload = required(envelope, 'payload', base64From)
    const signature = required(envelope, 'signatures', (list) => {
      const [one, ...others] = arrayOf(list, objectFrom)
      if (one === undefined || others.length > 0) throw new FieldRefusal('must be exactly one')
      return required(one, 'sig', base64From)
    })
    return { content: { kind: 'dsse' as const, payloadType, payload }, signature }
  })
  if (dsse) return dsse
  return required(bundle, 'messageSignature', (value) => {
    const message = objectFrom(value)
    const sha256 = maybe(message, 'messageDigest', (found) => {
      const digest = objectFrom(found)
      if (required(digest, 'algorithm', stringFrom) !== 'SHA2_256') {
        throw new FieldRefusal('is not SHA2_256', 'algorithm')
      }
      return required(digest, 'digest', base64From)
    })
    return {
      content: { kind: 'message' as const, sha256 },
      signature: required(message, 'signature', base64From),
    }
  })
}
