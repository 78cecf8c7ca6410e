/**
 * That an entry of a log is about this signature: hash of the content, signature and certificate in
 * its body are those of the bundle (CVE-2022-36056, CVE-2024-53267). One row for each kind of entry.
 */
import { decodeBase64, decodeHex, sameBytes } from '../../core/bytes.js'
import { readPlainJson } from '../../core/json/read.js'
import { JsonSyntaxError, type JsonObject, type JsonValue } from '../../core/json/value.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { decodePem } from '../../core/keys/pem.js'
import {
  arrayOf,
  FieldRefusal,
  objectFrom,
  required,
  stringFrom,
} from '../../core/metadata/fields.js'
import { AttestationError } from '../../errors.js'
import { preAuthEncoding } from '../dsse.js'
import { base64From, maybe } from '../fields.js'
import { refuse } from '../refuse.js'
import { certificateOf, keyOf, type LogEntry, type SignedMaterial } from './material.js'

/** The payload, signature and signer in the body of an entry. */
interface Recorded {
  readonly digest: Uint8Array
  /** Whether the digest is over the pre-authentication encoding of the payload, not the payload. */
  readonly isOverEncoding?: true
  readonly signature: Uint8Array
  /** The certificate as DER, or the key as SubjectPublicKeyInfo. */
  readonly signer: { readonly label: 'certificate' | 'key'; readonly der: Uint8Array }
}

type Content = SignedMaterial['content']['kind']

/** Kind and version → the content it may be about, and how it is read. */
const kinds: ReadonlyMap<
  string,
  { readonly contents: readonly Content[]; readonly read: (spec: JsonObject) => Recorded }
> = new Map([
  ['hashedrekord 0.0.1', { contents: ['message'], read: readHashedRekord }],
  ['dsse 0.0.1', { contents: ['dsse'], read: readDsse }],
  ['intoto 0.0.2', { contents: ['dsse'], read: readInToto }],
  ['hashedrekord 0.0.2', { contents: ['message', 'dsse'], read: readHashedRekordV2 }],
  ['dsse 0.0.2', { contents: ['dsse'], read: readDsseV2 }],
])

/** @throws AttestationError of the check `entry` */
export function checkEntry(
  cryptography: Cryptography,
  entry: LogEntry,
  material: SignedMaterial,
): void {
  const row = kinds.get(`${entry.kind} ${entry.version}`)
  if (!row?.contents.includes(material.content.kind)) {
    refuse(
      'entry',
      `the entry is of an unexpected kind: ${JSON.stringify(`${entry.kind} ${entry.version}`)}`,
    )
  }
  const recorded = recordedIn(entry, row.read)
  if (!sameBytes(digestOf(cryptography, material, recorded), recorded.digest)) {
    refuse('entry', 'the entry of the log is about another payload')
  }
  if (!sameBytes(material.signature, recorded.signature)) {
    refuse('entry', 'the entry of the log is about another signature')
  }
  const certificate = certificateOf(material.signer)
  const [label, der] = certificate
    ? ['certificate', certificate.bytes]
    : ['key', keyOf(material.signer).spki]
  if (label !== recorded.signer.label || !sameBytes(der, recorded.signer.der)) {
    refuse('entry', `the entry of the log is about another ${label}`)
  }
}

function digestOf(
  cryptography: Cryptography,
  { content }: SignedMaterial,
  { isOverEncoding }: Recorded,
): Uint8Array {
  if (content.kind === 'message') return content.sha256
  const bytes = isOverEncoding ? preAuthEncoding(content) : content.payload
  return cryptography.hash('sha256', bytes)
}

function recordedIn(entry: LogEntry, read: (spec: JsonObject) => Recorded): Recorded {
  try {
    const body = objectFrom(readPlainJson(entry.body))
    for (const [name, expected] of [
      ['kind', entry.kind],
      ['apiVersion', entry.version],
    ] as const) {
      if (required(body, name, stringFrom) !== expected) {
        throw new FieldRefusal('is another than in the bundle', name)
      }
    }
    return required(body, 'spec', (spec) => read(objectFrom(spec)))
  } catch (error) {
    if (!(error instanceof FieldRefusal) && !(error instanceof JsonSyntaxError)) throw error
    const place = error.path === '' ? '' : `${error.path}: `
    const reason = `the body of the entry: ${place}${error.reason}`
    throw new AttestationError('entry', reason, { cause: error })
  }
}

function readHashedRekord(spec: JsonObject): Recorded {
  const digest = required(spec, 'data', (data) => required(objectFrom(data), 'hash', hashFrom))
  return required(spec, 'signature', (value) => {
    const signature = objectFrom(value)
    const signer = required(signature, 'publicKey', (key) =>
      required(objectFrom(key), 'content', pemFrom),
    )
    return {
      digest,
      signature: required(signature, 'content', base64From),
      signer,
    }
  })
}

function readDsse(spec: JsonObject): Recorded {
  const digest = required(spec, 'payloadHash', hashFrom)
  return required(spec, 'signatures', (list) => {
    const one = onlyOne(list)
    const signature = required(one, 'signature', base64From)
    return { digest, signature, signer: required(one, 'verifier', pemFrom) }
  })
}

function readInToto(spec: JsonObject): Recorded {
  return required(spec, 'content', (value) => {
    const content = objectFrom(value)
    const digest = required(content, 'payloadHash', hashFrom)
    return required(content, 'envelope', (envelope) =>
      required(objectFrom(envelope), 'signatures', (list) => {
        const one = onlyOne(list)
        // This version encodes the text of the signature in base64 once more.
        const text = new TextDecoder().decode(required(one, 'sig', base64From))
        const signature = decodeBase64(text)
        if (signature === undefined) throw new FieldRefusal('is not base64 of base64', 'sig')
        return { digest, signature, signer: required(one, 'publicKey', pemFrom) }
      }),
    )
  })
}

function readHashedRekordV2(spec: JsonObject): Recorded {
  return required(spec, 'hashedRekordV002', (value) => {
    const record = objectFrom(value)
    const digest = required(record, 'data', digestFrom)
    const rest = required(record, 'signature', (signature) => signedFrom(objectFrom(signature)))
    return { digest, isOverEncoding: true, ...rest }
  })
}

function readDsseV2(spec: JsonObject): Recorded {
  return required(spec, 'dsseV002', (value) => {
    const record = objectFrom(value)
    const digest = required(record, 'payloadHash', digestFrom)
    const rest = required(record, 'signatures', (list) => signedFrom(onlyOne(list)))
    return { digest, ...rest }
  })
}

function signedFrom(object: JsonObject): Pick<Recorded, 'signature' | 'signer'> {
  const signature = required(object, 'content', base64From)
  const signer = required(object, 'verifier', (value) => {
    const verifier = objectFrom(value)
    const raw = (one: JsonValue): Uint8Array => required(objectFrom(one), 'rawBytes', base64From)
    const certificate = maybe(verifier, 'x509Certificate', raw)
    const der = certificate ?? required(verifier, 'publicKey', raw)
    return { label: certificate ? ('certificate' as const) : ('key' as const), der }
  })
  return { signature, signer }
}

function onlyOne(value: JsonValue): JsonObject {
  const [one, ...rest] = arrayOf(value, objectFrom)
  if (one === undefined || rest.length > 0) throw new FieldRefusal('must be exactly one signature')
  return one
}

function hashFrom(value: JsonValue): Uint8Array {
  const hash = objectFrom(value)
  if (required(hash, 'algorithm', stringFrom) !== 'sha256') {
    throw new FieldRefusal('is not sha256', 'algorithm')
  }
  return required(hash, 'value', (text) => {
    const bytes = decodeHex(stringFrom(text))
    if (bytes?.length !== 32) throw new FieldRefusal('is not a SHA-256')
    return bytes
  })
}

function digestFrom(value: JsonValue): Uint8Array {
  const hash = objectFrom(value)
  if (required(hash, 'algorithm', stringFrom) !== 'SHA2_256') {
    throw new FieldRefusal('is not SHA2_256', 'algorithm')
  }
  return required(hash, 'digest', base64From)
}

function pemFrom(value: JsonValue): Recorded['signer'] {
  const block = decodePem(new TextDecoder().decode(base64From(value)))
  if (block?.label === 'CERTIFICATE') return { label: 'certificate', der: block.bytes }
  if (block?.label === 'PUBLIC KEY') return { label: 'key', der: block.bytes }
  throw new FieldRefusal('is not the PEM of a certificate or a key')
}
